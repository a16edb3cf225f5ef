"""The best simple paths: right, in order, and none missed."""

from __future__ import annotations

from itertools import islice, pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.search import Route, best_routes


def graph_of(edges: dict[tuple[str, str], int]) -> nx.Graph:
    """Return a graph of edges with costs."""
    graph = nx.Graph()
    graph.add_nodes_from("ab")
    for (a, b), cost in edges.items():
        graph.add_edge(a, b, cost=cost)
    return graph


def brute_force(graph: nx.Graph, start: str, end: str) -> list[Route]:
    """Return every simple path between two nodes, in order, by trying all of them."""
    routes = []
    for nodes in nx.all_simple_paths(graph, start, end):
        cost = sum(graph.edges[a, b]["cost"] for a, b in pairwise(nodes))
        routes.append(Route(cost, len(nodes) - 1, tuple(nodes)))
    return sorted(routes)


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph:
    """Draw a small graph with few different costs, so that many paths cost the same."""
    names = "abcdefg"[: draw(st.integers(2, 7))]
    pairs = [(a, b) for a in names for b in names if a < b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    edges = {pair: draw(st.integers(0, 3)) for pair in draw(st.permutations(chosen))}
    return graph_of(edges)


@given(graphs())
def test_no_better_path_is_missed(graph: nx.Graph) -> None:
    """The routes are those that trying every simple path finds, in the same order."""
    assert brute_force(graph, "a", "b") == list(best_routes(graph, "a", "b"))


@given(graphs(), st.integers(1, 8))
def test_a_limit_cuts_and_does_not_disturb(graph: nx.Graph, limit: int) -> None:
    """With a limit come the routes up to it, the same ones."""
    expected = [route for route in brute_force(graph, "a", "b") if route.cost <= limit]
    assert expected == list(best_routes(graph, "a", "b", limit))


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_in_which_a_graph_was_made_does_not_matter(graph: nx.Graph, random) -> None:  # type: ignore[no-untyped-def]
    """The same graph with its nodes and edges in another order gives the same routes."""
    edges = list(graph.edges(data="cost"))
    random.shuffle(edges)
    other = graph_of({(b, a): cost for a, b, cost in edges})
    assert list(best_routes(graph, "a", "b")) == list(best_routes(other, "a", "b"))


def test_of_equal_cost_the_shorter_then_the_lesser_comes_first() -> None:
    """Two hops of cost 2 come before three that cost as much; then IRIs decide."""
    edges = {("a", "z"): 2, ("z", "b"): 2, ("a", "y"): 2, ("y", "b"): 2}
    edges |= {("a", "c"): 1, ("c", "d"): 2, ("d", "b"): 1}
    expected = [("a", "y", "b"), ("a", "z", "b"), ("a", "c", "d", "b")]
    assert expected == [route.nodes for route in best_routes(graph_of(edges), "a", "b")]


@pytest.mark.parametrize("ends", [("a", "c"), ("a", "nowhere"), ("nowhere", "a"), ("a", "a")])
def test_no_route(ends: tuple[str, str]) -> None:
    """Nodes that are not connected, not there or the same have no route between them."""
    graph = graph_of({("a", "b"): 1, ("c", "d"): 1})
    assert [] == list(best_routes(graph, *ends))


def test_routes_come_one_by_one() -> None:
    """Of a graph with far too many simple paths the first few are there at once."""
    names = [f"{i:02}" for i in range(40)]
    graph = graph_of({(a, b): 1 for a in names for b in names if a < b})
    first = list(islice(best_routes(graph, "00", "39"), 5))
    expected = [("00", "39"), *((("00", f"{i:02}", "39")) for i in range(1, 5))]
    assert expected == [route.nodes for route in first]
