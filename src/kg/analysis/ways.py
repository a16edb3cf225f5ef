"""The best paths in a projection: sparse matrices say what can matter, and NetworkX holds that.

Costs from the one end and to the other are found by Dijkstra's algorithm over a sparse matrix
(`scipy.sparse.csgraph`). Only nodes through which a path leads that costs little more than the best
one become a `networkx.DiGraph`, in which the k best simple paths are then looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from kg.analysis.projection import UNIT
from kg.analysis.projections import Projection

__all__ = ["DETOUR", "Ways", "ways"]

#: A path that costs as much as this above the best one is a detour, and is not looked for: it is
#: e^-3 times, a twentieth, as good.
DETOUR = 3 * UNIT
#: All that belongs to a whole meets there, which says little: a path passes through one of these
#: only where there is no other, and between two tasks never.
_WHOLES = ("framework", "occupation", "source")


@dataclass(frozen=True, slots=True)
class Ways:
    """A projection as arrays, for many searches.

    `nodes`: `iri`, `kind`; a node's number is its row. `arcs`, by `u` and `v`, are the cheapest
    from each node to each other: `u`, `v` (numbers), `cost`, `is_forward` and the edges' columns.
    `matrix` has the costs from u (row) to v (column), `against` those to v (row) from u (column),
    `starts` the u of each arc.
    """

    nodes: pl.DataFrame
    arcs: pl.DataFrame
    matrix: csr_array
    against: csr_array
    starts: npt.NDArray[np.int64]

    def number(self, iri: str) -> int | None:
        """Return the number of a node, or None where the projection has none of this IRI."""
        at = self.nodes["iri"].search_sorted(iri)
        return at if at < self.nodes.height and self.nodes["iri"][at] == iri else None

    def corridor(self, start: str, end: str) -> tuple[Any, int | None]:
        """Return what lies on paths that are no detours, and the highest cost of such a path.

        A `networkx.DiGraph` in the directions of walking: nodes have `kind`, edges `cost`,
        `property`, `graph`, `basis`, `confidence`, `is_tentative` and `is_forward` (whether the
        property leads from the lesser IRI to the greater). It is empty, and the cost None, where
        no path leads from the one to the other.
        """
        first, last = self.number(start), self.number(end)
        if first is None or last is None or first == last:
            return nx.DiGraph(), None
        kinds = self.nodes["kind"]
        costs = self._without_wholes(self.matrix, self.starts, first)
        against = self._without_wholes(self.against, self.against.indices, first)
        there = dijkstra(costs, indices=first)
        if not np.isfinite(there[last]) and not kinds[first] == kinds[last] == "task":
            costs, against = self.matrix, self.against
            there = dijkstra(costs, indices=first)
        if not np.isfinite(there[last]):
            return nx.DiGraph(), None
        limit = int(there[last]) + DETOUR
        back = dijkstra(against, indices=last, limit=limit)
        inside = there + back <= limit
        return self._graph(inside, there, back, limit, costs), limit

    def _without_wholes(
        self, matrix: csr_array, starts: npt.NDArray[np.int64], first: int
    ) -> csr_array:
        """Return costs without the arcs that lead out of a whole, but for the first node's."""
        costs = matrix.copy()
        is_whole = self.nodes["kind"].is_in(_WHOLES).to_numpy().copy()
        is_whole[first] = False
        costs.data[is_whole[starts]] = np.inf
        return costs

    def _graph(
        self,
        inside: npt.NDArray[np.bool_],
        there: npt.NDArray[np.float64],
        back: npt.NDArray[np.float64],
        limit: int,
        costs: csr_array,
    ) -> Any:
        graph = nx.DiGraph()
        kept = self.nodes.filter(pl.Series(inside))
        graph.add_nodes_from((iri, {"kind": kind}) for iri, kind in kept.iter_rows())
        u, v = self.arcs["u"].to_numpy(), self.arcs["v"].to_numpy()
        matters = there[u] + costs.data + back[v] <= limit
        facts = ("property", "graph", "basis", "confidence", "is_tentative", "cost")
        for row in self.arcs.filter(pl.Series(matters)).iter_rows(named=True):
            pair = (row["subject"], row["object"])
            a, b = pair if row["is_forward"] else pair[::-1]
            # Of a pair of nodes, the property leads the same way whichever of them comes first.
            leads_up = row["subject"] < row["object"]
            graph.add_edge(a, b, **{name: row[name] for name in facts}, is_forward=leads_up)
        return graph


def ways(projection: Projection) -> Ways:
    """Return a projection as arrays."""
    nodes = projection.nodes
    numbers = nodes.select("iri", id=pl.int_range(pl.len(), dtype=pl.Int64))
    edges = (
        projection.edges.join(numbers, left_on="subject", right_on="iri")
        .join(numbers, left_on="object", right_on="iri", suffix="_object")
        .rename({"id": "a", "id_object": "b"})
        .filter(pl.col("a") != pl.col("b"))
    )
    facts = ["subject", "property", "object", "graph", "basis", "confidence", "is_tentative"]
    arcs = (
        pl.concat(
            [
                edges.select(*facts, u="a", v="b", cost="cost", is_forward=pl.lit(True)),
                edges.select(*facts, u="b", v="a", cost="cost_back", is_forward=pl.lit(False)),
            ]
        )
        .sort("u", "v", "cost", "property", "is_forward", "graph")
        .unique(["u", "v"], keep="first", maintain_order=True)
    )
    u, v = arcs["u"].to_numpy(), arcs["v"].to_numpy()
    size = (nodes.height, nodes.height)
    # An explicit 0 is a hop that costs nothing, for scipy too.
    matrix = csr_array((arcs["cost"].to_numpy().astype(np.float64), (u, v)), shape=size)
    return Ways(nodes, arcs, matrix, matrix.T.tocsr(), u)
