"""A published generation, and how it is found in a graph's folder."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import RequestError
from kg.generations.leases import GoneError, Lease, lease

if TYPE_CHECKING:  # a query does without it, which takes longer to import than most queries take
    import polars as pl

__all__ = [
    "CURRENT",
    "FILES",
    "FORMAT",
    "HOW",
    "Generation",
    "Part",
    "all_of",
    "check_folder",
    "current",
    "current_name",
    "generation_number",
    "named",
    "read_name",
]

FORMAT = 1
CURRENT = "current"
#: How long each file of the parts and of the store is, by its path in the generation.
FILES = "files.json"
HOW = "how.json"
_NAME = re.compile(r"([0-9]{6,})-[0-9a-f]{12}")
_TRIES = 100
_OF_INPUT = ("kind", "file", "sha256")


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part; `sha256` is that of its N-Quads in order."""

    graph: str
    file: str
    quads: int
    sha256: str
    #: Its first and its last subject, where it was just written.
    ends: tuple[str, str] | None = field(default=None, compare=False)

    @property
    def facts(self) -> dict[str, str | int]:
        """What the manifest states of it."""
        return {
            "graph": self.graph,
            "file": self.file,
            "quads": self.quads,
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class Generation:
    """A published generation; while one refers to it, it is not deleted."""

    path: Path
    manifest: dict[str, Any]
    lease: Lease | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """Its number and the beginning of its digest."""
        return self.path.name

    @property
    def store(self) -> Path:
        """The folder of its store, to be opened read-only."""
        return self.path / "store"

    @property
    def reuse(self) -> Path:
        """The folder of what the next build may take over; it may lack or be incomplete."""
        return self.path / "reuse"

    @cached_property
    def parts(self) -> dict[str, Path]:
        """The Parquet file of each named graph."""
        return {p["graph"]: self.path / "quads" / p["file"] for p in self.manifest["parts"]}

    @cached_property
    def written(self) -> Mapping[str, Part]:
        """What the manifest states of each part, by named graph."""
        return {
            p["graph"]: Part(p["graph"], p["file"], p["quads"], p["sha256"])
            for p in self.manifest["parts"]
        }

    @property
    def inputs(self) -> list[dict[str, str]]:
        """What it was built from: the `kind`, `file` and `sha256` of each input."""
        return list(self.manifest.get("inputs", ()))

    @property
    def built(self) -> float:
        """When it was built, in seconds since 1970."""
        return (self.path / "manifest.json").stat().st_mtime

    @property
    def how(self) -> dict[str, Any]:
        """How it was built: from which one, what was taken over and what read; may be empty."""
        try:
            how = json.loads((self.reuse / HOW).read_text(encoding="utf-8"))
            before, why_not, read = how["from"], how["why_not"], how["read"].values()
            names = isinstance(before, str | None) and isinstance(why_not, str | None)
            is_known = names and all(map(_are_counts, (how["kept"], *read)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}
        return how if is_known else {}

    def damage(self) -> str | None:
        """Return the first file that is gone, or longer or shorter than it was written; or None.

        A generation that does not say how long its files are is taken for whole.
        """
        try:
            stated = json.loads((self.path / FILES).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError):
            return FILES
        if not isinstance(stated, dict):
            return FILES
        there = {
            f"{folder.name}/{entry.name}": entry.stat().st_size
            for folder in (self.path / "quads", self.store)
            if folder.is_dir()
            for entry in os.scandir(folder)
        }
        return next((name for name, size in stated.items() if there.get(name) != size), None)

    def scan(self) -> pl.LazyFrame:
        """Return the whole quad table, to be read as far as a query needs it."""
        from kg import quads

        return quads.scan(self.parts.values())


def current(root: Path) -> Generation:
    """Return the published generation of a graph's folder.

    Raises RequestError where none is published, or where the folder is damaged.
    """
    before: str | None = ""
    for _ in range(_TRIES):
        try:
            name = current_name(root)
        except OSError:
            raise _missing(root) from None
        try:
            return _opened(root, name)
        except GoneError:
            pass  # another one was published meanwhile, and this one deleted
        except RequestError:
            # What is damaged stays so; what was deleted was replaced before.
            if name == before:
                raise
        before = name
    raise _damaged(root, name)


def named(root: Path, name: str) -> Generation:
    """Return the generation of a graph's folder whose name begins so, published now or earlier.

    Raises RequestError where none or several do, or where it is damaged.
    """
    names = _names(root)
    found = [n for n in names if n.startswith(name)]
    if len(found) != 1:
        which = "several begin so" if found else "it has"
        shown = ", ".join(found or names) or "none"
        raise RequestError(
            f"the graph in {str(root)!r} has no generation {name!r}; {which}: {shown}"
        )
    try:
        return _opened(root, found[0])
    except GoneError:
        raise RequestError(f"generation {found[0]} of {str(root)!r} was just deleted") from None


def all_of(root: Path) -> list[Generation]:
    """Return the generations of a graph's folder that are whole, the oldest first.

    Raises RequestError where there is no graph.
    """
    result = []
    for name in _names(root):
        try:
            result.append(_opened(root, name))
        except (RequestError, GoneError):
            continue
    return result


def current_name(root: Path) -> str | None:
    """Return the name of the published generation; None where that is no name.

    Raises OSError where none is published.
    """
    return read_name(root / CURRENT)


def read_name(path: Path) -> str | None:
    """Return the generation that a one-line file names; None where that is no such name."""
    with path.open(encoding="utf-8", errors="replace") as file:
        name = file.read(100).removesuffix("\n")
    return name if _NAME.fullmatch(name) and not path.is_symlink() else None


def generation_number(name: str) -> int | None:
    """Return the number of a generation's name; None where it is none."""
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else None


def _names(root: Path) -> list[str]:
    try:
        found = [p.name for p in (root / "generations").iterdir() if _NAME.fullmatch(p.name)]
    except OSError:
        raise _missing(root) from None
    return sorted(found, key=lambda name: (generation_number(name) or 0, name))


def check_folder(root: Path) -> None:
    """Raise RequestError where one generation of a graph is named, and not the graph's folder."""
    folder, at, _ = str(root).rpartition("@")
    if at and not root.exists() and (Path(folder) / "generations").is_dir():
        raise RequestError(
            f"{str(root)!r} is one generation of a graph; here its folder is wanted: {folder}"
        )


def _missing(root: Path) -> RequestError:
    check_folder(root)
    return RequestError(
        f"there is no graph in {str(root)!r}; make one with: kg build --graph {root}"
    )


def _damaged(root: Path, name: str | None) -> RequestError:
    which = f"generation {name}" if name else "what it names is no generation"
    return RequestError(f"the graph in {str(root)!r} is damaged ({which}); build it again")


def _opened(root: Path, name: str | None) -> Generation:
    # Absolute, so that a reader may go to another working folder.
    path = (root / "generations" / (name or "")).absolute()
    try:
        if name is None or path.is_symlink():
            raise ValueError(name)
        held = lease(path / "manifest.json")
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        generation = Generation(path, manifest, held)
        if manifest["format"] != FORMAT or not _is_whole(generation):
            raise ValueError(name)
    except GoneError:
        raise
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise _damaged(root, name) from None
    return generation


def _is_whole(generation: Generation) -> bool:
    """Tell whether the parts and the store are where the manifest says, and nowhere else.

    What is told of a generation has to be there too, and to be what it should be.
    """
    manifest, folder = generation.manifest, generation.path / "quads"
    # One listing: to ask for each of thousands of files would take longer than most questions.
    there = {p.name for p in folder.iterdir()}
    return (
        all(p["file"] in there for p in manifest["parts"])
        and all(isinstance(p["graph"], str) for p in manifest["parts"])
        and isinstance(manifest["quads"], int)
        and isinstance(manifest["base"], str)
        and all(isinstance(i[k], str) for i in generation.inputs for k in _OF_INPUT)
        and all(isinstance(manifest.get(name, {}), dict) for name in ("tables", "versions"))
        and generation.store.is_dir()
    )


def _are_counts(value: dict[str, Any]) -> bool:
    return all(isinstance(number, int) for number in value.values())
