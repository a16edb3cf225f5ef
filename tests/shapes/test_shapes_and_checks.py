"""Checks and shapes that say the same: on the cases of the shapes, and on releases with faults."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox
import pytest
from cases import CORE, KGSH, Case, checks_of, profile
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg import namespaces, validation
from kg.queries import load_queries
from kg.resources import folder
from kg.shacl import validate

Triple = tuple[Node, Node, Node]

KG, ONET = Namespace(namespaces.KG.iri), Namespace(namespaces.ONET.iri)
EX = Namespace("https://example.org/")
RELEASES = profile("onet")
QUERIES = load_queries()

#: The rows of a check that say what a shape says: the column that tells, and what it holds.
ROWS: dict[str, tuple[str, str]] = {
    "rating-element": ("part", "element"),
    "rating-occupation": ("part", "occupation"),
    "rating-scale": ("part", "scale"),
    "rating-value": ("part", "value"),
    "scale-maximum": ("bound", "maximum"),
    "scale-minimum": ("bound", "minimum"),
    "task-activity": ("lacks", "activity"),
    "task-occupation": ("lacks", "occupation"),
    "task-type": ("lacks", "type"),
}
SHAPES = sorted(str(shape).removeprefix(str(KGSH)) for shape in checks_of(RELEASES.shapes))


@cache
def check_of(shape: str) -> str:
    """Return the name of the check that the shape says is the same."""
    (query,) = RELEASES.shapes.objects(KGSH[shape], RDFS.seeAlso)
    return str(query).removeprefix("https://w3id.org/skills-kg/queries/checks/")


def by_shapes(data: Graph) -> dict[str, set[str]]:
    """Return the nodes that each shape finds; of a scale, the ratings outside of it."""
    found: dict[str, set[str]] = {shape: set() for shape in SHAPES}
    for result in validate(data, RELEASES.shapes).results:
        name = str(result.source_shape).removeprefix(str(KGSH))
        found[name].add(str(result.value if name == "scale-bounds" else result.focus_node))
    return found


def stored(value: Node) -> ox.NamedNode | ox.Literal:
    if not isinstance(value, Literal):
        return ox.NamedNode(str(value))
    if value.language:
        return ox.Literal(str(value), language=value.language)
    return ox.Literal(str(value), datatype=ox.NamedNode(str(value.datatype or XSD.string)))


def by_checks(data: Graph) -> dict[str, set[str]]:
    """Return the nodes in the rows of the checks that say the same, the first in each row."""
    store = ox.Store()
    for subject, predicate, value in data:
        iris = ox.NamedNode(str(subject)), ox.NamedNode(str(predicate))
        store.add(ox.Quad(*iris, stored(value), ox.NamedNode("g:1")))
    rows: dict[str, list[dict[str, str]]] = {}
    for name in {check_of(shape) for shape in SHAPES}:
        answer = store.query(QUERIES[name].text, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)
        columns = [variable.value for variable in answer.variables]
        rows[name] = [
            {c: cell.value for c, cell in zip(columns, row, strict=True) if cell} for row in answer
        ]
    found = {}
    for shape in SHAPES:
        column, word = ROWS.get(shape, ("", ""))
        of_shape = [row for row in rows[check_of(shape)] if row.get(column, "") == word]
        found[shape] = {next(iter(row.values())) for row in of_shape}
    return found


@pytest.mark.parametrize("case", [*RELEASES.invalid, *RELEASES.valid], ids=str)
def test_cases(case: Case) -> None:
    """In each case of the shapes, the checks find the nodes that the shapes find."""
    assert by_shapes(case.data) == by_checks(case.data)


@pytest.mark.parametrize("shape", SHAPES)
def test_checks_name_their_shapes(shape: str) -> None:
    """A shape names a check that there is, and that names the shape."""
    check = QUERIES[check_of(shape)]
    assert "checks" == check.kind
    assert shape in check.description.replace(",", " ").split()


def test_checks_of_shapes_are_the_checks_of_releases() -> None:
    """What the README lists as checks of releases are those that shapes name."""
    readme = (folder("queries") / "README.md").read_text("utf-8")
    _, _, releases = readme.partition("## Checks")[2].partition("\n## ")[0].partition("--profile")
    listed = [line.split("`")[1] for line in releases.splitlines() if line.startswith("| `")]
    assert listed == validation.checks_of(RELEASES.shapes)
    assert [] == validation.checks_of(CORE)


# ---------------------------------------------------------------- releases with faults

#: Nodes that stand for each other in a fault: those of the valid release, and unknown ones.
RELEASE = next(case for case in RELEASES.valid if case.name == "release").data
CLASSES = sorted(set(RELEASE.objects(None, RDF.type)))
NODES = sorted({s for s in RELEASE.subjects() if isinstance(s, URIRef)} | {EX["unknown"]})
NUMBERS = [
    *(Literal(text, datatype=XSD.decimal) for text in ("0.0", "-0.01", "5.5", "7.0", "100.01")),
    Literal("three", datatype=XSD.decimal),
    *(Literal(text, datatype=XSD.integer) for text in ("0", "8")),
    *(Literal(text, datatype=XSD.double) for text in ("-1.5E0", "NaN", "INF")),
    *(Literal(text) for text in ("n/a", "9")),
    Literal("9", lang="en"),
    Literal("true", datatype=XSD.boolean),
    Literal("2026-02", datatype=XSD.gYearMonth),
    EX["unknown"],
]
OBJECTS: dict[Node, list[Node]] = {
    RDF.type: [*CLASSES, KG.EmergingTask],
    ONET.hasRating: NODES,
    ONET.hasTask: NODES,
    ONET.linkedTo: NODES,
    ONET.refersTo: NODES,
    SKOS.broader: NODES,
    ONET.dataValue: NUMBERS,
    KG.minimum: NUMBERS,
    KG.maximum: NUMBERS,
    KG.taskType: [Literal("Core"), Literal("Supplemental")],
    KG.jobZone: [Literal(2), Literal(5)],
}


@st.composite
def triples_of_release(draw: st.DrawFn) -> Triple:
    """Draw a triple of the valid release that a shape looks at."""
    predicate = draw(st.sampled_from(sorted(OBJECTS)))
    subject, value = draw(st.sampled_from(sorted(RELEASE.subject_objects(predicate))))
    return subject, predicate, value


@st.composite
def triples(draw: st.DrawFn) -> Triple:
    """Draw a triple that a release may have, about the right node or another."""
    predicate = draw(st.sampled_from(sorted(OBJECTS)))
    usual = sorted(set(RELEASE.subjects(predicate)))
    subject = draw(st.sampled_from([*usual, *usual, *NODES]))
    return subject, predicate, draw(st.sampled_from(OBJECTS[predicate]))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(triples_of_release(), max_size=10), st.lists(triples(), max_size=12))
def test_faults(left_out: list[Triple], added: list[Triple]) -> None:
    """In a release with triples left out and others added, both find the same nodes."""
    data = Graph()
    for triple in set(RELEASE) - set(left_out) | set(added):
        data.add(triple)
    assert by_shapes(data) == by_checks(data)
