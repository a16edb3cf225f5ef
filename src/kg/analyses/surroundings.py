"""The graph of one occupation that centrality and communities are measured in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import networkx as nx
import polars as pl

from kg.analysis import Projection
from kg.errors import RequestError
from kg.namespaces import KG, ONET, SKOS

__all__ = ["surroundings"]


def surroundings(projection: Projection, occupation: str) -> Any:
    """Return what leads to the tasks of an occupation, by its IRI, as a `networkx.Graph`.

    Nodes are its tasks, the statements that support them, the detailed and intermediate work
    activities and the work activities that they belong to, and the skills, abilities and fields of
    knowledge that O*NET links to these and that are important to the occupation; each has `kind`.
    Links too weak to be said directly are left out. Nodes are in the order of their IRIs. Raises
    RequestError for an occupation without tasks.
    """
    edges = projection.edges.filter(~pl.col("is_tentative")).select("subject", "property", "object")
    own = edges.filter(pl.col("subject") == occupation)
    tasks = own.filter(pl.col("property") == ONET.hasTask)["object"].unique().sort()
    if tasks.is_empty():
        raise RequestError(
            f"{occupation} has no tasks in the graph: give an occupation of its O*NET release"
        )
    important = own.filter(pl.col("property") == ONET.hasRating)["object"]
    activities = _from(edges, ONET.linkedTo, tasks)
    intermediate = _from(edges, SKOS.broader, activities["object"])
    broadest = _from(edges, SKOS.broader, intermediate["object"])
    elements = _to(edges, ONET.linkedTo, broadest["object"]).filter(
        pl.col("subject").is_in(important.implode())
    )
    supports = _to(edges, KG.supports, tasks)
    pairs = pl.concat([activities, intermediate, broadest, elements, supports]).unique()
    kinds = dict(projection.nodes.iter_rows())
    graph = nx.Graph()
    nodes = {*tasks, *pairs["subject"], *pairs["object"]}
    graph.add_nodes_from((node, {"kind": kinds[node]}) for node in sorted(nodes))
    graph.add_edges_from(pairs.sort("subject", "object").iter_rows())
    return graph


def _from(edges: pl.DataFrame, property: str, subjects: Collection[str]) -> pl.DataFrame:
    return _pairs(edges, property, "subject", subjects)


def _to(edges: pl.DataFrame, property: str, objects: Collection[str]) -> pl.DataFrame:
    return _pairs(edges, property, "object", objects)


def _pairs(edges: pl.DataFrame, property: str, column: str, nodes: Collection[str]) -> pl.DataFrame:
    is_wanted = (pl.col("property") == property) & pl.col(column).is_in(sorted(set(nodes)))
    return edges.filter(is_wanted).select("subject", "object")
