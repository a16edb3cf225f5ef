"""Descriptions: a node with the triples about it, and where each of them comes from."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kg import lookup
from kg.namespaces import KG

__all__ = ["Description", "Triple", "describe"]

_FAR = 2**62  # behind every line


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple about a node: the property, the other end with its label, and its graph.

    `kind` is what the other end is (iri, blank or literal), `line` where the triple's subject was
    read from.
    """

    predicate: str
    value: str
    label: str | None
    graph: str
    kind: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """A node with the triples it is the subject of and those it is the object of.

    The counts tell, by property, how many there are; the lists may have the first of each only.
    """

    iri: str
    label: str | None
    outgoing: list[Triple]
    incoming: list[Triple]
    outgoing_counts: dict[str, int]
    incoming_counts: dict[str, int]


def describe(table: pl.LazyFrame, iri: str, most: int | None = None) -> Description:
    """Return a node of a quad table with the triples about it, `most` of each property at most.

    Those it is the subject of come by property and value, the others by property, line (without
    one: last) and IRI.
    """
    lines = (
        table.filter(pl.col("predicate") == KG.line)
        .group_by("subject")
        .agg(line=pl.col("object").cast(pl.Int64, strict=False).min())
    )
    leaving = table.filter(pl.col("subject") == iri).with_columns(value="object", end="kind")
    # A literal that reads like the IRI is not the node.
    arriving = table.filter(pl.col("object") == iri, pl.col("kind") != "literal").with_columns(
        value="subject",
        end=pl.when(pl.col("subject").str.starts_with("_:"))
        .then(pl.lit("blank"))
        .otherwise(pl.lit("iri")),
    )
    outgoing, out_counts = _first(leaving, lines, ["value", "end", "datatype", "language"], most)
    incoming, in_counts = _first(arriving, lines, ["line", "value"], most)
    ends = [rows.filter(pl.col("end") != "literal")["value"] for rows in (outgoing, incoming)]
    labels = lookup.labels_of(table, [iri, *(end for column in ends for end in column)])
    return Description(
        iri,
        labels.get(iri),
        _triples(outgoing, labels),
        _triples(incoming, labels),
        out_counts,
        in_counts,
    )


def _first(
    rows: pl.LazyFrame, lines: pl.LazyFrame, order: list[str], most: int | None
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the first rows of each property in an order, with their lines, and the counts."""
    keys = [pl.col(key).fill_null(_FAR) if key == "line" else pl.col(key) for key in order]
    every = (
        rows.join(lines, on="subject", how="left")
        .select("predicate", "value", "end", "datatype", "language", "graph", "line")
        .sort("predicate", *keys, "graph")
        .collect()
    )
    grouped = every.group_by("predicate", maintain_order=True)
    counts = dict(grouped.len().iter_rows())
    return every if most is None else grouped.head(most), counts


def _triples(rows: pl.DataFrame, labels: dict[str, str]) -> list[Triple]:
    columns = ("predicate", "value", "graph", "end", "line")
    return [
        Triple(predicate, value, labels.get(value) if end != "literal" else None, graph, end, line)
        for predicate, value, graph, end, line in rows.select(columns).iter_rows()
    ]
