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
from kg.analysis.hops import hops, is_needed
from kg.choices import PROJECTIONS
from kg.namespaces import DCT, ESCO, KG, ONET, RDF, SCHEMA, SKOS

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
#: The tables of a release whose rows are edges, by the property that leads to a row, with the kind
#: of node that it refers to.
_OF_ROWS = {ONET.hasRating: "element", ONET.hasSoftware: "technology"}
_TRIPLE = ("subject", "property", "object")
_LEAST_CONFIDENCE = 0.01
#: What is taken for the confidence of an inferred hop of which nothing says how sure it is.
_UNSTATED = 0.5


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection's nodes and edges.

    `nodes`: `iri`, `kind`, in the order of the IRIs. `edges`, an edge a triple, in the order of
    subject, property, object: `subject`, `property`, `object`, `graph` (null where none is named),
    `basis` (asserted, inferred or curated), `confidence` (as written; of links), `sure` (the same
    as a number, 1 of a decision without one, null where no link says it), `is_tentative` (only a
    link, too weak for the graph to say its triple), `fan_out` and `fan_in` (how many objects the
    property has at the subject, and subjects at the object), `cost` and `cost_back` (of the hop in
    the property's direction and against it, in millionths of a nat). `numbers`, by edge: `subject`
    and `object` as rows of `nodes`, `property` as an enumeration; they sort as the texts do that
    they stand for, in a fraction of the time and memory.
    """

    name: str
    nodes: pl.DataFrame
    edges: pl.DataFrame
    numbers: pl.DataFrame

    def asserted(self) -> Projection:
        """Return what of the projection is asserted, which is the projection `asserted`."""
        is_asserted = self.edges["basis"] == "asserted"
        edges, numbers = self.edges.filter(is_asserted), self.numbers.filter(is_asserted)
        return Projection("asserted", self.nodes, _priced(edges, numbers), numbers)

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
            confidence=pl.col("sure").fill_null(1.0),
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
    is_kind = (pl.col("predicate") == RDF.type) & pl.col("object").is_in(list(KINDS.values()))
    # Read once for nodes and hops: it is little of a table.
    read = (
        table.filter(is_kind | is_needed(PROPERTIES))
        .select("subject", "predicate", "object", "kind", "graph")
        .collect()
        .lazy()
    )
    nodes = lookup.kind_table(read, KINDS).rename({"node": "iri"})
    said = hops(read, nodes, PROPERTIES)
    del read
    # Of the hierarchy only the activities: that two skills are both skills says nothing.
    activities = nodes.with_row_index().filter(pl.col("kind").is_in(["dwa", "iwa"]))["index"]
    is_of_activities = pl.col("subject").is_in(activities.implode())
    said = said.filter((pl.col("property") != SKOS.broader) | is_of_activities)
    rows = _rows(table, nodes, importance)
    properties = pl.Enum(sorted({*PROPERTIES, *_OF_ROWS}))
    both = pl.concat(
        frame.with_columns(pl.col("property").cast(properties)) for frame in (said, rows)
    )
    edges = _once(both)
    numbers = edges.select(_TRIPLE)
    ends = (nodes["iri"].gather(edges[end]).alias(end) for end in ("subject", "object"))
    named = edges.with_columns(*ends, pl.col("property").cast(pl.String))
    return Projection("linked", nodes, _priced(named, numbers), numbers)


def _rows(table: pl.LazyFrame, nodes: pl.DataFrame, importance: float) -> pl.DataFrame:
    """Return edges from what has a row of a table to the node that the row refers to.

    The columns are those of `hops`. A row is one of technologies, or a rating on the scale of
    importance that reaches a value and is not to be suppressed.
    """
    reaches = pl.col("object").cast(pl.Float64, strict=False) >= importance
    is_read = (
        pl.col("predicate").is_in([*_OF_ROWS, ONET.refersTo])
        | ((pl.col("predicate") == ONET.dataValue) & reaches)
        | ((pl.col("predicate") == KG.recommendSuppress) & (pl.col("object") == "Y"))
    )
    read = table.filter(is_read).select("subject", "predicate", "object", "graph").collect()

    def of(predicate: str) -> pl.LazyFrame:
        return read.lazy().filter(pl.col("predicate") == predicate)

    numbers = nodes.lazy().with_row_index("number").cast({"number": pl.Int32})
    refers = of(ONET.refersTo).select("object", row="subject")
    to = refers.join(numbers, left_on="object", right_on="iri").select(
        "row", "kind", object="number"
    )
    important = (
        refers.filter(pl.col("object").str.ends_with("scale/IM"))
        .join(of(ONET.dataValue), left_on="row", right_on="subject", how="semi")
        .join(of(KG.recommendSuppress), left_on="row", right_on="subject", how="anti")
    )
    found = []
    for property, kind in _OF_ROWS.items():
        has = of(property).select("subject", "graph", row="object", property="predicate")
        if property == ONET.hasRating:
            has = has.join(important, on="row", how="semi")
        found.append(
            has.join(to.filter(pl.col("kind") == kind), on="row")
            .join(numbers, left_on="subject", right_on="iri")
            .select("object", "graph", "property", subject="number")
        )
    return (
        pl.concat(found)
        .select(*_TRIPLE, "graph")
        .unique()
        .with_columns(
            basis=pl.lit("asserted"),
            confidence=pl.lit(None, pl.String),
            sure=pl.lit(None, pl.Float64),
            is_tentative=pl.lit(False),
        )
        .collect()
    )


def _once(edges: pl.DataFrame) -> pl.DataFrame:
    """Return each triple once, its surest edge: what is not inferred is surer than what is."""
    surest = ("is_tentative", pl.col("basis") == "inferred", -pl.col("sure"), "graph")
    return edges.sort(*_TRIPLE, *surest).unique(_TRIPLE, keep="first", maintain_order=True)


def _priced(edges: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return edges, whose ends and properties have these numbers, with fan-outs and costs."""
    fans = numbers.select(
        fan_out=pl.len().over("subject", "property"), fan_in=pl.len().over("object", "property")
    )
    otherwise = pl.when(pl.col("basis") == "inferred").then(_UNSTATED).otherwise(1.0)
    doubt = -pl.col("sure").fill_null(otherwise).clip(_LEAST_CONFIDENCE, 1.0).log()
    return edges.with_columns(*fans).with_columns(
        ((doubt + pl.col(fan).log()) * UNIT).round().cast(pl.Int64).alias(cost)
        for cost, fan in (("cost", "fan_out"), ("cost_back", "fan_in"))
    )
