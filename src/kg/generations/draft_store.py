"""The store of a draft: loaded with all quads, or changed from another generation's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from kg import store
from kg.generations.model import Generation, Part
from kg.progress import Progress

__all__ = ["Loaded", "Updated"]

#: So many quads of a file are loaded at a time. Oxigraph sorts up to a million at once, of each of
#: the files that it is given at once.
_SEGMENT = 500_000


class Loaded:
    """A store that is loaded with all quads, in segments, while they are written."""

    def __init__(self, target: Path, scratch: Path) -> None:
        self._target, self._scratch = target, scratch
        self._loader: store.Loader | None = None
        self._segment: IO[bytes] | None = None
        self._number = self._rows = self._given = 0

    def has(self, part: Part) -> bool:
        """Tell whether the store has a part without being given it."""
        return False

    @contextmanager
    def graph(self) -> Iterator[Loaded]:
        """Yield what takes the N-Quads of one graph."""
        yield self

    def write(self, lines: bytes, rows: int) -> None:
        self._open().write(lines)
        self._end_of(rows)

    def copy(self, lines: IO[bytes], rows: int) -> None:
        shutil.copyfileobj(lines, self._open(), 2**20)
        self._end_of(rows)

    def end(self, part: Part) -> None:
        """End the N-Quads of a graph."""

    def _open(self) -> IO[bytes]:
        if self._loader is None:
            self._loader = store.Loader(self._target)
        self._loader.check()
        if self._segment is None:
            self._number += 1
            path = self._scratch / f"segment-{self._number}.nq"
            self._segment = path.open("wb")
        return self._segment

    def _end_of(self, rows: int) -> None:
        self._rows += rows
        self._given += rows
        if self._rows >= _SEGMENT:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._segment is not None and self._loader is not None:
            self._segment.close()
            self._loader.put(Path(self._segment.name), self._rows)
        self._segment, self._rows = None, 0

    def finish(self, parts: Mapping[str, Part], progress: Progress) -> None:
        self._pass_on()
        if self._loader is None:  # a graph without quads has a store too
            self._loader = store.Loader(self._target)
        self._loader.finish(lambda done: progress("store", done, self._given, "quads"))

    def abandon(self) -> None:
        if self._segment is not None:
            with suppress(OSError):  # of a full disk, which takes what is buffered no more
                self._segment.close()
        if self._loader is not None:
            self._loader.abandon()


class Updated:
    """A store made from a copy of another generation's, in which the graphs that differ change."""

    def __init__(self, target: Path, scratch: Path, base: Generation) -> None:
        self._target, self._scratch, self._base = target, scratch, base
        self._changed: dict[str, Path] = {}
        self._out: IO[bytes] | None = None
        self._ended: Part | None = None

    def has(self, part: Part) -> bool:
        """Tell whether the store has a part without being given it."""
        return self._base.written.get(part.graph) == part

    @contextmanager
    def graph(self) -> Iterator[Updated]:
        """Yield what takes the N-Quads of one graph."""
        path = self._scratch / f"graph-{len(self._changed)}.nq"
        self._ended = None
        with path.open("wb") as self._out:
            yield self
        if self._ended is None or self.has(self._ended):
            path.unlink()
        else:
            self._changed[self._ended.graph] = path

    def write(self, lines: bytes, rows: int) -> None:
        assert self._out is not None
        self._out.write(lines)

    def copy(self, lines: IO[bytes], rows: int) -> None:
        assert self._out is not None
        shutil.copyfileobj(lines, self._out, 2**20)

    def end(self, part: Part) -> None:
        """End the N-Quads of a graph."""
        self._ended = part

    def finish(self, parts: Mapping[str, Part], progress: Progress) -> None:
        gone = self._base.written.keys() - parts.keys()
        changed = self._changed.keys() & self._base.written.keys()
        store.update(
            self._base.store, self._target, sorted(gone | changed), list(self._changed.values())
        )

    def abandon(self) -> None:
        """Nothing is being done meanwhile."""
