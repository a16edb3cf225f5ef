"""A generation while it is written: its parts, its store, and its publication."""

from __future__ import annotations

import errno
import filecmp
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from kg import quads
from kg.errors import OutputError, RequestError
from kg.generations.draft_store import Loaded, Updated
from kg.generations.folder import BUILDING, announce, locked, prune, reason, sweep, switch, sync
from kg.generations.leases import lease
from kg.generations.model import FILES, FORMAT, HOW, Generation, Part, current, generation_number
from kg.generations.parts import write_part
from kg.progress import Progress, silent

__all__ = ["Draft", "draft", "publish"]

_SCRATCH = "scratch"
_BEGUN = count(1)
#: Why a file cannot have a second name: another file system, or one that knows no such names.
_NO_LINKS = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS)


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
        #: The graphs that were given more than once.
        self._twice: set[str] = set()
        self._store: Loaded | Updated = Loaded(self._building / "store", self.scratch)
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
        self._store = Updated(self._building / "store", self.scratch, base)

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
        self._note(part)
        self._flushed.append(self._flushing.submit(sync, self.folder / part.file))

    def _note(self, part: Part) -> None:
        if part.graph in self.parts:
            self._twice.add(part.graph)
        self.parts[part.graph] = part

    def keep(self, part: Part, base: Generation) -> None:
        """Take over a part of another generation as it is."""
        source, target = base.path / "quads" / part.file, self.folder / part.file
        target.unlink(missing_ok=True)  # where the graph was given before, which is told later
        link(source, target)
        self._note(part)
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
        *,
        anew: bool = False,
    ) -> tuple[Generation, bool]:
        """Finish the store, and publish the generation with the facts that the manifest states.

        Returns the generation and whether it is a new one: parts and facts equal to those of the
        published generation publish nothing, unless a file of that is damaged or `anew` is asked
        for; only what the next build may take over is replaced. `keep` is how many generations may
        stay, if not all. Raises RequestError where a graph was given twice.
        """
        if self._twice:
            raise RequestError(
                f"two inputs give the graph {min(self._twice)}; leave one of them out, or rename it"
            )
        manifest = {
            **facts,
            "format": FORMAT,
            "parts": [self.parts[graph].facts for graph in sorted(self.parts)],
            "quads": sum(part.quads for part in self.parts.values()),
        }
        content = json.dumps(manifest, sort_keys=True)
        try:
            published = current(self.root)
            is_same = json.dumps(published.manifest, sort_keys=True) == content
            if is_same and not anew and published.damage() is None:
                self._renew(published)
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

    def _renew(self, published: Generation) -> None:
        """Replace what the next build may take over from a generation, where that has changed.

        How that generation was built stays what it was.
        """
        ours, theirs = self.reuse, published.reuse
        if not _differs(ours, theirs):
            return
        with suppress(OSError):
            shutil.copyfile(theirs / HOW, ours / HOW)
        for path in (*ours.iterdir(), ours):
            sync(path)
        if theirs.is_dir():
            theirs.rename(self.scratch / "reuse")  # a build that ends here reads all inputs anew
        ours.rename(theirs)
        sync(published.path)

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
        sizes = {
            str(path.relative_to(self._building)): path.stat().st_size
            for of in (self.folder, self._building / "store")
            for path in sorted(of.iterdir())
            if not path.name.startswith("LOG")  # to which whoever opens a store may write
        }
        (self._building / FILES).write_text(json.dumps(sizes), encoding="utf-8")
        for flushed in self._flushed:
            flushed.result()
        written = [p for p in self._building.rglob("*") if p.parent != self.folder]
        for path in (*written, self._building):
            sync(path)


def link(source: Path, target: Path) -> None:
    """Give a file that never changes a second name, or copy it where that cannot be."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(source, target)
        sync(target)


def _differs(ours: Path, theirs: Path) -> bool:
    """Tell whether two folders of what may be taken over differ, but for how that came to be."""
    names = {p.name for p in ours.iterdir()} | {p.name for p in theirs.glob("*")}
    names -= {HOW}
    _, different, odd = filecmp.cmpfiles(ours, theirs, sorted(names), shallow=False)
    return bool(different or odd)


def _chunks(path: Path) -> Iterator[pl.DataFrame]:
    """Yield a part in pieces, so that it is never in memory whole."""
    rows = pl.scan_parquet(path, glob=False)
    height, step = rows.select(pl.len()).collect().item(), 2 * quads.ROW_GROUP_SIZE
    for start in range(0, height, step):
        yield rows.slice(start, step).collect()


def _next_number(folder: Path) -> int:
    numbers = [n for p in folder.iterdir() if (n := generation_number(p.name)) is not None]
    return max(numbers, default=0) + 1
