"""The corridor: the part of the entity graph in which all the best paths between two nodes lie.

Costs to every node are found in both directions by joins over the table of hops. A node that lies
on no path cheap enough is left out, whatever its own surroundings: what is then searched has
hundreds of nodes rather than a million, and no path that counts is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx
import polars as pl

from kg.analysis.projection import TOLLS, UNIT

__all__ = ["DETOUR", "Corridor", "corridor"]

#: A path that costs as much as this above the best one is a detour, and is not looked for.
DETOUR = 2 * UNIT


@dataclass(frozen=True, slots=True)
class Corridor:
    """What can matter between two nodes: a `networkx.Graph`, and the highest cost in it.

    Edges have `cost`, `property`, `is_forward` (whether the property leads from the lesser IRI to
    the greater) and the columns of `hops`; nodes have `kind` and `toll`. Where there is no path the
    graph is empty, `limit` is None, and `reached` tells how far one came from each end: IRI, kind
    and cost, the nearest first.
    """

    graph: Any
    limit: int | None
    reached: tuple[pl.DataFrame, pl.DataFrame] | None = None


def corridor(nodes: pl.DataFrame, hops: pl.DataFrame, start: str, end: str) -> Corridor:
    """Return what can matter between two nodes, which are in `nodes` and not the same."""
    # Numbers in the order of the IRIs, so that comparing numbers compares IRIs.
    numbered = nodes.sort("iri").with_row_index("id")
    edges = _edges(numbered, hops)
    tolls = numbered.select(
        "id", toll=pl.col("kind").replace_strict(TOLLS, default=0, return_dtype=pl.Int64)
    )
    arcs = pl.concat(
        [
            edges.select(u="a", v="b", cost="cost"),
            edges.select(u="b", v="a", cost="cost"),
        ]
    )
    first, last = (_number(numbered, iri) for iri in (start, end))
    there = _costs(arcs, tolls, first, last)
    best = _cost_of(there, last)
    if best is None:
        back = _costs(arcs, tolls, last, first)
        return Corridor(nx.Graph(), None, (_near(there, numbered), _near(back, numbered)))
    limit = best + DETOUR - 1
    back = _costs(arcs, tolls, last, first, limit, there)
    both = there.join(back, on="id", suffix="_back").join(tolls, on="id")
    is_end = pl.col("id").is_in([first, last])
    total = pl.col("cost") + pl.col("cost_back") + pl.when(is_end).then(0).otherwise(pl.col("toll"))
    kept = both.filter(total <= limit).select("id", "toll").join(numbered, on="id").sort("id")
    return Corridor(_graph(kept, edges, hops), limit)


def _edges(numbered: pl.DataFrame, hops: pl.DataFrame) -> pl.DataFrame:
    """Return the best hop between every two nodes: their numbers, `cost`, and `row` in `hops`."""
    ids = numbered.select("iri", "id")
    ends = (
        hops.with_row_index("row")
        .join(ids, left_on="subject", right_on="iri")
        .join(ids, left_on="object", right_on="iri", suffix="_object")
    )
    return (
        ends.select(
            "row",
            "cost",
            "property",
            "graph",
            a=pl.min_horizontal("id", "id_object"),
            b=pl.max_horizontal("id", "id_object"),
            is_forward=pl.col("id") < pl.col("id_object"),
        )
        .sort("a", "b", "cost", "property", "is_forward", "graph")
        .unique(["a", "b"], keep="first", maintain_order=True)
        .select("a", "b", "cost", "row", "is_forward")
    )


def _number(numbered: pl.DataFrame, iri: str) -> int:
    return int(numbered.filter(pl.col("iri") == iri)["id"].item())


def _cost_of(costs: pl.DataFrame, node: int) -> int | None:
    found = costs.filter(pl.col("id") == node)["cost"]
    return int(found.item()) if len(found) else None


def _costs(
    arcs: pl.DataFrame,
    tolls: pl.DataFrame,
    start: int,
    end: int,
    limit: int | None = None,
    other: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the least cost from a node to the others, tolls of the nodes between included.

    Only nodes are followed up from which the other end can be reached within the limit; without
    one, the least cost of the other end found so far limits how far is gone.
    """
    costs = pl.DataFrame({"id": [start], "cost": [0]}, {"id": pl.UInt32, "cost": pl.Int64})
    # Leaving the first node is free of its toll, and the other end is not passed through.
    leaving, entering = pl.col("id") == start, pl.col("id") == end
    edge_of = tolls.with_columns(toll=pl.when(leaving).then(0).otherwise(pl.col("toll")))
    frontier = costs
    while frontier.height:
        best = _cost_of(costs, end)
        bound = limit if limit is not None else None if best is None else best + DETOUR - 1
        frontier = frontier.join(edge_of, on="id").filter(~entering)
        onward = frontier.select(u="id", sum=pl.col("cost") + pl.col("toll"))
        if bound is not None:
            onward = onward.filter(pl.col("sum") <= bound)
        steps = (
            arcs.join(onward, on="u")
            .group_by(id="v")
            .agg(cost=(pl.col("sum") + pl.col("cost")).min())
        )
        if other is not None:
            rest = steps.join(other, on="id", suffix="_other").filter(
                pl.col("cost") + pl.col("cost_other") <= limit
            )
            steps = rest.select("id", "cost")
        elif bound is not None:
            steps = steps.filter(pl.col("cost") <= bound)
        news = steps.join(costs, on="id", how="left", suffix="_old").filter(
            pl.col("cost_old").is_null() | (pl.col("cost") < pl.col("cost_old"))
        )
        frontier = news.select("id", "cost")
        costs = pl.concat([costs.join(frontier, on="id", how="anti"), frontier])
    return costs


def _near(costs: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    return costs.join(numbered, on="id").sort("cost", "id").select("iri", "kind", "cost")


def _graph(kept: pl.DataFrame, edges: pl.DataFrame, hops: pl.DataFrame) -> Any:
    graph = nx.Graph()
    for iri, kind, toll in kept.select("iri", "kind", "toll").iter_rows():
        graph.add_node(iri, kind=kind, toll=toll)
    inside = (
        edges.join(kept, left_on="a", right_on="id", how="semi")
        .join(kept, left_on="b", right_on="id", how="semi")
        .sort("a", "b")
    )
    rows = hops.drop("cost").with_row_index("row").join(inside, on="row").sort("a", "b")
    for row in rows.iter_rows(named=True):
        facts = ("property", "graph", "basis", "confidence", "is_tentative", "cost", "is_forward")
        ends = (row["subject"], row["object"])
        graph.add_edge(*ends, **{name: row[name] for name in facts})
    return graph
