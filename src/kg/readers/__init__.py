"""Readers: one module per input format, file to records.

`find_inputs` tells what a path holds: framework pages, an O*NET release, both, or RDF.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from kg.errors import InputError
from kg.readers import files, onet
from kg.readers.rdf import is_rdf

__all__ = ["Input", "InputKind", "find_inputs"]

InputKind = Literal["page", "release", "rdf"]

#: Texts that go with data and are no pages, by their names without endings, spaces and case.
_ACCOMPANYING = {"copying", "copyright", "licence", "license", "notice", "readme"}


@dataclass(frozen=True, slots=True)
class Input:
    """An input and its kind; `member` names a page inside an archive.

    RDF in an archive or folder is one input, the archive or folder itself.
    """

    kind: InputKind
    path: Path
    member: str | None = None

    def __str__(self) -> str:
        return files.shown(f"{self.path}/{self.member}" if self.member else self.path)

    def read(self) -> bytes:
        """Return the bytes of a single file; InputError if it cannot be read."""
        if self.member is None:
            return files.read_bytes(self.path)
        with files.open_zip(self.path) as archive:
            return files.read_member(archive, self.member, files.MAX_DOCUMENT)


def find_inputs(path: Path) -> Iterator[Input]:
    """Yield what a file, folder or zip archive holds: a release first, then pages by name.

    Beside the tables of a release, a text is a page unless its first line is that of a table.
    Raises InputError for a path that does not exist or holds nothing that can be read.
    """
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise InputError(f"cannot be read: {error.strerror}", files.shown(path)) from None
    if is_folder:
        yield from _in_folder(path)
    elif not is_there:
        raise InputError("there is no such file or folder", files.shown(path))
    elif path.suffix.lower() == ".zip":
        yield from _in_zip(path)
    elif is_rdf(path.name):
        yield Input("rdf", path)
    else:
        yield Input("page", path)


def _in_folder(path: Path) -> Iterator[Input]:
    try:
        names = _visible(p.name for p in path.iterdir() if p.is_file())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", files.shown(path)) from None
    if onet.is_release(names):
        yield Input("release", path)
        pages = _beside_release(names, lambda name: files.first_line(path / name))
    elif _holds_rdf(names):
        yield Input("rdf", path)
        pages = []
    else:
        pages = _pages(names, path)
    yield from (Input("page", path / name) for name in pages)


def _in_zip(path: Path) -> Iterator[Input]:
    with files.open_zip(path) as archive:
        names = _visible(n for n in archive.namelist() if not n.endswith("/"))
        if is_release := onet.is_release(names):
            pages = _beside_release(names, lambda name: files.first_line_of(archive, name))
        elif holds_rdf := _holds_rdf(names):
            pages = []
        else:
            pages = _pages(names, path)
    if is_release:
        yield Input("release", path)
    elif holds_rdf:
        yield Input("rdf", path)
    yield from (Input("page", path, name) for name in pages)


def _visible(names: Iterable[str]) -> list[str]:
    """Return names in order without those of hidden files, such as macOS puts beside others."""
    return sorted(name for name in names if not PurePosixPath(name).name.startswith("."))


def _beside_release(names: list[str], first_line: Callable[[str], bytes]) -> list[str]:
    """Return the pages among the files of a release; tables that are not read are none."""
    texts = [name for name in names if name.lower().endswith(".txt")]
    others = [name for name in texts if not onet.is_part(PurePosixPath(name).stem)]
    return [name for name in others if b"\t" not in first_line(name)]


def _holds_rdf(names: list[str]) -> bool:
    """Tell whether there are RDF files, and no pages that they are only put beside."""
    texts = (PurePosixPath(name) for name in names if name.lower().endswith(".txt"))
    pages = [t for t in texts if re.sub("[ _-]", "", t.stem.lower()) not in _ACCOMPANYING]
    return any(map(is_rdf, names)) and not pages


def _pages(names: list[str], path: Path) -> list[str]:
    pages = [name for name in names if name.lower().endswith(".txt")]
    if not pages:
        raise InputError(
            "holds neither framework pages (*.txt) nor tables of an O*NET release nor RDF files",
            files.shown(path),
        )
    return pages
