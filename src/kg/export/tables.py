"""Tidy tables: what a graph says of statements, citations, tasks, links, evidence and sources.

Which rows and relations a table has is decided by what is exported; the names in its cells (of
occupations, stages, sources) come from the whole graph. `docs/tables.md` explains every column.
"""

from __future__ import annotations

from collections.abc import Callable
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
    RDFS,
    SCHEMA,
    SKOS,
    SSSOM,
    compact,
)

__all__ = ["TABLES", "make_tables"]

_TEXT, _INTEGER, _NUMBER = pl.String(), pl.Int64(), pl.Float64()
_BOOLEAN, _LIST = pl.Boolean(), pl.List(pl.String)

_OCCUPATION = {"occupation_code": _TEXT, "occupation": _TEXT}
_PLACE = {"file": _TEXT, "line": _INTEGER}
#: The columns of every table with their types, in their order.
TABLES: dict[str, pl.Schema] = {
    name: pl.Schema(columns)
    for name, columns in {
        "statements": {
            **_OCCUPATION,
            **dict.fromkeys(("framework", "domain", "stage"), _TEXT),
            "position": _INTEGER,
            **dict.fromkeys(("label", "text"), _TEXT),
            **dict.fromkeys(("sources", "task_ids"), _LIST),
            **_PLACE,
            "statement": _TEXT,
        },
        "citations": {
            **_OCCUPATION,
            **dict.fromkeys(("framework", "label", "source", "title", "version"), _TEXT),
            **_PLACE,
            "statement": _TEXT,
        },
        "tasks": {
            **_OCCUPATION,
            **dict.fromkeys(("task_id", "text", "type"), _TEXT),
            "anchor": _BOOLEAN,
            "statements": _INTEGER,
            "task": _TEXT,
        },
        "links": {
            **_OCCUPATION,
            **dict.fromkeys(("framework", "label", "property", "task_id", "text"), _TEXT),
            "confidence": _NUMBER,
            **dict.fromkeys(("asserted", "negated"), _BOOLEAN),
            **dict.fromkeys(("justification", "tool", "tool_version"), _TEXT),
            "threshold": _NUMBER,
            **dict.fromkeys(("statement", "task", "link"), _TEXT),
        },
        "figures": {
            **_OCCUPATION,
            "metric": _TEXT,
            "value": _NUMBER,
            **dict.fromkeys(("unit", "source"), _TEXT),
            **_PLACE,
            **dict.fromkeys(("about", "figure"), _TEXT),
        },
        "classifications": {
            **_OCCUPATION,
            **dict.fromkeys(("metric", "category", "category_code", "source"), _TEXT),
            **_PLACE,
            **dict.fromkeys(("about", "classification"), _TEXT),
        },
        "sources": {
            **dict.fromkeys("source title version issued publisher license rights".split(), _TEXT),
            **dict.fromkeys(("version_unknown", "rights_unknown"), _BOOLEAN),
            **dict.fromkeys(("page", "citation"), _TEXT),
            "statements": _INTEGER,
            "iri": _TEXT,
        },
    }.items()
}

