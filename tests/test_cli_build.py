"""`kg build`: findings, refusals, and what is left where it fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import kg, small_disk

from kg.resources import folder

EXAMPLE = folder("build") / "example"
PAGE = EXAMPLE / "library-technicians.txt"
RELEASE = EXAMPLE / "onet_30_2_text"


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


def test_output_cannot_steer_a_terminal(tmp_path: Path) -> None:
    """Control characters of an input do not reach the terminal."""
    page = tmp_path / "page.txt"
    page.write_text("Odd\nContext coveredNothing.\n- La\x1b[31mbel — text\x07.\n", encoding="utf-8")
    build = kg("build", page, "--graph", tmp_path / "graph")
    shown = kg("find", "text", "--graph", tmp_path / "graph")

    assert build.returncode == shown.returncode == 0
    assert "\x1b" not in build.stdout + build.stderr + shown.stdout
    assert "\x07" not in shown.stdout


def test_a_page_of_another_release_is_noticed(tmp_path: Path) -> None:
    """A page that names O*NET 30.2 and is built with another release gives a warning."""
    other = tmp_path / "db_29_0_text"
    shutil.copytree(RELEASE, other)
    (other / "Read Me.txt").write_text("O*NET 29.0 Database\n", encoding="utf-8")
    result = kg("build", PAGE, other, "--graph", tmp_path / "graph")

    assert 0 == result.returncode
    assert "O*NET 30.2 named; built with O*NET 29.0" in result.stderr
