"""Named projections of the quad table: the ways between skills and work, and what a hop costs.

`asserted` holds what inputs say: O*NET's own linkage tables (skill, ability or knowledge → work
activity ← intermediate ← detailed activity ← task ← occupation), technologies, ratings that are
important enough, what pages say of their statements, figures and classifications, and ESCO with
what crosswalks match. `linked` holds links with their confidence too.

A hop costs -ln(confidence), which is 0 where nothing is inferred, plus ln(fan-out): the number of
nodes that its property leads to in that direction from that node. So a path costs -ln of the chance
that a walk which picks among the alternatives at each node takes it, and that its links hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import polars as pl

from kg import lookup
from kg.analysis.hops import hops
from kg.choices import PROJECTIONS
from kg.namespaces import DCT, ESCO, KG, ONET, SCHEMA, SKOS

__all__ = ["IMPORTANCE", "KINDS", "PROJECTIONS", "PROPERTIES", "UNIT", "Projection", "project"]

#: The importance from which on a rating is an edge, on O*NET's scale IM from 1 to 5: the mean that
#: O*NET itself demands of a core task
#: (https://www.onetcenter.org/dictionary/29.0/excel/task_statements.html).
IMPORTANCE = 3.0

#: Costs are whole numbers, millionths of a nat: sums are exact and the same on every machine.
UNIT = 1_000_000

#: The kinds of node of a projection, and their classes.
KINDS = lookup.ENTITIES | {
    kind: lookup.KINDS[kind]
    for kind in ("dwa", "esco-occupation", "esco-skill", "iwa", "technology")
}
#: The properties that lead from one to another.
PROPERTIES = (
    ESCO.relatedEssentialSkill,
    ESCO.relatedOptionalSkill,
    KG.category,
    KG.cites,
    KG.domain,
    KG.framework,
    KG.groundedIn,
    KG.occupation,
    KG.stage,
    KG.supports,
    ONET.hasTask,
    ONET.linkedTo,
    DCT.isPartOf,
    DCT.source,
    SCHEMA.about,
    SKOS.broadMatch,
    SKOS.broader,
    SKOS.closeMatch,
    SKOS.exactMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
)
_TRIPLE = ("subject", "property", "object")
_LEAST_CONFIDENCE = 0.01
#: What is taken for the confidence of an inferred hop that has none.
_UNSTATED = 0.5
_SURE = pl.col("confidence").cast(pl.Float64, strict=False)


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection's nodes and edges.

    `nodes`: `iri`, `kind`, in the order of the IRIs. `edges`, an edge a triple, in the order of
    subject, property, object: `subject`, `property`, `object`, `graph` (null where none is named),
    `basis` (asserted, inferred or curated), `confidence` (as written; of links), `is_tentative`
    (only a link, too weak for the graph to say its triple), `fan_out` and `fan_in` (how many
    objects the property has at the subject, and subjects at the object), `cost` and `cost_back`
    (of the hop in the property's direction and against it, in millionths of a nat).
    """

    name: str
    nodes: pl.DataFrame
    edges: pl.DataFrame

    def asserted(self) -> Projection:
        """Return what of the projection is asserted, which is the projection `asserted`."""
        is_asserted = pl.col("basis") == "asserted"
        return Projection("asserted", self.nodes, _priced(self.edges.filter(is_asserted)))

    def to_networkx(self, labels: Mapping[str, str] | None = None) -> Any:
        """Return a `networkx.MultiDiGraph` in RDF's directions, for any of NetworkX's functions.

        Nodes are IRIs with `kind`, and with `label` where `labels` has one. The key of an edge is
        its property's IRI; it has `basis`, `confidence` (1.0 where none is stated),
        `is_tentative`, and `cost` and `cost_back` in nats.
        """
        graph = nx.MultiDiGraph(name=self.name)
        graph.add_nodes_from((iri, {"kind": kind}) for iri, kind in self.nodes.iter_rows())
        nx.set_node_attributes(graph, labels or {}, "label")
        rows = self.edges.select(
            *_TRIPLE,
            "basis",
            "is_tentative",
            confidence=_SURE.fill_null(1.0),
            cost=pl.col("cost") / UNIT,
            cost_back=pl.col("cost_back") / UNIT,
        )
        graph.add_edges_from(
            (row.pop("subject"), row.pop("object"), row.pop("property"), row)
            for row in rows.iter_rows(named=True)
        )
        return graph


