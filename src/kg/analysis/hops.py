"""Hops: the triples of the quad table that lead from a node to another, and the links that may."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kg import lookup
from kg.namespaces import KG, OWL, SSSOM

__all__ = ["hops"]

_LINK = {
    "subject": OWL.annotatedSource,
    "property": OWL.annotatedProperty,
    "object": OWL.annotatedTarget,
    "confidence": SSSOM.confidence,
}
_TRIPLE = ("subject", "property", "object")


def hops(table: pl.LazyFrame, nodes: pl.DataFrame, properties: Sequence[str]) -> pl.DataFrame:
    """Return every triple of some properties between two of the nodes, and every link that says it.

    `nodes` has their IRIs in `iri`. Columns: `subject`, `property`, `object`, `graph`; `basis`
    (asserted, inferred or curated); `confidence`, as written, of a link; `is_tentative`, whether
    there is only a link, too weak for the graph to say its triple directly.
    """
    wanted = [*properties, *_LINK.values(), SSSOM.predicate_modifier, KG.graphKind]
    # Read once for all that follows: it is little of a table.
    table = table.filter(pl.col("predicate").is_in(wanted)).collect().lazy()
    links = _links(table)
    said = (
        table.filter(
            pl.col("predicate").is_in(properties),
            pl.col("kind") != "literal",
            pl.col("subject") != pl.col("object"),
        )
        .select("subject", pl.col("predicate").alias("property"), "object", "graph")
        .join(links.select(*_TRIPLE, "graph", "confidence"), on=(*_TRIPLE, "graph"), how="left",
              nulls_equal=True)
    )  # fmt: skip
    only = links.filter(pl.col("property").is_in(properties)).join(said, on=_TRIPLE, how="anti")
    found = pl.concat(
        [
            said.with_columns(is_tentative=False),
            only.select(*said.collect_schema().names(), is_tentative=True),
        ]
    ).join(_graph_kinds(table), on="graph", how="left", nulls_equal=True)
    for end in ("subject", "object"):
        found = found.join(nodes.lazy(), left_on=end, right_on="iri", how="semi")
    # What is said only of inferred links is inferred, even where no catalogue says so.
    is_supposed = pl.col("is_tentative") | (pl.col("property") == KG.supports)
    supposed = pl.when(is_supposed).then(pl.lit("inferred"))
    basis = pl.coalesce("basis", supposed, pl.lit("asserted"))
    return (
        found.with_columns(basis=basis)
        .select(*_TRIPLE, "graph", "basis", "confidence", "is_tentative")
        .collect()
    )


def _graph_kinds(table: pl.LazyFrame) -> pl.LazyFrame:
    return (
        table.filter(pl.col("predicate") == KG.graphKind)
        .group_by(pl.col("subject").alias("graph"))
        .agg(pl.col("object").min().str.extract(r"([^/#]*)$").alias("basis"))
    )


def _links(table: pl.LazyFrame) -> pl.LazyFrame:
    """Return the triples that links are about, by graph, with the confidence of the surest link.

    What a link anywhere says is not so, is left out.
    """
    about = {
        name: table.filter(pl.col("predicate") == predicate).select(
            "graph", link="subject", **{name: pl.col("object")}
        )
        for name, predicate in _LINK.items()
    }
    links = about["subject"]
    for name in ("property", "object"):
        links = links.join(about[name], on=("link", "graph"), nulls_equal=True)
    denied = links.join(lookup.denials(table), on="link", how="semi")
    number = pl.col("confidence").cast(pl.Float64, strict=False)
    return (
        links.join(denied, on=_TRIPLE, how="anti")
        .join(about["confidence"], on=("link", "graph"), nulls_equal=True)
        .filter(number.is_finite())
        .group_by(*_TRIPLE, "graph")
        .agg(pl.col("confidence").sort_by(number, "confidence").last())
    )