_NEEDED = (
    RDF.type,
    SKOS.prefLabel, SKOS.notation, SKOS.definition, RDFS.label,
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


def make_tables(selection: Selection) -> dict[str, pl.DataFrame]:
    """Return the tables by name, each with the columns and types of `TABLES`, sorted."""
    maker = _Maker(selection)
    tables = {}
    for name, make in _MAKERS.items():
        schema = TABLES[name]
        table = make(maker).select(pl.col(c).cast(t, strict=False) for c, t in schema.items())
        tables[name] = table.sort(_SORTED[name], nulls_last=True)
    return tables


class _Maker:
    """The facts that tables are joined from, each column of them looked up when it is needed."""

    def __init__(self, selection: Selection) -> None:
        self.base = selection.base
        self.whole = _facts(selection.whole)
        self.wanted = self.whole if selection.is_whole else _facts(selection.quads)

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


def _facts(table: pl.LazyFrame) -> pl.DataFrame:
    rows = table.filter(pl.col("predicate").is_in(list(_NEEDED)))
    return rows.select("subject", "predicate", "object", "language", "graph").collect()


def _statements(maker: _Maker) -> pl.DataFrame:
    table = maker.nodes(KG.Statement, "statement").join(maker.of_statements, on="statement")
    columns = {"_domain": KG.domain, "_stage": KG.stage}
    table = maker.with_one(
        table, "statement", text=SKOS.definition, position=KG.position, **columns
    )
    table = maker.with_one(table, "_domain", domain=SKOS.prefLabel)
    table = maker.with_one(table, "_stage", stage=SKOS.prefLabel)
    cited = maker.pairs(KG.cites, "statement", "sources").with_columns(maker.key("sources"))
    supported = maker.pairs(KG.supports, "statement", "_task")
    supported = maker.with_one(supported, "_task", task_ids=KG.taskId).with_columns(
        # A task that only a page words has no ID; the end of its IRI stands for one.
        pl.col("task_ids").fill_null(pl.col("_task").str.extract("([^/]*)$"))
    )
    for name, found in (("sources", cited), ("task_ids", supported)):
        lists = found.group_by("statement").agg(pl.col(name).unique().sort())
        empty = pl.lit([], dtype=_LIST)
        table = table.join(lists, on="statement", how="left")
        table = table.with_columns(pl.col(name).fill_null(empty))
    return table


def _citations(maker: _Maker) -> pl.DataFrame:
    table = maker.pairs(KG.cites, "statement", "_source")
    table = table.join(maker.of_statements, on="statement")
    table = maker.with_one(table, "_source", title=DCT.title, version=PAV.version)
    return table.with_columns(source=maker.key("_source"))


def _tasks(maker: _Maker) -> pl.DataFrame:
    table = maker.nodes(KG.Task, "task")
    anchors = maker.pairs(KG.groundedIn, "_section", "task")
    pages = maker.with_one(anchors, "_section", _document=DCT.isPartOf)
    pages = maker.with_one(pages, "_document", _occupation=SCHEMA.about)
    has = maker.pairs(ONET.hasTask, "_occupation", "task")
    of = pl.concat([has, pages.select("_occupation", "task").drop_nulls()]).unique()
    supports = maker.pairs(KG.supports, "_statement", "task")
    count = supports.group_by("task").agg(statements=pl.col("_statement").n_unique())
    table = table.join(of, on="task", how="left").join(count, on="task", how="left")
    table = maker.with_one(table, "task", task_id=KG.taskId, text=ONET.task, type=KG.taskType)
    anchored = pages.select("_occupation", "task", anchor=True).unique()
    table = table.join(anchored, on=["_occupation", "task"], how="left")
    table = table.with_columns(pl.col("anchor").fill_null(False), pl.col("statements").fill_null(0))
    return maker.with_occupation(table, "_occupation")


def _links(maker: _Maker) -> pl.DataFrame:
    table = maker.nodes(KG.Link, "link")
    table = maker.with_one(
        table,
        "link",
        statement=OWL.annotatedSource,
        _property=OWL.annotatedProperty,
        task=OWL.annotatedTarget,
        confidence=SSSOM.confidence,
        justification=SSSOM.mapping_justification,
        negated=SSSOM.predicate_modifier,
    )
    graphs = maker.wanted.filter(predicate=RDF.type, object=KG.Link)
    graphs = graphs.group_by("subject").agg(_graph=pl.col("graph").min())
    table = table.join(graphs, left_on="link", right_on="subject", how="left")
    table = maker.with_one(
        table,
        "_graph",
        tool=SSSOM.mapping_tool,
        tool_version=SSSOM.mapping_tool_version,
        threshold=KG.threshold,
    )
    table = table.join(maker.of_statements, on="statement", how="left")
    table = maker.with_one(table, "task", task_id=KG.taskId, text=ONET.task)
    said = maker.wanted.select(
        statement="subject", _property="predicate", task="object", asserted=True
    )
    table = table.join(said.unique(), on=["statement", "_property", "task"], how="left")
    return table.with_columns(
        pl.col("asserted").fill_null(False),
        pl.col("_property").map_elements(compact, pl.String).alias("property"),
        pl.col("justification").map_elements(compact, pl.String),
        pl.col("negated").str.to_lowercase().eq("not").fill_null(False),
    )


def _figures(maker: _Maker) -> pl.DataFrame:
    table = _evidence(maker, KG.Figure, "figure")
    table = maker.with_one(table, "figure", value=KG.value, _unit=KG.unit)
    return maker.with_one(table, "_unit", unit=SKOS.prefLabel)


def _classifications(maker: _Maker) -> pl.DataFrame:
    table = _evidence(maker, KG.Classification, "classification")
    table = maker.with_one(table, "classification", _category=KG.category)
    return maker.with_one(table, "_category", category=SKOS.prefLabel, category_code=SKOS.notation)


def _evidence(maker: _Maker, kind: str, node: str) -> pl.DataFrame:
    table = maker.with_one(
        maker.nodes(kind, node), node, about=SCHEMA.about, _metric=KG.metric, _source=DCT.source
    )
    table = maker.with_one(table, "_metric", metric=SKOS.prefLabel)
    table = table.with_columns(source=maker.key("_source"))
    return maker.with_place(maker.with_occupation(table, "about"), node)


def _sources(maker: _Maker) -> pl.DataFrame:
    table = maker.with_one(
        maker.nodes(KG.Source, "iri"),
        "iri",
        title=DCT.title,
        version=PAV.version,
        issued=DCT.issued,
        publisher=DCT.publisher,
        license=DCT.license,
        rights=DCT.rights,
        version_unknown=KG.versionUnknown,
        rights_unknown=KG.rightsUnknown,
        page=FOAF.page,
        citation=DCT.bibliographicCitation,
    )
    cited = maker.pairs(KG.cites, "_statement", "iri")
    count = cited.group_by("iri").agg(statements=pl.col("_statement").n_unique())
    return table.join(count, on="iri", how="left").with_columns(
        pl.col("statements").fill_null(0),
        (pl.col("version_unknown", "rights_unknown") == "true").fill_null(False),
        source=maker.key("iri"),
    )


_MAKERS: dict[str, Callable[[_Maker], pl.DataFrame]] = {
    "statements": _statements,
    "citations": _citations,
    "tasks": _tasks,
    "links": _links,
    "figures": _figures,
    "classifications": _classifications,
    "sources": _sources,
}
_SORTED = {
    "statements": ["occupation_code", "file", "line", "statement"],
    "citations": ["occupation_code", "file", "line", "statement", "source"],
    "tasks": ["occupation_code", "task_id", "task"],
    "links": ["occupation_code", "statement", "confidence", "task", "link"],
    "figures": ["occupation_code", "file", "line", "figure"],
    "classifications": ["occupation_code", "file", "line", "classification"],
    "sources": ["source", "iri"],
}
