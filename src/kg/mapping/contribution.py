"""What an input beside pages and releases contributes to a build: quads, and what is said of them.

A contribution is a plain value of its inputs and of what it looked up in others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import polars as pl

from kg import quads
from kg.mapping.catalog import GraphEntry
from kg.mapping.iris import text_key
from kg.model import Document, Finding, Quad, Source, SourceRef
from kg.namespaces import DCT, KG, ONET, RDF, SKOS, concept

__all__ = [
    "Contribution",
    "ContributionKind",
    "Known",
    "Sharing",
    "counted",
    "document_rows",
    "entry_of",
    "known_of",
    "merge_shared",
]

ContributionKind = Literal["index", "esco", "crosswalk", "history", "mappings"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """The graphs of an input, and what goes into graphs that several inputs share.

    `documents` have the names by which they are found again: with a folder where that counts.
    `graphs` has the quad table of each graph that is its own, as it comes; `shared` that of others.
    `entries` are what the catalogue says of them all, with counts of 0. `sources` are those that it
    mentions, with the date that an input states; `counts` what became of the rows of its tables, in
    the words of a release's.
    """

    kind: ContributionKind
    name: str
    documents: tuple[Document, ...]
    graphs: Mapping[str, Callable[[], Iterable[pl.DataFrame]]]
    entries: Mapping[str, GraphEntry]
    shared: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    sources: Mapping[SourceRef, str | None] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def chunks(self, graph: str) -> Iterator[pl.DataFrame]:
        """Yield the quads of one of its graphs, unique and sorted over all of them."""
        yield from quads.sorted_chunks(quads.concat(self.graphs[graph]()))


@dataclass(frozen=True, slots=True)
class Known:
    """What inputs look up in the release of a build: its codes, and its tasks by their texts.

    A text, folded as `text_key` folds it, may be that of several tasks. Without a release there
    are none, and no version.
    """

    version: str | None = None
    codes: frozenset[str] = frozenset()
    tasks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The release as findings name it."""
        return f"O*NET {self.version}"


def known_of(version: str, codes: Iterable[str], tasks: pl.DataFrame) -> Known:
    """Return what is looked up in a release; `tasks` are the quads of its tasks."""
    ids = tasks.filter(pl.col("predicate") == KG.taskId).select("subject", task_id="object")
    texts = tasks.filter(pl.col("predicate") == ONET.task).select("subject", text="object")
    found: dict[str, dict[str, None]] = {}
    for text, task_id in texts.join(ids, on="subject").select("text", "task_id").iter_rows():
        found.setdefault(text_key(text), {})[task_id] = None
    by_text = {key: tuple(sorted(of)) for key, of in found.items()}
    return Known(version, frozenset(codes), by_text)


class Sharing(Protocol):
    """What puts quads into graphs that others put some into too."""

    @property
    def shared(self) -> Mapping[str, pl.DataFrame]:
        """The quads by graph."""

    @property
    def entries(self) -> Mapping[str, GraphEntry]:
        """What the catalogue says of each graph."""


def merge_shared(
    contributions: Iterable[Sharing],
) -> dict[str, tuple[pl.DataFrame, GraphEntry]]:
    """Return the graphs that contributions share, each with what the catalogue says of it.

    A node that they label differently keeps the first label in order. A triple that is asserted in
    one of these graphs is not inferred in another: graphs come by kind, asserted ones first.
    """
    tables: dict[str, list[pl.DataFrame]] = {}
    entries: dict[str, GraphEntry] = {}
    for contribution in contributions:
        for graph, table in contribution.shared.items():
            if not table.height:
                continue
            tables.setdefault(graph, []).append(table)
            entry = contribution.entries[graph]
            entries[graph] = _joined(entries.get(graph), entry)
    merged: dict[str, tuple[pl.DataFrame, GraphEntry]] = {}
    taken = quads.concat([])
    for graph in sorted(tables, key=lambda graph: (entries[graph].kind, graph)):
        table = _one_label(quads.unique_sorted(quads.concat(tables[graph])))
        table = quads.without(table, taken.lazy())
        if table.height:
            taken = quads.concat([taken, table])
            merged[graph] = table, entries[graph]
    return merged


def _one_label(table: pl.DataFrame) -> pl.DataFrame:
    is_label = pl.col("predicate") == SKOS.prefLabel
    is_first = pl.struct("subject", "language", is_label).is_first_distinct()
    return table.filter(~is_label | is_first)


def _joined(before: GraphEntry | None, entry: GraphEntry) -> GraphEntry:
    if before is None or before == entry:
        return entry

    def both(one: str | None, other: str | None) -> str | None:
        parts = [*(one or "").split("; "), *(other or "").split("; ")]
        return "; ".join(dict.fromkeys(filter(None, parts))) or None

    if before.licence == entry.licence:
        licence, rights = before.licence, both(before.rights, entry.rights)
    else:  # of several, none is that of all: they become words
        ours = both(before.licence, before.rights)
        licence, rights = None, both(ours, both(entry.licence, entry.rights))
    return replace(
        before,
        licence=licence,
        rights=rights,
        attribution=both(before.attribution, entry.attribution),
    )


def document_rows(
    node: str, kind: str, document: Document, source: str, graph: str
) -> Iterator[Quad]:
    """Yield what describes a document of a kind: its file, its digest, and where it comes from."""
    yield quads.iri(node, RDF.type, KG.Document, graph)
    yield quads.iri(node, DCT.type, concept("document-kind", kind), graph)
    yield quads.literal(node, KG.fileName, document.file_name, graph)
    yield quads.literal(node, KG.sha256, document.sha256, graph)
    yield quads.iri(node, DCT.source, source, graph)


def entry_of(graph: str, document: str, source: Source) -> GraphEntry:
    """Return what the catalogue says of a graph of one source, with a count of 0."""
    cite = (source.cite or source.title).replace("{version}", source.version or "")
    return GraphEntry(
        graph,
        0,
        document=document,
        licence=source.licence,
        rights=source.rights,
        attribution=cite,
    )


def counted(
    read: int, mapped: int, left_out: Mapping[str, int], nodes: int, number: int
) -> dict[str, object]:
    """Return what became of the rows of a table, in the words of a release's; `number` of quads."""
    return {
        "read": read,
        "mapped": mapped,
        "left_out": dict(left_out),
        "unread": None,
        "nodes": nodes,
        "quads": number,
    }
