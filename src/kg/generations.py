"""Generations: immutable directories of a graph, and the switch from one to the next.

A graph's folder holds `generations/<number>-<digest>/`, each with the quad table (`quads/`, one
Parquet part a named graph), the store loaded from it (`store/`) and `manifest.json`; and
`current`, one line that names the published generation and is replaced in one rename. Whatever
stops a build, the published generation stays as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg import store
from kg.errors import OutputError, RequestError

# What a query does without is loaded where it is used: see `kg.graph`.
if TYPE_CHECKING:
    import polars as pl

__all__ = ["Draft", "Generation", "current", "draft", "named", "publish"]

FORMAT = 1
_CURRENT = "current"
_NEXT = "current.new"
_BUILDING = ".building-"
_SCRATCH = "scratch"
_NAME = re.compile(r"(\d{6,})-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Generation:
    """A published generation."""

    path: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        """Its number and the beginning of its digest."""
        return self.path.name

    @property
    def store(self) -> Path:
        """The folder of its store, to be opened read-only."""
        return self.path / "store"

    @property
    def parts(self) -> dict[str, Path]:
        """The Parquet file of each named graph."""
        return {p["graph"]: self.path / "quads" / p["file"] for p in self.manifest["parts"]}

    def scan(self) -> pl.LazyFrame:
        """Return the whole quad table, to be read as far as a query needs it."""
        import polars as pl

        return pl.scan_parquet(list(self.parts.values()), glob=False)


def current(root: Path) -> Generation:
    """Return the published generation of a graph's folder.

    Raises RequestError where none is published, or where the folder is damaged.
    """
    try:
        name = _named(root / _CURRENT)
    except OSError:
        raise _missing(root) from None
    return _opened(root, name)


def named(root: Path, name: str) -> Generation:
    """Return the generation of a graph's folder whose name begins so, published now or earlier.

    Raises RequestError where none or several do, or where it is damaged.
    """
    try:
        names = sorted(p.name for p in (root / "generations").iterdir() if _NAME.fullmatch(p.name))
    except OSError:
        raise _missing(root) from None
    found = [n for n in names if n.startswith(name)]
    if len(found) != 1:
        which = "several begin so" if found else "it has"
        shown = ", ".join(found or names) or "none"
        raise RequestError(
            f"the graph in {str(root)!r} has no generation {name!r}; {which}: {shown}"
        )
    return _opened(root, found[0])


def _missing(root: Path) -> RequestError:
    return RequestError(
        f"there is no graph in {str(root)!r}; make one with: kg build --graph {root}"
    )


def _opened(root: Path, name: str | None) -> Generation:
    # Absolute, so that a reader may go to another working folder.
    path = (root / "generations" / (name or "")).absolute()
    try:
        if name is None or path.is_symlink():
            raise ValueError(name)
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        generation = Generation(path, manifest)
        if manifest["format"] != FORMAT or not _is_whole(generation):
            raise ValueError(name)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        which = f"generation {name}" if name else "what it names is no generation"
        raise RequestError(
            f"the graph in {str(root)!r} is damaged ({which}); build it again"
        ) from None
    return generation


def _named(path: Path) -> str | None:
    """Return the generation that a one-line file names; None where that is no such name."""
    with path.open(encoding="utf-8", errors="replace") as file:
        name = file.read(100).removesuffix("\n")
    return name if _NAME.fullmatch(name) and not path.is_symlink() else None


def _is_whole(generation: Generation) -> bool:
    """Tell whether the parts and the store are where the manifest says, and nowhere else."""
    manifest, folder = generation.manifest, generation.path / "quads"
    return (
        all(p.parent == folder and p.is_file() for p in generation.parts.values())
        and isinstance(manifest["quads"], int)
        and generation.store.is_dir()
    )


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
        with _locked(root):
            _sweep(root)
            try:
                yield Draft(root)
            except BaseException:
                with suppress(OSError):
                    _sweep(root)
                raise
            with suppress(OSError):  # what is left is swept by the next build
                _sweep(root)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{root}: cannot be written ({error.strerror or error}); nothing was published"
        ) from None


class Draft:
    """A generation while it is written: its parts one after the other, then its store."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._building = root / "generations" / f"{_BUILDING}{os.getpid()}"
        #: All quads so far as N-Quads, which the store is loaded from.
        self.nquads = self._building / "all.nq"
        self._parts: dict[str, dict[str, Any]] = {}
        #: The first and the last subject of each part's file.
        self._ends: dict[Path, tuple[str, str]] = {}
        (self._building / "quads").mkdir(parents=True)

    @property
    def scratch(self) -> Path:
        """A folder for what is needed only until the generation is published."""
        folder = self._building / _SCRATCH
        folder.mkdir(exist_ok=True)
        return folder

    def new(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a sorted table whose triples stand in no part so far."""
        import polars as pl

        from kg import quads

        if not table.height:
            return table
        first, last = table["subject"][0], table["subject"][-1]
        near = [path for path, ends in self._ends.items() if ends[0] <= last and first <= ends[1]]
        return quads.without(table, pl.scan_parquet(near, glob=False)) if near else table

    def add(self, graph: str, chunks: Iterable[pl.DataFrame]) -> int:
        """Write the part of a graph and return its number of quads; one of none is no part.

        The chunks are quad tables, unique and sorted over all of them. Raises InputError for an
        IRI that RDF does not allow, OutputError where the disk refuses.
        """
        from kg import quads

        path = self._building / "quads" / _file_name(graph)
        hasher, count, first, last = hashlib.sha256(), 0, "", ""

        def passed_on(out: IO[bytes]) -> Iterator[pl.DataFrame]:
            nonlocal count, first, last
            for chunk in chunks:
                quads.check_iris(chunk, graph)
                for lines in quads.encoded(chunk):
                    hasher.update(lines)
                    out.write(lines)
                if chunk.height:
                    first = first if count else chunk["subject"][0]
                    last = chunk["subject"][-1]
                count += chunk.height
                yield chunk

        with self.nquads.open("ab") as out, path.open("wb") as part:
            quads.stream_parquet(passed_on(out), part)
        if not count:
            path.unlink()
            return 0
        self._ends[path] = (first, last)
        self._parts[graph] = {
            "graph": graph,
            "file": path.name,
            "quads": count,
            "sha256": hasher.hexdigest(),
        }
        return count

    def publish(self, facts: Mapping[str, Any]) -> tuple[Generation, bool]:
        """Load the store, and publish the generation with the facts that the manifest shall state.

        Returns the generation and whether it is a new one: parts and facts equal to those of the
        published generation publish nothing.
        """
        manifest = {
            **facts,
            "format": FORMAT,
            "parts": [self._parts[graph] for graph in sorted(self._parts)],
            "quads": sum(part["quads"] for part in self._parts.values()),
        }
        content = json.dumps(manifest, sort_keys=True)
        try:
            published = current(self.root)
            if json.dumps(published.manifest, sort_keys=True) == content:
                return published, False
        except RequestError:
            pass  # none yet, or a damaged one that this build replaces
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        folder = self.root / "generations"
        path = folder / f"{_next_number(folder):06}-{digest}"
        self._finish(manifest)
        # Named before it gets its name, so that whatever stops the build here can be swept.
        (self.root / _NEXT).write_text(path.name + "\n", encoding="utf-8")
        _sync(self.root / _NEXT)
        self._building.rename(path)
        _sync(folder)
        (self.root / _NEXT).replace(self.root / _CURRENT)  # which publishes it, in one step
        with suppress(OSError):  # it is published, whether or not that is flushed
            _sync(self.root)
        return Generation(path.absolute(), manifest), True

    def _finish(self, manifest: Mapping[str, Any]) -> None:
        """Load the store, write the manifest, and flush all of it to disk."""
        shutil.rmtree(self._building / _SCRATCH, ignore_errors=True)
        store.load(self.nquads, self._building / "store")
        self.nquads.unlink()
        text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
        (self._building / "manifest.json").write_text(text, encoding="utf-8")
        for path in (*self._building.rglob("*"), self._building):
            _sync(path)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    (root / "generations").mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(root / ".lock", timeout=0):
            yield
    except Timeout:
        raise OutputError(f"{root}: another build is writing this graph; try again later") from None


def _sweep(root: Path) -> None:
    """Delete what a build that failed or was killed left behind."""
    folder = root / "generations"
    leftovers = list(folder.glob(f"{_BUILDING}*"))
    if (root / _NEXT).is_file() and (name := _named(root / _NEXT)):
        leftovers += folder.glob(name)  # it has its name, but was not published
    for leftover in leftovers:
        shutil.rmtree(leftover)
    (root / _NEXT).unlink(missing_ok=True)


def _file_name(graph: str) -> str:
    """Return a readable file name that is different for every graph."""
    tail = re.sub(r"[^a-z0-9.]+", "-", graph.rpartition("/graph/")[2].lower()).strip("-")
    return f"{tail[-80:]}-{hashlib.sha256(graph.encode()).hexdigest()[:8]}.parquet"


def _next_number(folder: Path) -> int:
    numbers = [int(m[1]) for p in folder.iterdir() if (m := _NAME.fullmatch(p.name))]
    return max(numbers, default=0) + 1


def _sync(path: Path) -> None:
    """Flush a file or folder to disk."""
    if os.name == "nt" and path.is_dir():  # folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
