"""What a query cannot do: outlive its time, its memory, its size or its parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, cast

import polars as pl
import pytest
from stores import ENDLESS, A, B, G, answer, rows, written

from kg import quads, store
from kg.errors import OutputError, QueryError, QueryTimeoutError, RequestError
from kg.generations import current
from kg.namespaces import XSD
from kg.store import client, worker


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
def test_syntax_errors_tell_the_line_of_the_query(
    small_store: Path, place: str, query: str
) -> None:
    """A query that is none is an error with its own line and column."""
    with pytest.raises(QueryError, match="is not valid SPARQL") as caught:
        store.ask(small_store, query)
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
def test_a_query_that_ends_its_process_is_one_line(small_store: Path, query: str) -> None:
    """A query that crashes its process is an error, and the store still answers."""
    with pytest.raises(QueryError, match="ended the process that evaluated it") as caught:
        store.ask(small_store, query)
    assert 1 == len(str(caught.value).splitlines())
    assert [("7",)] == rows(small_store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


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


def test_a_process_that_cannot_be_started_is_named(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the Python that cannot be started that is told of, not what is written to."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(RequestError, match="/nowhere/python cannot be started: No such file"):
        store.ask(small_store, "ASK {}")


def test_no_text_is_one_line(small_store: Path) -> None:
    """Half a surrogate pair in a query is an error of one line."""
    with pytest.raises(QueryError) as caught:
        store.ask(small_store, "SELECT * { ?s ?p '\ud800' }")
    assert 1 == len(str(caught.value).splitlines())


def test_a_long_query_is_answered(small_store: Path) -> None:
    """A request larger than a pipe holds gets through."""
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } #" + "x" * 1_000_000
    assert [("7",)] == rows(small_store, query)


def test_messages_stay_small(capsys: pytest.CaptureFixture[str]) -> None:
    """An error message is one line and fits into a pipe that nobody reads yet."""
    assert worker.ERROR == worker._fail("error", "x" * 200_000)
    said = capsys.readouterr().err
    assert 1 == len(said.splitlines())
    assert "x" * 1000 == json.loads(said)["message"]


def test_a_process_that_does_not_start_is_one_line(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that ends before it reads its request is an error, however long the request."""
    monkeypatch.setattr(client.sys, "executable", "/bin/false")
    for query in ("ASK {}", "ASK {} #" + "x" * 1_000_000):
        with pytest.raises(QueryError, match="could not be evaluated: exit code 1"):
            store.ask(small_store, query)


def test_the_working_folder_has_no_say(
    small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules that lie about in the working folder are not what the child imports."""
    for name in ("json", "threading", "kg", "pyoxigraph"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')\n")
    monkeypatch.chdir(tmp_path)
    assert [("true",)] == rows(small_store, "ASK {}")


# Ends.


def test_timeout_kills(example_store: Path, started: list[subprocess.Popen[bytes]]) -> None:
    """A query is stopped at its limit, in the middle of evaluation, and its process is gone."""
    begin = time.monotonic()
    with pytest.raises(QueryTimeoutError, match="was stopped after 1 s; give it more with"):
        store.ask(example_store, ENDLESS, timeout=1)
    assert 1 <= time.monotonic() - begin < 5
    assert [True] == [is_gone(process.pid) for process in started]


def test_timeout_covers_planning(small_store: Path) -> None:
    """A limit shorter than it takes to start is kept too."""
    with pytest.raises(QueryTimeoutError, match=r"after 0\.001 s"):
        store.ask(small_store, "ASK {}", timeout=0.001)


def test_no_timeout(small_store: Path) -> None:
    """Without a limit a query takes its time."""
    assert [("true",)] == rows(small_store, "ASK {}", timeout=None)


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
    small_store: Path, syntax: str, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every syntax an answer may have so many bytes and none more, and leaves nothing."""
    is_graph = syntax in ("turtle", "ntriples", "jsonld")
    query = "CONSTRUCT WHERE { ?s ?p ?o }" if is_graph else "SELECT * { ?s ?p ?o } ORDER BY ?o"
    whole = client._results(
        {"store": str(small_store), "query": query, "prefixes": {}}, syntax, None, 60
    )
    with whole:
        size = len(whole.read())
    monkeypatch.setattr(client, "MOST_BYTES", size)
    found = store.ask(small_store, query, syntax=syntax)
    if not isinstance(found, store.Answer):
        found.close()
    monkeypatch.setattr(client, "MOST_BYTES", size - 1)
    with pytest.raises(QueryError, match=r"^the answer has more than \S+ GiB; use LIMIT"):
        store.ask(small_store, query, syntax=syntax)
    assert [] == list(temporary.iterdir())


def test_a_cap_holds_for_rows_and_results_too(
    small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are streamed, and what another store answered, are answers like others."""
    query = "SELECT * { ?s ?p ?o }"
    (tmp_path / "answer.json").write_bytes(written(small_store, query, "json"))
    monkeypatch.setattr(client, "MOST_BYTES", 100)
    with pytest.raises(QueryError, match="more than"):
        store.stream(small_store, query)
    with pytest.raises(QueryError, match="more than"):
        store.convert(tmp_path / "answer.json", "json")


def test_a_file_is_written_as_it_comes(
    small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the caller's gets the whole answer, however large, and not by way of another."""
    query = "SELECT * { ?s ?p ?o }"
    expected = written(small_store, query, "csv")
    monkeypatch.setattr(client, "MOST_BYTES", 10)
    monkeypatch.setattr(client.tempfile, "TemporaryFile", None)
    with (tmp_path / "out").open("wb") as out:
        store.write(small_store, query, out, syntax="csv")
    assert expected == (tmp_path / "out").read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("syntax", ["rows", "csv", "xml"])
def test_a_full_disk_for_answers_is_one_line(
    small_store: Path, syntax: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an answer finds no room, that and the place are said; it is no fault of the query."""
    monkeypatch.setattr(client.tempfile, "TemporaryFile", partial(open, "/dev/full", "r+b"))
    expected = f"{tempfile.gettempdir()}: an answer cannot be written (No space left on device)"
    with pytest.raises(OutputError) as caught:
        store.ask(small_store, "SELECT * { ?s ?p ?o }", syntax=syntax)
    assert expected == str(caught.value)


def test_many_ask_at_once(small_store: Path) -> None:
    """Several threads may ask the same store at the same time."""
    found: list[object] = []

    def run(number: int) -> None:
        found.append(rows(small_store, f"SELECT ({number} AS ?n) {{}}"))

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
