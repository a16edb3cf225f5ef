"""Measures paths beside plain NetworkX: python benchmarks/paths.py GRAPH FROM TO OCCUPATION.

Prints what the projection takes, then the medians of a k-best query and of the betweenness of an
occupation's graph, each with that of plain NetworkX on the same projection and their ratio. Stops
with an error where the costs of the paths, or the betweenness of a node, are not the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import islice, pairwise
from math import isclose
from typing import Any

import networkx as nx
from measure import machine, timed, versions

import kg
from kg.analyses.surroundings import surroundings
from kg.analysis import Projection
from kg.analysis.ways import PASSING, WHOLES
from kg.namespaces import KG, ONET, SKOS


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", help="the graph's folder")
    parser.add_argument("start", help="a name, as 'skill:Active Listening'")
    parser.add_argument("end", help="another one, as task:1282")
    parser.add_argument("occupation", help="a code, as 15-1232.00")
    parser.add_argument("--most", type=int, default=5, help="how many paths")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plain-rounds", type=int, default=1, help="rounds of plain NetworkX")
    asked = parser.parse_args()
    print(machine())
    print(versions("networkx", "scipy", "polars"))
    graph = kg.open(asked.graph)
    print(f"quads {graph.generation.manifest['quads']:,}")

    projection, seconds = timed(graph.project)
    size = f"{projection.nodes.height:,} nodes, {projection.edges.height:,} edges"
    print(f"projection: {seconds:.2f} s, {size}", flush=True)
    start, end = graph.resolve(asked.start), graph.resolve(asked.end)
    occupation = graph.resolve(asked.occupation, "occupation")

    def query() -> list[float]:
        return [p.cost for p in graph.paths(asked.start, asked.end, asked.most, projection=name)]

    name = projection.name
    _, first = timed(query)
    print(f"first query, with what is read once: {first:.2f} s", flush=True)
    whole, seconds = timed(lambda: _digraph(projection))
    print(f"the projection as a graph of NetworkX: {seconds:.2f} s", flush=True)
    _compare(
        f"{asked.most} best paths",
        (query, asked.rounds),
        (lambda: _plain_paths(whole, start, end, asked.most), asked.plain_rounds),
        lambda ours, plain: (
            bool(ours)
            and all(isclose(a, b, abs_tol=1e-5) for a, b in zip(ours, plain, strict=False))
        ),
    )
    multigraph, seconds = timed(projection.to_networkx)
    print(f"the projection as a multigraph of NetworkX: {seconds:.2f} s", flush=True)
    _compare(
        "betweenness of an occupation's graph",
        (lambda: nx.betweenness_centrality(surroundings(projection, occupation)), asked.rounds),
        (lambda: _plain_betweenness(multigraph, occupation), asked.plain_rounds),
        lambda ours, plain: (
            ours.keys() == plain.keys()
            and all(isclose(ours[node], plain[node], abs_tol=1e-9) for node in ours)
        ),
    )


def _digraph(projection: Projection) -> Any:
    """Return the cheapest hops as a `networkx.DiGraph`; those that leave a whole cost more."""
    kinds = dict(projection.nodes.iter_rows())
    graph = nx.DiGraph()
    columns = ("subject", "object", "cost", "cost_back")
    for a, b, there, back in projection.edges.select(columns).iter_rows():
        for u, v, cost in ((a, b, there), (b, a, back)):
            passing = PASSING if kinds[u] in WHOLES else 0
            if cost + passing < graph.get_edge_data(u, v, {"cost": PASSING * 2})["cost"]:
                graph.add_edge(u, v, cost=cost + passing)
    return graph


def _plain_paths(graph: Any, start: str, end: str, most: int) -> list[float]:
    routes = islice(nx.shortest_simple_paths(graph, start, end, weight="cost"), most)
    costs = (sum(graph.edges[hop]["cost"] for hop in pairwise(route)) for route in routes)
    return [cost % PASSING / 1e6 for cost in costs]


def _plain_betweenness(graph: Any, occupation: str) -> dict[str, float]:
    """Return the betweenness in the same graph, put together by walking NetworkX's."""

    def from_(node: str, key: str) -> set[tuple[str, str]]:
        edges = graph.out_edges(node, keys=True, data=True)
        return {(a, b) for a, b, k, edge in edges if _counts(k, key, edge)}

    def to(node: str, key: str) -> set[tuple[str, str]]:
        edges = graph.in_edges(node, keys=True, data=True)
        return {(a, b) for a, b, k, edge in edges if _counts(k, key, edge)}

    tasks = {b for _, b in from_(occupation, ONET.hasTask)}
    important = {b for _, b in from_(occupation, ONET.hasRating)}
    pairs, level = set[tuple[str, str]](), tasks
    for key in (ONET.linkedTo, SKOS.broader, SKOS.broader):
        step = {pair for node in level for pair in from_(node, key)}
        pairs |= step
        level = {b for _, b in step}
    linked = {pair for node in level for pair in to(node, ONET.linkedTo)}
    pairs |= {(a, b) for a, b in linked if a in important}
    pairs |= {pair for task in tasks for pair in to(task, KG.supports)}
    around = nx.Graph()
    around.add_nodes_from(tasks)
    around.add_edges_from(pairs)
    found: dict[str, float] = nx.betweenness_centrality(around)
    return found


def _counts(key: str, wanted: str, edge: dict[str, Any]) -> bool:
    return key == wanted and not edge["is_tentative"]


def _compare(
    what: str,
    ours: tuple[Callable[[], Any], int],
    plain: tuple[Callable[[], Any], int],
    is_same: Callable[[Any, Any], bool],
) -> None:
    """Print two medians and their ratio; SystemExit where the results differ."""
    results, seconds = zip(*(timed(*side) for side in (ours, plain)), strict=True)
    if not is_same(*results):
        raise SystemExit(f"{what}: the results differ: {results}"[:400])
    ratio = seconds[1] / seconds[0]
    print(
        f"{what}: {seconds[0]:.3f} s, plain NetworkX {seconds[1]:.3f} s, {ratio:.1f} times that",
        flush=True,
    )


if __name__ == "__main__":
    main()
