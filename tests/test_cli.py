"""The command line: what is said, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from pathlib import Path

import polars as pl
import pytest
from commands import kg, small_disk

from kg import store
from kg.resources import folder

EXAMPLE = folder("build") / "example"
PAGE = EXAMPLE / "library-technicians.txt"
RELEASE = EXAMPLE / "onet_30_2_text"
COMMANDS = (
    "build",
    "export",
    "find",
    "info",
    "link",
    "paths",
    "queries",
    "query",
    "show",
    "validate",
)


def bad_inputs(tmp_path: Path) -> dict[str, list[Path]]:
    """Write inputs that cannot be built."""
    made: dict[str, bytes] = {
        "binary.txt": bytes(range(256)) * 20,
        "empty.txt": b"",
        "latin1.txt": PAGE.read_text(encoding="utf-8")
        .replace("—", "-")
        .encode("latin-1", "replace")
        + b"caf\xe9\n",
        "other.txt": b"Shopping list\n\nmilk\nbread\n",
        "broken.zip": b"PK\x03\x04 and no more",
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "nothing").mkdir()
    lacking = tmp_path / "db_30_2_text"
    shutil.copytree(RELEASE, lacking)
    (lacking / "Task Statements.txt").unlink()
    copy = tmp_path / "copy.txt"
    shutil.copy(PAGE, copy)
    return {
        **{name: [tmp_path / name] for name in made},
        "empty folder": [tmp_path / "nothing"],
        "missing": [tmp_path / "not-there.txt"],
        "no tasks": [PAGE, lacking],
        "same framework twice": [PAGE, copy],
        "two releases": [RELEASE, RELEASE],
    }


BAD = (
    "binary.txt",
    "empty.txt",
    "latin1.txt",
    "other.txt",
    "broken.zip",
    "empty folder",
    "missing",
    "no tasks",
    "same framework twice",
    "two releases",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    """Every command explains itself and shows how it is called."""
    result = kg(command, "--help")

    assert result.returncode == 0
    assert f"kg {command}" in result.stdout.split("Examples:")[1]


def test_help_lists_every_command() -> None:
    """The help of kg itself names all commands."""
    result = kg("--help")

    assert result.returncode == 0
    assert [c for c in COMMANDS if f"  {c} " not in result.stdout] == []


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_two_lines_and_nothing_is_lost(
    case: str, tmp_path: Path, example_folder: Path
) -> None:
    """A wrong input gives exit code 2 and a short error, and the published graph stays."""
    graph = tmp_path / "graph"
    shutil.copytree(example_folder, graph)
    before = (graph / "current").read_text(encoding="utf-8")
    result = kg("build", *bad_inputs(tmp_path)[case], "--graph", graph)

    assert result.returncode == 2
    assert 1 <= len(result.stderr.splitlines()) <= 2
    assert "Traceback" not in result.stderr
    assert before == (graph / "current").read_text(encoding="utf-8")
    assert kg("info", "--graph", graph).returncode == 0


def test_unwritable_folder_is_one_line(tmp_path: Path) -> None:
    """A graph cannot be written below a file."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    result = kg("build", "--graph", tmp_path / "file" / "graph")

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "cannot be written" in result.stderr


def test_full_disk_is_one_line_and_loses_nothing(tmp_path: Path, example_folder: Path) -> None:
    """A file that may not grow stops the build; the published graph stays."""
    graph = tmp_path / "graph"
    shutil.copytree(example_folder, graph)
    before = sorted(p.relative_to(graph) for p in graph.rglob("*"))
    with small_disk(20_000):
        result = kg("build", PAGE, "--graph", graph)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert before == sorted(p.relative_to(graph) for p in graph.rglob("*"))


