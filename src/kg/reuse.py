"""What a build takes over from the generation before, and why it does not take over the rest.

An input whose record has the key that it would get now is not read again: its parts are linked
into the new generation as they are. Where few graphs differ, a copy of the store is changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import polars as pl

from kg import quads
from kg.additions import Addition, Planned, made
from kg.assembly import Assembly
from kg.errors import InputError, RequestError
from kg.foreign import ELSEWHERE, Foreign
from kg.generations import HOW, Draft, Generation, current
from kg.page_workers import PageWorkers
from kg.pages import PageContext, PageRead, Pages, Ready, digest_of, why_not
from kg.places import put_here
from kg.progress import Progress
from kg.readers import Input
from kg.records import Record, read_records, write_records
from kg.releases import BuiltRelease, ReleaseRequest, kept_release, new_release

__all__ = ["Building", "Previous", "previous"]

_RECORDS = "records.jsonl"
_SHARED = "shared.parquet"
#: From so many pages on they are read in processes of their own, which take a second to start.
_MANY_PAGES = 24
#: The store is changed, not loaded, where at most this share of the pages are read, or so few.
_SHARE = 0.25
_FEW = 8
#: And where at most this share of the quads go, so few, and never more than so many: to remove one
#: takes four times as long as to load one, and 1.6 KB of memory until all are removed.
_SHARE_GONE = 0.05
_FEW_GONE = 20_000
_MOST_GONE = 400_000
#: RDF documents are read again where more quads than this differ beside them: what they share
#: with them would have to be looked for.
_MOST_NEW = 500_000


@dataclass(frozen=True)
class Previous:
    """The generation before, and its records by kind and document."""

    generation: Generation
    records: Mapping[tuple[str, str, str], Record]

    def record(self, kind: str, file_name: str, sha256: str) -> Record | None:
        """Return the record of an input."""
        return self.records.get((kind, file_name, sha256))

    @cached_property
    def names(self) -> Mapping[str, set[str]]:
        """The names of the files of each kind."""
        names: dict[str, set[str]] = {}
        for kind, file_name, _ in self.records:
            names.setdefault(kind, set()).add(file_name)
        return names

    def of(self, kind: str) -> list[Record]:
        """Return the records of a kind."""
        return [record for (of, _, _), record in self.records.items() if of == kind]


def previous(root: Path) -> Previous | str:
    """Return the published generation of a folder with its records, or why there is none."""
    try:
        generation = current(root)
    except RequestError:
        return "nothing was published before"
    if generation.lease is not None:
        generation.lease.release()  # who builds alone deletes, and may delete this one in the end
    if (damaged := generation.damage()) is not None:
        return f"{damaged} of {generation.name} is damaged"
    versions = generation.manifest.get("versions", {})
    if versions.get("pyoxigraph") != version_of("pyoxigraph"):
        return "another version of Oxigraph wrote the store"
    try:
        records = read_records(generation.reuse / _RECORDS)
    except (OSError, ValueError):
        return f"{generation.name} has no records that can be read"
    keys = {(r.kind, r.document.file_name, r.document.sha256): r for r in records}
    return Previous(generation, keys)


@dataclass
class Building:
    """A place for graphs that is a draft, and takes over what it can."""

    draft: Draft
    before: Previous | None
    #: Why nothing can be taken over, where that is so.
    reason: str | None = None
    #: Why inputs were read, and how many of each kind for that.
    read: dict[str, Counter[str]] = field(default_factory=dict)
    kept: Counter[str] = field(default_factory=Counter)
    _is_updated: bool = False
    #: The records of the generation before that are still good, as far as is known.
    _good: list[Record] = field(default_factory=list)
    _workers: PageWorkers | None = None

    @property
    def scratch(self) -> Path:
        """A folder for what is needed only meanwhile."""
        return self.draft.scratch

    def new(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a sorted table whose triples stand in no graph put so far."""
        return self.draft.new(table)

    def put(self, graph: str, chunks: Iterable[pl.DataFrame]) -> int:
        """Write a graph."""
        part = self.draft.add(graph, chunks)
        return part.quads if part else 0

    def keep(self, graph: str) -> int:
        """Take over a graph, and return how many quads it has."""
        assert self.before is not None
        part = self.before.generation.written[graph]
        self.draft.keep(part, self.before.generation)
        return part.quads

    def close(self) -> None:
        """End what is still being done."""
        if self._workers is not None:
            self._workers.close()

    # The release.

    def release(self, request: ReleaseRequest) -> BuiltRelease:
        """Return a release, taken over where nothing of it has changed."""
        reason = self.reason or "it is new"
        if self.before is not None:
            document = request.document
            record = self.before.record("release", document.file_name, document.sha256)
            if record is not None and record.key == request.key(document):
                part = self.before.generation.parts[record.graphs[0]]
                with suppress(OSError, ValueError):
                    release = kept_release(request, record, part, self.before.generation.reuse)
                    self.kept["release"] += 1
                    self._good.append(record)
                    return release
                reason = "what was kept of it cannot be read"
            elif record is not None:
                reason = "its reader, its mapping or an option changed"
            elif self.before.of("release"):
                reason = "its content changed"
        self._note("release", reason)
        return new_release(request)

    def keep_release(self, release: BuiltRelease) -> int | None:
        """Take over the graph of a release that was taken over."""
        if release.kept is None:
            return None
        return self.keep(release.graph)

    # Pages.

    def put_pages(
        self, inputs: Sequence[Input], context: PageContext, pages: Pages, progress: Progress
    ) -> Callable[[], Mapping[str, int]]:
        """Take over the pages that can be, and begin to read the others."""
        kept: list[tuple[Input, Record]] = []
        unread: list[Input] = []
        for item in inputs:
            record = self._record_of(item, context)
            if record is None:
                unread.append(item)
            else:
                kept.append((item, record))
        self._good += (record for _, record in kept)
        self._decide(len(unread))
        counts: dict[str, int] = {}
        for item, record in kept:
            if pages.take(item, PageRead(record.at(str(item)))):
                counts |= {graph: self.keep(graph) for graph in record.graphs}
        self.kept["page"] += len(kept)
        if len(unread) < _MANY_PAGES:
            counts |= put_here(self, unread, context, pages, progress)
            return lambda: counts
        ready = replace(context, linking=Ready(context.linking()))
        self._workers = workers = PageWorkers(ready, self.draft.folder, self.draft.scratch)
        workers.begin(unread)

        def ending() -> Mapping[str, int]:
            for number, written in enumerate(workers.results(), 1):
                if pages.take(written.item, written.page):
                    for part, nquads in written.parts:
                        self.draft.take(part, nquads)
                        counts[part.graph] = part.quads
                progress("pages", number, len(unread), "pages")
            return counts

        return ending

    def _record_of(self, item: Input, context: PageContext) -> Record | None:
        """Return the record of a page that need not be read again."""
        if self.before is None:
            self._note("page", self.reason or "")
            return None
        try:
            name, sha256 = digest_of(item)
        except InputError:  # which is told when it is read
            self._note("page", "it cannot be read")
            return None
        record = self.before.record("page", name, sha256)
        if record is None:
            is_changed = name in self.before.names.get("page", ())
            self._note("page", "its content changed" if is_changed else "it is new")
            return None
        if (reason := why_not(record, context)) is not None:
            self._note("page", reason)
            return None
        if any(graph not in self.before.generation.parts for graph in record.graphs):
            self._note("page", "what was kept of it cannot be read")
            return None
        return record

    def _decide(self, unread: int) -> None:
        """Decide whether the store is changed or loaded, before a graph is put."""
        if self.before is None or "release" in self.read:
            return
        written = self.before.generation.written
        good = {graph for record in self._good for graph in record.graphs}
        whole = {graph for record in self.before.records.values() for graph in record.graphs}
        gone = sum(written[graph].quads for graph in whole - good if graph in written)
        share = _SHARE_GONE * sum(part.quads for part in written.values())
        if gone > min(_MOST_GONE, max(_FEW_GONE, share)):
            return
        if unread <= max(_FEW, _SHARE * len(self.before.of("page"))):
            self.draft.update(self.before.generation)
            self._is_updated = True

    # What else there is.

    def expect(self, planned: Sequence[Planned], documents: Sequence[Foreign]) -> None:
        """Note which of the records of the generation before are still good."""
        if self.before is None:
            return
        of_additions = ((of.kind, of.document, of.key) for of in planned)
        of_documents = (("rdf", of.read.document, of.key) for of in documents)
        for kind, document, key in (*of_additions, *of_documents):
            record = self.before.record(kind, document.file_name, document.sha256)
            if record is not None and record.key == key:
                self._good.append(record)

    def addition(self, planned: Planned) -> Addition:
        """Return what an input of another kind contributes, taken over where that can be."""
        reason = self.reason or "it was not there before"
        if self.before is not None:
            document = planned.document
            record = self.before.record(planned.kind, document.file_name, document.sha256)
            if record is not None and record.key == planned.key:
                with suppress(OSError, ValueError, KeyError, pl.exceptions.PolarsError):
                    addition = self._kept_addition(record.moved(planned.place))
                    self.kept[planned.kind] += 1
                    return addition
                reason = "what was kept of it cannot be read"
            elif record is not None:
                reason = "its reader, its mapping or what it looks up changed"
            elif document.file_name in self.before.names.get(planned.kind, ()):
                reason = "its content changed"
        self._note(planned.kind, reason)
        return made(planned)

    def _kept_addition(self, record: Record) -> Addition:
        """Return an addition as the generation before has it.

        Raises OSError, ValueError, KeyError or an error of Polars where that is not all there.
        """
        assert self.before is not None
        before = self.before.generation
        if missing := [graph for graph in record.graphs if graph not in before.written]:
            raise KeyError(missing[0])
        table = pl.scan_parquet(before.reuse / _SHARED, glob=False)
        mine = table.filter(pl.col("of") == _name(record)).select(quads.COLUMNS).collect()
        parts = mine.partition_by("graph", as_dict=True)
        return Addition(record, {str(graph): part for (graph,), part in parts.items()})

    def _write_shared(self, additions: Sequence[Addition]) -> None:
        schema = pl.Schema({"of": pl.String(), **quads.SCHEMA})
        tables = [
            table.select(pl.lit(_name(addition.record)).alias("of"), *quads.COLUMNS)
            for addition in additions
            for table in addition.shared.values()
        ]
        whole = pl.concat([schema.to_frame(), *tables])
        whole.write_parquet(self.draft.reuse / _SHARED, compression="zstd")

    # RDF.

    def put_foreign(self, document: Foreign) -> bool:
        """Take over an RDF document where no other graph has, or had, a triple of it."""
        reason = self.reason or "it is new"
        if self.before is not None:
            file = document.read.document
            record = self.before.record("rdf", file.file_name, file.sha256)
            if record is not None and record.key != document.key:
                reason = "its reader or the occupations changed"
            elif record is not None:
                if not record.facts["left_out"].get(ELSEWHERE) and not self._meets(record):
                    document.restore(record)
                    for graph in record.graphs:
                        self.keep(graph)
                    self.kept["rdf"] += 1
                    return True
                reason = "other graphs changed that have triples of it"
        self._note("rdf", reason)
        return False

    def _meets(self, record: Record) -> bool:
        """Tell whether a graph that differs from before has a triple of a document's graphs."""
        assert self.before is not None
        before, number = self.before.generation, 0
        theirs = pl.scan_parquet([before.parts[graph] for graph in record.graphs], glob=False)
        for part in self.draft.parts.values():
            old = before.written.get(part.graph)
            if part == old:
                continue
            number += part.quads
            if number > _MOST_NEW:
                return True
            table = pl.read_parquet(self.draft.folder / part.file, glob=False)
            if old is not None:
                table = quads.without(table, pl.scan_parquet(before.parts[part.graph], glob=False))
            if quads.without(table, theirs).height < table.height:
                return True
        return False

    # What is noted.

    def _note(self, kind: str, reason: str) -> None:
        self.read.setdefault(kind, Counter())[reason] += 1

    def write(self, assembly: Assembly) -> None:
        """Write down what the next build may take over, and what this one did; OSError if full."""
        records = [*assembly.pages, *(document.record() for document in assembly.foreign)]
        if assembly.additions:
            records += [addition.record for addition in assembly.additions]
            self._write_shared(assembly.additions)
        if assembly.release is not None:
            records.append(assembly.release.record)
            linked = any(len(page.graphs) > 1 for page in assembly.pages)
            assembly.release.write(self.draft.reuse, linked=linked)
        write_records(self.draft.reuse / _RECORDS, records)
        text = json.dumps(self.how(), indent=2)
        (self.draft.reuse / HOW).write_text(text + "\n", encoding="utf-8")

    def how(self) -> dict[str, Any]:
        """Return how the generation was built: from which one, what was taken over, what read."""
        before = self.before.generation.name if self.before else None
        return {
            "from": before,
            "why_not": self.reason,
            "store": "changed" if self._is_updated else "loaded",
            "kept": dict(+self.kept),
            "read": {kind: dict(reasons) for kind, reasons in sorted(self.read.items())},
        }


def _name(record: Record) -> str:
    """Return what tells an addition apart in the table of what they share."""
    return f"{record.kind} {record.document.file_name}"
