"""The corridor: small, and no path that counts is lost."""

from __future__ import annotations

import networkx as nx
import polars as pl
from entity_tables import BASE
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.corridor import DETOUR, corridor
from kg.analysis.projection import TOLLS, UNIT
from kg.analysis.search import best_routes

HOP = ("subject", "property", "object", "graph", "basis", "confidence", "is_tentative", "cost")
Entities = list[tuple[str, str]]
Hops = list[tuple[str, str, int]]


def tables(entities: Entities, hops: Hops) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return entities and hops as `kg.analysis.projection` gives them."""
    nodes = pl.DataFrame(entities, schema=["iri", "kind"], orient="row")
    rows = [(a, f"{BASE}p", b, None, "asserted", None, False, cost) for a, b, cost in hops]
    schema = dict.fromkeys(HOP, pl.String) | {"is_tentative": pl.Boolean, "cost": pl.Int64}
    return nodes, pl.DataFrame(rows, schema=schema, orient="row")


def whole(entities: Entities, hops: Hops) -> nx.Graph:
    """Return the whole graph of the hops, to search without a corridor."""
    graph = nx.Graph()
    for iri, kind in entities:
        graph.add_node(iri, toll=TOLLS.get(kind, 0))
    for a, b, cost in hops:
        known = graph.edges[a, b]["cost"] if graph.has_edge(a, b) else cost
        graph.add_edge(a, b, cost=min(cost, known))
    return graph


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Entities, Hops]:
    """Draw a few entities, some of them shared, and hops between them in both directions."""
    names = "abcdefgh"[: draw(st.integers(2, 8))]
    kinds = st.sampled_from(["statement", "task", "occupation"])
    pairs = [(a, b) for a in names for b in names if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1, max_size=20))
    costs = st.sampled_from([UNIT, UNIT, UNIT * 3 // 2, 1_703_147])
    return [(n, draw(kinds)) for n in names], [(a, b, draw(costs)) for a, b in chosen]


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_no_path_that_counts_is_lost(world: tuple[Entities, Hops]) -> None:
    """In the corridor are the same paths as in the whole graph, up to a detour."""
    found = corridor(*tables(*world), "a", "b")
    expected = list(best_routes(whole(*world), "a", "b"))
    if not expected:
        assert found.limit is None
        return
    limit = expected[0].cost + DETOUR - 1
    assert limit == found.limit
    assert [r for r in expected if r.cost <= limit] == list(
        best_routes(found.graph, "a", "b", found.limit)
    )


def test_what_cannot_matter_is_left_out() -> None:
    """Neighbours that lead elsewhere, and ways round, are not in the corridor."""
    entities = [(name, "statement") for name in "abcdefgh"]
    chain = [("a", "c", UNIT), ("c", "b", UNIT)]
    aside = [("a", "d", UNIT), ("d", "e", UNIT), ("b", "f", UNIT)]
    detour = [("a", "g", UNIT), ("g", "h", UNIT), ("h", "c", UNIT)]
    found = corridor(*tables(entities, chain + aside + detour), "a", "b")
    assert ["a", "b", "c"] == sorted(found.graph)


def test_of_several_hops_between_two_nodes_the_best_is_taken() -> None:
    """The cheaper hop stands for a pair of nodes, with its direction."""
    entities = [("a", "task"), ("b", "statement")]
    found = corridor(*tables(entities, [("a", "b", 2 * UNIT), ("b", "a", UNIT)]), "a", "b")
    edge = found.graph.edges["a", "b"]
    assert (UNIT, False) == (edge["cost"], edge["is_forward"])


def test_without_a_path_it_says_what_was_reached() -> None:
    """Where nothing leads from one end to the other, both have what they reach, nearest first."""
    entities = [(name, "statement") for name in "abcd"] + [("t", "task")]
    found = corridor(*tables(entities, [("a", "t", UNIT), ("t", "c", UNIT)]), "a", "b")
    assert found.limit is None
    assert found.reached is not None
    there, back = found.reached
    assert [
        ("a", "statement", 0),
        ("t", "task", UNIT),
        ("c", "statement", 3 * UNIT),
    ] == there.rows()
    assert [("b", "statement", 0)] == back.rows()
