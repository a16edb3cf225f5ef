"""The entity graph: what is a node, what leads from one to another, and what it costs."""

from __future__ import annotations

import math

import pytest
from entity_tables import BASE, LINKS, PAGE, label, link, rejected, table, typed

from kg import quads
from kg.analysis.projection import UNIT, entities, hops, to_networkx
from kg.graph import Graph
from kg.lookup import KINDS
from kg.namespaces import DCT, KG, ONET, RDF, SKOS


def test_entities_have_their_closest_kind() -> None:
    """A stage is a stage although it is a concept too; what has no known class is left out."""
    rows = table(
        typed("s", "Statement"),
        typed("career-stage/1", "Stage"),
        quads.iri(BASE + "career-stage/1", RDF.type, SKOS.Concept, PAGE),
        quads.iri(BASE + "quadrant/q", RDF.type, SKOS.Concept, PAGE),
        typed("mention", "SourceMention"),
    )
    expected = [("career-stage/1", "stage"), ("quadrant/q", "concept"), ("s", "statement")]
    assert [(BASE + iri, kind) for iri, kind in expected] == entities(rows).rows()


def test_rows_of_a_release_are_no_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ratings are neither nodes nor between nodes, even where there is a name for their kind."""
    monkeypatch.setitem(KINDS, "rating", KG.Rating)
    rows = table(
        typed("occupation/o", "Occupation"),
        typed("element/e", "Element"),
        typed("rating/r", "Rating", "A rating"),
        quads.iri(BASE + "occupation/o", ONET.hasRating, BASE + "rating/r", PAGE),
        quads.iri(BASE + "rating/r", ONET.refersTo, BASE + "element/e", PAGE),
        quads.iri(BASE + "rating/r", DCT.source, BASE + "occupation/o", PAGE),
    )
    assert ["element/e", "occupation/o"] == [
        iri.removeprefix(BASE) for iri in entities(rows)["iri"]
    ]
    assert [] == hops(rows, entities(rows)).rows()
    assert ([], 2) == (list(to_networkx(rows).edges), len(to_networkx(rows)))


def test_asserted_hops_cost_one_and_those_of_a_whole_more() -> None:
    """What is asserted costs 1 a hop, and 1.5 where it speaks of a whole."""
    rows = table(
        quads.iri(BASE + "s", KG.cites, BASE + "source/a", PAGE),
        quads.iri(BASE + "f", DCT.source, BASE + "source/a", PAGE),
        quads.iri(BASE + "s", SKOS.related, BASE + "t", PAGE),
        quads.iri(BASE + "s", KG.domain, BASE + "s", PAGE),
        quads.literal(BASE + "s", DCT.source, BASE + "t", PAGE),
    )
    expected = {("f", "asserted", None, 1_500_000), ("s", "asserted", None, 1_000_000)}
    found = hops(rows).select("subject", "basis", "confidence", "cost").rows()
    assert expected == {(s.removeprefix(BASE), *rest) for s, *rest in found}


@pytest.mark.parametrize(
    ("confidence", "taken"),
    [
        ("1", 1),
        ("0.4321", 0.4321),
        ("0.0", 0.01),
        ("7", 1),
        ("?", 0.5),
        ("NaN", 0.5),
        (None, 0.5),
    ],
)
def test_an_inferred_hop_costs_what_its_doubt_is(confidence: str | None, taken: float) -> None:
    """An inferred hop costs 1.01 and -ln of its confidence, and is never free or endless."""
    found = hops(table(link("s", "task/1", confidence)))
    assert ["inferred"] == found["basis"].to_list()
    assert [confidence if confidence not in ("?", "NaN") else None] == found["confidence"].to_list()
    assert [round(-math.log(taken) * UNIT) + 1_010_000] == found["cost"].to_list()


def test_a_curated_link_costs_as_much_as_what_is_asserted() -> None:
    """What a person has affirmed is not charged for its confidence."""
    graph = BASE + "graph/curated"
    kind = quads.iri(graph, KG.graphKind, BASE + "graph-kind/curated", BASE + "graph/catalog")
    found = hops(table(kind, link("s", "task/1", "0.2", graph)))
    assert [("curated", "0.2", UNIT)] == found.select("basis", "confidence", "cost").rows()


def test_a_confidence_is_that_of_its_own_graph_and_the_highest_there() -> None:
    """Of several links for one triple in its graph the surest counts; those elsewhere do not."""
    other = [
        q._replace(subject=q.subject + "-2") for q in link("s", "task/1", "0.25", is_said=False)
    ]
    sure = quads.literal(other[0].subject, "https://w3id.org/sssom/confidence", "0.9", LINKS)
    elsewhere = link("s", "task/1", "0.95", BASE + "graph/other", is_said=False)
    found = hops(table(link("s", "task/1", "0.25"), other, sure, elsewhere))
    assert ["0.9"] == found["confidence"].to_list()


def test_a_link_alone_is_a_tentative_hop() -> None:
    """What only a link says is a hop as doubtful as it is, wherever the link stands."""
    for graph in (LINKS, PAGE):
        found = hops(table(link("s", "task/1", "0.15", graph, is_said=False)))
        expected = (
            BASE + "s",
            KG.supports,
            BASE + "task/1",
            graph,
            "inferred",
            "0.15",
            True,
            1_010_000 + round(-math.log(0.15) * UNIT),
        )
        assert [expected] == found.rows()


def test_a_link_is_tentative_only_where_no_graph_says_its_triple() -> None:
    """A weak link for what another graph asserts is no second hop."""
    said = quads.iri(BASE + "s", KG.supports, BASE + "task/1", PAGE)
    found = hops(table(said, link("s", "task/1", "0.15", is_said=False)))
    assert [(PAGE, None, False)] == found.select("graph", "confidence", "is_tentative").rows()


def test_a_link_of_another_property_or_without_a_confidence_is_no_hop() -> None:
    """Only properties of the entity graph lead on, and only as surely as is said."""
    about = link("s", "task/1", "0.15", is_said=False)
    other = [q._replace(object=SKOS.closeMatch) if q.object == KG.supports else q for q in about]
    assert [] == hops(table(other)).rows()
    assert [] == hops(table(link("s", "task/1", None, is_said=False))).rows()


def test_what_a_person_denies_is_no_link() -> None:
    """A rejection takes its own confidence and that of the method's link away."""
    weak, sure = (link("s", "task/1", "0.9", is_said=is_said) for is_said in (False, True))
    assert [] == hops(table(weak, rejected("s", "task/1"))).rows()
    assert [] == hops(table(rejected("s", "task/1"))).rows()
    found = hops(table(sure, rejected("s", "task/1", LINKS), rejected("s", "task/2")))
    assert [(LINKS, None)] == found.select("graph", "confidence").rows()


