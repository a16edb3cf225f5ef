"""The store: that it holds what the table holds, and that a query can do no harm."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, cast

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import quads, store
from kg.assembly import assemble
from kg.errors import OutputError, QueryError, QueryTimeoutError, RequestError
from kg.generations import Generation, current
from kg.model import Quad
from kg.namespaces import KG, RDF, XSD
from kg.store import client, worker

A, B, G = "http://example.org/a", "http://example.org/b", "http://example.org/g"
# Every combination of five quads: for ever, on any store with some thousand of them.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
ODD = 'tab\t, "quotes", <&>, back\\slash, LF\n, CR\r, é😀 and \u2028'


def load(path: Path, rows: list[Quad]) -> Path:
    """Load quads into a new store below a folder and return its path."""
    nquads = path / "all.nq"
    with nquads.open("wb") as out:
        quads.write_nquads(quads.from_rows(rows), out)
    store.load(nquads, path / "store")
    return path / "store"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of a few quads, of every kind of term."""
    rows = [
        quads.iri(A, B, "http://example.org/c", G),
        Quad("_:x", B, "_:y", "blank", None, None, G),
        quads.literal(A, B, ODD, G),
        quads.text(A, B, "text", G, "en-GB"),
        quads.literal(A, B, "3.00", "http://example.org/h", XSD.decimal),
        quads.literal(A, B, "01", "http://example.org/h", XSD.integer),
        quads.literal(A, B, "no number", None, XSD.integer),
    ]
    return load(tmp_path_factory.mktemp("small"), rows)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of 20,000 quads."""
    path = tmp_path_factory.mktemp("big")
    numbers = pl.DataFrame({"n": pl.int_range(20_000, eager=True).cast(pl.String)})
    table = numbers.select(
        subject=pl.lit(A) + pl.col("n"),
        predicate=pl.lit(B),
        object=pl.lit("text number ") + pl.col("n"),
        kind=pl.lit("literal"),
        datatype=pl.lit(XSD.string),
        language=pl.lit(None, dtype=pl.String),
        graph=pl.lit(G),
    )
    with (path / "all.nq").open("wb") as out:
        quads.write_nquads(table, out)
    store.load(path / "all.nq", path / "store")
    return path / "store"


@pytest.fixture
def example_store(example_folder: Path) -> Path:
    """Return the store of the bundled example."""
    return current(example_folder).store


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return a list to which each process that asks the store is added when it starts."""
    processes: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[call-overload]
            processes.append(self)

    monkeypatch.setattr(client.subprocess, "Popen", Watched)
    return processes


def is_gone(pid: int) -> bool:
    """Tell whether there is no process of this number any more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def rows(path: Path, query: str, **options: object) -> list[tuple[str | None, ...]]:
    """Return the rows of an answer as texts."""
    return answer(path, query, **options).rows


def answer(path: Path, query: str, **options: object) -> store.Answer:
    """Return an answer as a table."""
    return cast(store.Answer, store.ask(path, query, **options))  # type: ignore[arg-type]


def written(path: Path, query: str, syntax: str) -> bytes:
    """Return an answer as the bytes of a syntax."""
    with cast(IO[bytes], store.ask(path, query, syntax=syntax)) as out:
        return out.read()


# What was read is what is there.


def normalized(row: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return a row of the table as Oxigraph keeps it: numbers by value, tags in lower case."""
    quad = Quad(*row)
    value = quad.object
    if quad.datatype == XSD.integer:
        value = str(int(value))
    elif quad.datatype == XSD.decimal:
        value = f"{Decimal(value).normalize():f}"
    language = quad.language.lower() if quad.language else None
    return tuple(quad._replace(object=value, language=language))