def test_findings_are_listed_and_strict_refuses_them(tmp_path: Path) -> None:
    """A page that breaks off builds with warnings, and not at all under --strict."""
    page = tmp_path / "cut.txt"
    text = PAGE.read_bytes()
    page.write_bytes(text[: len(text) // 2])
    loose = kg("build", page, RELEASE, "--graph", tmp_path / "graph")
    strict = kg("build", page, RELEASE, "--graph", tmp_path / "strict", "--strict")

    assert loose.returncode == 0
    assert f"{page}:47: warning: has no footer with sources and rights" in loose.stderr
    assert strict.returncode == 2
    assert "the inputs are refused" in strict.stderr
    assert not (tmp_path / "strict").exists()


def test_many_findings_are_counted(tmp_path: Path) -> None:
    """Of many findings the first twenty are listed, then how many more there are."""
    page = tmp_path / "odd.txt"
    page.write_text("Odd\nContext coveredNothing.\n" + "what is this\n" * 50, encoding="utf-8")
    result = kg("build", page, "--graph", tmp_path / "graph")

    assert result.returncode == 0
    assert len([row for row in result.stderr.splitlines() if ": warning: " in row]) == 20
    assert "… and 38 more" in result.stderr


def test_building_again_publishes_nothing_new(tmp_path: Path) -> None:
    """The same inputs leave the generation as it is."""
    first = kg("build", "--graph", tmp_path / "graph")
    second = kg("build", "--graph", tmp_path / "graph")

    assert "is generation 000001-" in first.stdout
    assert "is still generation 000001-" in second.stdout


def test_query_formats_agree(example_folder: Path) -> None:
    """Every table format gives the same rows of the same query."""
    query = "SELECT ?s ?label { ?s a kg:Domain ; skos:prefLabel ?label } ORDER BY ?s"

    def ask(syntax: str) -> str:
        result = kg("query", "-", "--graph", example_folder, "--format", syntax, stdin=query)
        assert result.returncode == 0, result.stderr
        return result.stdout

    rows = [row.split(",") for row in ask("csv").splitlines()[1:]]
    bindings = json.loads(ask("json"))["results"]["bindings"]

    assert len(rows) == 10
    assert rows == [[b["s"]["value"], b["label"]["value"]] for b in bindings]
    assert len(ask("tsv").splitlines()) == 11
    assert ask("xml").count("<result>") == 10
    assert len(ask("table").splitlines()) == 12


def test_query_writes_parquet(example_folder: Path, tmp_path: Path) -> None:
    """Parquet goes into a file, with the columns of the query."""
    out = tmp_path / "answer.parquet"
    query = "SELECT ?s { ?s a kg:Statement }"
    result = kg(
        "query", "-", "--graph", example_folder, "--format", "parquet", "-o", out, stdin=query
    )

    assert result.returncode == 0
    assert (57, ["s"]) == (pl.read_parquet(out).height, pl.read_parquet(out).columns)


def test_long_tables_say_that_they_are_cut(example_folder: Path) -> None:
    """A table stops at a thousand rows and says so."""
    result = kg("query", "-", "--graph", example_folder, stdin="SELECT ?s { ?s ?p ?o }")

    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 1002
    assert "cut at 1,000 rows" in result.stderr


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * {" + "{" * 5000 + "}" * 5000 + "}", "nest"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT ?s WHERE { ?s ?p }", "not valid SPARQL"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("SELECT * FROM <http://nowhere/> { ?s ?p ?o }", "GRAPH"),
        ("SELECT ?s { ?s a kgg:Statement }", "prefix kgg: is not declared"),
    ],
)
def test_queries_that_may_not_run_are_one_line(query: str, said: str, example_folder: Path) -> None:
    """A hostile or wrong query gives exit code 2 and one line."""
    result = kg("query", "-", "--graph", example_folder, stdin=query)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr


def test_timeout_ends_a_query(example_folder: Path) -> None:
    """A query that takes too long is stopped."""
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    started = time.monotonic()
    result = kg("query", "-", "--graph", example_folder, "--timeout", "1", stdin=query)

    assert result.returncode == 2
    assert "stopped after 1 s" in result.stderr
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "no-such-query"), "kg queries"),
        (("query", "statements-of-domain", "--param", "domain=Juggling"), "Juggling"),
        (("query", "statements-of-domain", "--param", "colour=red"), "colour"),
        (("query", "statements-of-domain", "--format", "turtle"), "turtle"),
        (("show", "Critical Thinking"), 'domain:"Critical Thinking"'),
        (("show", "no such thing"), "no such thing"),
        (("validate", "--fail-on", "whim"), "whim"),
        (("validate", "--format", "smoke"), "smoke"),
        (("validate", "--profile", "none"), "none"),
        (("find", "reading", "--kind", "colour"), "colour"),
    ],
)
def test_wrong_requests_name_what_is_wrong(
    arguments: tuple[str, ...], said: str, example_folder: Path
) -> None:
    """A wrong request gives exit code 2 and names the word that is wrong."""
    result = kg(*arguments, "--graph", example_folder)

    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) <= 2


