"""Centrality: what the tasks of an occupation hang on, and which tasks tie its skills together."""

from __future__ import annotations

import networkx as nx
import polars as pl

from kg.analyses.model import Analysis
from kg.analyses.surroundings import surroundings
from kg.analyses.work import labelled
from kg.analysis import Projection, project
from kg.pictures import Bars

__all__ = ["centrality"]

_MOST_BARS = 20
_KINDS = ("statement", "element", "task")


def centrality(
    table: pl.LazyFrame, occupation: str, projection: Projection | None = None
) -> Analysis:
    """Return how central statements, skills and tasks are in an occupation's graph.

    The graph is that of `kg.analyses.surroundings`, without directions and weights. A row for each
    statement, element (skill, ability, field of knowledge, work activity) and task: `kind`,
    `node`, `label`, `degree` (neighbours) and `betweenness` (the share, from 0 to 1, of shortest
    paths between two other nodes that lead through it: Freeman 1977, Sociometry 40, computed as in
    Brandes 2001). The most central first; of equal ones by degree, then IRI. `projection` is that
    of the table, where it was made already. Raises RequestError for an occupation without tasks.
    """
    graph = surroundings(projection or project(table), occupation)
    between = nx.betweenness_centrality(graph, normalized=True)
    # Sums of fractions in another order differ in the last digits: rounded, ties are ties.
    found = [
        (kind, node, graph.degree(node), round(between[node], 9))
        for node, kind in graph.nodes(data="kind")
        if kind in _KINDS
    ]
    columns = {
        "kind": pl.String,
        "node": pl.String,
        "degree": pl.Int64,
        "betweenness": pl.Float64,
    }
    rows = labelled(table, pl.DataFrame(found, columns, orient="row"), "node").select(
        "kind", "node", pl.col("node_label").alias("label"), "degree", "betweenness"
    )
    rows = rows.sort("betweenness", "degree", "node", descending=[True, True, False])
    name = labelled(table, pl.DataFrame({"node": [occupation]}), "node")["node_label"].item()
    shown = rows.head(_MOST_BARS)
    picture = Bars(
        f"Most central in the graph of {name}",
        "betweenness, in points of 100",
        tuple(f"{kind}: {label}" for kind, label in shown.select("kind", "label").iter_rows()),
        ("betweenness",),
        tuple((100 * value,) for value in shown["betweenness"]),
    )
    notes = (f"{graph.number_of_nodes()} nodes and {graph.number_of_edges()} edges",)
    return Analysis("centrality", f"Centrality in {name}", rows, picture, notes)
