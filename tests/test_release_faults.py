"""Releases with something wrong in them, as who builds them sees it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import Outcome, kg
from releases import TABLES, add_bomb, count_rows, write_release, zipped

from kg.resources import folder

EXAMPLE = folder("build") / "example" / "onet_30_2_text"
SKILLS = EXAMPLE / "Skills.txt"


def truncated(text: str) -> str:
    """Return a table that ends in the middle of a row."""
    return text[: text.rindex("\t", 0, len(text) // 2)]


def renamed(text: str) -> str:
    """Return a table with a column that is called otherwise."""
    return text.replace("Data Value", "Value", 1)


def torn(text: str) -> str:
    """Return a table whose third row is torn in two."""
    lines = text.splitlines(keepends=True)
    middle = lines[2].index("\t", len(lines[2]) // 2)
    lines[2] = f"{lines[2][:middle]}\n{lines[2][middle + 1 :]}"
    return "".join(lines)


def bad_code(text: str) -> str:
    """Return a table with a SOC code that is none in its third row."""
    lines = text.splitlines(keepends=True)
    lines[2] = "25-40" + lines[2][10:]
    return "".join(lines)


#: What is wrong, the row that is named and what is said of it, and how many rows are left out.
FAULTS: dict[str, tuple[Callable[[str], str], Callable[[str], int], str, int]] = {
    "truncated": (
        truncated,
        lambda text: len(truncated(text).splitlines()),
        "is cut short: the file ends here, after ",
        1,
    ),
    "renamed": (renamed, lambda _: 1, "lacks the column 'Data Value'", -1),
    "torn": (torn, lambda _: 3, " cells where the header has 13", 2),
    "bad code": (bad_code, lambda _: 3, "O*NET-SOC Code cannot be '25-40'", 1),
}


def with_fault(path: Path, fault: str) -> Path:
    """Copy the example's release with something wrong in one of its tables."""
    release = Path(shutil.copytree(EXAMPLE, path / "onet_30_2_text"))
    text = SKILLS.read_text("utf-8")
    (release / "Skills.txt").write_text(FAULTS[fault][0](text), "utf-8")
    return release


def refused(graph: Path, outcome: Outcome) -> bool:
    """Tell whether a build was refused as it should be, and published nothing."""
    return (2, "") == (outcome.returncode, outcome.stdout) and not (graph / "current").exists()


def tables_of(graph: Path) -> dict[str, Any]:
    """Return what became of each table of the release in a graph."""
    found: dict[str, Any] = json.loads(kg("info", "--tables", "--json", "--graph", graph).stdout)
    return found


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("as_zip", [False, True])
def test_refused(tmp_path: Path, fault: str, as_zip: bool) -> None:
    """What is wrong is named with table and row, and nothing is published."""
    release, graph = with_fault(tmp_path, fault), tmp_path / "graph"
    if as_zip:
        release = zipped(release, tmp_path / "r.zip")
    outcome = kg("build", release, "--graph", graph)
    _, row, words, _ = FAULTS[fault]
    assert refused(graph, outcome)
    first = outcome.stderr.splitlines()[0]
    place = f"{release.name}/Skills.txt:{row(SKILLS.read_text('utf-8'))}: "
    assert place in first
    assert words in first
    assert "--lenient leaves out what is wrong" in outcome.stderr
    # Two halves of a row are two errors, and then there is a line for both.
    assert (3 if fault == "torn" else 1) == len(outcome.stderr.splitlines())


@pytest.mark.parametrize("fault", FAULTS)
def test_left_out(tmp_path: Path, fault: str) -> None:
    """With --lenient the rest is built, and both reports count what was left out."""
    release, graph = with_fault(tmp_path, fault), tmp_path / "graph"
    outcome = kg("build", release, "--lenient", "--graph", graph)
    assert 0 == outcome.returncode, outcome.stderr
    rows = count_rows(EXAMPLE)
    _, row, words, left_out = FAULTS[fault]
    if left_out < 0:
        left_out = rows["Skills"]
    text = SKILLS.read_text("utf-8")
    place = f"{release.name}/Skills.txt:{row(text)}: warning: "
    assert any(place in line and words in line for line in outcome.stderr.splitlines())
    plural = "" if left_out == 1 else "s"
    assert f"left out: {left_out} row{plural}; see kg info --tables" in outcome.stdout
    tables = tables_of(graph)
    skills = tables.pop("Skills")
    assert left_out == sum(skills["left_out"].values())
    assert skills["read"] == skills["mapped"] + left_out
    assert {name: rows[name] for name in tables} == {n: t["mapped"] for n, t in tables.items()}
    printed = kg("info", "--tables", "--graph", graph).stdout
    line = next(line for line in printed.splitlines() if line.startswith("Skills "))
    assert all(f"{count:,} ({reason})" in line for reason, count in skills["left_out"].items())


def test_bomb(tmp_path: Path) -> None:
    """A table of 300 MB in a zip of some KB is refused by its name, or left out by its name."""
    path, graph = tmp_path / "r.zip", tmp_path / "graph"
    zipped(write_release(tmp_path / "r", {"Skills": None}), path)
    add_bomb(path, "db_9_1_text/Skills.txt", 300_000_000)
    outcome = kg("build", path, "--graph", graph)
    assert refused(graph, outcome)
    assert "r.zip/db_9_1_text/Skills.txt: expands beyond " in outcome.stderr
    outcome = kg("build", path, "--lenient", "--graph", graph)
    assert 0 == outcome.returncode, outcome.stderr
    assert "Skills.txt: warning: expands beyond" in outcome.stderr
    assert "the whole table is left out" in outcome.stderr
    assert "left out: all of Skills; see kg info --tables" in outcome.stdout
    table = tables_of(graph)["Skills"]
    assert (0, 0, 0) == (table["read"], table["mapped"], table["quads"])
    printed = kg("info", "--tables", "--graph", graph).stdout
    line = next(line for line in printed.splitlines() if line.startswith("Skills "))
    assert "expands beyond" in line


