"""An O*NET release: its tables to quads, and what pages look up in it.

Graph-shaped work on tables is written against narwhals, so that it runs on any of its engines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from kg import quads
from kg.mapping.catalog import LICENCE
from kg.mapping.iris import Iris, text_key
from kg.model import Quad, SourceRef
from kg.namespaces import DCT, KG, ONET, PAV, RDF, SKOS, XSD, concept
from kg.readers.onet import OnetRelease

__all__ = ["ReleaseIndex", "index_release", "map_release"]

#: How O*NET's tables write a value that is not there.
MISSING = ("n/a", "")
_CODE, _TASK, _ELEMENT = "O*NET-SOC Code", "Task ID", "Element ID"


@dataclass(frozen=True, slots=True)
class ReleaseIndex:
    """What the mapping of a page needs of a release; texts are keyed as `text_key` folds them."""

    version: str
    codes: Mapping[str, str] = field(default_factory=dict)
    job_zones: Mapping[str, int] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)


def index_release(release: OnetRelease) -> ReleaseIndex:
    """Return titles to codes, codes to job zones and task texts, and element names to IDs."""
    tables = release.tables
    occupations, tasks = tables["Occupation Data"], tables["Task Statements"]
    by_code: dict[str, dict[str, str]] = {}
    for code, text, task_id in tasks.select(_CODE, "Task", _TASK).iter_rows():
        by_code.setdefault(code, {}).setdefault(text_key(text), task_id)
    elements: dict[str, str] = {}
    if (model := tables.get("Content Model Reference")) is not None:
        # A few names are those of a skill and of an area of knowledge; pages speak of skills.
        rows = sorted(
            model.select("Element Name", _ELEMENT).iter_rows(),
            key=lambda r: (not r[1].startswith(("2.A", "2.B")), r[1]),
        )
        for name, element in rows:
            elements.setdefault(text_key(name), element)
    zones = tables.get("Job Zones")
    return ReleaseIndex(
        version=release.version,
        codes={text_key(t): c for c, t in occupations.select(_CODE, "Title").iter_rows()},
        job_zones={}
        if zones is None
        else {c: int(z) for c, z in zones.select(_CODE, "Job Zone").iter_rows() if z.isdecimal()},
        tasks=by_code,
        elements=elements,
    )


def map_release(release: OnetRelease, source: SourceRef, iris: Iris) -> pl.DataFrame:
    """Return a release as a quad table in its own graph."""
    graph = iris.graph(f"onet/{release.version}")
    parts: list[nw.DataFrame[pl.DataFrame]] = []
    for name, mapping in _MAPPINGS.items():
        if name in release.tables:
            parts += mapping(nw.from_native(release.tables[name], eager_only=True), iris)
    rows = nw.concat(parts).with_columns(graph=nw.lit(graph)).select(*quads.COLUMNS).to_native()
    document = quads.from_rows(_document(release, source, iris, graph))
    return quads.concat([document, rows.cast(dict(quads.SCHEMA))])


def _document(release: OnetRelease, source: SourceRef, iris: Iris, graph: str) -> Iterator[Quad]:
    document = iris.release_document(release.version)
    title = f"O*NET {release.version} Database"
    yield quads.iri(document, RDF.type, KG.Document, graph)
    yield quads.iri(document, DCT.type, concept("document-kind", "onet-release"), graph)
    yield quads.text(document, DCT.title, title, graph)
    yield quads.literal(document, PAV.version, release.version, graph)
    if release.issued:
        yield quads.literal(document, DCT.issued, release.issued, graph, XSD.gYearMonth)
    yield quads.literal(document, KG.fileName, release.document.file_name, graph)
    yield quads.literal(document, KG.sha256, release.document.sha256, graph)
    yield quads.iri(document, DCT.source, iris.source(source), graph)
    yield quads.iri(document, DCT.license, LICENCE, graph)


def _occupations(table: nw.DataFrame[pl.DataFrame], iris: Iris) -> list[nw.DataFrame[pl.DataFrame]]:
    node = _node(iris.occupation_prefix, _CODE)
    return [
        _iris(table, node, RDF.type, nw.lit(KG.Occupation)),
        _iris(table, node, RDF.type, nw.lit(ONET.Occupation)),
        _literals(table, node, SKOS.notation, _CODE),
        _literals(table, node, ONET.onetSOCCode, _CODE),
        _literals(table, node, SKOS.prefLabel, "Title", language="en"),
        _literals(table, node, ONET.title, "Title", language="en"),
        _literals(table, node, ONET.description, "Description", language="en"),
    ]


def _tasks(table: nw.DataFrame[pl.DataFrame], iris: Iris) -> list[nw.DataFrame[pl.DataFrame]]:
    node = _node(iris.task_prefix, _TASK)
    return [
        _iris(table, _node(iris.occupation_prefix, _CODE), ONET.hasTask, node),
        _iris(table, node, RDF.type, nw.lit(KG.Task)),
        _iris(table, node, RDF.type, nw.lit(ONET.Task)),
        _literals(table, node, KG.taskId, _TASK),
        _literals(table, node, ONET.task, "Task", language="en"),
        _literals(table, node, KG.taskType, "Task Type"),
    ]


def _job_zones(table: nw.DataFrame[pl.DataFrame], iris: Iris) -> list[nw.DataFrame[pl.DataFrame]]:
    node = _node(iris.occupation_prefix, _CODE)
    return [_literals(table, node, KG.jobZone, "Job Zone", datatype=XSD.integer)]


def _elements(table: nw.DataFrame[pl.DataFrame], iris: Iris) -> list[nw.DataFrame[pl.DataFrame]]:
    node = _node(iris.element_prefix, _ELEMENT)
    # An ID such as 2.A.1 lies below 2.A, where the table lists that one.
    parents = table.with_columns(parent=nw.col(_ELEMENT).str.replace(r"\.[^.]+$", "")).filter(
        nw.col("parent") != nw.col(_ELEMENT)
    )
    listed = parents.join(table.select(parent=nw.col(_ELEMENT)), on="parent", how="semi")
    return [
        _iris(table, node, RDF.type, nw.lit(KG.Element)),
        _literals(table, node, ONET.elementID, _ELEMENT),
        _literals(table, node, SKOS.notation, _ELEMENT),
        _literals(table, node, ONET.elementName, "Element Name", language="en"),
        _literals(table, node, SKOS.prefLabel, "Element Name", language="en"),
        _literals(table, node, ONET.description, "Description", language="en"),
        _iris(listed, node, SKOS.broader, _node(iris.element_prefix, "parent")),
    ]


_MAPPINGS = {
    "Occupation Data": _occupations,
    "Task Statements": _tasks,
    "Job Zones": _job_zones,
    "Content Model Reference": _elements,
}


def _node(prefix: str, column: str) -> nw.Expr:
    return nw.concat_str(nw.lit(prefix), nw.col(column))


def _iris(
    table: nw.DataFrame[pl.DataFrame], subject: nw.Expr, predicate: str, value: nw.Expr
) -> nw.DataFrame[pl.DataFrame]:
    """Return a quad for each row, without its graph, whose object is an IRI."""
    return table.select(
        subject=subject,
        predicate=nw.lit(predicate),
        object=value,
        kind=nw.lit("iri"),
        datatype=nw.lit(None, dtype=nw.String),
        language=nw.lit(None, dtype=nw.String),
    )


def _literals(
    table: nw.DataFrame[pl.DataFrame],
    subject: nw.Expr,
    predicate: str,
    column: str,
    *,
    datatype: str = XSD.string,
    language: str | None = None,
) -> nw.DataFrame[pl.DataFrame]:
    """Return a quad for each row that has a value in a column, without its graph."""
    return table.filter(~nw.col(column).is_in(MISSING)).select(
        subject=subject,
        predicate=nw.lit(predicate),
        object=nw.col(column),
        kind=nw.lit("literal"),
        datatype=nw.lit(RDF.langString if language else datatype),
        language=nw.lit(language, dtype=nw.String),
    )
