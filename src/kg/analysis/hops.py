"""Hops: the triples of the quad table that lead from a node to another, and the links that may."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kg import link_nodes
from kg.namespaces import KG

__all__ = ["hops"]

_TRIPLE = ("subject", "property", "object")


def hops(table: pl.LazyFrame, nodes: pl.DataFrame, properties: Sequence[str]) -> pl.DataFrame:
    """Return every triple of some properties between two of the nodes, and every link that says it.

    `nodes` has their IRIs in `iri`. Columns: `subject`, `property`, `object`, `graph`; `basis`
    (asserted, inferred or curated); `confidence`, as written, that of the surest link, of what is
    not asserted; `is_tentative`, whether there is only a link, too weak for the graph to say its
    triple directly.
    """
    wanted = [*properties, *link_nodes.PROPERTIES, KG.graphKind]
    # Read once for all that follows: it is little of a table.
    table = table.filter(pl.col("predicate").is_in(wanted)).collect().lazy()
    links = link_nodes.surest(link_nodes.link_nodes(table)).lazy()
    said = table.filter(
        pl.col("predicate").is_in(properties),
        pl.col("kind") != "literal",
        pl.col("subject") != pl.col("object"),
    ).select("subject", pl.col("predicate").alias("property"), "object", "graph")
    # What only a link says leads on as surely as is said, and without a confidence nowhere.
    only = (
        links.filter(pl.col("property").is_in(properties), pl.col("confidence").is_not_null())
        .join(said, on=_TRIPLE, how="anti")
        .select(*_TRIPLE, "graph")
    )
    found = pl.concat(
        [said.with_columns(is_tentative=False), only.with_columns(is_tentative=True)]
    ).join(_graph_kinds(table), on="graph", how="left", nulls_equal=True)
    for end in ("subject", "object"):
        found = found.join(nodes.lazy(), left_on=end, right_on="iri", how="semi")
    # What is said only of inferred links is inferred, even where no catalogue says so.
    is_supposed = pl.col("is_tentative") | (pl.col("property") == KG.supports)
    supposed = pl.when(is_supposed).then(pl.lit("inferred"))
    basis = pl.coalesce("basis", supposed, pl.lit("asserted"))
    doubted = pl.col("is_tentative") | (pl.col("basis") != "asserted")
    return (
        found.with_columns(basis=basis)
        .join(links.select(*_TRIPLE, "confidence"), on=_TRIPLE, how="left")
        .with_columns(confidence=pl.when(doubted).then("confidence"))
        .select(*_TRIPLE, "graph", "basis", "confidence", "is_tentative")
        .collect()
    )


def _graph_kinds(table: pl.LazyFrame) -> pl.LazyFrame:
    return (
        table.filter(pl.col("predicate") == KG.graphKind)
        .group_by(pl.col("subject").alias("graph"))
        .agg(pl.col("object").min().str.extract(r"([^/#]*)$").alias("basis"))
    )
