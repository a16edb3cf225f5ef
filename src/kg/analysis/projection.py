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

from collections.abc import Sequence
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
_TRIPLE = ("subject", "property", "object")


def entities(table: pl.LazyFrame) -> pl.DataFrame:
    """Return the nodes that can stand on a path: `iri` and `kind`, in the order of their IRIs."""
    return lookup.kind_table(table, lookup.ENTITIES).rename({"node": "iri"})


def hops(
    table: pl.LazyFrame,
    nodes: pl.DataFrame | None = None,
    properties: Sequence[str] = PROPERTIES,
) -> pl.DataFrame:
    """Return every triple that leads from an entity to another one, and every link that does.

    Columns: `subject`, `property`, `object`, `graph`; `basis` (asserted, inferred or curated);
    `confidence`, as written, of a link; `is_tentative`, whether there is only a link, too weak for
    the graph to say its triple directly; and `cost`. With `nodes`, as `entities` gives them, only
    what leads from one of these to another; `properties` are those that lead.
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
    if nodes is not None:
        for end in ("subject", "object"):
            found = found.join(nodes.lazy(), left_on=end, right_on="iri", how="semi")
    # What is said only of inferred links is inferred, even where no catalogue says so.
    is_supposed = pl.col("is_tentative") | (pl.col("property") == KG.supports)
    supposed = pl.when(is_supposed).then(pl.lit("inferred"))
    basis = pl.coalesce("basis", supposed, pl.lit("asserted"))
    number = pl.col("confidence").cast(pl.Float64, strict=False)
    sure = number.fill_null(_UNSTATED).clip(_LEAST, 1)
    doubt = (-sure.log() * UNIT).round().cast(pl.Int64) + _INFERRED
    whole = pl.when(pl.col("property").is_in(COARSE)).then(UNIT * 3 // 2).otherwise(UNIT)
    is_doubtful = pl.col("is_tentative") | (pl.col("basis") == "inferred")
    return (
        found.with_columns(basis=basis)
        .with_columns(cost=whole + pl.when(is_doubtful).then(doubt).otherwise(0))
        .select(*_TRIPLE, "graph", "basis", "confidence", "is_tentative", "cost")
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
    is_not = pl.col("object").str.to_lowercase() == "not"
    negated = table.filter(pl.col("predicate") == SSSOM.predicate_modifier, is_not)
    denied = links.join(negated, left_on="link", right_on="subject", how="semi")
    number = pl.col("confidence").cast(pl.Float64, strict=False)
    return (
        links.join(denied, on=_TRIPLE, how="anti")
        .join(about["confidence"], on=("link", "graph"), nulls_equal=True)
        .filter(number.is_finite())
        .group_by(*_TRIPLE, "graph")
        .agg(pl.col("confidence").sort_by(number, "confidence").last())
    )


def to_networkx(table: pl.LazyFrame) -> Any:
    """Return the whole entity graph as a `networkx.MultiDiGraph`, in the order of the IRIs.

    Nodes are IRIs with `kind` and, where they have one, `label`; the key of an edge is the IRI of
    its property, and it has `basis`, `graph`, `cost` (1 for an asserted hop) and, of a link,
    `confidence`. Links that are too weak for the graph to say directly are left out.
    """
    nodes = entities(table)
    graph = nx.MultiDiGraph()
    labels = lookup.labels_of(table, nodes["iri"])
    for iri, kind in nodes.iter_rows():
        graph.add_node(iri, kind=kind, **({"label": labels[iri]} if iri in labels else {}))
    rows = (
        hops(table, nodes)
        .filter(~pl.col("is_tentative"))
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
