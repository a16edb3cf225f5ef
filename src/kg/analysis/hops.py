"""Hops: the triples of the quad table that lead from a node to another, and the links that may."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kg import link_nodes
from kg.namespaces import KG

__all__ = ["hops", "is_needed"]

_TRIPLE = ("subject", "property", "object")


def is_needed(properties: Sequence[str]) -> pl.Expr:
    """Tell which rows of a quad table say what `hops` of some properties are."""
    return pl.col("predicate").is_in([*properties, *link_nodes.PROPERTIES, KG.graphKind])


def hops(table: pl.LazyFrame, nodes: pl.DataFrame, properties: Sequence[str]) -> pl.DataFrame:
    """Return every triple of some properties between two of the nodes, and every link that says it.

    `nodes` has their IRIs in `iri`. Columns: `subject` and `object`, rows of `nodes`; `property`,
    an enumeration in the order of the texts; `graph`; `basis` (asserted, inferred or curated);
    `confidence`, as written, and `sure`, as a number, both of the surest link and of what is not
    asserted, see `kg.link_nodes.surest`; `is_tentative`, whether there is only a link, too weak for
    the graph to say its triple directly (which a decision that is certain is not). Of the table,
    which is gone through several times, no more is needed than what `is_needed` tells.
    """
    property = pl.col("property").cast(pl.Enum(sorted(properties)))
    numbers = nodes.lazy().select("iri").with_row_index("number").cast({"number": pl.Int32})

    def numbered(rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return rows between nodes, with the numbers of these."""
        for end in ("subject", "object"):
            rows = rows.join(numbers, left_on=end, right_on="iri").drop(end)
            rows = rows.rename({"number": end})
        return rows.with_columns(property)

    links = link_nodes.surest(link_nodes.link_nodes(table)).lazy()
    links = links.filter(pl.col("property").is_in(properties))
    links = numbered(links.select(*_TRIPLE, "graph", "confidence", "sure")).collect().lazy()
    said = table.filter(
        pl.col("predicate").is_in(properties),
        pl.col("kind") != "literal",
        pl.col("subject") != pl.col("object"),
    ).select("subject", "object", "graph", property="predicate")
    said = numbered(said).select(*_TRIPLE, "graph").collect().lazy()
    # What only a link says leads on as surely as is said; where nothing says how surely, nowhere.
    only = (
        links.filter(pl.col("sure").is_not_null())
        .join(said, on=_TRIPLE, how="anti")
        .select(*_TRIPLE, "graph", is_tentative=pl.col("confidence").is_not_null())
    )
    found = pl.concat([said.with_columns(is_tentative=False), only]).join(
        _graph_kinds(table), on="graph", how="left", nulls_equal=True
    )
    # What is said only of inferred links is inferred, even where no catalogue says so.
    is_supposed = pl.col("is_tentative") | (pl.col("property") == KG.supports)
    supposed = pl.when(is_supposed).then(pl.lit("inferred"))
    basis = pl.coalesce("basis", supposed, pl.lit("asserted"))
    doubted = pl.col("is_tentative") | (pl.col("basis") != "asserted")
    return (
        found.with_columns(basis=basis)
        .join(links.select(*_TRIPLE, "confidence", "sure"), on=_TRIPLE, how="left")
        .with_columns(pl.when(doubted).then(name).alias(name) for name in ("confidence", "sure"))
        .select(*_TRIPLE, "graph", "basis", "confidence", "sure", "is_tentative")
        .collect()
    )


def _graph_kinds(table: pl.LazyFrame) -> pl.LazyFrame:
    return (
        table.filter(pl.col("predicate") == KG.graphKind)
        .group_by(pl.col("subject").alias("graph"))
        .agg(pl.col("object").min().str.extract(r"([^/#]*)$").alias("basis"))
    )
