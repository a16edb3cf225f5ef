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

from kg.analysis.projection import UNIT, Projection

__all__ = ["DETOUR", "PASSING", "WHOLES", "Ways", "ways"]

#: A path that costs as much as this above the best one is a detour, and is not looked for: it is
#: e^-3 times, a twentieth, as good.
DETOUR = 3 * UNIT
#: All that belongs to a whole meets there, or in what is said of it, which says little: a path
#: passes through as few of these as any path does, and between two tasks through none.
WHOLES = (
    "classification",
    "concept",
    "document",
    "esco-occupation",
    "figure",
    "framework",
    "occupation",
    "section",
    "source",
    "stage",
)
#: What leaving a whole costs on top, which is more than any path costs without.
PASSING = 1_000 * UNIT


@dataclass(frozen=True, slots=True)
class Ways:
    """A projection as arrays, for many searches.

    `nodes`: `iri`, `kind`; a node's number is its row. `edges` are the projection's. `arcs`, by `u`
    and `v`, are the cheapest from each node to each other: `u`, `v` (numbers), `cost`, `is_forward`
    and `edge`, a row of `edges`; those that leave a whole cost `PASSING` on top. `matrix` has the
    costs from u (row) to v (column), `against` those to v (row) from u (column).
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    arcs: pl.DataFrame
    matrix: csr_array
    against: csr_array

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
        there = dijkstra(self.matrix, indices=first)
        are_tasks = kinds[first] == kinds[last] == "task"
        if not there[last] < (PASSING if are_tasks else np.inf):
            return nx.DiGraph(), None
        limit = int(there[last]) + DETOUR
        back = dijkstra(self.against, indices=last, limit=limit)
        return self._graph(there, back, limit), limit

    def reached(self, start: str) -> pl.DataFrame:
        """Return what paths lead to from a node: `iri`, `kind` and `cost`, the nearest first."""
        first = self.number(start)
        if first is None:
            return self.nodes.clear().with_columns(cost=pl.lit(0, pl.Int64))
        costs = dijkstra(self.matrix, indices=first)
        reached = self.nodes.with_columns(cost=pl.Series(costs)).filter(
            pl.col("cost").is_finite(), pl.col("iri") != start
        )
        return reached.with_columns(pl.col("cost").cast(pl.Int64)).sort("cost", "iri")

    def _graph(
        self, there: npt.NDArray[np.float64], back: npt.NDArray[np.float64], limit: int
    ) -> Any:
        graph = nx.DiGraph()
        kept = self.nodes.filter(pl.Series(there + back <= limit))
        graph.add_nodes_from((iri, {"kind": kind}) for iri, kind in kept.iter_rows())
        u, v = self.arcs["u"].to_numpy(), self.arcs["v"].to_numpy()
        matters = there[u] + self.matrix.data + back[v] <= limit
        arcs = self.arcs.filter(pl.Series(matters))
        facts = ("property", "graph", "basis", "confidence", "is_tentative", "cost")
        edges = self.edges[arcs["edge"]].with_columns(arcs["cost"], arcs["is_forward"])
        for row in edges.iter_rows(named=True):
            pair = (row["subject"], row["object"])
            a, b = pair if row["is_forward"] else pair[::-1]
            # Of a pair of nodes, the property leads the same way whichever of them comes first.
            leads_up = row["subject"] < row["object"]
            graph.add_edge(a, b, **{name: row[name] for name in facts}, is_forward=leads_up)
        return graph


def ways(projection: Projection) -> Ways:
    """Return a projection as arrays."""
    nodes = projection.nodes
    edges = (
        projection.numbers.select("property", a="subject", b="object")
        .with_columns(projection.edges["cost", "cost_back"])
        .with_row_index("edge")
        .filter(pl.col("a") != pl.col("b"))
    )
    passing = pl.Series(np.where(nodes["kind"].is_in(WHOLES), PASSING, 0))
    facts = ("edge", "property")
    arcs = (
        pl.concat(
            [
                edges.select(*facts, u="a", v="b", cost="cost", is_forward=pl.lit(True)),
                edges.select(*facts, u="b", v="a", cost="cost_back", is_forward=pl.lit(False)),
            ]
        )
        .sort("u", "v", "cost", "property", "is_forward")
        .drop("property")
        .filter(pl.any_horizontal(pl.col("u", "v") != pl.col("u", "v").shift()).fill_null(True))
    )
    arcs = arcs.with_columns(cost=pl.col("cost") + passing.gather(arcs["u"]))
    u, v = arcs["u"].to_numpy(), arcs["v"].to_numpy()
    size = (nodes.height, nodes.height)
    # An explicit 0 is a hop that costs nothing, for scipy too.
    matrix = csr_array((arcs["cost"].to_numpy().astype(np.float64), (u, v)), shape=size)
    return Ways(nodes, projection.edges, arcs, matrix, matrix.T.tocsr())
