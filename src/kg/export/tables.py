"""Tidy tables: what a graph says of statements, citations, tasks, links, evidence and sources.

Which rows and relations a table has is decided by what is exported; the names in its cells (of
occupations, stages, sources) come from the whole graph. `docs/tables.md` explains every column.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from kg.export.columns import LIST, SORTED, TABLES
from kg.export.facts import Facts
from kg.export.selection import Selection
from kg.link_nodes import confidence_number, is_negated
from kg.namespaces import (
    DCT,
    FOAF,
    KG,
    ONET,
    OWL,
    PAV,
    RDF,
    SCHEMA,
    SKOS,
    SSSOM,
    compact,
)

__all__ = ["TABLES", "make_tables"]


def make_tables(selection: Selection) -> dict[str, pl.DataFrame]:
    """Return the tables by name, each with the columns and types of `TABLES`, sorted."""
    facts = Facts(selection)
    tables = {}
    for name, make in _MAKERS.items():
        schema, keys = TABLES[name], SORTED[name]
        types = {**schema, "line": pl.Int64()}
        made = make(facts)
        typed = made.with_columns(
            pl.col(c).cast(types[c], strict=False) for c in made.columns if c in types
        )
        rows = typed.sort(
            [key.lstrip("-") for key in keys],
            descending=[key.startswith("-") for key in keys],
            nulls_last=True,
        )
        tables[name] = rows.select(schema.names())
    return tables


def _statements(facts: Facts) -> pl.DataFrame:
    table = facts.nodes(KG.Statement, "statement").join(facts.of_statements, on="statement")
    columns = {"_domain": KG.domain, "_stage": KG.stage}
    table = facts.with_one(
        table, "statement", text=SKOS.definition, position=KG.position, **columns
    )
    table = facts.with_one(table, "_domain", domain=SKOS.prefLabel)
    table = facts.with_one(table, "_stage", stage=SKOS.prefLabel)
    cited = facts.pairs(KG.cites, "statement", "sources").with_columns(facts.key("sources"))
    supported = facts.pairs(KG.supports, "statement", "_task")
    supported = facts.with_one(supported, "_task", task_ids=KG.taskId).with_columns(
        # A task that only a page words has no ID; the end of its IRI stands for one.
        pl.col("task_ids").fill_null(pl.col("_task").str.extract("([^/]*)$"))
    )
    for name, found in (("sources", cited), ("task_ids", supported)):
        lists = found.group_by("statement").agg(pl.col(name).unique().sort())
        empty = pl.lit([], dtype=LIST)
        table = table.join(lists, on="statement", how="left")
        table = table.with_columns(pl.col(name).fill_null(empty))
    return table


def _citations(facts: Facts) -> pl.DataFrame:
    table = facts.pairs(KG.cites, "statement", "_source")
    table = table.join(facts.of_statements, on="statement")
    table = facts.with_one(table, "_source", title=DCT.title, version=PAV.version)
    return table.with_columns(source=facts.key("_source"))


def _tasks(facts: Facts) -> pl.DataFrame:
    table = facts.nodes(KG.Task, "task")
    anchors = facts.pairs(KG.groundedIn, "_section", "task")
    pages = facts.with_one(anchors, "_section", _document=DCT.isPartOf)
    pages = facts.with_one(pages, "_document", _occupation=SCHEMA.about)
    has = facts.pairs(ONET.hasTask, "_occupation", "task")
    of = pl.concat([has, pages.select("_occupation", "task").drop_nulls()]).unique()
    supports = facts.pairs(KG.supports, "_statement", "task")
    count = supports.group_by("task").agg(statements=pl.col("_statement").n_unique())
    table = table.join(of, on="task", how="left").join(count, on="task", how="left")
    table = facts.with_one(table, "task", task_id=KG.taskId, text=ONET.task, type=KG.taskType)
    anchored = pages.select("_occupation", "task", anchor=True).unique()
    table = table.join(anchored, on=["_occupation", "task"], how="left")
    table = table.with_columns(pl.col("anchor").fill_null(False), pl.col("statements").fill_null(0))
    return facts.with_occupation(table, "_occupation")


def _links(facts: Facts) -> pl.DataFrame:
    table = facts.nodes(KG.Link, "link")
    table = facts.with_one(
        table,
        "link",
        statement=OWL.annotatedSource,
        _property=OWL.annotatedProperty,
        task=OWL.annotatedTarget,
        confidence=SSSOM.confidence,
        justification=SSSOM.mapping_justification,
        negated=SSSOM.predicate_modifier,
    )
    graphs = facts.wanted.filter(predicate=RDF.type, object=KG.Link)
    graphs = graphs.group_by("subject").agg(_graph=pl.col("graph").min())
    table = table.join(graphs, left_on="link", right_on="subject", how="left")
    table = facts.with_one(
        table,
        "_graph",
        tool=SSSOM.mapping_tool,
        tool_version=SSSOM.mapping_tool_version,
        threshold=KG.threshold,
    )
    # Links of others, such as those of a crosswalk, are `--format sssom`.
    table = table.join(facts.of_statements, on="statement", how="inner")
    table = facts.with_one(table, "task", task_id=KG.taskId, text=ONET.task)
    said = facts.wanted.select(
        statement="subject", _property="predicate", task="object", asserted=True
    )
    table = table.join(said.unique(), on=["statement", "_property", "task"], how="left")
    return table.with_columns(
        pl.col("asserted").fill_null(False),
        pl.col("_property").map_elements(compact, pl.String).alias("property"),
        pl.col("justification").map_elements(compact, pl.String),
        confidence=confidence_number("confidence"),
        negated=is_negated("negated"),
    )


def _figures(facts: Facts) -> pl.DataFrame:
    table = _evidence(facts, KG.Figure, "figure")
    table = facts.with_one(table, "figure", value=KG.value, _unit=KG.unit)
    return facts.with_one(table, "_unit", unit=SKOS.prefLabel)


def _classifications(facts: Facts) -> pl.DataFrame:
    table = _evidence(facts, KG.Classification, "classification")
    table = facts.with_one(table, "classification", _category=KG.category)
    return facts.with_one(table, "_category", category=SKOS.prefLabel, category_code=SKOS.notation)


def _evidence(facts: Facts, kind: str, node: str) -> pl.DataFrame:
    table = facts.with_one(
        facts.nodes(kind, node), node, about=SCHEMA.about, _metric=KG.metric, _source=DCT.source
    )
    table = facts.with_one(table, "_metric", metric=SKOS.prefLabel)
    table = table.with_columns(source=facts.key("_source"))
    return facts.with_place(facts.with_occupation(table, "about"), node)


def _sources(facts: Facts) -> pl.DataFrame:
    table = facts.with_one(
        facts.nodes(KG.Source, "iri"),
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
    cited = facts.pairs(KG.cites, "_statement", "iri")
    count = cited.group_by("iri").agg(statements=pl.col("_statement").n_unique())
    return table.join(count, on="iri", how="left").with_columns(
        pl.col("statements").fill_null(0),
        (pl.col("version_unknown", "rights_unknown") == "true").fill_null(False),
        source=facts.key("iri"),
    )


_MAKERS: dict[str, Callable[[Facts], pl.DataFrame]] = {
    "statements": _statements,
    "citations": _citations,
    "tasks": _tasks,
    "links": _links,
    "figures": _figures,
    "classifications": _classifications,
    "sources": _sources,
}
