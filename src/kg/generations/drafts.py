"""A generation while it is written: its parts, its store, and its publication."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import IO, Any

import polars as pl

from kg import quads, store
from kg.errors import OutputError, RequestError
from kg.generations.folder import BUILDING, announce, locked, prune, reason, sweep, switch, sync
from kg.generations.leases import lease
from kg.generations.model import FORMAT, Generation, Part, current, number_of
from kg.generations.parts import write_part
from kg.progress import Progress, silent

__all__ = ["Draft", "draft", "publish"]

_SCRATCH = "scratch"
_BEGUN = count(1)
#: So many quads of a file are loaded at a time. Oxigraph sorts up to a million at once, of each of
#: the files that it is given at once.
_SEGMENT = 500_000


def publish(
    root: Path, parts: Mapping[str, pl.DataFrame], facts: Mapping[str, Any]
) -> tuple[Generation, bool]:
    """Publish quad tables by graph, with the facts that the manifest shall state.

    The tables must be unique and sorted. Returns and raises what `Draft.publish` does.
    """
    with draft(root) as written:
        for graph in sorted(parts):
            written.add(graph, [parts[graph]])
        return written.publish(facts)


@contextmanager
def draft(root: Path) -> Iterator[Draft]:
    """Begin a generation, and delete it again where it does not come to be published.

    Raises OutputError where the folder cannot be written or another build is writing it; what
    was published before then stays.
    """
    try:
        with locked(root):
            # Another one each time: what a failed build of this process wrote may still be open.
            own = root / "generations" / f"{BUILDING}{os.getpid()}-{next(_BEGUN)}"
            try:
                own.mkdir()  # first, since it tells others who is at work
            except OSError:  # a dead process had the same number, or left no room
                sweep(root)
            else:
                sweep(root, own)
            begun = Draft(root, own)
            try:
                yield begun
            except BaseException:
                begun.abandon()
                with suppress(OSError):
                    sweep(root)
                raise
            begun.abandon()  # of a published one nothing is left to give up
            with suppress(OSError):  # what is left is swept by the next build
                sweep(root)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{root}: cannot be written ({reason(error)}); nothing was published"
        ) from None


class Draft:
    """A generation while it is written: its parts one after the other, and its store beside them.

    The store is loaded while the parts are written, or, after `update`, made from a copy of
    another generation's.
    """

    def __init__(self, root: Path, building: Path) -> None:
        self.root = root
        self._building = building
        #: The parts that were written so far, by their graphs.
        self.parts: dict[str, Part] = {}
        self._store: _Loaded | _Updated = _Loaded(self._building / "store", self.scratch)
        # Files are flushed to disk beside all else. Several at once: each waits for the journal.
        self._flushing = ThreadPoolExecutor(4)
        self._flushed: list[Future[None]] = []
        self.folder.mkdir(parents=True)
        self.scratch.mkdir()

    @property
    def folder(self) -> Path:
        """Where the parts are written."""
        return self._building / "quads"

    @property
    def scratch(self) -> Path:
        """A folder for what is needed only until the generation is published."""
        return self._building / _SCRATCH

    @property
    def reuse(self) -> Path:
        """A folder for what the next build may take over."""
        folder = self._building / "reuse"
        folder.mkdir(exist_ok=True)
        return folder

    def update(self, base: Generation) -> None:
        """Have the store made from a copy of another generation's, before parts are written.

        Worth its while where only a few graphs differ.
        """
        self._store = _Updated(self._building / "store", self.scratch, base)

    def new(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a sorted table whose triples stand in no part so far."""
        if not table.height:
            return table
        first, last = table["subject"][0], table["subject"][-1]
        near = [
            self.folder / part.file
            for part in self.parts.values()
            if part.ends is None or (part.ends[0] <= last and first <= part.ends[1])
        ]
        return quads.without(table, pl.scan_parquet(near, glob=False)) if near else table

    def add(self, graph: str, chunks: Iterable[pl.DataFrame]) -> Part | None:
        """Write the part of a graph; one without quads is no part.

        The chunks are quad tables, unique and sorted over all of them. Raises InputError for an
        IRI that RDF does not allow, OSError where the disk refuses.
        """
        with self._store.graph() as out:
            part = write_part(self.folder, graph, chunks, out.write)
            if part is not None:
                self._have(part)
                out.end(part)
        return part

    def take(self, part: Part, nquads: Path) -> None:
        """Take over a part that was written into `folder`; its N-Quads are read and deleted."""
        with self._store.graph() as out:
            with nquads.open("rb") as lines:
                out.copy(lines, part.quads)
            out.end(part)
        nquads.unlink()
        self._have(part)

    def _have(self, part: Part) -> None:
        self.parts[part.graph] = part
        self._flushed.append(self._flushing.submit(sync, self.folder / part.file))

    def keep(self, part: Part, base: Generation) -> None:
        """Take over a part of another generation as it is."""
        source, target = base.path / "quads" / part.file, self.folder / part.file
        link(source, target)
        self.parts[part.graph] = part
        if not self._store.has(part):
            with self._store.graph() as out:
                for chunk in _chunks(target):
                    for lines, number in quads.encoded(chunk):
                        out.write(lines, number)
                out.end(part)

    def publish(
        self,
        facts: Mapping[str, Any],
        keep: int | None = None,
        progress: Progress = silent,
    ) -> tuple[Generation, bool]:
        """Finish the store, and publish the generation with the facts that the manifest states.

        Returns the generation and whether it is a new one: parts and facts equal to those of the
        published generation publish nothing. `keep` is how many generations may stay, if not all.
        """
        manifest = {
            **facts,
            "format": FORMAT,
            "parts": [self.parts[graph].facts for graph in sorted(self.parts)],
            "quads": sum(part.quads for part in self.parts.values()),
        }
        content = json.dumps(manifest, sort_keys=True)
        try:
            published = current(self.root)
            if json.dumps(published.manifest, sort_keys=True) == content:
                self._prune(keep)
                return published, False
            del published
        except RequestError:
            pass  # none yet, or a damaged one that this build replaces
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        folder = self.root / "generations"
        path = folder / f"{_next_number(folder):06}-{digest}"
        self._finish(manifest, progress)
        held = lease(self._building / "manifest.json")
        # Named before it gets its name, so that whatever stops the build here can be swept.
        announce(self.root, path.name)
        self._building.rename(path)
        sync(folder)
        switch(self.root)
        self._prune(keep)
        return Generation(path.absolute(), manifest, held), True

    def _prune(self, keep: int | None) -> None:
        if keep is not None:
            with suppress(OSError):  # what cannot be deleted is left for the next build
                prune(self.root, keep)

    def abandon(self) -> None:
        """Stop what is still being done for it."""
        self._store.abandon()
        self._flushing.shutdown(cancel_futures=True)

    def _finish(self, manifest: Mapping[str, Any], progress: Progress) -> None:
        """Finish the store, write the manifest, and flush all of it to disk."""
        self._store.finish(self.parts, progress)
        shutil.rmtree(self.scratch, ignore_errors=True)
        text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
        (self._building / "manifest.json").write_text(text, encoding="utf-8")
        for flushed in self._flushed:
            flushed.result()
        written = [p for p in self._building.rglob("*") if p.parent != self.folder]
        for path in (*written, self._building):
            sync(path)


class _Loaded:
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
    def graph(self) -> Iterator[_Loaded]:
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


class _Updated:
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
    def graph(self) -> Iterator[_Updated]:
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


def link(source: Path, target: Path) -> None:
    """Give a file that never changes a second name, or copy it where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        sync(target)


def _chunks(path: Path) -> Iterator[pl.DataFrame]:
    """Yield a part in pieces, so that it is never in memory whole."""
    rows = pl.scan_parquet(path, glob=False)
    height, step = rows.select(pl.len()).collect().item(), 2 * quads.ROW_GROUP_SIZE
    for start in range(0, height, step):
        yield rows.slice(start, step).collect()


def _next_number(folder: Path) -> int:
    numbers = [n for p in folder.iterdir() if (n := number_of(p.name)) is not None]
    return max(numbers, default=0) + 1
