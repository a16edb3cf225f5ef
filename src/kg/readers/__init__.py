"""Readers: one module per input format, file to records.

`find_inputs` tells what a path holds: framework pages, an O*NET release, both, RDF, ESCO, or tables
of the Anthropic Economic Index, of crosswalks, histories of codes and mappings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from kg.errors import InputError
from kg.readers import esco, files, onet
from kg.readers.kinds import is_table, table_kind, unknown_table
from kg.readers.rdf import is_rdf
from kg.readers.signatures import mistaken

__all__ = ["Input", "InputKind", "PassedOver", "find_inputs", "passed_over"]

InputKind = Literal["page", "release", "rdf", "esco", "index", "crosswalk", "history", "mappings"]

#: Texts that go with data and are no pages, by their names without endings, spaces and case.
_ACCOMPANYING = {"copying", "copyright", "licence", "license", "notice", "readme"}


@dataclass(frozen=True, slots=True)
class Input:
    """An input and its kind; `member` names a page or table inside an archive.

    RDF in an archive or folder is one input, the archive or folder itself; so is ESCO.
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
        return files.member_of(self.path, self.member, files.MAX_DOCUMENT)


def find_inputs(path: Path) -> Iterator[Input]:
    """Yield what a file, folder or zip archive holds: a release first, tables, then pages by name.

    Beside the tables of a release, a text is a page unless its first line is that of a table. Where
    a folder holds nothing itself, the tables in its folders are looked at.
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
        yield Input(table_kind(path.name, files.first_line(path)) or "page", path)


class PassedOver(NamedTuple):
    """Files in a folder or archive of which something was read that are not read for a reason."""

    names: list[str]
    reason: str
    is_weighty: bool = False


def passed_over(path: Path, found: Iterable[Input]) -> list[PassedOver]:
    """Return the files in a folder or archive of which `found` was read that were not read.

    RDF may be put beside pages or tables as another form of them; where it is meant to be read too,
    it has to be given by itself, and so has an archive in a folder. Tables of a release or of ESCO
    that are not read are told where these are read. Raises InputError where the folder or archive
    cannot be read.
    """
    kinds = {item.kind for item in found}
    if path.is_dir():
        names, first_line = _names(path), partial(_first_line, path)
        tables = {} if kinds & {"release", "esco"} else _unknown_tables(names, first_line)
    elif path.suffix.lower() == ".zip":
        with files.open_zip(path) as archive:
            names = _visible(archive.namelist())
            line = partial(files.first_line_of, archive)
            tables = {} if kinds & {"release", "esco"} else _unknown_tables(names, line)
    else:
        return []
    archives = [name for name in names if name.lower().endswith(".zip")]
    texts = [] if "rdf" in kinds else [name for name in names if is_rdf(name)]
    return [
        over
        for over in (
            PassedOver(archives, "an archive inside another input; give it by itself", True),
            PassedOver(texts, "RDF beside other inputs; give it by itself"),
            *(PassedOver([name], f"it {said}", True) for name, said in tables.items() if said),
            PassedOver([n for n in tables if not tables[n]], "a table of no kind that is known"),
        )
        if over.names
    ]


def _unknown_tables(names: list[str], first_line: Callable[[str], bytes]) -> dict[str, str | None]:
    """Return the tables of no kind that is known, each with what it is instead of a table."""
    lines = {name: first_line(name) for name in names if is_table(name)}
    unknown = (name for name, line in lines.items() if table_kind(name, line) is None)
    return {name: mistaken(lines[name]) if lines[name] else None for name in unknown}


def _in_folder(path: Path) -> Iterator[Input]:
    holdings = _Holdings(path, _names(path), partial(_first_line, path))
    if holdings.is_empty and (below := list(_tables_below(path))):
        yield from below
        return
    yield from (Input(kind, path) for kind in holdings.whole)
    yield from (Input(kind, path / name) for kind, name in holdings.tables)
    yield from (Input("page", path / name) for name in holdings.pages())


def _in_zip(path: Path) -> Iterator[Input]:
    with files.open_zip(path) as archive:
        names = _visible(n for n in archive.namelist() if not n.endswith("/"))
        holdings = _Holdings(path, names, lambda name: files.first_line_of(archive, name))
        pages = holdings.pages()
    yield from (Input(kind, path) for kind in holdings.whole)
    yield from (Input(kind, path, name) for kind, name in holdings.tables)
    yield from (Input("page", path, name) for name in pages)


def _names(path: Path) -> list[str]:
    try:
        return _visible(p.name for p in path.iterdir() if p.is_file())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", files.shown(path)) from None


def _first_line(folder: Path, name: str) -> bytes:
    return files.first_line(folder / name)


def _tables_below(path: Path) -> Iterator[Input]:
    """Yield the tables in the folders of a folder, as releases of an index are laid out."""
    for inner in sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith(".")):
        holdings = _Holdings(inner, _names(inner), partial(_first_line, inner))
        yield from (Input(kind, inner / name) for kind, name in holdings.tables)


class _Holdings:
    """What the files of a folder or archive are, as a whole and each."""

    def __init__(self, path: Path, names: list[str], first_line: Callable[[str], bytes]) -> None:
        self.path, self.names, self.first_line = path, names, first_line
        self.whole: list[InputKind] = []
        self.is_release = onet.is_release(names)
        if self.is_release:
            self.whole.append("release")
        elif _holds_rdf(names):
            self.whole.append("rdf")
        if esco.is_esco(names, first_line):
            self.whole.append("esco")
        kinds = ((table_kind(name, first_line(name)), name) for name in names if is_table(name))
        self.tables: list[tuple[InputKind, str]] = [(kind, n) for kind, n in kinds if kind]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that can be read."""
        return not (
            self.whole or self.tables or any(n.lower().endswith(".txt") for n in self.names)
        )

    def pages(self) -> list[str]:
        """Return the pages; InputError where there are none, nor anything else to read."""
        if self.is_release:
            return _beside_release(self.names, self.first_line)
        return [] if "rdf" in self.whole else _pages(self)


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
    pages = (name for name in names if name.lower().endswith(".txt") and not _accompanies(name))
    return any(map(is_rdf, names)) and not any(pages)


def _accompanies(name: str) -> bool:
    return re.sub("[ _-]", "", PurePosixPath(name).stem.lower()) in _ACCOMPANYING


def _pages(holdings: _Holdings) -> list[str]:
    pages = [name for name in holdings.names if name.lower().endswith(".txt")]
    if holdings.whole or holdings.tables:
        return [name for name in pages if not _accompanies(name)]
    if not pages:
        raise InputError(
            "holds neither framework pages (*.txt) nor tables of an O*NET release nor RDF files, "
            f"ESCO, or other tables that are known{_unread(holdings)}",
            files.shown(holdings.path),
        )
    return pages


def _unread(holdings: _Holdings) -> str:
    """Return what to say of the first archive or table in what holds nothing that is read."""
    for name in holdings.names:
        if name.lower().endswith(".zip"):
            return f"; give the archive {name} in it by itself"
        if is_table(name):
            first = holdings.first_line(name)  # nothing of what cannot be read
            return f"; {name} {unknown_table(first) if first else 'is empty or cannot be read'}"
    return ""
