"""Endpoints: the same answers as from the graph, and what a bad one can do, which is little."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

import polars as pl
import pytest
from commands import kg, small_disk
from endpoints import PEAK, Handler, hostile, oxigraph

from kg import remote, store
from kg.errors import NotFoundError, QueryError, QueryTimeoutError, RequestError
from kg.generations import current
from kg.graph import Graph
from kg.queries import load_queries
from kg.remote import client

JSON = "application/sparql-results+json"
BASE = "https://w3id.org/skills-kg/"
PAGE = f"{BASE}framework/library-technicians"
# A value for each parameter that has to have one: by its name, or by its query and name.
VALUES = {
    "activity": "4.A.1.a.1",
    "commodity": "24000000",
    "domain": "Communication",
    "element": "2.A",
    "knowledge-shared other": "43-4121.00",
    "node": "domain:Creativity",
    "occupation": "25-4031.00",
    "occupations-of-esco-skill skill": "answer enquiries",
    "other": "wef",
    "skill": "Active Listening",
    "source": "onet",
    "statement": f"{PAGE}/durable/creativity/repair-with-what-is-there",
    "target": "25-4022.00",
    "task": "900001",
    "technology": "GridCalc",
    "title": "LIBRAR",
    "word": "list",
    "zone": "3",
}
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'
SELECT = "SELECT ?s { ?s ?p ?o }"


@pytest.fixture(scope="module")
def endpoint(example_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that holds the bundled example."""
    copy = tmp_path_factory.mktemp("served") / "store"
    shutil.copytree(current(example_folder).store, copy)
    with oxigraph(copy, "--union-default-graph") as address:
        yield address


def send(
    data: bytes, code: int = 200, kind: str | None = JSON, **headers: str
) -> Callable[[Handler], None]:
    """Return what answers with a body; underscores in the names of headers are hyphens."""

    def answer(handler: Handler) -> None:
        handler.send_response(code)
        if kind is not None:
            handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def rows(address: str, query: str = SELECT, **options: float) -> list[tuple[str | None, ...]]:
    """Return the rows of an endpoint's answer as texts."""
    options = {"timeout": 5.0, **options}
    return cast(store.Answer, remote.ask(address, query, **options)).rows  # type: ignore[arg-type]


# A real server.


@pytest.mark.parametrize("name", load_queries())
def test_named_queries_have_the_same_rows(name: str, endpoint: str, quick_graph: Graph) -> None:
    """Every named query has the same answer from the server as from the graph."""
    query = load_queries()[name]
    wanted = [p.name for p in query.params if not (p.optional or p.default)]
    params = {p: VALUES.get(f"{name} {p}") or VALUES[p] for p in wanted}
    expected = quick_graph.query(query, params)
    text = remote.prepare(query, params, lambda kind, node: quick_graph.resolve(node, kind))
    found = cast(store.Answer, remote.ask(endpoint, text))

    assert (expected.columns, expected.terms) == (found.columns, found.terms)


@pytest.mark.parametrize("syntax", ["csv", "json", "tsv", "xml"])
def test_tables_have_the_same_formats(syntax: str, endpoint: str, example_graph: Graph) -> None:
    """A table from the server is written as one from the graph, byte for byte."""
    with example_graph.query_as("citations-per-source", syntax) as file:
        expected = file.read()
    text = remote.prepare("citations-per-source", {})
    with cast(IO[bytes], remote.ask(endpoint, text, syntax=syntax)) as file:
        assert expected == file.read()


@pytest.mark.parametrize("syntax", ["jsonld", "ntriples", "turtle"])
def test_triples_have_the_same_formats(syntax: str, endpoint: str, example_graph: Graph) -> None:
    """Triples from the server are written as those from the graph, byte for byte."""
    with example_graph.query_as("skos", syntax) as file:
        expected = file.read()
    with cast(IO[bytes], remote.ask(endpoint, remote.prepare("skos", {}), syntax=syntax)) as file:
        assert expected == file.read()


def test_the_command_asks_the_endpoint(endpoint: str, example_folder: Path) -> None:
    """The command prints the same table with --endpoint, its names found in the local graph."""
    words = ["query", "statements-of-domain", "--param", "domain=Creativity"]
    expected = kg(*words, "--graph", example_folder)
    found = kg(*words, "--graph", example_folder, "--endpoint", endpoint)

    assert (0, expected.stdout, "") == (found.returncode, found.stdout, found.stderr)
    assert "Repair with what is there" in found.stdout


