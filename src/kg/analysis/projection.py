"""The entity graph: which nodes and properties of the quad table are places and ways between them.

A hop costs 1; one that speaks of a whole (what a page draws on, what a figure is about) costs 1.5,
since it says less of any one thing in it. A hop that was inferred costs a little more, so that of
two equal paths the asserted one comes first, and -ln(confidence) on top: then the cost of a chain
of inferred hops is that of the product of their confidences. Nodes that many things share, such as
an occupation or a source, take a toll from a path that passes through them: that two statements
belong to one occupation says little about either, so such a path comes after one that says more,
even if that is longer or weak.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import polars as pl

from kg import lookup
from kg.namespaces import DCT, KG, ONET, OWL, SCHEMA, SSSOM

__all__ = ["COARSE", "PROPERTIES", "SHARED", "TOLLS", "UNIT", "entities", "hops", "to_networkx"]

#: The properties that lead from one entity to another.
PROPERTIES = (
    KG.category,
    KG.cites,
    KG.domain,
    KG.framework,
    KG.groundedIn,
    KG.occupation,
    KG.stage,
    KG.supports,
    ONET.hasTask,
    DCT.isPartOf,
    DCT.source,
    SCHEMA.about,
)
#: Those that speak of a whole.
COARSE = (DCT.isPartOf, DCT.source, SCHEMA.about)
#: Costs are whole numbers, millionths of a hop: sums are exact and the same on every machine.
UNIT = 1_000_000
#: The kinds of node that many others share: the hubs of the graph.
SHARED = frozenset(
    "concept document domain element framework occupation section source stage".split()
)
#: What passing through a node costs, by kind. The weakest link that is kept has a confidence of 0.1
#: and costs 3.3: a path that uses it still comes before one that goes through an occupation. That
#: two statements support the same task is not much either.
TOLLS = dict.fromkeys(SHARED, 4 * UNIT) | {"task": UNIT}
_INFERRED = UNIT // 100
_LEAST = 0.01
#: What is taken for the confidence of an inferred hop that has none.
_UNSTATED = 0.5

_LINK = {
    "subject": OWL.annotatedSource,
    "property": OWL.annotatedProperty,
    "object": OWL.annotatedTarget,
    "confidence": SSSOM.confidence,
}


def entities(table: pl.LazyFrame) -> pl.DataFrame:
    """Return the nodes that can stand on a path: `iri` and `kind`, in the order of their IRIs."""
    return lookup.kind_table(table, lookup.ENTITIES).rename({"node": "iri"})


def hops(table: pl.LazyFrame) -> pl.DataFrame:
    """Return every triple that leads from an entity to another one.

    Columns: `subject`, `property`, `object`, `graph`; `basis` (asserted, inferred or curated);
    `confidence`, as written, of a link; and `cost`.
    """
    found = (
        table.filter(
            pl.col("predicate").is_in(PROPERTIES),
            pl.col("kind") != "literal",
            pl.col("subject") != pl.col("object"),
        )
        .select("subject", pl.col("predicate").alias("property"), "object", "graph")
        .join(_graph_kinds(table), on="graph", how="left", nulls_equal=True)
        .join(
            _confidences(table),
            on=("subject", "property", "object", "graph"),
            how="left",
            nulls_equal=True,
        )
    )
    # What is said only of inferred links is inferred, even where no catalogue says so.
    supposed = pl.when(pl.col("property") == KG.supports).then(pl.lit("inferred"))
    basis = pl.coalesce("basis", supposed, pl.lit("asserted"))
    number = pl.col("confidence").cast(pl.Float64, strict=False)
    sure = number.fill_null(_UNSTATED).clip(_LEAST, 1)
    doubt = (-sure.log() * UNIT).round().cast(pl.Int64) + _INFERRED
    whole = pl.when(pl.col("property").is_in(COARSE)).then(UNIT * 3 // 2).otherwise(UNIT)
    return (
        found.with_columns(basis=basis)
        .with_columns(cost=whole + pl.when(pl.col("basis") == "inferred").then(doubt).otherwise(0))
        .collect()
    )


def _graph_kinds(table: pl.LazyFrame) -> pl.LazyFrame:
    return (
        table.filter(pl.col("predicate") == KG.graphKind)
        .group_by(pl.col("subject").alias("graph"))
        .agg(pl.col("object").min().str.extract(r"([^/#]*)$").alias("basis"))
    )


def _confidences(table: pl.LazyFrame) -> pl.LazyFrame:
    """Return the confidence of each link's triple, the highest where several links give it."""
    source, about, target, confidence = (
        table.filter(pl.col("predicate") == predicate).select(
            "graph", link="subject", **{name: pl.col("object")}
        )
        for name, predicate in _LINK.items()
    )
    links = source
    for part in (about, target, confidence):
        links = links.join(part, on=("link", "graph"), nulls_equal=True)
    key = ("subject", "property", "object", "graph")
    number = pl.col("confidence").cast(pl.Float64, strict=False)
    links = links.filter(number.is_finite())
    return links.group_by(key).agg(pl.col("confidence").sort_by(number, "confidence").last())


def to_networkx(table: pl.LazyFrame) -> Any:
    """Return the whole entity graph as a `networkx.MultiDiGraph`, in the order of the IRIs.

    Nodes are IRIs with `kind` and, where they have one, `label`; the key of an edge is the IRI of
    its property, and it has `basis`, `graph`, `cost` (1 for an asserted hop) and, of a link,
    `confidence`.
    """
    nodes = entities(table)
    graph = nx.MultiDiGraph()
    labels = lookup.labels_of(table, nodes["iri"])
    for iri, kind in nodes.iter_rows():
        graph.add_node(iri, kind=kind, **({"label": labels[iri]} if iri in labels else {}))
    rows = (
        hops(table)
        .join(nodes, left_on="subject", right_on="iri", how="semi")
        .join(nodes, left_on="object", right_on="iri", how="semi")
        .sort("subject", "property", "object", "graph")
    )
    for row in rows.iter_rows(named=True):
        facts = {"basis": row["basis"], "cost": row["cost"] / UNIT}
        if row["graph"] is not None:
            facts["graph"] = row["graph"]
        if row["confidence"] is not None:
            facts["confidence"] = float(row["confidence"])
        graph.add_edge(row["subject"], row["object"], row["property"], **facts)
    return graph
