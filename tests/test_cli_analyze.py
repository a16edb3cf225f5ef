"""`kg analyze` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from commands import kg

from kg.analyses import ANALYSES, IRI_COLUMNS
from kg.cli.analyze import _cells
from kg.graph import Graph
from kg.namespaces import BASE


def test_a_table_is_printed(example_folder: Path) -> None:
    """A call prints the table, and what its reader needs beside it."""
    result = kg("analyze", "coverage", "25-4031.00", "--graph", example_folder)

    assert 0 == result.returncode
    assert "framework" == result.stdout.split()[0]
    assert "base: reaches 7 of 10 tasks" in result.stderr


@pytest.mark.parametrize(
    ("syntax", "first"),
    [
        ("csv", "occupation,occupation_label,distance,elements"),
        ("tsv", "occupation\toccupation_label\tdistance\telements"),
        ("json", "["),
    ],
)
def test_formats_are_written(syntax: str, first: str, example_folder: Path, tmp_path: Path) -> None:
    """With -o a file has the rows in the format that was asked for."""
    out = tmp_path / "out"
    call = ("analyze", "nearest", "25-4031.00", "--format", syntax, "--max", "1", "-o", out)
    assert 0 == kg(*call, "--graph", example_folder).returncode
    assert first == out.read_text().splitlines()[0]
    if syntax == "json":
        assert [8] == [row["elements"] for row in json.loads(out.read_text())]


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<svg"), ("a.PNG", b"\x89PNG")])
def test_a_picture_is_drawn(name: str, start: bytes, example_folder: Path, tmp_path: Path) -> None:
    """The end of its name says what a picture is."""
    path = tmp_path / name
    call = ("analyze", "crosswalk", "25-4031.00", "--format", "csv", "--picture", path)
    result = kg(*call, "--graph", example_folder)
    assert f"picture written to {path}" in result.stderr
    assert start == path.read_bytes()[: len(start)]


def test_no_rows_are_a_no(page_folder: Path, tmp_path: Path) -> None:
    """Where there is nothing to say, it is said why, with exit code 1, and nothing is drawn."""
    path = tmp_path / "a.svg"
    result = kg("analyze", "evidence", "25-4031.00", "--graph", page_folder, "--picture", path)
    assert not path.exists()
    assert (1, "") == (result.returncode, result.stdout)
    assert "release of the Anthropic Economic Index" in result.stderr


def test_only_iris_are_shortened() -> None:
    """A node is told by how its IRI ends; a label stays whole, whatever it holds."""
    label = "See https://example.org/rules/first before you start"
    rows = pl.DataFrame({"task": ["https://x/task/7"], "task_label": [label], "value": [0.5]})
    assert [["7", label, "0.500"]] == _cells(rows)


@pytest.mark.parametrize("name", sorted(ANALYSES))
def test_columns_of_iris_are_known(name: str, example_graph: Graph) -> None:
    """Each column that holds IRIs of the data is named as one, and no other is."""
    ends = ["25-4031.00", "25-4022.00"] if name == "transition" else ["25-4031.00"]
    rows = example_graph.analyze(name, *ends).table
    of_iris = {c for c in rows.columns if any(str(v).startswith(BASE) for v in rows[c])}
    assert rows.height
    assert IRI_COLUMNS & set(rows.columns) == of_iris


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cover", "25-4031.00"], "there is no analysis 'cover'"),
        (["transition", "25-4031.00"], "transition takes two occupations"),
        (["coverage", "25-4031.00", "--max", "3"], "coverage does not take most (--max)"),
        (["coverage", "25-4031.00", "--picture", "a.gif"], "ends with .svg or .png"),
        (["coverage", "25-4031.00", "-o", "a.txt"], "give --format csv"),
        (["coverage", "25-4031.00", "--format", "xml"], "choose one of table, csv, tsv, json"),
        (["coverage", "Sailor"], "no occupation is called 'Sailor'"),
    ],
)
def test_wrong_requests(arguments: list[str], said: str, example_folder: Path) -> None:
    """A request that is wrong is one line, with exit code 2."""
    result = kg("analyze", *arguments, "--graph", example_folder)
    assert (2, "") == (result.returncode, result.stdout)
    assert said in result.stderr
