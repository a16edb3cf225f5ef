"""Readers: one module per input format, file to records.

`find_inputs` tells what a path holds: framework pages, an O*NET release, or RDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from kg.errors import InputError
from kg.readers import files, onet

__all__ = ["Input", "InputKind", "find_inputs"]

InputKind = Literal["page", "release", "rdf"]

_RDF = {".jsonld", ".nq", ".nt", ".rdf", ".trig", ".ttl"}


@dataclass(frozen=True, slots=True)
class Input:
    """An input and its kind; `member` names a page inside an archive."""

    kind: InputKind
    path: Path
    member: str | None = None

    def __str__(self) -> str:
        return f"{self.path}/{self.member}" if self.member else str(self.path)

    def read(self) -> bytes:
        """Return the bytes of a single file; InputError if it cannot be read."""
        if self.member is None:
            return files.read_bytes(self.path)
        with files.open_zip(self.path) as archive:
            return files.read_member(archive, self.member, files.MAX_DOCUMENT)


def find_inputs(path: Path) -> Iterator[Input]:
    """Yield what a file, folder or zip archive holds, in order of name.

    Raises InputError for a path that does not exist or holds nothing that can be read.
    """
    if path.is_dir():
        yield from _in_folder(path)
    elif not path.exists():
        raise InputError("there is no such file or folder", str(path))
    elif path.suffix.lower() == ".zip":
        yield from _in_zip(path)
    elif path.suffix.lower() in _RDF:
        yield Input("rdf", path)
    else:
        yield Input("page", path)


def _in_folder(path: Path) -> Iterator[Input]:
    try:
        names = sorted(p.name for p in path.iterdir() if p.is_file())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", str(path)) from None
    if onet.is_release(names):
        yield Input("release", path)
        return
    pages = [name for name in names if name.lower().endswith(".txt")]
    if not pages:
        raise InputError(
            "holds neither framework pages (*.txt) nor the tables of an O*NET release", str(path)
        )
    yield from (Input("page", path / name) for name in pages)


def _in_zip(path: Path) -> Iterator[Input]:
    with files.open_zip(path) as archive:
        names = sorted(n for n in archive.namelist() if n.lower().endswith(".txt"))
    if onet.is_release(names):
        yield Input("release", path)
        return
    if not names:
        raise InputError(
            "holds neither framework pages (*.txt) nor the tables of an O*NET release", str(path)
        )
    yield from (Input("page", path, n) for n in names if not PurePosixPath(n).name.startswith("."))
