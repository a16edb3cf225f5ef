"""Figures of the Anthropic Economic Index: about tasks, codes, or the release itself.

One row is one figure, so that what the figures of a table add up to is what its file adds up to. A
figure about a text that several tasks share is about all of them, once. What matches no task is a
figure about its text; nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl

from kg import quads
from kg.mapping.catalog import GraphEntry
from kg.mapping.columns import Columns
from kg.mapping.contribution import Contribution, Known
from kg.mapping.iris import Iris, Unique, digest, slug, step, text_key
from kg.model import Finding, Quad, Source, SourceRef
from kg.namespaces import DCT, KG, PAV, PROV, RDF, SCHEMA, SKOS, XSD, concept
from kg.readers.aei import IndexFile, IndexKind

__all__ = ["INTERACTIONS", "map_index", "soc_graph"]

#: The types of interaction that the scheme `interaction-type` has, by their slugs.
INTERACTIONS = frozenset(
    ("directive", "feedback-loop", "learning", "none", "task-iteration", "validation")
)
_PLACES = 18
#: The text that stands for conversations of no task.
NO_TASK = "none"


@dataclass(frozen=True, slots=True)
class _Measure:
    metric: str
    unit: str
    what: str


_MEASURES: dict[IndexKind, _Measure] = {
    "usage": _Measure("usage-share", "percent", "task texts"),
    "interaction": _Measure("interaction-share", "percent", "types of interaction"),
    "penetration": _Measure("task-penetration", "one", "task texts"),
    "exposure": _Measure("observed-exposure", "one", "codes"),
}


def soc_graph(iris: Iris) -> str:
    """Return the graph of the SOC groups, which releases of the index share."""
    return iris.graph("soc")


def map_index(
    files: Sequence[IndexFile],
    known: Known,
    source: Source,
    iris: Iris,
) -> Contribution:
    """Return what the tables of one release of the index contribute; all of one release.

    `source` is the catalogue's entry of the index; `known` what of an O*NET release is looked up.
    """
    release = files[0].release
    ref = SourceRef(source.key, None if release == source.version else release)
    graph = iris.graph(f"aei/{step(release)}")
    tables = [_MappedFile(file, known, iris.source(ref), graph, iris) for file in files]
    cite = (source.cite or source.title).replace("{version}", release)
    documents = [table.document for table in tables]
    document = documents[0] if len(documents) == 1 else None
    # What the catalogue says of one document, the graph says of several.
    several = [
        quads.iri(graph, PROV.wasDerivedFrom, node, graph)
        for node in documents
        if len(documents) > 1
    ]
    entry = GraphEntry(
        graph,
        0,
        document=document,
        licence=source.licence,
        rights=source.rights,
        attribution=cite,
    )
    groups = soc_graph(iris)
    shared = {groups: quads.concat(t.groups() for t in tables)}
    return Contribution(
        "index",
        f"aei/{release}",
        tuple(file.stated for file in files),
        {graph: lambda: [quads.from_rows(several), *(q for t in tables for q in t.quads())]},
        {graph: entry, groups: replace(entry, graph=groups, document=None)},
        shared=shared,
        sources={ref: files[0].issued},
        findings=tuple(f for mapped in tables for f in mapped.findings()),
        counts={f"aei/{release}/{m.file.stem}": m.counts() for m in tables},
    )


class _MappedFile:
    """One table with the nodes of its rows."""

    def __init__(self, file: IndexFile, known: Known, source: str, graph: str, iris: Iris) -> None:
        self.file, self.known, self.iris, self.graph = file, known, iris, graph
        self.source = source
        self.measure = _MEASURES[file.kind]
        self.document = f"{iris.base}document/aei/{step(file.release)}/{step(file.stem)}"
        unique = Unique()
        rows = list(file.rows.select("about", "line").iter_rows())
        prefix = f"{iris.base}figure/aei/{step(file.release)}/{self.measure.metric}/"
        tasks = [self._tasks(about) for about, _ in rows]
        self.matches = [len(ids) for ids in tasks]
        self.table = file.rows.with_columns(
            pl.Series("value", [_storable(v) for v in file.rows["value"]], dtype=pl.String),
            pl.Series("figure", [unique(prefix + self._key(about)) for about, _ in rows]),
            pl.Series("tasks", tasks, dtype=pl.List(pl.String)),
            pl.Series("node", [self._node(about) for about, _ in rows], dtype=pl.String),
        )

    def _key(self, about: str) -> str:
        if self.file.kind == "exposure":
            return about
        return slug(about) if self.file.kind == "interaction" or about == NO_TASK else digest(about)

    def _tasks(self, about: str) -> list[str]:
        if not self._has_texts:
            return []
        ids = self.known.tasks.get(text_key(about), ())
        return [self.iris.task(task_id) for task_id in ids]

    def _node(self, about: str) -> str | None:
        """Return what a row is about, if that is no task."""
        if self.file.kind == "exposure":
            return self.iris.soc_group(about)
        is_whole = self.file.kind == "interaction" or self._is_of_none(about)
        return self.source if is_whole else None

    def _is_of_none(self, about: str) -> bool:
        return self.file.kind == "usage" and about.strip().lower() == NO_TASK

    @property
    def _has_texts(self) -> bool:
        return self.file.kind in ("usage", "penetration")

    def quads(self) -> Iterator[pl.DataFrame]:
        """Yield what is said of every figure, and of the document."""
        yield quads.from_rows(self._document())
        figures = Columns(self.table, "figure", self.graph)
        yield figures.same(RDF.type, KG.Figure)
        yield figures.same(KG.metric, concept("metric", self.measure.metric))
        yield figures.same(KG.unit, concept("unit", self.measure.unit))
        yield figures.same(DCT.source, self.source)
        yield figures.same(PROV.wasDerivedFrom, self.document)
        yield figures.literal(KG.value, "value", XSD.decimal)
        yield figures.literal(KG.line, "line", XSD.integer)
        yield figures.node(SCHEMA.about, "node")
        yield figures.exploded("tasks").node(SCHEMA.about, "tasks")
        if self._has_texts:
            yield figures.text(KG.taskText, "about")
        if self.file.kind == "interaction":
            yield from self._types(figures)

    def _types(self, figures: Columns) -> Iterator[pl.DataFrame]:
        types = {about: slug(about) for about in self.table["about"].unique()}
        nodes = {a: self._type(name) for a, name in types.items()}
        yield figures.node(KG.interactionType, pl.col("about").replace_strict(nodes))
        new = sorted((nodes[a], a) for a, name in types.items() if name not in INTERACTIONS)
        yield quads.from_rows(
            row
            for node, label in new
            for row in (
                quads.iri(node, RDF.type, SKOS.Concept, self.graph),
                quads.text(node, SKOS.prefLabel, label, self.graph),
            )
        )

    def _type(self, name: str) -> str:
        shipped = name in INTERACTIONS
        return (
            concept("interaction-type", name)
            if shipped
            else self.iris.term("interaction-type", name)
        )

    def _document(self) -> Iterator[Quad]:
        node, graph = self.document, self.graph
        yield quads.iri(node, RDF.type, KG.Document, graph)
        yield quads.iri(node, DCT.type, concept("document-kind", "index"), graph)
        yield quads.literal(node, KG.fileName, self.file.document.file_name, graph)
        yield quads.literal(node, KG.sha256, self.file.document.sha256, graph)
        yield quads.literal(node, PAV.version, self.file.release, graph)
        yield quads.iri(node, DCT.source, self.source, graph)

    def groups(self) -> pl.DataFrame:
        """Return the SOC groups that figures are about, with the occupations below them."""
        if self.file.kind != "exposure":
            return quads.concat([])
        graph = soc_graph(self.iris)
        groups = Columns(self.table, "node", graph)
        codes = sorted(self.known.codes)
        members = pl.DataFrame(
            {
                "member": [self.iris.occupation(code) for code in codes],
                "group": [code.partition(".")[0] for code in codes],
            },
            schema={"member": pl.String, "group": pl.String},
        ).filter(pl.col("group").is_in(self.table["about"].implode()))
        below = Columns(members, "member", graph)
        return quads.concat(
            [
                groups.same(RDF.type, KG.SocGroup),
                groups.literal(SKOS.notation, "about"),
                groups.text(SKOS.prefLabel, "title"),
                below.node(KG.socGroup, pl.lit(self.iris.soc_prefix) + pl.col("group")),
            ]
        )

    def members(self) -> Counter[str]:
        """Return how many occupations each group of the table has."""
        codes = set(self.table["about"])
        return Counter(g for c in self.known.codes if (g := c.partition(".")[0]) in codes)

    def findings(self) -> Iterator[Finding]:
        """Yield what did not match, and what was found twice."""
        file, what = self.file.document.file_name, self.measure.what
        if self.known.version is None:
            if self.file.kind != "interaction":
                yield Finding("info", f"no O*NET release was given: {what} not looked up", file)
            return
        counts = self.counts()["matched"]
        if unmatched := counts.get("none", 0):
            message = f"{what} of no task of {self.known.name}: {unmatched:,} of {self._rows:,}"
            if self.file.kind == "exposure":
                message = f"codes above no occupation of {self.known.name}: {unmatched:,}"
            yield Finding("info", message, file)
        if self._has_texts and (several := counts.get("several", 0)):
            yield Finding("info", f"{what} that several tasks share: {several:,}", file)
        keys = Counter(map(text_key, self.table["about"]))
        if repeated := sum(count - 1 for count in keys.values()):
            yield Finding("info", f"rows that repeat the text of another: {repeated:,}", file)

    @property
    def _rows(self) -> int:
        return self.table.height

    def counts(self) -> dict[str, Any]:
        """Return what became of the rows: `matched` by how many tasks or occupations they have."""
        if self.file.kind == "exposure":
            members = self.members()
            found = [members[code] for code in self.table["about"]]
            matched = _counted(found)
        elif self._has_texts:
            whole = sum(map(self._is_of_none, self.table["about"]))
            matched = _counted(self.matches)
            matched["none"] -= whole
            matched["release"] = whole
        else:
            matched = Counter(release=self._rows)
        return {
            "read": self._rows,
            "mapped": self._rows,
            "left_out": {},
            "unread": None,
            "nodes": self._rows,
            "quads": sum(table.height for table in self.quads()),
            "matched": {name: count for name, count in sorted(matched.items()) if count},
        }


def _storable(value: str) -> str:
    """Return a number with at most 18 digits after its point: stores compute with no more."""
    if len(value.partition(".")[2]) <= _PLACES:
        return value
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-_PLACES)):f}"


def _counted(found: Sequence[int]) -> Counter[str]:
    return Counter("none" if n == 0 else "one" if n == 1 else "several" for n in found)