def dump(path: Path) -> list[tuple[str | None, ...]]:
    """Return the quads of a store as rows, read without a query."""

    def name(node: object) -> str | None:
        if isinstance(node, ox.BlankNode):
            return f"_:{node.value}"
        return node.value if isinstance(node, ox.NamedNode) else None

    found = []
    for quad in ox.Store.read_only(str(path)).quads_for_pattern(None, None, None, None):
        head, graph = (name(quad.subject), quad.predicate.value), name(quad.graph_name)
        value = quad.object
        if isinstance(value, ox.Literal):
            tail = (value.value, "literal", value.datatype.value, value.language)
        else:
            kind = "blank" if isinstance(value, ox.BlankNode) else "iri"
            tail = (name(value), kind, None, None)  # type: ignore[assignment]
        found.append((*head, *tail, graph))
    return found


def check_store_is_table(generation: Generation) -> None:
    """Assert that the store and the table of a generation hold the same quads by value."""
    table = generation.scan().collect()
    expected = {normalized(row) for row in table.iter_rows()}
    found = dump(generation.store)
    assert table.height == len(expected) == len(found) == generation.manifest["quads"]
    assert expected == set(found)


def check_no_triple_twice(generation: Generation) -> None:
    """Assert that no triple of a generation stands in two graphs, in the table and the store."""
    columns = [c for c in quads.COLUMNS if c != "graph"]
    twice = generation.scan().group_by(columns).len().filter(pl.col("len") > 1).collect()
    assert [] == twice.rows()
    found = dump(generation.store)
    assert len(found) == len({row[:-1] for row in found})


def test_store_is_table_on_the_example(example_folder: Path) -> None:
    """The table and the store of the example hold the same quads by value."""
    check_store_is_table(current(example_folder))


def test_no_triple_stands_in_two_graphs_on_the_example(example_folder: Path) -> None:
    """No triple of the example stands in two graphs, so that the union counts each once."""
    generation = current(example_folder)
    check_no_triple_twice(generation)
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert [(str(generation.manifest["quads"]),)] == rows(generation.store, count)


def test_what_was_read_is_there_on_the_example(example_folder: Path) -> None:
    """The published parts are the tables that the inputs gave, no row more or less."""
    generation, parts = current(example_folder), assemble().parts
    assert set(parts) == set(generation.parts)
    for graph, path in generation.parts.items():
        assert pl.read_parquet(path).equals(parts[graph])
        assert {graph} == set(pl.read_parquet(path)["graph"])


