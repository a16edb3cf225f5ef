"""What became of statements between two versions of a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from generation_pairs import G, P, difference, made

from kg import quads
from kg.assembly import assemble, example_inputs
from kg.diff import Diff, compare
from kg.diff.model import StatementChange
from kg.generations import Generation
from kg.model import Quad
from kg.namespaces import BASE, KG, RDF, SKOS
from kg.resources import folder

FRAMEWORK = f"{BASE}framework/potters/durable"
Edit = Callable[[str], str]


def statement(
    name: str,
    label: str,
    text: str,
    domain: str | None = None,
    stage: str | None = None,
    *cites: str,
    framework: str = FRAMEWORK,
) -> list[Quad]:
    """Return a statement; `name` is the end of its IRI."""
    node = f"{framework}/{name}"
    rows = [
        quads.iri(node, RDF.type, KG.Statement, G),
        quads.iri(node, KG.framework, framework, G),
        quads.text(node, SKOS.prefLabel, label, G),
        quads.text(node, SKOS.definition, text, G),
        *(quads.iri(node, KG.cites, f"{BASE}source/{source}", G) for source in cites),
    ]
    if domain:
        rows.append(quads.iri(node, KG.domain, f"{BASE}domain/{domain}", G))
    if stage:
        rows.append(quads.iri(node, KG.stage, f"{BASE}level/{stage}", G))
    return rows


def told(diff: Diff) -> list[tuple[str, tuple[str, ...]]]:
    """Return labels with what became of their statements."""
    return [(str((s.new or s.old).label), s.kinds) for s in diff.statements]


def only(changes: tuple[StatementChange, ...], kind: str) -> StatementChange:
    """Return the one change of a kind."""
    (found,) = (change for change in changes if kind in change.kinds)
    return found


def domains(change: StatementChange) -> list[str | None]:
    """Return the domains that a statement was in, and is in."""
    return [state.domain if state else None for state in (change.old, change.new)]


def test_each_kind_is_told(tmp_path: Path) -> None:
    """A statement with the same IRI is told by what differs; one in another domain as moved."""
    old = [
        *statement("care/stays", "Stays", "does not change", "care", "1", "x"),
        *statement("care/goes", "Goes", "will not be there", "care"),
        *statement("care/words", "Words", "is worded so", "care"),
        *statement("care/steps", "Steps", "moves a stage on", "care", "1"),
        *statement("care/cites", "Cites", "cites another source", "care", "1", "x", "y"),
        *statement("care/moves", "Moves", "moves to another domain", "care", "1"),
        *statement("care/named", "Named", "is named anew", "care"),
    ]
    new = [
        *statement("care/stays", "Stays", "does not change", "care", "1", "x"),
        *statement("care/words", "Words", "is put into other words", "care"),
        *statement("care/steps", "Steps", "moves a stage on", "care", "2"),
        *statement("care/cites", "Cites", "cites another source", "care", "1", "y", "z"),
        *statement("calm/moves", "Moves", "moves to another domain", "calm", "1"),
        *statement("care/renamed", "Renamed", "is named anew", "care"),
        *statement("calm/comes", "Comes", "has nothing in common", "calm"),
    ]
    found = difference(tmp_path, old, new)

    assert [
        ("Comes", ("added",)),
        ("Moves", ("moved-domain",)),
        ("Cites", ("citations-gained", "citations-lost")),
        ("Goes", ("dropped",)),
        ("Renamed", ("reworded",)),
        ("Steps", ("moved-stage",)),
        ("Words", ("reworded",)),
    ] == told(found)
    cites = only(found.statements, "citations-lost")
    assert ((f"{BASE}source/z",), (f"{BASE}source/x",)) == (cites.gained, cites.lost)
    moved = only(found.statements, "moved-domain")
    assert [f"{BASE}domain/care", f"{BASE}domain/calm"] == domains(moved)
    assert ((), ()) == (moved.gained, moved.lost)


def test_a_statement_may_change_in_every_way(tmp_path: Path) -> None:
    """Moved, reworded and cited otherwise at once: the label holds it together."""
    old = statement("care/a", "A", "one two three", "care", "1", "x")
    new = statement("calm/a", "a", "four five six", "calm", "2", "y")
    assert [
        ("a", ("reworded", "moved-domain", "moved-stage", "citations-gained", "citations-lost"))
    ] == told(difference(tmp_path, old, new))


def test_frameworks_are_apart(tmp_path: Path) -> None:
    """A statement that another framework got is another statement."""
    other = f"{BASE}framework/weavers/durable"
    found = difference(
        tmp_path, statement("a", "A", "same"), statement("a", "A", "same", framework=other)
    )
    assert [("A", ("dropped",)), ("A", ("added",))] == told(found)
    assert [FRAMEWORK, other] == [(s.new or s.old).framework for s in found.statements]


def test_other_properties_are_not_told(tmp_path: Path) -> None:
    """What is inferred of a statement, or its place in the order, does not make it another."""
    old = statement("a", "A", "same")
    new = [*old, quads.literal(f"{FRAMEWORK}/a", P, "x", G)]
    found = difference(tmp_path, old, new)
    assert (True, ()) == (found.differs, found.statements)


def example(root: Path, edit: Edit = str) -> Generation:
    """Return the bundled example as a generation, its page edited."""
    page = root / "library-technicians.txt"
    root.mkdir()
    text = (folder("build") / "example" / page.name).read_text(encoding="utf-8")
    page.write_text(edit(text), encoding="utf-8")
    release = next(path for path in example_inputs() if path.is_dir())
    parts = assemble([page, release]).parts
    return made(root, [Quad(*row) for part in parts.values() for row in part.iter_rows()])


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return the bundled example."""
    return example(tmp_path_factory.mktemp("example") / "old")