def test_without_a_graph_nodes_are_iris(endpoint: str, tmp_path: Path) -> None:
    """Where there is no local graph, a node is given by its IRI, and a name is refused."""
    words = ["query", "tasks-of-occupation", "--endpoint", endpoint, "--format", "csv", "--param"]
    found = kg(*words, f"occupation={BASE}occupation/25-4031.00", cwd=tmp_path)
    refused = kg(*words, "occupation=25-4031.00", cwd=tmp_path)

    assert (0, 11) == (found.returncode, len(found.stdout.splitlines()))
    assert 2 == refused.returncode
    assert "give the IRI of the node" in refused.stderr


def test_an_iri_of_any_scheme_is_sent_as_it_is() -> None:
    """In angle brackets an IRI needs no graph to be known by."""
    text = remote.prepare("tasks-of-occupation", {"occupation": "<urn:x:baker>"})

    assert "<urn:x:baker>" in text


def test_a_name_is_looked_up_before_anything_is_sent(example_graph: Graph) -> None:
    """An IRI goes to the endpoint as it is, a name that the graph does not know goes nowhere."""
    unknown = f"{BASE}domain/unknown"
    resolve = lambda kind, node: example_graph.resolve(node, kind)  # noqa: E731
    for name in (unknown, "kgc:domain/unknown"):
        assert f"<{unknown}>" in remote.prepare("statements-of-domain", {"domain": name}, resolve)
    with pytest.raises(NotFoundError):
        remote.prepare("statements-of-domain", {"domain": "Unknown"}, resolve)


def test_parquet_comes_from_an_endpoint_too(endpoint: str, tmp_path: Path) -> None:
    """A table from the server can be written as Parquet."""
    out = tmp_path / "out.parquet"
    query = "SELECT ?s { ?s a kg:Statement }"
    result = kg(
        *("query", "-", "--endpoint", endpoint, "--format", "parquet", "-o", out), stdin=query
    )

    assert 0 == result.returncode, result.stderr
    assert 57 == pl.read_parquet(out).height


def test_a_comment_is_no_update(endpoint: str) -> None:
    """A query is sent as the form that it is, whatever its comments say."""
    query = "# one\n# ADD and DELETE\n# CONSTRUCT\nASK { ?s ?p ?o }"

    assert [("true",)] == rows(endpoint, query)


def test_a_long_query_is_posted(endpoint: str) -> None:
    """A query too long for an address is sent by POST, and answered the same."""
    query = f"ASK {{ ?s ?p ?o }} # {'long ' * 10_000}"

    assert [("true",)] == rows(endpoint, query)


def test_an_error_of_the_query_is_told(endpoint: str) -> None:
    """What the server says of a query that it refuses comes back in one line."""
    with pytest.raises(QueryError, match="answers 400") as error:
        rows(endpoint, "SELECT ?s { ?s ?p }")

    assert 1 == len(str(error.value).splitlines())


@pytest.mark.parametrize(
    "query", ["citations-per-source", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "skos"]
)
def test_an_empty_default_graph_is_told(query: str, example_folder: Path, tmp_path: Path) -> None:
    """A server that does not query the union of its graphs is no answer of nothing."""
    shutil.copytree(current(example_folder).store, tmp_path / "store")
    with oxigraph(tmp_path / "store") as address:
        with pytest.raises(QueryError, match=r"--union-default-graph.*unionDefaultGraph"):
            remote.ask(address, remote.prepare(query, {}))
        count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s a kg:Statement } }"
        assert [("57",)] == rows(address, remote.prepare(count, {}))


def test_nothing_found_is_an_answer(endpoint: str) -> None:
    """No rows from a server that has a default graph are no rows."""
    assert [] == rows(endpoint, "SELECT ?s { ?s <urn:nothing> ?o }")


# Addresses.


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/sparql",
        "localhost:7878/query",
        "/etc/passwd",
        "http://",
        "http://me:secret@example.org/",
        "http://example.org/a b",
        "http://example.org:port/",
        "http://[::1/",
        "",
    ],
)
def test_an_address_is_http(address: str) -> None:
    """What is no address over http or https is refused, without telling a password."""
    with pytest.raises(RequestError) as error:
        remote.ask(address, SELECT)

    assert "secret" not in str(error.value)


def test_an_address_keeps_its_own_query() -> None:
    """What the address asks for already goes along with the query."""
    seen: list[str] = []

    def answer(handler: Handler) -> None:
        seen.append(handler.path)
        send(ROWS)(handler)

    with hostile(answer) as address:
        assert [("urn:a",)] == rows(f"{address}?default-graph-uri=urn%3Ag&x=1#part")
    assert seen[0].startswith("/sparql?default-graph-uri=urn%3Ag&x=1&query=SELECT")


