"""The facts that tables are joined from, each column of them looked up when it is needed."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from kg.export.selection import Selection
from kg.namespaces import (
    DCT,
    FOAF,
    KG,
    ONET,
    OWL,
    PAV,
    PROV,
    RDF,
    SCHEMA,
    SKOS,
    SSSOM,
)

__all__ = ["Facts"]

_NEEDED = (
    SKOS.prefLabel, SKOS.notation, SKOS.definition,
    DCT.type, DCT.title, DCT.issued, DCT.publisher, DCT.license, DCT.rights, DCT.source,
    DCT.bibliographicCitation, DCT.isPartOf, PAV.version, FOAF.page, SCHEMA.about,
    PROV.wasDerivedFrom,
    KG.occupation, KG.framework, KG.domain, KG.stage, KG.position, KG.cites, KG.supports,
    KG.fileName, KG.line, KG.taskId, KG.taskType, KG.groundedIn, KG.metric, KG.value, KG.unit,
    KG.category, KG.versionUnknown, KG.rightsUnknown, KG.threshold,
    ONET.hasTask, ONET.task,
    OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget,
    SSSOM.confidence, SSSOM.mapping_justification, SSSOM.mapping_tool,
    SSSOM.mapping_tool_version, SSSOM.predicate_modifier,
)  # fmt: skip
#: The classes that tables are of; a graph may have millions of nodes of others.
_CLASSES = (KG.Classification, KG.Figure, KG.Link, KG.Source, KG.Statement, KG.Task)


class Facts:
    """What is wanted, and what is said of it anywhere, as tables of a few columns."""

    def __init__(self, selection: Selection) -> None:
        self.base = selection.base
        self.whole = _read(selection.whole)
        self.wanted = self.whole if selection.is_whole else _read(selection.quads)

    def nodes(self, kind: str, name: str) -> pl.DataFrame:
        """Return the wanted nodes of a class."""
        typed = self.wanted.filter(predicate=RDF.type, object=kind)
        return typed.select(pl.col("subject").alias(name)).unique()

    def pairs(self, predicate: str, subject: str, value: str) -> pl.DataFrame:
        """Return what a property relates among what is wanted."""
        rows = self.wanted.filter(predicate=predicate)
        return rows.select(pl.col("subject").alias(subject), pl.col("object").alias(value)).unique()

    def one(self, predicate: str, node: str, name: str) -> pl.DataFrame:
        """Return one value a node of a property, the English one first, then the least."""
        rows = self.whole.filter(predicate=predicate).sort(
            pl.col("language").fill_null("en") != "en", "object"
        )
        first = rows.group_by("subject", maintain_order=True).first()
        return first.select(pl.col("subject").alias(node), pl.col("object").alias(name))

    def with_one(self, table: pl.DataFrame, node: str, **columns: str) -> pl.DataFrame:
        """Add columns with one value each of properties of a node."""
        for name, predicate in columns.items():
            table = table.join(self.one(predicate, node, name), on=node, how="left")
        return table

    def key(self, column: str) -> pl.Expr:
        """Return the keys of sources in a column of their IRIs."""
        return pl.col(column).str.strip_prefix(f"{self.base}source/")

    def with_place(self, table: pl.DataFrame, node: str) -> pl.DataFrame:
        """Add the file and line that a node was read from."""
        table = self.with_one(table, node, _document=PROV.wasDerivedFrom, line=KG.line)
        return self.with_one(table, "_document", file=KG.fileName)

    def with_occupation(self, table: pl.DataFrame, node: str) -> pl.DataFrame:
        """Add the code and title of an occupation."""
        return self.with_one(table, node, occupation_code=SKOS.notation, occupation=SKOS.prefLabel)

    @cached_property
    def of_statements(self) -> pl.DataFrame:
        """What tables say of a statement, whichever are wanted."""
        typed = self.whole.filter(predicate=RDF.type, object=KG.Statement)
        table = typed.select(statement="subject").unique()
        table = self.with_one(
            table, "statement", label=SKOS.prefLabel, _occupation=KG.occupation, _of=KG.framework
        )
        table = self.with_one(table, "_of", framework=DCT.type).with_columns(
            pl.col("framework").str.extract("([^/]*)$")
        )
        return self.with_place(self.with_occupation(table, "_occupation"), "statement")


def _read(table: pl.LazyFrame) -> pl.DataFrame:
    is_type = (pl.col("predicate") == RDF.type) & pl.col("object").is_in(list(_CLASSES))
    rows = table.filter(pl.col("predicate").is_in(list(_NEEDED)) | is_type)
    return rows.select("subject", "predicate", "object", "language", "graph").collect()
