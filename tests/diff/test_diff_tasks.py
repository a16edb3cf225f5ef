"""What became of tasks, in small graphs and between real releases."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import kg
from generation_pairs import G, H, P, assembled, difference

from kg import quads
from kg.diff import Diff, compare
from kg.diff.model import TaskState
from kg.generations import current
from kg.model import Quad
from kg.namespaces import BASE, KG, ONET, RDF, SKOS
from kg.pipeline import build

TABLES = ("Content Model Reference", "Occupation Data", "Read Me", "Task Statements")


def task(number: str, text: str, kind: str | None = "Core", *codes: str) -> list[Quad]:
    """Return a task with its occupations."""
    node = f"{BASE}task/{number}"
    rows = [
        quads.iri(node, RDF.type, KG.Task, G),
        quads.iri(node, RDF.type, ONET.Task, G),
        quads.literal(node, KG.taskId, number, G),
        quads.text(node, ONET.task, text, G),
    ]
    if kind:
        rows.append(quads.literal(node, KG.taskType, kind, G))
    for code in codes:
        occupation = f"{BASE}occupation/{code}"
        rows += [
            quads.iri(occupation, RDF.type, KG.Occupation, G),
            quads.literal(occupation, SKOS.notation, code, G),
            quads.text(occupation, SKOS.prefLabel, f"Title of {code}", G),
            quads.iri(occupation, ONET.hasTask, node, G),
        ]
    return rows


def told(diff: Diff) -> list[tuple[str, tuple[str, ...]]]:
    """Return tasks with what became of them."""
    found = []
    for change in diff.tasks:
        state = change.new or change.old
        assert state is not None
        found.append((state.task.rpartition("/")[2], change.kinds))
    return found


def test_each_kind_is_told(tmp_path: Path) -> None:
    """Tasks are told by occupation, then by ID, with what they were and are."""
    old = [
        *task("7", "Stays.", "Core", "1"),
        *task("8", "Goes.", "Core", "1"),
        *task("9", "Is worded so.", "Core", "1"),
        *task("10", "Gets a type.", None, "1"),
        *task("11", "Moves.", "Core", "1"),
        *task("12", "Changes all.", "Core", "1"),
    ]
    new = [
        *task("7", "Stays.", "Core", "1"),
        *task("9", "Is worded otherwise.", "Core", "1"),
        *task("10", "Gets a type.", "Supplemental", "1"),
        *task("11", "Moves.", "Core", "2"),
        *task("12", "Changed all.", None, "1", "2"),
        *task("100", "Comes.", "Core", "1"),
    ]
    found = difference(tmp_path, old, new)

    assert [
        ("8", ("dropped",)),
        ("9", ("reworded",)),
        ("10", ("retyped",)),
        ("12", ("reworded", "retyped", "moved")),
        ("100", ("added",)),
        ("11", ("moved",)),
    ] == told(found)
    changed = found.tasks[3]
    assert changed.old == TaskState(
        f"{BASE}task/12", "12", "Changes all.", "Core", (("1", "Title of 1"),)
    )
    assert changed.new == TaskState(
        f"{BASE}task/12", "12", "Changed all.", None, (("1", "Title of 1"), ("2", "Title of 2"))
    )


def test_what_is_no_part_of_a_task_is_not_told(tmp_path: Path) -> None:
    """Other properties of a task, the title of its occupation and its graph do not count."""
    old = task("7", "Stays.", "Core", "1")
    new = [r._replace(graph=H, object=r.object.replace("Title", "Name")) for r in old]
    found = difference(tmp_path, old, [*new, quads.literal(f"{BASE}task/7", P, "x", G)])
    assert (True, ()) == (found.differs, found.tasks)


def test_a_renumbered_task_is_told_as_both(tmp_path: Path) -> None:
    """A task added with the text of one dropped, in the same occupation, names it."""
    old = [*task("1", "Sorts items.", "Core", "1"), *task("2", "Walks.", "Core", "1")]
    new = [*task("3", "sorts  items", "Core", "1"), *task("4", "Walks.", "Core", "2")]
    found = difference(tmp_path, old, new)

    assert {"1": "3", "3": "1", "2": None, "4": None} == {
        (t.new or t.old).task.rpartition("/")[2]: t.renumbered and t.renumbered.rpartition("/")[2]
        for t in found.tasks
    }
    assert Counter(added=2, dropped=2) == Counter(k for t in found.tasks for k in t.kinds)


def test_an_occupation_without_a_code_is_told_by_the_end_of_its_iri(tmp_path: Path) -> None:
    """What a graph does not say of an occupation is left out."""
    rows = task("1", "Sorts items.", "Core")
    rows.append(quads.iri(f"{BASE}occupation/sorters", ONET.hasTask, f"{BASE}task/1", G))
    (change,) = difference(tmp_path, [], rows).tasks
    task_state = TaskState(f"{BASE}task/1", "1", "Sorts items.", "Core", (("sorters", ""),))
    assert task_state == change.new


@pytest.fixture(scope="module")
def releases(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return graphs of the tables with occupations and tasks of O*NET 29.0 and 30.2."""
    folders = []
    for number in ("29_0", "30_2"):
        name, folder = f"db_{number}_text", tmp_path_factory.mktemp(number)
        with zipfile.ZipFile(shared(f"data/onet/{name}.zip")) as archive:
            for table in TABLES:
                archive.extract(f"{name}/{table}.txt", folder)
        build([folder / name], folder / "graph")
        folders.append(folder / "graph")
    return folders


