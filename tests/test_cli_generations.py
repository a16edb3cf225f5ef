"""Earlier generations on the command line: kept, listed, asked, and published again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import Outcome, kg
from interrupted import Corpus

import kg as api
from kg.cli.app import app
from kg.generations import current

LABELS = "SELECT ?l { ?s skos:prefLabel ?l FILTER(STRSTARTS(?l, 'Statement ')) }"
#: The commands that take `--graph`, with arguments by which they answer.
READING: dict[str, tuple[str, ...]] = {
    "analyze": ("coverage", "25-4031.00"),
    "export": ("--format", "nquads"),
    "find": ("Statement 1",),
    "info": (),
    "link": ("--scores", "{tmp}/scores.csv"),
    "paths": ("framework/library-technicians/base", "occupation/25-4031.00"),
    "query": ("statements-of-domain", "--param", "domain=Communication"),
    "report": ("25-4031.00",),
    "show": ("statement:Statement 1",),
    "validate": (),
}
WRITING = ("build", "rollback")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a graph with three generations, which stay as they are."""
    folder = tmp_path_factory.mktemp("generations")
    corpus = Corpus(folder, 2)
    for _ in range(3):
        corpus.edit()
        result = kg("build", *corpus.inputs, "--graph", folder / "graph")
        assert 0 == result.returncode, result.stderr
    return folder / "graph"


@pytest.fixture
def graph(made: Path, tmp_path: Path) -> Path:
    """Return the folder of a graph with three generations, to do anything with."""
    shutil.copytree(made.parent, tmp_path / "all")
    return tmp_path / "all" / "graph"


def label(graph: Path | str) -> str:
    """Return the text that each generation has of its own."""
    result = kg("query", "-", "--graph", graph, "--format", "csv", stdin=LABELS)
    assert 0 == result.returncode, result.stderr
    return result.stdout.split("\n")[1]


def build(graph: Path, *options: str) -> Outcome:
    """Build the graph again, from inputs that have not changed since the third generation."""
    inputs = (graph.parent / "pages", graph.parent / "onet_30_2_text")
    return kg("build", *inputs, "--graph", graph, *options)


def names(graph: Path) -> list[str]:
    """Return the numbers of the generations that are there."""
    return sorted(path.name[:6] for path in (graph / "generations").iterdir())


def test_each_generation_answers(made: Path) -> None:
    """The name of a generation after the folder's means that one, in queries and in Python."""
    assert "Statement 3" == label(made)
    for number in (1, 2, 3):
        assert f"Statement {number}" == label(f"{made}@00000{number}")
        opened = api.open(f"{made}@00000{number}")
        assert f"00000{number}" == opened.generation.name[:6]
        assert [(f"Statement {number}",)] == opened.query(LABELS).rows


def test_every_reading_command_is_known() -> None:
    """Commands that take a graph's folder are those that are tried here."""
    taking = {
        command.callback.__name__
        for command in app.registered_commands
        if command.callback is not None and "graph" in command.callback.__annotations__
    }
    assert {*READING, *WRITING} == taking


@pytest.mark.parametrize("command", READING)
def test_every_reading_command_takes_a_generation(command: str, made: Path, tmp_path: Path) -> None:
    """What reads a graph reads an earlier generation of it, and says where there is none."""
    arguments = [a.replace("{tmp}", str(tmp_path)) for a in READING[command]]
    there = kg(command, *arguments, "--graph", f"{made}@000001")
    missing = kg(command, *arguments, "--graph", f"{made}@000009")

    assert 2 != there.returncode, there.stderr
    assert 2 == missing.returncode
    assert "has no generation '000009'; it has: 000001-" in missing.stderr
    assert 1 == len(missing.stderr.splitlines())


