"""Descriptions of nodes: which triples, in which order, and how many of each property."""

from __future__ import annotations

import pytest

from kg import quads
from kg.description import Triple, describe
from kg.model import Quad
from kg.namespaces import BASE, KG, ONET, RDFS, SKOS, XSD

GRAPH = f"{BASE}graph/test"
NODE, OTHER = f"{BASE}node", f"{BASE}other"


def rated(count: int) -> list[Quad]:
    """Return an element with a label, and that many ratings of it, the last one with a line."""
    ratings = [f"{BASE}rating/{number:06}" for number in range(count)]
    return [
        quads.text(NODE, SKOS.prefLabel, "Listening", GRAPH),
        *(quads.iri(rating, ONET.refersTo, NODE, GRAPH) for rating in ratings),
        *(quads.iri(NODE, ONET.hasRating, rating, GRAPH) for rating in ratings),
        quads.literal(ratings[-1], KG.line, "7", GRAPH, XSD.integer),
        quads.text(ratings[0], RDFS.label, "First", GRAPH),
    ]


@pytest.mark.parametrize("most", [1, 3, 5, 6, None])
def test_the_first_of_each_property_and_all_counts(most: int | None) -> None:
    """Both directions give the first triples of each property, and the number of all."""
    node = describe(quads.from_rows(rated(5)).lazy(), NODE, most)
    shown = min(5, most or 5)
    # What was read from a line comes before what was not, and that in the order of the IRIs.
    values = [f"{BASE}rating/{number:06}" for number in (4, 0, 1, 2, 3)]
    assert values[:shown] == [t.value for t in node.incoming]
    assert sorted(values)[:shown] == [t.value for t in node.outgoing if t.kind == "iri"]
    assert {ONET.refersTo: 5} == node.incoming_counts
    assert {SKOS.prefLabel: 1, ONET.hasRating: 5} == node.outgoing_counts


def test_triples_have_labels_kinds_and_lines() -> None:
    """A triple has the label of its other end, what that is, and its subject's line."""
    rows = [
        *rated(2),
        quads.literal(NODE, KG.line, "3", GRAPH, XSD.integer),
        Quad("_:doc-b", SKOS.broader, NODE, "iri", None, None, GRAPH),
        Quad(NODE, SKOS.broader, "_:doc-b", "blank", None, None, GRAPH),
    ]
    node = describe(quads.from_rows(rows).lazy(), NODE)
    assert (NODE, "Listening") == (node.iri, node.label)
    assert [
        Triple(ONET.refersTo, f"{BASE}rating/000001", None, GRAPH, "iri", 7),
        Triple(ONET.refersTo, f"{BASE}rating/000000", "First", GRAPH, "iri"),
    ] == [t for t in node.incoming if t.predicate == ONET.refersTo]
    assert [Triple(SKOS.broader, "_:doc-b", None, GRAPH, "blank")] == node.incoming[:1]
    assert Triple(SKOS.broader, "_:doc-b", None, GRAPH, "blank", 3) in node.outgoing
    assert Triple(SKOS.prefLabel, "Listening", None, GRAPH, "literal", 3) in node.outgoing


def test_a_text_that_reads_like_the_node_is_another_thing() -> None:
    """A literal is neither the node nor has its label."""
    rows = [
        quads.text(NODE, SKOS.prefLabel, OTHER, GRAPH),
        quads.text(OTHER, SKOS.prefLabel, "Other", GRAPH),
    ]
    assert [None] == [t.label for t in describe(quads.from_rows(rows).lazy(), NODE).outgoing]
    assert [] == describe(quads.from_rows(rows).lazy(), OTHER).incoming


def test_what_a_node_says_of_itself_is_both() -> None:
    """A triple from a node to itself leaves it and arrives at it."""
    node = describe(quads.from_rows([quads.iri(NODE, KG.cites, NODE, GRAPH)]).lazy(), NODE)
    assert [Triple(KG.cites, NODE, None, GRAPH, "iri")] == node.outgoing == node.incoming


def test_a_line_that_is_no_number_is_none() -> None:
    """A careless line does not hide what stands beside it."""
    rows = [*rated(1)[:-2], quads.literal(f"{BASE}rating/000000", KG.line, "x", GRAPH, XSD.integer)]
    assert [None] == [t.line for t in describe(quads.from_rows(rows).lazy(), NODE).incoming]
