"""The best simple paths between two nodes of a NetworkX graph, in a fixed order.

Yen's algorithm ("Finding the K Shortest Loopless Paths in a Network", 1971) with Lawler's
improvement, over A* with the exact remaining costs as its estimate. NetworkX has Yen's algorithm
too; here ties are decided: fewer hops, then the lesser IRIs.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any, NamedTuple

import networkx as nx

__all__ = ["Route", "best_routes"]


class Route(NamedTuple):
    """A simple path; routes compare by their order, the best first."""

    cost: int
    hops: int
    nodes: tuple[str, ...]


def best_routes(graph: Any, start: str, end: str, limit: int | None = None) -> Iterator[Route]:
    """Yield the simple paths between two nodes, by cost, then hops, then IRIs.

    The cost of a path is that of its edges (`cost`), whole numbers, none below 0. None costs more
    than `limit`. In a directed graph edges are walked in their direction.
    """
    if start not in graph or end not in graph or start == end:
        return
    remaining = _remaining(graph, end)
    search = _Search(graph, end, remaining, limit)
    found: list[tuple[str, ...]] = []
    candidates: list[tuple[Route, int]] = []
    if first := search.complete((start,), frozenset()):
        candidates.append((first, 0))
    while candidates:
        route, deviation = heappop(candidates)
        yield route
        found.append(route.nodes)
        # Routes that leave an earlier one before its own deviation are candidates already.
        for i in range(deviation, route.hops):
            root = route.nodes[: i + 1]
            taken = {nodes[i + 1] for nodes in found if nodes[: i + 1] == root}
            if other := search.complete(root, taken):
                heappush(candidates, (other, i))


def _remaining(graph: Any, end: str) -> dict[str, int]:
    """Return what it costs from each node to the end, at the least."""
    against = graph.reverse(copy=False) if graph.is_directed() else graph
    found: dict[str, int] = nx.single_source_dijkstra_path_length(against, end, weight="cost")
    return found


class _Search:
    """A* to one end of a graph."""

    def __init__(self, graph: Any, end: str, remaining: dict[str, int], limit: int | None) -> None:
        self.neighbours = graph.adj
        self.end, self.remaining, self.limit = end, remaining, limit

    def complete(self, root: tuple[str, ...], taken: Set[str]) -> Route | None:
        """Return the best route that begins with a root and does not go on to a node taken."""
        spur = root[-1]
        if spur not in self.remaining:
            return None
        spent = sum(self._step(a, b) for a, b in pairwise(root))
        settled = set(root[:-1])
        # A node is first taken from the heap with its best cost, and of equal ones with the
        # fewest hops and the least IRIs: what precedes it on its route sorts before it.
        heap = [(spent + self.remaining[spur], len(root), root, spent)]
        while heap:
            _, length, nodes, spent = heappop(heap)
            last = nodes[-1]
            if last in settled:
                continue
            if last == self.end:
                return Route(spent, length - 1, nodes)
            settled.add(last)
            for node in self.neighbours[last]:
                if node in settled or (last == spur and node in taken):
                    continue
                cost = spent + self._step(last, node)
                total = cost + self.remaining[node]
                if self.limit is None or total <= self.limit:
                    heappush(heap, (total, length + 1, (*nodes, node), cost))
        return None

    def _step(self, before: str, node: str) -> int:
        return int(self.neighbours[before][node]["cost"])
