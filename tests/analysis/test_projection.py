"""The named projections of the quad table."""

from __future__ import annotations

import math

import pytest
from entity_tables import BASE, LINKS, PAGE, link, table, typed

from kg import quads
from kg.analysis import project
from kg.errors import RequestError
from kg.graph import Graph
from kg.lookup import KINDS
from kg.namespaces import DCT, KG, ONET, RDF, SKOS, XSD


def _rating(name: str, element: str, value: str, suppress: str = "N") -> list[quads.Quad]:
    """Return the quads of a rating of an element's importance in the occupation o."""
    return [
        *typed(f"element/{element}", "Element"),
        quads.iri(BASE + "o", ONET.hasRating, BASE + name, PAGE),
        quads.iri(BASE + name, ONET.refersTo, BASE + f"element/{element}", PAGE),
        quads.iri(BASE + name, ONET.refersTo, BASE + "scale/IM", PAGE),
        quads.literal(BASE + name, ONET.dataValue, value, PAGE, XSD.decimal),
        quads.literal(BASE + name, KG.recommendSuppress, suppress, PAGE, XSD.string),
    ]


def test_links_are_in_the_one_projection_and_not_in_the_other() -> None:
    """A hop of a link costs -ln(confidence) and ln(fan-out), and is no asserted one."""
    rows = table(
        typed("s", "Statement"),
        typed("d", "Domain"),
        typed("task/1", "Task"),
        typed("task/2", "Task"),
        quads.iri(BASE + "s", KG.domain, BASE + "d", PAGE),
        link("s", "task/1", "0.5"),
        link("s", "task/2", "0.25", is_said=False),
    )
    columns = ("property", "object", "is_tentative", "fan_out", "cost", "cost_back")
    domain = (KG.domain, BASE + "d", False, 1, 0, 0)
    # ln 2 - ln 0.5 = ln 4, and ln 2 - ln 0.25 = ln 8
    strong = (KG.supports, BASE + "task/1", False, 2, 1_386_294, 693_147)
    weak = (KG.supports, BASE + "task/2", True, 2, 2_079_442, 1_386_294)
    assert [domain] == project(rows).asserted().edges.select(columns).rows()
    assert [domain, strong, weak] == sorted(project(rows).edges.select(columns).rows())


def test_a_rating_is_an_edge_from_a_threshold_on() -> None:
    """Below the importance asked for, or where suppression is recommended, there is no edge."""
    rows = table(
        typed("o", "Occupation"),
        _rating("r1", "enough", "3.00"),
        _rating("r2", "little", "2.99"),
        _rating("r3", "unsure", "4.00", "Y"),
    )
    assert [BASE + "element/enough"] == project(rows).edges["object"].to_list()
    assert 2 == project(rows, importance=2.5).edges.height


def test_of_the_hierarchy_only_activities_are_held_together() -> None:
    """That two skills stand under one heading is no way between them."""
    rows = table(
        typed("dwa", "DetailedWorkActivity"),
        typed("iwa", "IntermediateWorkActivity"),
        typed("skill", "Element"),
        typed("skills", "Element"),
        quads.iri(BASE + "dwa", SKOS.broader, BASE + "iwa", PAGE),
        quads.iri(BASE + "skill", SKOS.broader, BASE + "skills", PAGE),
    )
    assert [BASE + "dwa"] == project(rows).edges["subject"].to_list()


def test_nodes_have_their_closest_kind() -> None:
    """A stage is a stage although it is a concept too; what has no known class is left out."""
    rows = table(
        typed("s", "Statement"),
        typed("career-stage/1", "Stage"),
        quads.iri(BASE + "career-stage/1", RDF.type, SKOS.Concept, PAGE),
        quads.iri(BASE + "quadrant/q", RDF.type, SKOS.Concept, PAGE),
        typed("mention", "SourceMention"),
    )
    expected = [("career-stage/1", "stage"), ("quadrant/q", "concept"), ("s", "statement")]
    assert [(BASE + iri, kind) for iri, kind in expected] == project(rows).nodes.rows()


def test_rows_of_a_release_are_no_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
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
    found = project(rows)
    assert [BASE + "element/e", BASE + "occupation/o"] == found.nodes["iri"].to_list()
    assert [] == found.edges.rows()


