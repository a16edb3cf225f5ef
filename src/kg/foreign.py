"""RDF documents of others in a build: streamed into graphs of their own, joined to ours by codes.

Triples that stand in no graph of the document come into `graph/rdf/<name>`; graphs that it names
keep their names. What is concluded from it is in `graph/links/rdf/<name>`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Protocol

import polars as pl

from kg.errors import InputError
from kg.fingerprints import fingerprint
from kg.mapping.catalog import LICENCE, GraphEntry
from kg.mapping.foreign import Described, map_document, map_matches
from kg.mapping.iris import Iris, slug
from kg.model import Finding, Quad
from kg.readers import Input
from kg.readers.rdf import RdfDocument, read_rdf
from kg.records import Record, digest
from kg.runs import Runs

__all__ = ["ELSEWHERE", "MOST_GRAPHS", "Foreign", "Place", "read_foreign"]

#: Why triples of a document are left out that another graph has.
ELSEWHERE = "which stand in another graph too"
#: The most graphs that a document may name: each becomes a part of its own, and is compared with
#: all before it.
MOST_GRAPHS = 256


class Place(Protocol):
    """What is needed of where a graph is written."""

    @property
    def scratch(self) -> Path:
        """A folder for what is needed only meanwhile."""

    def new(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a sorted table whose triples stand in no graph written so far."""


