"""Communities: the groups of tasks, statements and skills that hang together."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import polars as pl

from kg.analyses.model import Analysis
from kg.analyses.surroundings import surroundings
from kg.analyses.work import labelled
from kg.analysis import Projection, project
from kg.pictures import Bars

__all__ = ["communities"]

_KINDS = ("task", "statement", "element", "dwa", "iwa")


def communities(
    table: pl.LazyFrame, occupation: str, projection: Projection | None = None
) -> Analysis:
    """Return the communities of an occupation's graph.

    The graph is that of `kg.analyses.surroundings`. Communities are those of greedy modularity
    (Clauset, Newman and Moore 2004, Physical Review E 70), which needs no random numbers; a node
    without edges is one of its own. A row for each node: `community` (from 1, the largest first, of
    equal ones that with the first IRI), `kind`, `node`, `label`; in the order of community, kind
    and IRI. `projection` is that of the table, where it was made already. Raises RequestError for
    an occupation without tasks.
    """
    graph = surroundings(projection or project(table), occupation)
    if graph.number_of_edges():
        found = nx.community.greedy_modularity_communities(graph)
        modularity = nx.community.modularity(graph, found)
        notes = (f"{len(found)} communities; modularity {modularity:.3f}",)
    else:
        found = [{node} for node in graph]
        notes = ("nothing leads to the tasks: each is a community of its own",)
    ordered = sorted((sorted(nodes) for nodes in found), key=lambda nodes: (-len(nodes), nodes))
    members = [
        (number, graph.nodes[node]["kind"], node)
        for number, nodes in enumerate(ordered, 1)
        for node in nodes
    ]
    columns = {"community": pl.Int64, "kind": pl.String, "node": pl.String}
    rows = labelled(table, pl.DataFrame(members, columns, orient="row"), "node").select(
        "community", "kind", "node", pl.col("node_label").alias("label")
    )
    name = labelled(table, pl.DataFrame({"node": [occupation]}), "node")["node_label"].item()
    counts = [Counter(graph.nodes[node]["kind"] for node in nodes) for nodes in ordered]
    picture = Bars(
        f"Communities of the graph of {name}",
        "number of nodes",
        tuple(f"community {number}" for number in range(1, len(ordered) + 1)),
        _KINDS,
        tuple(tuple(float(count[kind]) for kind in _KINDS) for count in counts),
    )
    rows = rows.sort("community", "kind", "node")
    return Analysis("communities", f"Communities in {name}", rows, picture, notes)