@pytest.mark.parametrize(
    ("confidence", "taken"),
    [("1", 1), ("0.4321", 0.4321), ("0.0", 0.01), ("7", 0.5), ("?", 0.5), (None, 0.5)],
)
def test_a_hop_costs_what_its_doubt_is(confidence: str | None, taken: float) -> None:
    """An inferred hop costs -ln of its confidence; it is never endless, nor free without one."""
    rows = table(typed("s", "Statement"), typed("task/1", "Task"), link("s", "task/1", confidence))
    assert [round(-math.log(taken) * 1e6)] == project(rows).edges["cost"].to_list()


def test_what_a_person_says_is_certain_unless_that_person_doubts() -> None:
    """A curated hop costs nothing without a confidence, and its own with one."""
    graph = BASE + "graph/curated"
    kind = quads.iri(graph, KG.graphKind, BASE + "graph-kind/curated", BASE + "graph/catalog")
    for confidence, cost in ((None, 0), ("0.5", 693_147)):
        said = link("s", "task/1", confidence, graph)
        edges = project(table(typed("s", "Statement"), typed("task/1", "Task"), kind, said)).edges
        assert [("curated", cost)] == edges.select("basis", "cost").rows()


def test_to_networkx_has_every_node_and_edge_once() -> None:
    """The graph for NetworkX has nodes with their kind, and edges by property."""
    rows = table(
        typed("s", "Statement"),
        typed("task/1", "Task"),
        typed("domain/d", "Domain"),
        link("s", "task/1", "0.5"),
        typed("task/2", "Task"),
        link("s", "task/2", "0.25", LINKS, is_said=False),
        quads.iri(BASE + "s", KG.domain, BASE + "domain/d", PAGE),
        quads.iri(BASE + "s", KG.cites, BASE + "unknown", PAGE),
    )
    graph = project(rows).to_networkx()
    kinds = {"domain/d": "domain", "s": "statement", "task/1": "task", "task/2": "task"}
    assert {BASE + name: kind for name, kind in kinds.items()} == dict(graph.nodes(data="kind"))
    found = {
        (b.removeprefix(BASE), key): (e["basis"], e["confidence"], e["is_tentative"], e["cost"])
        for _, b, key, e in graph.edges(keys=True, data=True)
    }
    assert {
        ("domain/d", KG.domain): ("asserted", 1.0, False, 0.0),
        ("task/1", KG.supports): ("inferred", 0.5, False, 1.386294),
        ("task/2", KG.supports): ("inferred", 0.25, True, 2.079442),
    } == found


def test_the_example_for_networkx(example_graph: Graph) -> None:
    """The example's statements, tasks and citations are all in its graph, with labels."""
    graph = example_graph.to_networkx()
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    keys = [key for *_, key in graph.edges(keys=True)]
    rows = example_graph.query(
        "SELECT (COUNT(*) AS ?n) { { ?s kg:cites ?o } UNION { ?s onet:hasTask ?o } }"
    ).rows
    assert 57 == kinds.count("statement")
    assert [[str(keys.count(KG.cites) + keys.count(ONET.hasTask))]] == [list(r) for r in rows]
    assert "Communication" == graph.nodes[BASE + "domain/communication"]["label"]


def test_an_assertion_counts_before_what_is_inferred() -> None:
    """Of a triple that is asserted here and inferred there, the projections hold the assertion."""
    said = quads.iri(BASE + "s", KG.supports, BASE + "task/1", BASE + "graph/z")
    kind = quads.iri(BASE + "graph/z", KG.graphKind, BASE + "graph-kind/asserted", BASE + "catalog")
    rows = table(
        typed("s", "Statement"), typed("task/1", "Task"), link("s", "task/1", "0.9"), said, kind
    )
    for projection in (project(rows), project(rows).asserted()):
        assert [("asserted", 0)] == projection.edges.select("basis", "cost").rows()


def test_an_unknown_projection_is_refused(example_graph: Graph) -> None:
    """The error names those there are."""
    with pytest.raises(RequestError, match="asserted, linked"):
        example_graph.project("guessed")