def test_real_releases(releases: list[Path]) -> None:
    """From 29.0 to 30.2 O*NET added 21 tasks, dropped 21, and reworded 5."""
    found = compare(*map(current, releases))
    kinds = Counter(kind for change in found.tasks for kind in change.kinds)
    reworded = [t for t in found.tasks if "reworded" in t.kinds]

    assert Counter(added=21, dropped=21, reworded=5, retyped=477) == kinds
    assert {"1638", "1641", "18000", "18493", "18494"} == {t.new.task_id for t in reworded if t.new}
    assert all(t.old and t.new and t.old.text != t.new.text for t in reworded)
    assert all(state.occupations for t in found.tasks for state in (t.old, t.new) if state)
    assert ("29.0", "30.2") == (found.old.release, found.new.release)
    assert (26, 23) == (found.counts[KG.Element].added, found.counts[KG.Element].removed)


def test_real_releases_are_told_with_texts(releases: list[Path]) -> None:
    """The command shows each task that came or went with its text, and both of a reworded one."""
    result = kg("diff", *releases, "--max", "30")
    lines = result.stdout.splitlines()
    shown = {}
    for title in ("tasks added (21)", "tasks dropped (21)", "tasks reworded (5)"):
        start = lines.index(title) + 1
        shown[title] = lines[start : lines.index("", start)]

    assert 1 == result.returncode
    assert [42, 42, 15] == [len(of) for of in shown.values()]
    assert ["~", "-", "+"] * 5 == [line.split()[0] for line in shown["tasks reworded (5)"]]


@pytest.mark.slow
def test_whole_releases(shared: Callable[[str], Path], tmp_path: Path) -> None:
    """With all their tables, ratings of 29.0 are compared with those of 30.2, not with nothing."""
    names = ("db_29_0_text.zip", "db_30_2_text.zip")
    found = compare(*(assembled(tmp_path / n, [shared(f"data/onet/{n}")]) for n in names))
    counts = found.counts[KG.Rating]
    work_styles = [
        [node.iri for node in found.nodes(KG.Element, status) if f"element/1.{model}" in node.iri]
        for status, model in (("removed", "C"), ("added", "D"))
    ]

    assert counts.changed > 10_000
    assert sum("/1.C." in n.iri for n in found.nodes(KG.Rating, "removed")) == counts.removed
    assert all(work_styles)
    kinds = Counter(kind for change in found.tasks for kind in change.kinds)
    assert Counter(added=21, dropped=21, reworded=5, retyped=477) == kinds


@pytest.mark.parametrize("direction", [1, -1])
def test_the_other_direction_tells_the_opposite(direction: int, tmp_path: Path) -> None:
    """What one direction adds, the other drops."""
    rows = [task("1", "Sorts items.", "Core", "1"), task("2", "Walks.", "Core", "1")][::direction]
    found = difference(tmp_path, rows[0], rows[1])
    names = ["1", "2"][::direction]
    assert {names[0]: ("dropped",), names[1]: ("added",)} == dict(told(found))