# A hostile server.


def slow_headers(handler: Handler) -> None:
    """Send a header at a time, for a minute."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(600):
        handler.wfile.write(b"X-Header-%d: x\r\n" % (number % 50))
        handler.wfile.flush()
        time.sleep(0.1)


def slow_body(handler: Handler) -> None:
    """Send a byte at a time, for a minute."""
    send(b"")(handler)
    for _ in range(600):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def slow_refusal(handler: Handler) -> None:
    """Refuse, and then be slow to say why."""
    send(b"", 400, "text/plain", Content_Length="9")(handler)
    time.sleep(60)


def silent(_: Handler) -> None:
    """Say nothing for a minute."""
    time.sleep(60)


def dead(_: Handler) -> None:
    """Hang up."""


def not_http(handler: Handler) -> None:
    """Speak another protocol."""
    handler.wfile.write(b"SSH-2.0-server\r\n")


def endless(handler: Handler) -> None:
    """Send results without an end."""
    send(b'{"head":{"vars":["s"]},"results":{"bindings":[')(handler)
    while True:
        handler.wfile.write(b'{"s":{"type":"literal","value":"' + b"x" * 2**16 + b'"}},')


def endless_redirect(handler: Handler) -> None:
    """Redirect, with a body without an end."""
    send(b"", 302, Location="/elsewhere")(handler)
    while True:
        handler.wfile.write(b"x" * 2**16)


@pytest.mark.parametrize("answer", [slow_headers, slow_body, slow_refusal, silent])
def test_the_time_limit_holds(answer: Callable[[Handler], None]) -> None:
    """However a server spends a minute, it is given up when the time is over.

    A refusal may be told by its status, before the time for its reason is over.
    """
    with hostile(answer) as address:
        start = time.monotonic()
        with pytest.raises(QueryError, match=r"did not answer within 0\.5 s|answers 400") as said:
            rows(address, timeout=0.5)
        assert answer is slow_refusal or said.type is QueryTimeoutError
        assert time.monotonic() - start < 20


FAULTS: dict[str, tuple[Callable[[Handler], None], str]] = {
    "closes": (dead, "no answer"),
    "closes early": (send(ROWS[:40], Content_Length="5000"), "ends after 40 of 5,000 bytes"),
    "cut": (send(ROWS[:40]), "ill-formed"),
    "file": (send(b"", 302, Location="file:///etc/passwd"), "302 .*passwd. is not allowed"),
    "ftp": (send(b"", 301, Location="ftp://example.org/"), "not http or https"),
    "data": (send(b"", 307, Location="data:text/plain,x"), "307 .*is not allowed"),
    "loop": (send(b"", 302, Location="/sparql"), "answers 302"),
    "endless redirect": (endless_redirect, "answers 302"),
    "html": (send(b"<html>", 200, "text/html"), "answers with text/html"),
    "no type": (send(ROWS, 200, None), "nothing that says what it is"),
    "csv": (send(b"s\r\n", 200, "text/csv"), "answers with text/csv"),
    "compressed": (send(b"\x1f\x8b", Content_Encoding="gzip"), "encoding gzip"),
    "not found": (send(b"<html>", 404, "text/html"), "answers 404 Not Found"),
    "unauthorized": (send(b"", 401), "answers 401 Unauthorized; kg sends no name"),
    "error": (send(b"bad\n" * 2**20, 500, "text/plain"), "answers 500 .*bad bad"),
    "no json": (send(b"no json"), "ill-formed"),
    "other json": (send(b'{"a": 1}'), "ill-formed"),
    "deep json": (send(b"[" * 10**6), "ill-formed"),
    "empty": (send(b""), "ill-formed"),
    "bad iri": (send(ROWS.replace(b"urn:a", b"a b")), "ill-formed"),
    "no http": (not_http, "no answer"),
    "large": (send(b"", Content_Length=str(300 * 2**20)), "larger than 128 MiB"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_one_line(fault: str) -> None:
    """Whatever a server does wrong, the error is one line that names it, within the time."""
    answer, expected = FAULTS[fault]
    with hostile(answer) as address:
        with pytest.raises(QueryError, match=expected) as error:
            rows(address)
        text = str(error.value)
        assert text.startswith(address)
        assert (1, True) == (len(text.splitlines()), len(text) < 400)


def test_a_posted_query_is_not_redirected() -> None:
    """A redirect would drop a query that is sent by POST, so it is told and not followed."""
    with (
        hostile(send(b"", 302, Location="http://example.org/new")) as address,
        pytest.raises(QueryError, match=r"redirects to http://example.org/new; give that address"),
    ):
        rows(address, f"{SELECT} # {'x' * 5000}")


def test_a_redirect_is_followed() -> None:
    """A redirect to another address over http is followed."""
    with (
        hostile(send(ROWS)) as new,
        hostile(send(b"", 307, Location=new)) as address,
    ):
        assert [("urn:a",)] == rows(address)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_is_bounded() -> None:
    """An answer of any length is refused at the limit, and none of it is kept in memory."""
    script = (
        f"import sys\n{PEAK}"
        "from kg import remote\n"
        "from kg.errors import QueryError\n"
        "before = peak()\n"
        "try:\n"
        f"    remote.ask(sys.argv[1], {SELECT!r}, timeout=30)\n"
        "except QueryError as error:\n"
        "    print(error)\n"
        "print(peak() - before)\n"
    )
    with hostile(endless) as address:
        run = subprocess.run(
            [sys.executable, "-c", script, address], capture_output=True, text=True, check=True
        )
    message, grown = run.stdout.splitlines()
    assert f"{address}: its answer is larger than 128 MiB; use LIMIT" == message
    assert int(grown) < 40


def test_an_endless_answer_of_triples_is_cut_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit holds for triples as well."""
    monkeypatch.setattr(client, "MOST_BYTES", 2**20)
    triples = send(b"<urn:a> <urn:b> <urn:c> .\n" * 50_000, kind="text/turtle")
    with hostile(triples) as address, pytest.raises(QueryError, match="larger than 1 MiB"):
        remote.ask(address, "CONSTRUCT WHERE { ?s ?p ?o }")