def test_no_graph_says_how_to_make_one(tmp_path: Path) -> None:
    """Reading a graph that is not there names the command that makes one."""
    result = kg("info", "--graph", tmp_path / "none")

    assert result.returncode == 2
    assert "kg build" in result.stderr


def test_find_that_finds_nothing_exits_1(example_folder: Path) -> None:
    """Nothing found is an answer: exit code 1."""
    assert kg("find", "zeppelin", "--graph", example_folder).returncode == 1


def test_validate_exit_code_follows_fail_on(example_folder: Path, tmp_path: Path) -> None:
    """Without its violation the example passes, until information counts."""
    known = tmp_path / "known.json"
    first = kg("validate", "--graph", example_folder, "--format", "json", "-o", known)
    report = json.loads(known.read_text(encoding="utf-8"))
    known.write_text(
        json.dumps({**report, "results": [r for r in report["results"] if r["line"] == 6]}),
        encoding="utf-8",
    )
    base = ("validate", "--graph", example_folder, "--baseline", known)

    assert first.returncode == 1
    assert kg(*base).returncode == 0
    assert kg(*base, "--fail-on", "warning").returncode == 0
    assert kg(*base, "--fail-on", "info").returncode == 1


def test_validate_turtle_is_only_the_report(example_folder: Path) -> None:
    """The report in Turtle on standard output parses and holds one violation."""
    import rdflib

    result = kg("validate", "--graph", example_folder, "--format", "turtle")
    report = rdflib.Graph().parse(data=result.stdout, format="turtle")

    assert 1 == len(list(report.subjects(rdflib.SH.resultSeverity, rdflib.SH.Violation)))


def test_validate_checks_a_page_without_building(tmp_path: Path) -> None:
    """A page is read, mapped and checked where no graph is."""
    result = kg("validate", PAGE, RELEASE, cwd=tmp_path)

    assert result.returncode == 1
    assert "library-technicians.txt:6  Shelf-reading rounds" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_validate_checks_any_rdf_against_any_shapes(tmp_path: Path) -> None:
    """Data and shapes of one's own need nothing of the project's."""
    (tmp_path / "data.ttl").write_text(
        "@prefix : <http://example.org/> . :a a :Thing . :b a :Thing ; :name 'b' .",
        encoding="utf-8",
    )
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://example.org/> . "
        ":S a sh:NodeShape ; sh:targetClass :Thing ; sh:property :P . "
        ":P sh:path :name ; sh:minCount 1 ; sh:message 'A thing needs a name.' .",
        encoding="utf-8",
    )
    result = kg("validate", "data.ttl", "--shapes", "shapes.ttl", cwd=tmp_path)

    assert result.returncode == 1
    assert "1 violation" in result.stdout
    assert "A thing needs a name." in result.stdout


