"""An O*NET release: what pages look up in it, and its quads in the order they are published in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from kg import quads
from kg.mapping.catalog import LICENCE
from kg.mapping.iris import Iris, text_key
from kg.mapping.tables import MappedTable, map_tables
from kg.model import Quad, SourceRef
from kg.namespaces import DCT, KG, PAV, RDF, XSD, concept
from kg.readers.onet import OnetRelease, load_entries

__all__ = ["MappedRelease", "ReleaseIndex", "index_release", "map_release"]

_CODE, _TASK, _ELEMENT = "O*NET-SOC Code", "Task ID", "Element ID"
_DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class ReleaseIndex:
    """What the mapping of a page needs of a release; texts are keyed as `text_key` folds them."""

    version: str
    codes: Mapping[str, str] = field(default_factory=dict)
    job_zones: Mapping[str, int] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MappedRelease:
    """A release ready to give the quads of its graph; `tables` say what each table gives."""

    graph: str
    document: tuple[Quad, ...]
    tables: tuple[MappedTable, ...]

    def chunks(self, kinds: Collection[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield its quads as quad tables, unique and sorted over all of them.

        `kinds` are those of the subjects that are wanted: `task`, `occupation` and so on.
        """
        known = {_DOCUMENT, *(kind for table in self.tables for kind in table.kinds)}
        for kind in sorted(known if kinds is None else known & set(kinds), key=lambda k: f"{k}/"):
            yield from quads.sorted_chunks(self._of_kind(kind))

    def _of_kind(self, kind: str) -> pl.DataFrame:
        if kind == _DOCUMENT:
            return quads.from_rows(self.document)
        return quads.concat(
            frame.to_native() for table in self.tables for frame in table.select(kind, self.graph)
        )


def index_release(release: OnetRelease) -> ReleaseIndex:
    """Return titles to codes, codes to job zones and task texts, and element names to IDs."""
    tables = release.tables
    occupations, tasks = tables["Occupation Data"], tables["Task Statements"]
    by_code: dict[str, dict[str, str]] = {}
    for code, text, task_id in tasks.select(_CODE, "Task", _TASK).drop_nulls().iter_rows():
        by_code.setdefault(code, {}).setdefault(text_key(text), task_id)
    elements: dict[str, str] = {}
    if (model := tables.get("Content Model Reference")) is not None:
        # A few names are those of a skill and of an area of knowledge; pages speak of skills.
        rows = sorted(
            model.select("Element Name", _ELEMENT).drop_nulls().iter_rows(),
            key=lambda r: (not r[1].startswith(("2.A", "2.B")), r[1]),
        )
        for name, element in rows:
            elements.setdefault(text_key(name), element)
    zones = tables.get("Job Zones", pl.DataFrame(schema=[_CODE, "Job Zone"]))
    titles = occupations.select(_CODE, "Title").drop_nulls()
    return ReleaseIndex(
        version=release.version,
        codes={text_key(title): code for code, title in titles.iter_rows()},
        job_zones={c: int(z) for c, z in zones.select(_CODE, "Job Zone").drop_nulls().iter_rows()},
        tasks=by_code,
        elements=elements,
    )


def map_release(release: OnetRelease, source: SourceRef, iris: Iris) -> MappedRelease:
    """Return a release ready to give its quads, in its own graph."""
    graph = iris.graph(f"onet/{release.version}")
    tables = map_tables(release.tables, load_entries(), iris.base, release.version)
    rows = tuple(_document(release, source, iris, graph))
    return MappedRelease(graph, rows, tuple(tables))


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