def test_a_full_disk_is_not_the_endpoints(tmp_path: Path) -> None:
    """Where an answer cannot be kept, that is said, and what to do."""
    with hostile(send(b" " * 1_000_000)) as address, small_disk(100_000):
        result = kg("query", "-", "--endpoint", address, cwd=tmp_path, stdin="ASK { ?s ?p ?o }")
    assert 2 == result.returncode
    where = tempfile.gettempdir()
    assert f"kg: {where}: an answer cannot be written (File too large)\n" == result.stderr


def test_triples_are_asked_for_by_name() -> None:
    """A query for triples that is answered with a table is told what was wanted."""
    with (
        hostile(send(ROWS)) as address,
        pytest.raises(QueryError, match="not with Turtle or N-Triples"),
    ):
        remote.ask(address, "CONSTRUCT WHERE { ?s ?p ?o }")


def test_the_command_says_it_in_one_line() -> None:
    """The command ends with 2 and one line where an endpoint fails."""
    with hostile(send(b"<html>", 200, "text/html")) as address:
        result = kg("query", "-", "--endpoint", address, stdin=SELECT)

    assert (2, "") == (result.returncode, result.stdout)
    assert 1 == len(result.stderr.splitlines())


def test_control_characters_are_not_printed() -> None:
    """What a server says cannot steer a terminal."""
    with hostile(send(b"a\x1b[31mred", 400, "text/plain")) as address:
        result = kg("query", "-", "--endpoint", address, stdin=SELECT)

    assert "\x1b" not in result.stderr
    assert "red" in result.stderr


# Trying again.


def test_an_overloaded_server_is_asked_again() -> None:
    """A GET that a server has no time for is sent twice more, and no more than that."""
    seen: list[str] = []

    def answer(handler: Handler) -> None:
        seen.append(handler.command)
        send(b"", 503)(handler) if len(seen) < 3 else send(ROWS)(handler)

    with hostile(answer) as address:
        assert [("urn:a",)] == rows(address)
        assert ["GET"] * 3 == seen
        seen.clear()
    with hostile(send(b"", 503)) as address, pytest.raises(QueryError, match="answers 503"):
        rows(address)


def test_a_post_is_sent_once() -> None:
    """A query that is sent by POST is not sent again, nor one that fails in another way."""
    seen: list[str] = []

    def answer(handler: Handler) -> None:
        seen.append(handler.command)
        send(b"", 503 if handler.command == "POST" else 500)(handler)

    with hostile(answer) as address:
        with suppress(QueryError):
            rows(address, f"{SELECT} # {'x' * 5000}")
        with suppress(QueryError):
            rows(address)
    assert ["POST", "GET"] == seen


def test_a_refused_connection_is_tried_within_the_time() -> None:
    """Where nothing listens, that is said, and trying again stays within the time."""
    with hostile(dead) as address:
        pass
    with pytest.raises(QueryError, match="Connection refused"):
        rows(address)
    with pytest.raises(QueryTimeoutError):
        rows(address, timeout=0.1)