@pytest.fixture(scope="module")
def real(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a generation built from the real pages and O*NET 30.2."""
    from kg.pipeline import build

    pages = sorted(shared("data/frameworks").glob("*.txt"))
    inputs = [*pages, shared("data/onet/db_30_2_text.zip")]
    return build(inputs, tmp_path_factory.mktemp("real")).generation


def test_store_is_table_on_real_data(real: Generation) -> None:
    """The table and the store of a real page and release hold the same quads by value."""
    check_store_is_table(real)


def test_no_triple_stands_in_two_graphs_on_real_data(real: Generation) -> None:
    """No triple of a real page and release stands in two graphs."""
    check_no_triple_twice(real)


def test_terms_of_the_table_and_the_store_differ_as_documented(small: Path) -> None:
    """The store keeps numbers by value and folds tags, and keeps everything else as it is."""
    found = {(r[2], r[4], r[5]) for r in dump(small)}
    expected = {
        ("http://example.org/c", None, None),
        (ODD, XSD.string, None),
        ("text", RDF.langString, "en-gb"),
        ("3", XSD.decimal, None),
        ("1", XSD.integer, None),
        ("no number", XSD.integer, None),
    }
    assert expected == {row for row in found if not str(row[0]).startswith("_:")}
    assert 7 == len(found)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(texts, min_size=1, max_size=20, unique=True))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_comes_back_from_the_store(
    tmp_path_factory: pytest.TempPathFactory, expected: list[str]
) -> None:
    """Texts with whatever characters are the same in the store and in an answer from it."""
    given_rows = [quads.literal(f"{A}{i}", B, text, G) for i, text in enumerate(expected)]
    path = load(tmp_path_factory.mktemp("texts"), given_rows)
    assert {(row.subject, row.object) for row in given_rows} == {(r[0], r[2]) for r in dump(path)}
    found = answer(path, "SELECT ?s ?o { ?s ?p ?o }")
    assert {(row.subject, row.object) for row in given_rows} == set(found.rows)


# Answers.


def test_answer_has_every_kind_of_term(small: Path) -> None:
    """Terms come with their kind, datatype and language; what is not bound is None."""
    found = answer(small, "SELECT ?o ?x { GRAPH ?g { ?s ?p ?o } OPTIONAL { ?o ?q ?x } }")
    assert ["o", "x"] == found.columns
    terms = {cell for row in found.terms for cell in row if cell and cell.kind != "blank"}
    assert {
        store.client.Term("iri", "http://example.org/c", None, None),
        store.client.Term("literal", ODD, XSD.string, None),
        store.client.Term("literal", "text", RDF.langString, "en-gb"),
        store.client.Term("literal", "3", XSD.decimal, None),
        store.client.Term("literal", "1", XSD.integer, None),
    } == terms
    assert {None} == {row[1] for row in found.terms}
    assert not found.cut


def test_default_graph_is_the_union(small: Path) -> None:
    """A query without GRAPH sees all graphs, the default graph too."""
    assert [("7",)] == rows(small, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_prefixes_are_declared(example_store: Path) -> None:
    """The project's prefixes need no declaration, and may be declared otherwise."""
    assert [("57",)] == rows(example_store, "SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }")
    own = "PREFIX kg: <http://example.org/> SELECT * { ?s a kg:Statement }"
    assert [] == rows(example_store, own)


@pytest.mark.parametrize(
    ("limit", "number", "cut"),
    [(0, 0, True), (6, 6, True), (7, 7, False), (8, 7, False), (None, 7, False)],
)
def test_limit(small: Path, limit: int | None, number: int, cut: bool) -> None:
    """No more rows come than were asked for, and the answer tells whether there are more."""
    for query in ("SELECT ?o { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"):
        found = answer(small, query, limit=limit)
        assert (number, cut) == (len(found.terms), found.cut)


def test_an_answer_without_columns(small: Path) -> None:
    """A query that asks for nothing gets a row of nothing."""
    assert ([], [()]) == (answer(small, "SELECT * {}").columns, rows(small, "SELECT * {}"))


def test_ask(small: Path) -> None:
    """A yes-or-no question is answered in every syntax for tables."""
    for query, said in (("ASK { ?s ?p ?o }", "true"), ("ASK { ?s ?p <http://x> }", "false")):
        assert (["answer"], [(said,)]) == (answer(small, query).columns, rows(small, query))
        for syntax in ("csv", "tsv"):
            assert f"{said}\n".encode() == written(small, query, syntax)
        assert {"head": {}, "boolean": said == "true"} == json.loads(written(small, query, "json"))
        tree = ET.fromstring(written(small, query, "xml"))
        assert said == tree.findtext("{http://www.w3.org/2005/sparql-results#}boolean")


def test_select_in_every_syntax(small: Path) -> None:
    """The same values stand in every syntax for tables."""
    query = "SELECT ?o { ?s ?p ?o FILTER(isLiteral(?o)) } ORDER BY STR(?o)"
    expected = [row[0] for row in rows(small, query)]
    assert 5 == len(expected)
    found = json.loads(written(small, query, "json"))["results"]["bindings"]
    assert expected == [row["o"]["value"] for row in found]
    tree = ET.fromstring(written(small, query, "xml"))
    literals = tree.iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert expected == [node.text for node in literals]
    csv = pl.read_csv(written(small, query, "csv"), infer_schema=False, eol_char="\n")
    assert expected == [v.rstrip("\r") if v != ODD else v for v in csv["o"]]
    lines = written(small, query, "tsv").decode().split("\n")
    assert ["?o", 5] == [lines[0], len([line for line in lines[1:] if line])]


@pytest.mark.parametrize("form", ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", f"DESCRIBE <{A}>"])
def test_triples_in_every_syntax(small: Path, form: str) -> None:
    """The same triples stand in every syntax for graphs, in an order that stays."""
    known = {
        "turtle": ox.RdfFormat.TURTLE,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    number = 6 if form.startswith("D") else 7
    assert number == len(answer(small, form).terms)
    for syntax, read_as in known.items():
        data = written(small, form, syntax)
        assert number == len(list(ox.parse(data, read_as)))
        assert data == written(small, form, syntax)


def test_triples_come_once(small: Path) -> None:
    """A graph has no triple twice, as rows and written."""
    query = "CONSTRUCT { <http://x> <http://y> <http://z> } { ?s ?p ?o }"
    assert [("http://x", "http://y", "http://z")] == rows(small, query)
    assert b"<http://x> <http://y> <http://z> .\n" == written(small, query, "ntriples")


@pytest.mark.parametrize("syntax", ["csv", "tsv", "json", "xml"])
@pytest.mark.parametrize("query", ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", f"DESCRIBE <{A}>"])
def test_triples_are_no_table(small: Path, query: str, syntax: str) -> None:
    """A query for triples in a syntax for tables is an error that says so."""
    with pytest.raises(QueryError, match=f"is answered as RDF, not as {syntax}$"):
        store.ask(small, query, syntax=syntax)


@pytest.mark.parametrize("syntax", ["turtle", "ntriples", "jsonld"])
@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "ASK {}"])
def test_a_table_is_no_graph(small: Path, query: str, syntax: str) -> None:
    """A query for a table in a syntax for graphs is an error that says so."""
    with pytest.raises(QueryError, match=f"^{syntax} is for CONSTRUCT and DESCRIBE"):
        store.ask(small, query, syntax=syntax)


def test_an_unknown_syntax_is_refused(small: Path) -> None:
    """A syntax that there is not is told before a process is started."""
    with pytest.raises(RequestError, match="no format 'excel'; there are: csv, json, jsonld"):
        store.ask(small, "ASK {}", syntax="excel")


def test_every_format_has_a_writer() -> None:
    """Parent and child know the same formats, in order."""
    assert sorted(worker._SYNTAXES) == list(store.FORMATS)


@pytest.mark.parametrize(
    "text",
    ["\x01", "\0", "\ufffe", *("x" * (8190 + n) + "\uffff" for n in range(3))],
    ids=["SOH", "NUL", "U+FFFE", "at 8190", "at 8191", "at 8192"],
)
def test_xml_that_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    """What XML has no character for is an error, not an ill-formed document; others write it."""
    path = load(tmp_path, [quads.literal(A, B, text, G)])
    with pytest.raises(QueryError, match="a character that XML does not have; json takes it"):
        store.ask(path, "SELECT ?o { ?s ?p ?o }", syntax="xml")
    found = json.loads(written(path, "SELECT ?o { ?s ?p ?o }", "json"))
    assert text == found["results"]["bindings"][0]["o"]["value"]


def test_triple_terms_are_refused(small: Path) -> None:
    """What a table of results has no cell for is an error of one line."""
    for term in (f"TRIPLE(<{A}>, <{B}>, 1)", 'STRLANGDIR("a", "en", "ltr")'):
        with pytest.raises(
            QueryError, match=r"holds a triple term or a base direction \(RDF 1.2\)"
        ):
            store.ask(small, f"SELECT ({term} AS ?x) {{}}")


# Errors.


@pytest.mark.parametrize(
    ("place", "query"),
    [
        ("1:1", ""),
        ("3:13", "SELECT *\n{ ?s ?p\n     ?o ?? }"),
        ("2:2", "SELECT * {\n?"),
        ("1:10", "INSERT DATA { <http://a> <http://b> 1 }"),
        ("4:13", "# a comment\n\r\nSELECT * {\n?s ?p nope:x }"),
        ("1:2", "\0"),
    ],
    ids=range(6),
)
def test_syntax_errors_tell_the_line_of_the_query(small: Path, place: str, query: str) -> None:
    """A query that is none is an error with its own line and column."""
    with pytest.raises(QueryError, match="is not valid SPARQL") as caught:
        store.ask(small, query)
    assert f" {place}" in str(caught.value)
    assert 1 == len(str(caught.value).splitlines())


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 5000 + "}" * 5000,
        "SELECT * { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }",
        "SELECT * { " + "{} UNION " * 20_000 + "{} }",
        "SELECT ?x { " + "".join(f"BIND(1 AS ?x{i}) " for i in range(8000)) + "}",
    ],
    ids=["groups", "parentheses", "unions", "binds"],
)
def test_a_query_that_ends_its_process_is_one_line(small: Path, query: str) -> None:
    """A query that crashes its process is an error, and the store still answers."""
    with pytest.raises(QueryError, match="ended the process that evaluated it") as caught:
        store.ask(small, query)
    assert 1 == len(str(caught.value).splitlines())
    assert [("7",)] == rows(small, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_a_hungry_query_is_stopped(big: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that takes more memory than it may use is an error, not the end of the machine."""
    monkeypatch.setattr(client, "_memory", lambda: 2**30 + 2**27)
    # Sorting holds all of a cross product; the text makes each row of it large.
    hungry = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
    with pytest.raises(QueryError, match="memory") as caught:
        store.ask(big, hungry, timeout=50)
    assert not isinstance(caught.value, QueryTimeoutError)
    assert 1 == len(str(caught.value).splitlines())


def test_memory_is_bounded() -> None:
    """A query may use half of the memory, and never less than opening the store takes."""
    assert client._memory() >= 2**30
    assert client._memory() <= max(2**31, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


def test_a_missing_store_is_one_line(tmp_path: Path) -> None:
    """A store that is not there is an error, and asking makes none."""
    with pytest.raises(QueryError) as caught:
        store.ask(tmp_path / "none", "ASK {}")
    assert 1 == len(str(caught.value).splitlines())
    assert [] == list(tmp_path.iterdir())


def test_no_text_is_one_line(small: Path) -> None:
    """Half a surrogate pair in a query is an error of one line."""
    with pytest.raises(QueryError) as caught:
        store.ask(small, "SELECT * { ?s ?p '\ud800' }")
    assert 1 == len(str(caught.value).splitlines())


def test_a_long_query_is_answered(small: Path) -> None:
    """A request larger than a pipe holds gets through."""
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } #" + "x" * 1_000_000
    assert [("7",)] == rows(small, query)


def test_messages_stay_small(capsys: pytest.CaptureFixture[str]) -> None:
    """An error message is one line and fits into a pipe that nobody reads yet."""
    assert worker.ERROR == worker._fail("error", "x" * 200_000)
    said = capsys.readouterr().err
    assert 1 == len(said.splitlines())
    assert "x" * 1000 == json.loads(said)["message"]


def test_a_process_that_does_not_start_is_one_line(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that ends before it reads its request is an error, however long the request."""
    monkeypatch.setattr(client.sys, "executable", "/bin/false")
    for query in ("ASK {}", "ASK {} #" + "x" * 1_000_000):
        with pytest.raises(QueryError, match="could not be evaluated: exit code 1"):
            store.ask(small, query)


def test_the_working_folder_has_no_say(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules that lie about in the working folder are not what the child imports."""
    for name in ("json", "threading", "kg", "pyoxigraph"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')\n")
    monkeypatch.chdir(tmp_path)
    assert [("true",)] == rows(small, "ASK {}")


# Ends.


def test_timeout_kills(example_store: Path, started: list[subprocess.Popen[bytes]]) -> None:
    """A query is stopped at its limit, in the middle of evaluation, and its process is gone."""
    begin = time.monotonic()
    with pytest.raises(QueryTimeoutError, match="was stopped after 1 s; give it more with"):
        store.ask(example_store, ENDLESS, timeout=1)
    assert 1 <= time.monotonic() - begin < 5
    assert [True] == [is_gone(process.pid) for process in started]


def test_timeout_covers_planning(small: Path) -> None:
    """A limit shorter than it takes to start is kept too."""
    with pytest.raises(QueryTimeoutError, match=r"after 0\.001 s"):
        store.ask(small, "ASK {}", timeout=0.001)


def test_no_timeout(small: Path) -> None:
    """Without a limit a query takes its time."""
    assert [("true",)] == rows(small, "ASK {}", timeout=None)


def test_interrupt_kills(example_store: Path, started: list[subprocess.Popen[bytes]]) -> None:
    """Ctrl-C in the middle of a query reaches the caller at once, and the process is gone."""

    def interrupt() -> None:
        while not started:
            time.sleep(0.01)
        time.sleep(0.5)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        store.ask(example_store, ENDLESS, timeout=50)
    assert time.monotonic() - begin < 10
    assert [True] == [is_gone(process.pid) for process in started]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=lambda s: s.name)
def test_worker_ends_with_its_parent(example_store: Path, end: signal.Signals) -> None:
    """A child whose parent is killed in the middle of a query ends within a second."""
    script = (
        "import subprocess, sys\nfrom pathlib import Path\nfrom kg.store import ask, client\n"
        "class Told(subprocess.Popen):\n"
        "    def __init__(self, *a, **k):\n"
        "        super().__init__(*a, **k)\n"
        "        print(self.pid, flush=True)\n"
        "client.subprocess.Popen = Told\n"
        "ask(Path(sys.argv[1]), sys.argv[2], timeout=50)\n"
    )
    arguments = [sys.executable, "-c", script, str(example_store), ENDLESS]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.7)
        assert not is_gone(pid)
        parent.send_signal(end)
        parent.wait()
        deadline = time.monotonic() + 1
        while not is_ended(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert is_ended(pid)


def is_ended(pid: int) -> bool:
    """Tell whether a process has ended; one that nobody waited for may still be listed."""
    try:
        return ") Z" in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


def test_the_end_of_input_ends_the_worker(example_store: Path) -> None:
    """The child watches its standard input, whatever it is busy with."""
    request = {
        "store": str(example_store),
        "query": ENDLESS,
        "format": "rows",
        "limit": None,
        "most": client.MOST_BYTES,
        "memory": client._memory(),
        "prefixes": {},
    }
    arguments = [sys.executable, worker.__file__]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.write(json.dumps(request).encode() + b"\n")
        child.stdin.flush()
        time.sleep(0.7)
        assert child.poll() is None
        child.stdin.close()
        assert worker.ERROR == child.wait(timeout=1)


def open_files() -> int:
    """Return how many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder for temporary files; nothing may be left there."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert [] == list(folder.iterdir())


def test_no_temporary_files_are_left(example_store: Path, temporary: Path) -> None:
    """Neither an answer nor an error leaves files, nor an open handle after it is closed."""
    before = open_files()
    assert [("true",)] == rows(example_store, "ASK {}")
    with cast(IO[bytes], store.ask(example_store, "ASK {}", syntax="csv")) as out:
        assert [] == list(temporary.iterdir())
        assert b"true\n" == out.read()
    for query, timeout in (("nonsense", 60), (ENDLESS, 0.3), ("SELECT * " + "{" * 5000, 60)):
        with pytest.raises(QueryError):
            store.ask(example_store, query, timeout=timeout, syntax="csv")
    assert before == open_files()


def test_big_results_are_streamed(big: Path, started: list[subprocess.Popen[bytes]]) -> None:
    """20,000 rows come whole, as a table and written, and 10 of them come at once."""
    query = "SELECT ?s ?o { ?s ?p ?o }"
    assert 20_000 == len(answer(big, query).terms)
    data = written(big, query, "csv")
    assert (20_001, b"s,o\r\n") == (data.count(b"\n"), data[:5])
    endless = ENDLESS.replace("(COUNT(*) AS ?n)", "*")
    assert 10 == len(answer(big, endless, limit=10, timeout=50).terms)
    assert [0, 0, 0] == [process.returncode for process in started]


@pytest.mark.parametrize("syntax", ["rows", *store.FORMATS])
def test_an_answer_has_a_largest_size(
    small: Path, syntax: str, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every syntax an answer may have so many bytes and none more, and leaves nothing."""
    is_graph = syntax in ("turtle", "ntriples", "jsonld")
    query = "CONSTRUCT WHERE { ?s ?p ?o }" if is_graph else "SELECT * { ?s ?p ?o } ORDER BY ?o"
    whole = client._results({"store": str(small), "query": query, "prefixes": {}}, syntax, None, 60)
    with whole:
        size = len(whole.read())
    monkeypatch.setattr(client, "MOST_BYTES", size)
    found = store.ask(small, query, syntax=syntax)
    if not isinstance(found, store.Answer):
        found.close()
    monkeypatch.setattr(client, "MOST_BYTES", size - 1)
    with pytest.raises(QueryError, match=r"^the answer has more than \S+ GiB; use LIMIT"):
        store.ask(small, query, syntax=syntax)
    assert [] == list(temporary.iterdir())


def test_a_cap_holds_for_rows_and_results_too(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are streamed, and what another store answered, are answers like others."""
    query = "SELECT * { ?s ?p ?o }"
    (tmp_path / "answer.json").write_bytes(written(small, query, "json"))
    monkeypatch.setattr(client, "MOST_BYTES", 100)
    with pytest.raises(QueryError, match="more than"):
        store.stream(small, query)
    with pytest.raises(QueryError, match="more than"):
        store.convert(tmp_path / "answer.json", "json")


def test_a_file_is_written_as_it_comes(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the caller's gets the whole answer, however large, and not by way of another."""
    query = "SELECT * { ?s ?p ?o }"
    expected = written(small, query, "csv")
    monkeypatch.setattr(client, "MOST_BYTES", 10)
    monkeypatch.setattr(client.tempfile, "TemporaryFile", None)
    with (tmp_path / "out").open("wb") as out:
        store.write(small, query, out, syntax="csv")
    assert expected == (tmp_path / "out").read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("syntax", ["rows", "csv", "xml"])
def test_a_full_disk_for_answers_is_one_line(
    small: Path, syntax: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an answer finds no room, that and the place are said; it is no fault of the query."""
    monkeypatch.setattr(client.tempfile, "TemporaryFile", partial(open, "/dev/full", "r+b"))
    expected = f"{tempfile.gettempdir()}: an answer cannot be written (No space left on device)"
    with pytest.raises(OutputError) as caught:
        store.ask(small, "SELECT * { ?s ?p ?o }", syntax=syntax)
    assert expected == str(caught.value)


def test_many_ask_at_once(small: Path) -> None:
    """Several threads may ask the same store at the same time."""
    found: list[object] = []

    def run(number: int) -> None:
        found.append(rows(small, f"SELECT ({number} AS ?n) {{}}"))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted([[(str(n),)] for n in range(6)]) == sorted(found)  # type: ignore[type-var]


def test_asking_changes_nothing(example_folder: Path) -> None:
    """A store is the same after it was asked, byte for byte, and also after an update was tried."""
    path = current(example_folder).store
    before = {p.name: p.read_bytes() for p in path.iterdir()}
    rows(path, "SELECT * { ?s ?p ?o }", limit=1)
    with pytest.raises(QueryError):
        store.ask(path, "DELETE WHERE { ?s ?p ?o }")
    assert before == {p.name: p.read_bytes() for p in path.iterdir()}


def test_load_refuses_what_is_wrong(tmp_path: Path) -> None:
    """What is no N-Quads, or a folder in which a store cannot be, raises."""
    (tmp_path / "bad.nq").write_text("nonsense\n")
    with pytest.raises(SyntaxError):
        store.load(tmp_path / "bad.nq", tmp_path / "one")
    with pytest.raises(OSError, match="No such file"):
        store.load(tmp_path / "missing.nq", tmp_path / "two")
    with pytest.raises(OSError, match="exists"):
        store.load(tmp_path / "bad.nq", tmp_path / "bad.nq")


def test_counts_of_the_example(example_store: Path) -> None:
    """The store answers what the example's description states."""
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{KG.cites}> ?o }}"
    assert [("84",)] == rows(example_store, query)
