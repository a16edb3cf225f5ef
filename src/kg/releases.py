"""The O*NET release of a build: read and mapped, or taken over from the generation before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from kg import quads
from kg.errors import InputError, RequestError
from kg.fingerprints import fingerprint
from kg.linking import (
    LINKER,
    ActivityLinker,
    TaskText,
    activity_linker,
    read_linker,
    tasks_of,
    write_linker,
)
from kg.mapping.iris import Iris
from kg.mapping.links import LinkingRelease
from kg.mapping.release import ReleaseIndex, index_release, map_release
from kg.model import Document, Finding, SourceRef
from kg.readers import Input, files
from kg.readers.onet import OnetRelease, digest_of, read_release, unknown_tables
from kg.readers.sources import Catalogue
from kg.records import Record, digest

__all__ = ["BuiltRelease", "ReleaseRequest", "kept_release", "new_release", "the_release"]

_INDEX = "release-index.json"


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """A release that a build is asked for, and all that what it becomes depends on."""

    item: Input
    number: str | None
    lenient: bool
    catalogue: Catalogue
    iris: Iris

    @property
    def document(self) -> Document:
        """The release as an input; InputError where it cannot be opened."""
        path = self.item.path
        return Document(files.own_name(path), digest_of(path))

    @property
    def noticed(self) -> tuple[Finding, ...]:
        """What is said of files beside its tables, on which nothing else depends."""
        return unknown_tables(self.item.path)

    def key(self, document: Document) -> str:
        """A digest of all that the release becomes depends on."""
        onet = self.catalogue.sources["onet"]
        return digest(
            document.file_name,
            document.sha256,
            self.number,
            self.lenient,
            self.iris.base,
            fingerprint("release"),
            [onet.key, onet.version, onet.licence],
        )


@dataclass(frozen=True)
class BuiltRelease:
    """A release in a build: its record, what pages look up in it, and its quads."""

    record: Record
    index: ReleaseIndex
    iris: Iris
    #: Its quads, unique and sorted over all chunks; of subjects of some kinds, or all.
    chunks: Callable[[Sequence[str] | None], Iterator[pl.DataFrame]]
    #: Where it was taken over from, if it was.
    kept: Path | None = None
    #: What is said of files beside its tables, of which its record says nothing.
    noticed: tuple[Finding, ...] = ()
    #: What lets go of its tables.
    forget: Callable[[], None] = lambda: None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed."""
        return (*self.record.findings, *self.noticed)

    @property
    def graph(self) -> str:
        """Its named graph."""
        return self.record.graphs[0]

    @property
    def version(self) -> str:
        """Its number."""
        return self.index.version

    @property
    def source(self) -> SourceRef:
        """Its entry of the source catalogue."""
        return SourceRef(*self.record.facts["source"])

    @property
    def issued(self) -> str | None:
        """When it came out, as far as it says so."""
        issued: str | None = self.record.facts["issued"]
        return issued

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """What became of each of its tables."""
        return dict(self.record.facts["tables"])

    @cached_property
    def linking(self) -> LinkingRelease:
        """What pages are linked by, made once: weighing all texts of a release takes long."""
        tasks = tasks_of(quads.concat(self.chunks(["element", "occupation", "task"])))
        return LinkingRelease(self.iris.release_document(self.version), tasks, self._linker(tasks))

    @cached_property
    def _kept_linker(self) -> ActivityLinker | None:
        """What was learnt from it before, if the code that learns is still the same."""
        if self.kept is not None:
            with suppress(OSError, ValueError):  # it may have been made without pages to link
                return read_linker(self.kept, fingerprint("links"))
        return None

    def _linker(self, tasks: Mapping[str, Sequence[TaskText]]) -> ActivityLinker:
        if self._kept_linker is not None:
            return self._kept_linker
        return activity_linker(task for of in tasks.values() for task in of)

    def write(self, folder: Path, *, linked: bool) -> None:
        """Write what the next build may take over; `linked` tells whether pages were linked.

        Raises OSError where the disk refuses.
        """
        index = {f.name: getattr(self.index, f.name) for f in fields(self.index)}
        (folder / _INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
        if self.kept is not None and self._kept_linker is not None:
            for path in self.kept.glob(f"{LINKER}*"):
                shutil.copyfile(path, folder / path.name)
        elif linked:
            linker = self.linking.linker
            assert isinstance(linker, ActivityLinker)
            write_linker(linker, folder, fingerprint("links"))


def new_release(request: ReleaseRequest) -> BuiltRelease:
    """Read and map a release; raises what `read_release` raises."""
    catalogue, iris = request.catalogue, request.iris
    read = read_release(request.item.path, request.number, lenient=request.lenient)
    source = catalogue.refer([catalogue.sources["onet"]], read.version)
    mapped = map_release(read, source, iris)
    noticed = request.noticed
    counts = {table.name: (len(table.frame), table.nodes, table.count()) for table in mapped.tables}
    record = Record(
        "release",
        read.document,
        request.key(read.document),
        (mapped.graph,),
        tuple(finding for finding in read.findings if finding not in noticed),
        {
            "source": [source.key, source.version],
            "issued": read.issued,
            "tables": _tables(read, counts),
        },
    )
    index, held = index_release(read), [mapped]
    del read, mapped  # hundreds of megabytes, which are let go when their quads are written

    def chunks(kinds: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        return held[0].chunks(kinds)

    return BuiltRelease(record, index, iris, chunks, noticed=noticed, forget=held.clear)


def kept_release(request: ReleaseRequest, record: Record, part: Path, reuse: Path) -> BuiltRelease:
    """Return a release as the generation before has it, from its part and what lies beside.

    Raises OSError or ValueError where that cannot be read.
    """
    try:
        index = ReleaseIndex(**json.loads((reuse / _INDEX).read_text(encoding="utf-8")))
    except (TypeError, RecursionError) as error:
        raise ValueError(f"{reuse / _INDEX}: holds no index: {error}") from None

    def chunks(kinds: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        subject = pl.col("subject")
        rows = pl.scan_parquet(part, glob=False)
        for kind in sorted(kinds or [""]):
            start = f"{request.iris.base}{kind}/" if kind else ""
            # A range, by which whole row groups are passed over.
            inside = (subject >= start) & (subject < f"{start}\U0010ffff")
            yield rows.filter(inside).collect() if kind else rows.collect()

    return BuiltRelease(record, index, request.iris, chunks, reuse, request.noticed)


def the_release(
    inputs: Sequence[Input],
    number: str | None,
    catalogue: Catalogue,
    iris: Iris,
    *,
    lenient: bool,
) -> ReleaseRequest | None:
    """Return the one release among the inputs of a build, if there is one.

    Raises RequestError for a number of none, InputError for several.
    """
    if not inputs:
        if number:
            raise RequestError(f"no input is an O*NET release, to be of the number {number}")
        return None
    if len(inputs) > 1:
        raise InputError(
            f"a graph holds one O*NET release; two were given: {inputs[0]} and {inputs[1]}"
        )
    return ReleaseRequest(inputs[0], number, lenient, catalogue, iris)


def _tables(
    read: OnetRelease, mapped: Mapping[str, tuple[int, int, int]]
) -> dict[str, dict[str, Any]]:
    """Return what became of each table of a release, of those that are left out too."""
    result = {}
    for name, count in sorted(read.counts.items()):
        rows, nodes, number = mapped.get(name, (0, 0, 0))
        result[name] = {
            "read": count.read,
            "mapped": rows,
            "left_out": dict(count.left_out),
            "unread": count.unread,
            "nodes": nodes,
            "quads": number,
        }
    return result