def project(table: pl.LazyFrame, importance: float = IMPORTANCE) -> Projection:
    """Return the projection `linked` of a quad table.

    A rating of an element is an edge where its importance is at least `importance` (scale IM) and
    O*NET does not recommend to suppress it.
    """
    nodes = lookup.kind_table(table, KINDS).rename({"node": "iri"})
    said = hops(table, nodes, PROPERTIES)
    # Of the hierarchy only the activities: that two skills are both skills says nothing.
    activities = nodes.filter(pl.col("kind").is_in(["dwa", "iwa"]))["iri"].implode()
    said = said.filter((pl.col("property") != SKOS.broader) | pl.col("subject").is_in(activities))
    rows = pl.concat(
        [
            _through(table, nodes, ONET.hasSoftware, "technology"),
            _through(table, nodes, ONET.hasRating, "element", _important(table, importance)),
        ]
    ).with_columns(
        basis=pl.lit("asserted"),
        confidence=pl.lit(None, pl.String),
        is_tentative=pl.lit(False),
    )
    return Projection("linked", nodes, _priced(pl.concat([said, rows.select(said.columns)])))


def _important(table: pl.LazyFrame, importance: float) -> pl.LazyFrame:
    """Return the ratings on the scale of importance that reach a value: `row`."""
    scale = (pl.col("predicate") == ONET.refersTo) & pl.col("object").str.ends_with("scale/IM")
    values = table.filter(
        pl.col("predicate") == ONET.dataValue,
        pl.col("object").cast(pl.Float64, strict=False) >= importance,
    )
    suppressed = table.filter(pl.col("predicate") == KG.recommendSuppress, pl.col("object") == "Y")
    return (
        table.filter(scale)
        .join(values, on="subject", how="semi")
        .join(suppressed, on="subject", how="anti")
        .select(row="subject")
    )


def _through(
    table: pl.LazyFrame,
    nodes: pl.DataFrame,
    property: str,
    kind: str,
    rows: pl.LazyFrame | None = None,
) -> pl.DataFrame:
    """Return edges from what has a row of a table to the node of a kind that the row refers to."""
    has = table.filter(pl.col("predicate") == property).select(
        "subject", "graph", row="object", property="predicate"
    )
    if rows is not None:
        has = has.join(rows, on="row", how="semi")
    refers = table.filter(pl.col("predicate") == ONET.refersTo).select("object", row="subject")
    wanted = nodes.lazy().filter(pl.col("kind") == kind)
    return (
        has.join(refers, on="row")
        .join(wanted, left_on="object", right_on="iri", how="semi")
        .select(*_TRIPLE, "graph")
        .unique()
        .collect()
    )


def _priced(edges: pl.DataFrame) -> pl.DataFrame:
    """Return each triple once, its surest edge, with fan-outs and costs.

    What is not inferred is surer than what is.
    """
    edges = edges.select(*_TRIPLE, "graph", "basis", "confidence", "is_tentative")
    otherwise = pl.when(pl.col("basis") == "inferred").then(_UNSTATED).otherwise(1.0)
    doubt = -_SURE.fill_null(otherwise).clip(_LEAST_CONFIDENCE, 1.0).log()
    surest = ("is_tentative", pl.col("basis") == "inferred", -_SURE, "graph")
    once = edges.sort(*_TRIPLE, *surest).unique(_TRIPLE, keep="first", maintain_order=True)
    fanned = once.with_columns(
        fan_out=pl.len().over("subject", "property"), fan_in=pl.len().over("object", "property")
    )
    return fanned.with_columns(
        ((doubt + pl.col(fan).log()) * UNIT).round().cast(pl.Int64).alias(cost)
        for cost, fan in (("cost", "fan_out"), ("cost_back", "fan_in"))
    )
