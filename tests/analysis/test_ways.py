"""Paths in projections."""

from __future__ import annotations

from math import log
from pathlib import Path

import networkx as nx
import pytest
from entity_tables import BASE, PAGE, look, table, typed

from kg import quads
from kg.analysis import facts_of, find_paths, ways
from kg.errors import RequestError
from kg.graph import Graph, open_graph
from kg.namespaces import DCT, KG, ONET, SCHEMA
from kg.pipeline import build

WHOLES = (
    "classification concept document esco-occupation figure framework occupation section source "
    "stage"
).split()
REAL = Path(__file__).parents[3] / "shared" / "data"
PATHS = {
    ("skill:Active Listening", "task:1282", "asserted"): (
        "element/2.A.1.b element/4.A.4.b.6 element/4.A.4.b.6.I04 element/4.A.4.b.6.I04.D02 "
        "task/1282"
    ),
    ("domain:Critical Thinking", "occupation:15-1232.00", "asserted"): (
        "domain/critical-thinking framework/computer-user-support-specialists/durable/"
        "critical-thinking/change-impact-assessment occupation/15-1232.00"
    ),
    ("technology:Linux", "task:1282", "asserted"): (
        "technology/Linux occupation/15-1232.00 task/1282"
    ),
    ("technology:Linux", "dwa:4.A.4.a.8.I03.D05", "asserted"): (
        "technology/Linux occupation/11-9072.00 task/21410 element/4.A.4.a.8.I03.D05"
    ),
    ("task:1282", "task:1290", "asserted"): (
        "task/1282 element/4.A.4.b.6.I04.D02 task/14755 element/4.A.4.b.3.I05.D04 task/1290"
    ),
    ("occupation:15-1232.00", "dwa:4.A.4.b.6.I04.D02", "asserted"): (
        "occupation/15-1232.00 task/1282 element/4.A.4.b.6.I04.D02"
    ),
    ("skill:Active Listening", "occupation:15-1232.00", "asserted"): (
        "element/2.A.1.b occupation/15-1232.00"
    ),
}


def test_a_skill_leads_over_activities_to_a_task(example_graph: Graph) -> None:
    """The asserted way of O*NET's own tables costs the logarithms of its choices."""
    found = example_graph.paths("skill:Active Listening", "task:900004", 1, projection="asserted")
    activity = "element/4.A.4.a.8"
    names = ["element/2.A.1.b", activity, f"{activity}.I91", f"{activity}.I91.D92", "task/900004"]
    assert tuple(BASE + name for name in names) == found[0].nodes
    # It is linked to three elements; the activity has two intermediate ones, and that two below it.
    assert log(3 * 2 * 2) == pytest.approx(found[0].cost, abs=1e-5)
    assert 1 == found[0].confidence


def test_between_tasks_no_path_leads_through_an_occupation() -> None:
    """Two tasks that share nothing but their occupation have no path; a technology has one."""
    rows = table(
        typed("o", "Occupation"),
        typed("technology/t", "Technology"),
        quads.iri(BASE + "o", ONET.hasSoftware, BASE + "row", PAGE),
        quads.iri(BASE + "row", ONET.refersTo, BASE + "technology/t", PAGE),
        *(
            [*typed(task, "Task"), quads.iri(BASE + "o", ONET.hasTask, BASE + task, PAGE)]
            for task in ("task/1", "task/2")
        ),
    )
    assert () == look(rows, BASE + "task/1", BASE + "task/2").paths
    through = look(rows, BASE + "technology/t", BASE + "task/1")
    assert (BASE + "technology/t", BASE + "o", BASE + "task/1") == through[0].nodes


def test_a_path_passes_through_as_few_wholes_as_can_be() -> None:
    """One occupation is passed through rather than a source and an occupation, whatever it costs.

    The source draws on one classification, but has a hundred statements, all of one occupation.
    """
    said = [
        [
            *typed(f"s/{n:03}", "Statement"),
            quads.iri(f"{BASE}s/{n:03}", KG.cites, BASE + "source/x", PAGE),
            quads.iri(f"{BASE}s/{n:03}", KG.occupation, BASE + "o", PAGE),
        ]
        for n in range(100)
    ]
    rows = table(
        *said,
        typed("source/x", "Source"),
        typed("c", "Classification"),
        quads.iri(BASE + "c", DCT.source, BASE + "source/x", PAGE),
        quads.iri(BASE + "c", SCHEMA.about, BASE + "o", PAGE),
        [*typed("o", "Occupation"), *typed("task/1", "Task")],
        quads.iri(BASE + "o", ONET.hasTask, BASE + "task/1", PAGE),
    )
    found = look(rows, BASE + "source/x", BASE + "task/1", 200)
    assert (BASE + "source/x", BASE + "s/000", BASE + "o", BASE + "task/1") == found[0].nodes
    assert (100, True) == (len(found), found.is_complete)
    # ln of its hundred statements; what is passed through is no part of the cost.
    assert log(100) == pytest.approx(found[0].cost, abs=1e-6)


def test_costs_are_those_that_networkx_finds(example_graph: Graph) -> None:
    """From an occupation, the best costs are those of Dijkstra's algorithm in NetworkX."""
    projection = example_graph.project("linked")
    kinds = dict(projection.nodes.iter_rows())
    start = BASE + "occupation/25-4031.00"
    wholes = {iri for iri, kind in kinds.items() if kind in WHOLES and iri != start}
    plain = nx.DiGraph()
    for a, b, there, back in projection.edges.select(
        "subject", "object", "cost", "cost_back"
    ).iter_rows():
        for u, v, cost in ((a, b, there), (b, a, back)):
            if u not in wholes and cost < plain.get_edge_data(u, v, {"cost": cost + 1})["cost"]:
                plain.add_edge(u, v, cost=cost)
    expected = nx.single_source_dijkstra_path_length(plain, start, weight="cost")
    facts, among = facts_of(example_graph.table), ways(projection)
    tasks = [iri for iri in expected if kinds[iri] in ("task", "dwa")]
    assert len(tasks) > 5
    for task in tasks:
        found = find_paths(facts, among, start, task, 1)
        assert expected[task] == round(found[0].cost * 1_000_000)


def test_a_node_that_is_in_no_projection_is_refused(example_graph: Graph) -> None:
    """The error names the kinds that paths of a projection lead through."""
    with pytest.raises(RequestError, match="none of classification, concept"):
        example_graph.paths("scale:IM", "task:900004", projection="linked")


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="the real page and release are not here")
def test_paths_of_a_real_release(tmp_path: Path) -> None:
    """The best paths of a real release are those that somebody who knows it would name."""
    build([REAL / "frameworks", REAL / "onet" / "db_30_2_text.zip"], out=tmp_path / "graph")
    graph = open_graph(tmp_path / "graph")
    found = {}
    for start, end, projection in PATHS:
        path = graph.paths(start, end, 1, projection=projection)[0]
        found[start, end, projection] = " ".join(n.removeprefix(BASE) for n in path.nodes)
    assert found == PATHS