def test_validate_says_beforehand_that_it_takes_long(
    example_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many focus nodes it is said how many there are, and which checks say the same."""
    command = ("validate", "--graph", str(example_folder))
    assert "focus nodes" not in kg(*command, "--profile", "onet").stderr

    monkeypatch.setattr("kg.cli.validate._MANY", 700)
    releases, core = kg(*command, "--profile", "onet"), kg(*command)

    # 151 ratings four times, 14 scales and 18 tasks three times, 7 activities, 3 occupations
    assert releases.stderr.startswith("710 focus nodes to look at, which takes minutes\n")
    for check in ("ratings-incomplete", "occupations-without-job-zone"):
        assert check in releases.stderr.splitlines()[1]
        assert kg("query", check, "--graph", example_folder).returncode == 0
    assert "12 infos" in releases.stdout
    assert re.fullmatch(r"[\d,]+ focus nodes to look at, which takes minutes\n", core.stderr)


def test_output_cannot_steer_a_terminal(tmp_path: Path) -> None:
    """Control characters of an input do not reach the terminal."""
    page = tmp_path / "page.txt"
    page.write_text("Odd\nContext coveredNothing.\n- La\x1b[31mbel — text\x07.\n", encoding="utf-8")
    build = kg("build", page, "--graph", tmp_path / "graph")
    shown = kg("find", "text", "--graph", tmp_path / "graph")

    assert build.returncode == shown.returncode == 0
    assert "\x1b" not in build.stdout + build.stderr + shown.stdout
    assert "\x07" not in shown.stdout


def test_output_follows_links_and_spares_devices(example_folder: Path, tmp_path: Path) -> None:
    """A link is written through, a device stays one, and - is standard output."""
    query = "SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }"
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    common = ("query", "-", "--graph", example_folder, "--format", "csv", "-o")
    kg(*common, tmp_path / "link.csv", stdin=query)
    kg(*common, fifo, stdin=query)
    piped = os.read(reader, 100)
    os.close(reader)

    assert (tmp_path / "link.csv").is_symlink()
    assert b"n\r\n57\r\n" == (tmp_path / "real.csv").read_bytes() == piped
    assert fifo.is_fifo()
    assert "n\n57\n" == kg(*common, "-", stdin=query).stdout


def test_a_file_may_hold_more_than_is_printed(
    example_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is too much for standard output goes to a file, which a stopped query does not leave."""
    words = ("query", "-", "--graph", example_folder, "--format", "csv")
    query, endless = "SELECT * { ?s ?p ?o }", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    expected = kg(*words, stdin=query).stdout
    monkeypatch.setattr(store.client, "MOST_BYTES", 10_000)
    refused = kg(*words, stdin=query)
    kept = kg(*words, "-o", tmp_path / "answer.csv", stdin=query)
    stopped = kg(*words, "-o", tmp_path / "stopped.csv", "--timeout", "0.5", stdin=endless)

    assert (2, "") == (refused.returncode, refused.stdout)
    assert refused.stderr.startswith("kg: the answer has more than ")
    assert (0, f"written to {tmp_path / 'answer.csv'}\n") == (kept.returncode, kept.stderr)
    assert expected == (tmp_path / "answer.csv").read_text("utf-8")
    assert (2, "kg: the query was stopped after 0.5 s; give it more with --timeout\n") == (
        *(stopped.returncode, stopped.stderr),
    )
    assert ["answer.csv"] == [path.name for path in tmp_path.iterdir()]


def test_a_full_disk_for_a_file_of_answers_is_one_line(
    example_folder: Path, tmp_path: Path
) -> None:
    """A file that may not grow is named, and is not left."""
    words = ("query", "citations-per-source", "--format", "csv", "--graph", example_folder)
    with small_disk(50):
        result = kg(*words, "-o", tmp_path / "out.csv")

    assert (2, f"kg: {tmp_path / 'out.csv'}: cannot be written (File too large)\n") == (
        *(result.returncode, result.stderr),
    )
    assert [] == list(tmp_path.iterdir())


def test_validate_says_where_nothing_was_checked(tmp_path: Path) -> None:
    """Shapes without a target in the data are noted; a file without shapes is refused."""
    (tmp_path / "data.ttl").write_text("<http://a/b> <http://a/c> 1 .", encoding="utf-8")
    idle = kg("validate", tmp_path / "data.ttl")
    refused = kg("validate", tmp_path / "data.ttl", "--shapes", tmp_path / "data.ttl")

    assert 0 == idle.returncode
    assert "nothing was checked" in idle.stdout
    assert 2 == refused.returncode
    assert "holds no shapes" in refused.stderr


def test_validate_counts_what_readers_warn_of(tmp_path: Path) -> None:
    """A line that no one understands fails a validation that is to fail on warnings."""
    page = tmp_path / "page.txt"
    text = PAGE.read_text(encoding="utf-8").replace("Shelf-reading rounds — ", "", 1)
    page.write_text(text + "what is this\n", encoding="utf-8")
    known = tmp_path / "known.json"
    kg("validate", page, RELEASE, "--format", "json", "-o", known)

    assert 1 == kg("validate", page, RELEASE, "--fail-on", "warning").returncode
    assert 0 == kg("validate", page, RELEASE, "--baseline", known).returncode


def test_a_page_of_another_release_is_noticed(tmp_path: Path) -> None:
    """A page that names O*NET 30.2 and is built with another release gives a warning."""
    other = tmp_path / "db_29_0_text"
    shutil.copytree(RELEASE, other)
    (other / "Read Me.txt").write_text("O*NET 29.0 Database\n", encoding="utf-8")
    result = kg("build", PAGE, other, "--graph", tmp_path / "graph")

    assert 0 == result.returncode
    assert "O*NET 30.2 named; built with O*NET 29.0" in result.stderr
