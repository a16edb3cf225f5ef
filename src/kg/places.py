"""Places: where graphs are put, and what can be taken over instead of being read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl

from kg import quads
from kg.additions import Addition, Planned, made
from kg.foreign import Foreign
from kg.pages import BATCH, PageContext, Pages, read
from kg.progress import Progress
from kg.readers import Input
from kg.releases import BuiltRelease, ReleaseRequest, new_release

__all__ = ["Held", "Place", "ReadAnew", "put_here"]


class Place(Protocol):
    """Where graphs are put, and what can be taken over instead of being read."""

    @property
    def scratch(self) -> Path:
        """A folder for what is needed only meanwhile."""

    def new(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a sorted table whose triples stand in no graph put so far."""

    def put(self, graph: str, chunks: Iterable[pl.DataFrame]) -> int:
        """Put a graph of unique and sorted quads, and return how many it has."""

    def release(self, request: ReleaseRequest) -> BuiltRelease:
        """Return a release, read or taken over."""

    def expect(self, planned: Sequence[Planned], documents: Sequence[Foreign]) -> None:
        """Learn what there is beside pages and a release, before anything is put."""

    def put_pages(
        self, inputs: Sequence[Input], context: PageContext, pages: Pages, progress: Progress
    ) -> Callable[[], Mapping[str, int]]:
        """Begin to read pages, and return what ends it, with the quads of each of their graphs."""

    def keep_release(self, release: BuiltRelease) -> int | None:
        """Put the graph of a release that was taken over; None of one that was read."""

    def addition(self, planned: Planned) -> Addition:
        """Return what an input of another kind contributes, read or taken over."""

    def keep(self, graph: str) -> int:
        """Put a graph of an addition that was taken over, and return how many quads it has."""

    def put_foreign(self, document: Foreign) -> bool:
        """Put the graphs of an RDF document as they were taken over; tell whether that can be."""


class ReadAnew:
    """What places have in common that take over nothing: all inputs are read, in this process."""

    def expect(self, planned: Sequence[Planned], documents: Sequence[Foreign]) -> None:
        """Nothing depends on what there will be."""

    def put_pages(
        self: Place, inputs: Sequence[Input], context: PageContext, pages: Pages, progress: Progress
    ) -> Callable[[], Mapping[str, int]]:
        """Read all pages at once."""
        counts = put_here(self, inputs, context, pages, progress)
        return lambda: counts

    def release(self, request: ReleaseRequest) -> BuiltRelease:
        """Read a release."""
        return new_release(request)

    def keep_release(self, release: BuiltRelease) -> int | None:
        """Take over nothing."""
        return None

    def addition(self, planned: Planned) -> Addition:
        """Read an input."""
        return made(planned)

    def keep(self, graph: str) -> int:
        """Take over nothing, so that nothing was."""
        raise KeyError(graph)

    def put_foreign(self, document: Foreign) -> bool:
        """Take over nothing."""
        return False


@dataclass(slots=True)
class Held(ReadAnew):
    """Graphs in memory."""

    scratch: Path
    parts: dict[str, pl.DataFrame] = field(default_factory=dict)

    def new(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a sorted table whose triples stand in no part so far."""
        return quads.without(table, quads.concat(self.parts.values()).lazy())

    def put(self, graph: str, chunks: Iterable[pl.DataFrame]) -> int:
        """Keep a graph; InputError for an IRI that RDF does not allow."""
        table = quads.concat(chunks)
        quads.check_iris(table, graph)
        if table.height:
            self.parts[graph] = table
        return table.height


def put_here(
    place: Place,
    inputs: Sequence[Input],
    context: PageContext,
    pages: Pages,
    progress: Progress,
) -> dict[str, int]:
    """Read pages in this process, and return how many quads each of their graphs has."""
    counts = {}
    for start in range(0, len(inputs), BATCH):
        batch = inputs[start : start + BATCH]
        for item, result in zip(batch, read(batch, context), strict=True):
            if pages.take(item, result):
                for graph, table in result.tables:
                    counts[graph] = place.put(graph, [table])
        progress("pages", start + len(batch), len(inputs), "pages")
    return counts