def test_hops_between_given_nodes() -> None:
    """With nodes, only what leads from one of them to another is a hop."""
    rows = table(
        typed("s", "Statement"),
        typed("task/1", "Task"),
        link("s", "task/1", "0.3"),
        link("s", "task/2", "0.3"),
        link("s", "task/3", "0.1", is_said=False),
    )
    assert [BASE + "task/1"] == hops(rows, entities(rows))["object"].to_list()


def test_to_networkx_has_every_entity_and_hop_once() -> None:
    """The graph for NetworkX has nodes with kind and label, and edges by property."""
    graph = to_networkx(
        table(
            typed("s", "Statement", "Says"),
            typed("task/1", "Task"),
            typed("domain/d", "Domain"),
            link("s", "task/1", "0.5"),
            typed("task/2", "Task"),
            link("s", "task/2", "0.15", is_said=False),
            quads.iri(BASE + "s", KG.domain, BASE + "domain/d", PAGE),
            quads.iri(BASE + "s", KG.cites, BASE + "unknown", PAGE),
            label("unknown", "is no entity"),
        )
    )
    expected = {
        BASE + "domain/d": {"kind": "domain"},
        BASE + "s": {"kind": "statement", "label": "Says"},
        BASE + "task/1": {"kind": "task"},
        BASE + "task/2": {"kind": "task"},
    }
    asserted = {"basis": "asserted", "cost": 1.0, "graph": PAGE}
    inferred = {"basis": "inferred", "cost": 1.703147, "graph": LINKS, "confidence": 0.5}
    assert list(expected.items()) == list(graph.nodes(data=True))
    assert [
        (BASE + "s", BASE + "domain/d", KG.domain, asserted),
        (BASE + "s", BASE + "task/1", KG.supports, inferred),
    ] == list(graph.edges(keys=True, data=True))


def test_the_example_for_networkx(example_graph: Graph) -> None:
    """The example's statements, tasks and citations are all in its graph."""
    graph = example_graph.to_networkx()
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    keys = [key for *_, key in graph.edges(keys=True)]
    rows = example_graph.query(
        "SELECT (COUNT(*) AS ?n) { { ?s kg:cites ?o } UNION { ?s onet:hasTask ?o } }"
    ).rows
    assert 57 == kinds.count("statement")
    assert [[str(keys.count(KG.cites) + keys.count(ONET.hasTask))]] == [list(r) for r in rows]