@dataclass(slots=True)
class Foreign:
    """An RDF document in a build; the counts are known when its graphs have been streamed."""

    read: RdfDocument
    path: str
    name: str
    iris: Iris
    codes: Collection[str]
    described: Described = field(init=False)
    is_streamed: bool = False
    #: How many quads each of its graphs has, and how many were left out, by reason.
    counts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.described = Described(self.codes)

    @property
    def graph(self) -> str:
        """The graph of the triples that stand in none."""
        return self.iris.rdf_graph(self.name)

    @property
    def node(self) -> str:
        """The document."""
        return self.iris.rdf_document(self.name)

    @property
    def graphs(self) -> list[str]:
        """Its graphs that have quads in the build."""
        return sorted(+self.counts)

    @property
    def matches(self) -> list[tuple[str, str]]:
        """The codes of our occupations and the nodes that have them, but for ours."""
        return [(c, n) for c, n in self.described.matches if n != self.iris.occupation(c)]

    def stream(self, place: Place) -> Iterator[tuple[str, Iterator[pl.DataFrame]]]:
        """Yield each graph with its quads, unique and sorted; read the one before going on.

        Raises InputError for what cannot be read, and for names of graphs that cannot be kept.
        """
        self.described, self.is_streamed = Described(self.codes), False
        self.counts, self.left_out = Counter(), Counter()
        runs, names = Runs(place.scratch), set[str]()
        for table in self.read.tables():
            names |= set(table["graph"].unique().drop_nulls())
            self._check(names)
            runs.add(table.with_columns(pl.col("graph").fill_null(self.graph)))
        parts = (
            (part.item(0, "graph"), part)
            for chunk in runs.chunks()
            for part in chunk.partition_by("graph", maintain_order=True)
        )
        for graph, group in groupby(parts, key=itemgetter(0)):
            yield graph, self._kept(graph, (part for _, part in group), place)
        self.described.end()
        self.is_streamed = True

    @property
    def key(self) -> str:
        """A digest of all that it becomes depends on, but for the graphs beside it."""
        document = self.read.document
        return digest(
            document.file_name,
            document.sha256,
            self.name,
            self.iris.base,
            sorted(self.codes),
            fingerprint("rdf"),
        )

    def record(self) -> Record:
        """Return what the next build may take over, when it was streamed."""
        facts = {
            "described": self.described.state,
            "counts": dict(self.counts),
            "left_out": dict(self.left_out),
        }
        return Record("rdf", self.read.document, self.key, tuple(self.graphs), facts=facts)

    def restore(self, record: Record) -> None:
        """Take over what a record says instead of streaming it."""
        self.described = Described.restored(self.codes, record.facts["described"])
        self.counts = Counter(record.facts["counts"])
        self.left_out = Counter(record.facts["left_out"])
        self.is_streamed = True

    def links(self, documents: Collection[str]) -> list[Quad]:
        """Return what joins our occupations to its nodes; `documents` is what else it rests on."""
        graph = self.iris.links_graph(self.graph)
        return map_matches(self.matches, graph, [self.node, *documents], self.iris)

    def description(self, graph: str) -> Iterable[Quad]:
        """Return what the catalogue says of the document."""
        return map_document(self.node, self.read.document, graph)

    def entry(self, graph: str, count: int) -> GraphEntry:
        """Return what the catalogue says of one of its graphs."""
        kind, licence = self.described.licence or ("", None)
        file = self.read.document.file_name
        return GraphEntry(
            graph,
            count,
            document=self.node,
            licence=licence if kind == "iri" else None,
            rights=licence if kind == "literal" else None,
            attribution=file if licence else f"{file}, of which no licence is known",
        )

    def links_entry(self, graph: str, count: int, attribution: str) -> GraphEntry:
        """Return what the catalogue says of the graph of its links."""
        return GraphEntry(graph, count, kind="inferred", licence=LICENCE, attribution=attribution)

    def findings(self) -> Iterator[Finding]:
        """Yield what was noticed when it was streamed; nothing before."""
        if not self.is_streamed:
            return
        if not self.counts.total() and not self.left_out:
            yield Finding("warning", "holds no triples", self.path)
        for reason, count in sorted(self.left_out.items()):
            yield Finding("info", f"triples left out: {count:,}, {reason}", self.path)
        if codes := self.described.ambiguous:
            message = "codes joined to nothing, of several nodes and no onet:Occupation"
            shown = f"{len(codes):,}, such as {codes[0]}"
            yield Finding("warning", f"{message}: {shown}", self.path)
        if number := self.described.several:
            message = f"nodes joined to nothing, of several codes each: {number:,}"
            yield Finding("info", message, self.path)
        if self.described.codes and (number := self.described.unknown):
            message = f"nodes with a code that no occupation here has: {number:,}"
            yield Finding("info", message, self.path)

    def _check(self, names: Collection[str]) -> None:
        own = self.iris.graph("")
        if taken := sorted(name for name in names if name.startswith(own)):
            raise InputError(
                f"names the graph {taken[0]}; names below {own} are for this project's graphs",
                self.path,
            )
        if len(names) > MOST_GRAPHS:
            raise InputError(f"names more than {MOST_GRAPHS:,} graphs; leave them out", self.path)

    def _kept(
        self, graph: str, parts: Iterable[pl.DataFrame], place: Place
    ) -> Iterator[pl.DataFrame]:
        """Yield what of its quads can stand in a graph; all are looked at."""
        subject = pl.col("subject")
        own = (self.iris.graph(""), self.iris.rdf_document(""))
        is_own = pl.any_horizontal(
            subject == self.iris.dataset, *(subject.str.starts_with(start) for start in own)
        )
        for part in parts:
            self.described.see(part)
            rest = part.filter(~is_own)
            kept = place.new(rest)
            self.left_out["which describe the graphs of another build"] += part.height - rest.height
            self.left_out[ELSEWHERE] += rest.height - kept.height
            self.left_out = +self.left_out
            self.counts[graph] += kept.height
            if kept.height:
                yield kept


def read_foreign(inputs: Sequence[Input], codes: Collection[str], iris: Iris) -> list[Foreign]:
    """Return the RDF documents among the inputs of a build, in the order of their names.

    `codes` are those of our occupations. Documents of one name are told apart by their digests.
    Raises InputError for what cannot be read, and for a document that was given twice.
    """
    found = [(read_rdf(item.path), str(item)) for item in inputs]
    count = Counter(slug(read.name) for read, _ in found)
    result: dict[str, Foreign] = {}
    for read, path in sorted(found, key=lambda pair: (pair[0].name, pair[0].document.sha256)):
        name = slug(read.name)
        if count[name] > 1:
            name = f"{name}-{read.document.sha256[:8]}"
        if (other := result.get(name)) is not None:
            raise InputError(f"two inputs are one document, {read.name!r}: {other.path} and {path}")
        result[name] = Foreign(read, path, name, iris, codes)
    return list(result.values())