def test_what_was_published_stays(tmp_path: Path) -> None:
    """A build that is refused leaves the graph as it was."""
    graph = tmp_path / "graph"
    assert 0 == kg("build", write_release(tmp_path / "r"), "--graph", graph).returncode
    before = (graph / "current").read_text("utf-8")
    bad = write_release(tmp_path / "s", {"Skills": TABLES["Skills"][:-20]})
    assert 2 == kg("build", bad, "--graph", graph).returncode
    assert before == (graph / "current").read_text("utf-8")
    assert [before.strip()] == [p.name for p in (graph / "generations").iterdir()]


def test_many_faults(tmp_path: Path) -> None:
    """Of very many faults a few are named with their rows, and all are counted, in few lines."""
    rows = "".join(f"{number}-00\t3\t01/2026\tAnalyst\n" for number in range(1000))
    zones = TABLES["Job Zones"] + rows
    skills = TABLES["Skills"] + "12-0000.00\n" * 500 + "x\n" * 500
    release = write_release(tmp_path / "r", {"Job Zones": zones, "Skills": skills})
    outcome = kg("build", release, "--graph", tmp_path / "graph")
    assert refused(tmp_path / "graph", outcome)
    lines = outcome.stderr.splitlines()
    assert len(lines) <= 21
    assert "r/Job Zones.txt:4: error: O*NET-SOC Code cannot be '0-00'" in lines[0]
    assert any("and 995 more rows: O*NET-SOC Code is not a code" in line for line in lines)
    assert any("and 995 more rows: not as many cells as the header" in line for line in lines)
    outcome = kg("build", release, "--lenient", "--graph", tmp_path / "graph")
    assert "left out: 2,000 rows; see kg info --tables" in outcome.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--onet-release", "9.2"), "r: is release 9.1 by its Read Me, not 9.2"),
        (("--onet-release", "nine"), "'nine' is not the number of a release, such as 30.2"),
    ],
)
def test_wrong_numbers(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """A number that is none, or that the release's own Read Me contradicts, is refused."""
    release = write_release(tmp_path / "r")
    outcome = kg("build", release, *arguments, "--graph", tmp_path / "graph")
    assert refused(tmp_path / "graph", outcome)
    assert words in outcome.stderr
    assert 1 == len(outcome.stderr.splitlines())


def test_a_number_that_lacks(tmp_path: Path) -> None:
    """A release that does not say its number is refused with what to do, and that is enough."""
    release = write_release(tmp_path / "r", {"Read Me": None})
    outcome = kg("build", release, "--graph", tmp_path / "graph")
    assert refused(tmp_path / "graph", outcome)
    assert "say so with --onet-release 30.2" in outcome.stderr
    outcome = kg("build", release, "--onet-release", "9.1", "--graph", tmp_path / "graph")
    assert 0 == outcome.returncode
    printed = kg("info", "--graph", tmp_path / "graph").stdout
    assert "graph/onet/9.1" in printed


def test_a_number_without_a_release(tmp_path: Path) -> None:
    """A number of a release is refused where no input is one."""
    page = folder("build") / "example" / "library-technicians.txt"
    outcome = kg("build", page, "--onet-release", "30.2", "--graph", tmp_path / "graph")
    assert refused(tmp_path / "graph", outcome)
    assert "no input is an O*NET release" in outcome.stderr


def test_two_releases(tmp_path: Path) -> None:
    """Two releases in one build are refused, both named."""
    paths = [write_release(tmp_path / name) for name in ("first", "second")]
    outcome = kg("build", *paths, "--graph", tmp_path / "graph")
    assert refused(tmp_path / "graph", outcome)
    assert all(str(path) in outcome.stderr for path in paths)
    assert "a graph holds one O*NET release" in outcome.stderr


def test_a_report_without_a_release(tmp_path: Path) -> None:
    """A graph without a release has no tables to report."""
    page = folder("build") / "example" / "library-technicians.txt"
    assert 0 == kg("build", page, "--graph", tmp_path / "graph").returncode
    outcome = kg("info", "--tables", "--graph", tmp_path / "graph")
    assert (0, "") == (outcome.returncode, outcome.stdout)
    assert "built without an O*NET release" in outcome.stderr
    assert {} == tables_of(tmp_path / "graph")


def test_the_report(example_folder: Path) -> None:
    """The report has a line a table, with its counts, and one for all."""
    lines = kg("info", "--tables", "--graph", example_folder).stdout.splitlines()
    tables = tables_of(example_folder)
    rows = count_rows(EXAMPLE)
    assert rows == {name: table["read"] for name, table in tables.items() if name in rows}
    assert 2 + len(tables) + 1 == len(lines)
    last = lines[-1].split()
    sums = [sum(table[column] for table in tables.values()) for column in ("read", "mapped")]
    assert ["all", *(f"{count:,}" for count in sums)] == last[:3]
    assert not any(tables[name]["left_out"] for name in rows)