def test_lines_of_a_page_do_not_matter(before: Generation, tmp_path: Path) -> None:
    """An empty line moves every statement down, and changes none: only the document differs."""
    after = example(tmp_path / "new", lambda text: text.replace("\n", "\n\n", 1))
    found = compare(before, after)
    assert (False, (), 1) == (found.differs, found.statements, len(found.documents))


def test_a_version_of_a_page(before: Generation, tmp_path: Path) -> None:
    """Statements of an edited page are told by their labels, texts, domains and citations."""

    def edit(text: str) -> str:
        lines = text.splitlines()
        place = {line[2:14]: i for i, line in enumerate(lines) if line.startswith("- ")}
        desk, cards, window, phone = (
            place[p] for p in ("Returned ite", "New reader c", "Window displ", "Phone enquir")
        )
        lines[desk] = lines[desk].replace("check in", "book in")
        lines[cards] = lines[cards].replace("New reader cards", "Cards for readers")
        lines[cards] = lines[cards].split(" WEF Skills Taxonomy")[0] + "."
        display = lines.pop(window)
        lines.insert(phone + 1, display)
        return "\n".join(lines) + "\n"

    found = compare(before, example(tmp_path / "new", edit))
    kinds = dict(told(found))

    assert ("reworded",) == kinds["Returned items"]
    assert ("reworded", "citations-lost") == kinds["Cards for readers"]
    assert ("moved-domain", "moved-stage") == kinds["Window display from leftovers"]
    assert {("moved-stage",)} == {
        kinds[label] for label in ("Fine disputes", "Library of things", "Plain directions")
    }
    lost = only(found.statements, "citations-lost")
    assert (f"{BASE}source/wef",) == lost.lost
    moved = only(found.statements, "moved-domain")
    assert [f"{BASE}domain/creativity", f"{BASE}domain/communication"] == domains(moved)
    assert (2, 2) == (found.counts[KG.Statement].added, found.counts[KG.Statement].removed)


def test_a_page_that_is_gone(before: Generation, tmp_path: Path) -> None:
    """Every statement of a page that is not there any more is dropped."""
    release = next(path for path in example_inputs() if path.is_dir())
    parts = assemble([release]).parts
    after = made(tmp_path, [Quad(*row) for part in parts.values() for row in part.iter_rows()])
    found = compare(before, after)

    assert {("dropped",)} == {s.kinds for s in found.statements}
    assert 57 == len(found.statements)
    assert ["removed"] == [d.status for d in found.documents]
    assert {"page", "page-terms"} & {g.split("/graph/")[1].split("/")[0] for g in found.graphs[0]}
