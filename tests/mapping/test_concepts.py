"""Concepts that pages name: shipped ones, and new ones."""

from __future__ import annotations

import pytest

from kg import quads
from kg.assembly import vocabulary
from kg.mapping.concepts import (
    index_concepts,
    introduce,
    introduce_stage,
    merge_terms,
)
from kg.mapping.iris import Iris
from kg.model import Quad
from kg.namespaces import KG, ONET, RDF, SKOS, concept, scheme

IRIS = Iris()
SCHEMES = vocabulary(IRIS)[IRIS.graph("schemes")]
CONCEPTS = index_concepts(SCHEMES)


@pytest.mark.parametrize(
    ("scheme_name", "name", "slug"),
    [
        ("domain", "Critical Thinking", "critical-thinking"),
        ("domain", "critical  thinking", "critical-thinking"),
        ("domain", "Critical-Thinking", "critical-thinking"),
        ("domain", "COMMUNICATION!", "communication"),
        ("quadrant", "Q2_ai_augmented", "q2-ai-augmented"),
        ("precision", "exact", "exact"),
        ("cluster", "artificial_intelligence", "artificial-intelligence"),
        ("cluster", "Artificial Intelligence", "artificial-intelligence"),
        ("unit", "points of 100", "points-of-100"),
        ("career-stage", "1", "1"),
    ],
)
def test_find(scheme_name: str, name: str, slug: str) -> None:
    """A shipped concept is found by label or code."""
    assert concept(scheme_name, slug) == CONCEPTS.find(scheme_name, name)


@pytest.mark.parametrize(
    ("scheme_name", "name"),
    [("domain", "Clay Sense"), ("cluster", "Communication"), ("nothing", "exact"), ("domain", "")],
)
def test_not_found(scheme_name: str, name: str) -> None:
    """A name of no concept, or of another scheme's, finds nothing."""
    assert CONCEPTS.find(scheme_name, name) is None


def test_names_are_unambiguous() -> None:
    """No two shipped concepts of a scheme have the same name."""
    names: dict[tuple[str, str], set[str]] = {}
    schemes = {q.subject: q.object for q in SCHEMES if q.predicate == SKOS.inScheme}
    for quad in SCHEMES:
        if quad.predicate in (SKOS.prefLabel, SKOS.notation) and quad.subject in schemes:
            names.setdefault((schemes[quad.subject], quad.object), set()).add(quad.subject)
    assert {} == {name: nodes for name, nodes in names.items() if len(nodes) > 1}
    assert set(schemes) == set(CONCEPTS.iris)


def test_no_new_concept_gets_a_shipped_iri() -> None:
    """A name that is not found never makes the IRI of a shipped concept."""
    shipped = {node.removeprefix(scheme("").removesuffix("scheme/")) for node in CONCEPTS.iris}
    for path in shipped:
        scheme_name, _, name = path.partition("/")
        for spelling in (name, name.upper(), name.replace("-", " "), f"({name})", f"{name}."):
            if IRIS.term(scheme_name, spelling) in CONCEPTS.iris:
                assert CONCEPTS.find(scheme_name, spelling), spelling


def test_introduce() -> None:
    """A new concept has a label, its scheme, and a code where the page shows one."""
    node, rows = introduce("cluster", "Clay & Fire", "clay_fire", IRIS)
    assert f"{IRIS.base}cluster/clay-fire" == node
    graph = IRIS.graph("page-terms")
    expected = [
        quads.iri(node, RDF.type, SKOS.Concept, graph),
        quads.iri(node, SKOS.inScheme, scheme("cluster"), graph),
        quads.text(node, SKOS.prefLabel, "Clay & Fire", graph),
        quads.literal(node, SKOS.notation, "clay_fire", graph),
    ]
    assert expected == rows
    node, rows = introduce("domain", "C++", None, IRIS, KG.Domain)
    assert node != introduce("domain", "C#", None, IRIS, KG.Domain)[0]
    assert [SKOS.Concept, KG.Domain] == [q.object for q in rows if q.predicate == RDF.type]


def test_introduce_stage() -> None:
    """A stage beyond the shipped ones is introduced with its position."""
    node, rows = introduce_stage("career-stage", 9, IRIS)
    assert f"{IRIS.base}career-stage/9" == node
    values = {q.predicate: q.object for q in rows}
    assert ("Career stage 9", "9", "9") == (
        values[SKOS.prefLabel],
        values[SKOS.notation],
        values[KG.position],
    )
    assert {KG.Stage, SKOS.Concept} == {q.object for q in rows if q.predicate == RDF.type}
    assert "Level 12" in [q.object for q in introduce_stage("level", 12, IRIS)[1]]


def test_merge_terms() -> None:
    """Pages that spell a new concept differently share one node with one label."""
    rows: list[Quad] = []
    for label in ("Clay sense", "CLAY SENSE", "Clay Sense", "Clay Sense"):
        rows += introduce("domain", label, None, IRIS, KG.Domain)[1]
    merged = merge_terms(rows)
    assert ["CLAY SENSE"] == merged.filter(predicate=SKOS.prefLabel)["object"].to_list()
    assert 4 == merged.height
    assert merge_terms(reversed(rows)).equals(merged)
    text = [quads.text("urn:t", ONET.task, t, "urn:g") for t in ("Throw pots.", "Throw pots")]
    assert 1 == merge_terms(text).height
    assert 0 == merge_terms([]).height
