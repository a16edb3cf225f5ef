"""`kg diff` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from commands import kg
from conftest import ROOT

from kg.assembly import example_inputs
from kg.cli.diff import FORMAT_NAMES
from kg.diff import FORMATS, MOST
from kg.graph import open_graph
from kg.pipeline import build


@pytest.fixture(scope="module")
def page_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a graph of the example's page, without the release."""
    folder = tmp_path_factory.mktemp("page") / "graph"
    build(example_inputs()[:1], folder)
    return folder


def test_the_formats_of_the_command_are_those_there_are() -> None:
    """The command line names every format, and how much is shown, without loading them."""
    assert sorted(FORMATS) == sorted(FORMAT_NAMES)
    assert f"default: {MOST}" in kg("diff", "--help").stdout


def test_graphs_that_differ_exit_1(page_only: Path, example_folder: Path) -> None:
    """Counts by class and what became of tasks are printed."""
    result = kg("diff", page_only, example_folder, "--max", "2")

    assert (1, "") == (result.returncode, result.stderr)
    assert "\nkg:Task " in result.stdout
    assert "\ntasks: 18 added, 6 dropped, 0 reworded" in result.stdout
    assert "\ntasks added (18)\n  + 900101  25-4022.00 Librarians and Media" in result.stdout
    assert "  … and 16 more\n" in result.stdout


@pytest.mark.parametrize("form", FORMAT_NAMES)
def test_equal_graphs_exit_0(form: str, example_folder: Path, tmp_path: Path) -> None:
    """A graph does not differ from itself, nor from one of the same inputs elsewhere."""
    build(out=tmp_path / "graph")
    for other in (example_folder, tmp_path / "graph"):
        result = kg("diff", example_folder, other, "--format", form)
        assert (0, "") == (result.returncode, result.stderr)
    if form == "text":
        assert result.stdout.endswith("\nno difference in content\n")
    assert "ChangeSet" not in result.stdout


@pytest.mark.parametrize("form", FORMAT_NAMES)
def test_a_format_is_written_to_a_file(
    form: str, page_only: Path, example_folder: Path, tmp_path: Path
) -> None:
    """With -o a file has what standard output would have had."""
    call = ("diff", page_only, example_folder, "--format", form)
    shown, written = kg(*call), kg(*call, "-o", tmp_path / "out")

    assert (1, 1) == (shown.returncode, written.returncode)
    assert ("", f"written to {tmp_path / 'out'}\n") == (written.stdout, written.stderr)
    assert shown.stdout == (tmp_path / "out").read_text(encoding="utf-8")


def test_json_and_turtle_are_whole(page_only: Path, example_folder: Path) -> None:
    """What programs read has every change, whatever --max says."""
    call = ("diff", page_only, example_folder, "--max", "1", "--format")
    document = json.loads(kg(*call, "json").stdout)
    graph = rdflib.Graph().parse(data=kg(*call, "turtle").stdout, format="turtle")
    expected = open_graph(page_only).diff(open_graph(example_folder))

    assert document["differs"]
    total = sum(c.added + c.removed + c.changed for c in expected.counts.values())
    assert total == len(document["nodes"])
    assert total == len(set(graph.subjects(rdflib.RDF.type)) - set(
        graph.subjects(rdflib.RDF.type, rdflib.RDF.Statement)
    ))  # fmt: skip


def test_whom_to_credit_goes_with_the_data(page_only: Path, example_folder: Path) -> None:
    """Texts of pages and releases are passed on with what their catalogues say of them."""
    call = ("diff", page_only, example_folder, "--format")
    lines = json.loads(kg(*call, "json").stdout)["attributions"]
    shown = kg(*call, "turtle").stdout.splitlines()

    assert any("O*NET" in line and "graph/onet/30.2" in line for line in lines)
    assert any("graph/page/library-technicians" in line for line in lines)
    assert [f"# {line}" for line in lines] == shown[3 : 3 + len(lines)]


def test_an_earlier_generation_is_compared(tmp_path: Path) -> None:
    """DIR@NAME is another generation of a folder, by the beginning of its name."""
    build(example_inputs()[:1], tmp_path / "graph")
    build(out=tmp_path / "graph")
    by_name = kg("diff", f"{tmp_path / 'graph'}@000001", tmp_path / "graph")

    assert 1 == by_name.returncode
    assert by_name.stdout.startswith("old: 000001-")
    assert "\nnew: 000002-" in by_name.stdout
    assert 0 == kg("diff", f"{tmp_path / 'graph'}@000002", tmp_path / "graph").returncode


def test_a_folder_may_have_an_at_in_its_name(tmp_path: Path) -> None:
    """A folder that is there is meant by its whole name."""
    build(out=tmp_path / "a@b")
    assert 0 == kg("diff", tmp_path / "a@b", tmp_path / "a@b").returncode
    assert 0 == kg("diff", f"{tmp_path / 'a@b'}@000001", tmp_path / "a@b").returncode


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("{graph}", "{none}"), "there is no graph in"),
        (("{none}", "{graph}"), "make one with: kg build --graph"),
        (("{graph}@000007", "{graph}"), "has no generation '000007'; it has: 000001-"),
        (("{none}@000001", "{graph}"), "there is no graph in"),
        (("{page}", "{graph}"), "there is no graph in"),
        (("{graph}", "{graph}", "--format", "png"), "choose one of text, json, turtle"),
        (("{graph}", "{graph}", "--max", "-1"), "--max"),
        (("{graph}",), "NEW"),
        (("{graph}", "{other}"), "different bases"),
    ],
)
def test_wrong_requests_exit_2(
    words: tuple[str, ...], message: str, example_folder: Path, tmp_path: Path
) -> None:
    """What is no graph, or cannot be compared, is told in a line or two."""
    page = example_inputs()[0]
    if "{other}" in words:
        build([page], tmp_path / "other", base="http://example.org/")
    places = {"none": tmp_path / "none", "page": page, "other": tmp_path / "other"}
    result = kg("diff", *(word.format(graph=example_folder, **places) for word in words))

    assert 2 == result.returncode
    assert message in result.stderr
    assert "" == result.stdout
    assert "Traceback" not in result.stderr


def test_a_damaged_part_is_told(example_folder: Path, page_only: Path, tmp_path: Path) -> None:
    """A part that is no Parquet exits 2 with a line that says what to do."""
    build(out=tmp_path / "graph")
    for part in open_graph(tmp_path / "graph").generation.parts.values():
        part.write_bytes(b"x")
    result = kg("diff", tmp_path / "graph", page_only)
    assert (2, "") == (result.returncode, result.stdout)
    assert "build it again" in result.stderr


def test_the_documentation_names_every_option() -> None:
    """The page about differences has the options and formats."""
    text = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
    assert [] == [word for word in ("--max", "--format", "-o", *FORMAT_NAMES) if word not in text]
