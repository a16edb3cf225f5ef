"""`kg query`: formats, files, and what may not run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from commands import kg, small_disk

from kg import store


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


@pytest.mark.parametrize("syntax", ["table", "csv"])
def test_a_query_loads_little(example_folder: Path, syntax: str) -> None:
    """A query is answered without what takes longer to load than the answer takes."""
    script = (
        "import sys\nfrom kg.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    words = ["query", "-", "--format", syntax, "--graph", example_folder]
    run = subprocess.run(
        [sys.executable, "-c", script, *words],
        input="SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }",
        capture_output=True,
        text=True,
        check=True,
    )
    *answer, loaded = run.stdout.splitlines()

    assert "57" == answer[-1]
    heavy = {"filelock", "narwhals", "networkx", "polars", "pyshacl", "rdflib", "sklearn"}
    assert set() == heavy & set(loaded.split())


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
    result = kg("query", "-", "--graph", example_folder, "--timeout", "1", stdin=query)

    assert result.returncode == 2
    assert "stopped after 1 s" in result.stderr


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


def test_a_folder_is_no_query(example_folder: Path, tmp_path: Path) -> None:
    """A folder in the place of a query is told as what it is."""
    result = kg("query", tmp_path, "--graph", example_folder)
    assert (2, "is a folder; name a query, or a file that holds one") == (
        result.returncode,
        result.stderr.strip().partition("' ")[2],
    )