@pytest.mark.parametrize(
    "arguments", [("build",), ("rollback",), ("info", "--generations")], ids=lambda a: a[-1]
)
def test_what_is_about_the_folder_takes_no_generation(
    arguments: tuple[str, ...], made: Path
) -> None:
    """A build into a generation would make a folder of that name; what is wanted is said."""
    result = kg(*arguments, "--graph", f"{made}@000001")
    assert (2, "") == (result.returncode, result.stdout)
    wanted = f"kg: '{made}@000001' is one generation of a graph; here its folder is wanted: {made}"
    assert wanted == result.stderr.rstrip()
    assert ["000001", "000002", "000003"] == names(made)
    assert not made.with_name(f"{made.name}@000001").exists()


def test_generations_are_listed(made: Path) -> None:
    """The list says which one is published, what it holds, and how it was built."""
    listed = kg("info", "--generations", "--graph", made)
    found = json.loads(kg("info", "--generations", "--json", "--graph", made).stdout)

    assert 0 == listed.returncode
    assert ["000001", "000002", "000003"] == [g["generation"][:6] for g in found]
    assert [False, False, True] == [g["published"] for g in found]
    assert [3, 3, 3] == [g["inputs"] for g in found]
    assert found[0]["how"]["from"] is None
    assert found[1]["generation"] == found[2]["how"]["from"]
    assert {"page": 1, "release": 1} == found[2]["how"]["kept"]
    assert 1 == listed.stdout.count("(published)")
    assert "built from nothing: nothing was published before" in " ".join(listed.stdout.split())


def test_rollback(graph: Path) -> None:
    """The one before is published again, then one by name; the newer ones stay."""
    back = kg("rollback", "--graph", graph)
    assert (0, "") == (back.returncode, back.stderr)
    assert f"{graph} is generation 000002-" in back.stdout
    assert "Statement 2" == label(graph)
    assert 0 == kg("rollback", "--graph", graph).returncode
    assert "Statement 1" == label(graph)

    none = kg("rollback", "--graph", graph)
    assert (2, "") == (none.returncode, none.stdout)
    assert "has no generation before 000001-" in none.stderr

    assert 0 == kg("rollback", "000003", "--graph", graph).returncode
    assert "Statement 3" == label(graph)
    wrong = kg("rollback", "000009", "--graph", graph)
    assert 2 == wrong.returncode
    assert "has no generation '000009'" in wrong.stderr
    assert ["000001", "000002", "000003"] == names(graph)


def test_rollback_of_no_graph(tmp_path: Path) -> None:
    """Where there is no graph nothing is made."""
    result = kg("rollback", "--graph", tmp_path / "none")
    assert 2 == result.returncode
    assert "there is no graph in" in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_a_build_after_a_rollback(graph: Path) -> None:
    """It goes on from what is published, under a number that was never used."""
    kg("rollback", "000001", "--graph", graph)
    result = build(graph)
    assert 0 == result.returncode
    assert "is generation 000004-" in result.stdout
    assert "Statement 3" == label(graph)
    assert current(graph).how["from"][:6] == "000001"


def test_keep(graph: Path) -> None:
    """So many generations stay, also where nothing has changed; at least the published one."""
    assert 0 == build(graph, "--keep", "2").returncode
    assert ["000002", "000003"] == names(graph)
    page = graph.parent / "pages" / "001.txt"
    page.write_text(page.read_text(encoding="utf-8").replace("- ", "- A ", 1), encoding="utf-8")
    assert 0 == build(graph, "--keep", "1").returncode
    assert ["000004"] == names(graph)
    assert 2 == build(graph, "--keep", "0").returncode
    assert "Statement 3" == label(graph)


def test_three_are_kept_unless_asked(graph: Path) -> None:
    """The default leaves two to go back to."""
    page = graph.parent / "pages" / "001.txt"
    page.write_text(page.read_text(encoding="utf-8").replace("- ", "- A ", 1), encoding="utf-8")
    assert 0 == build(graph).returncode
    assert ["000002", "000003", "000004"] == names(graph)
