"""An O*NET release in the official text layout: tab-separated tables in a folder or a zip.

The layout is that of the "Text" download at https://www.onetcenter.org/database.html: one header
line, no quoting (ten cells of 30.2 hold a bare quotation mark), LF or CRLF, `n/a` for no value.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl

from kg.errors import InputError
from kg.model import Document
from kg.readers import files

__all__ = ["REQUIRED", "TABLES", "OnetRelease", "is_release", "read_release"]

#: The tables that are read, and the columns each must have.
TABLES: dict[str, tuple[str, ...]] = {
    "Occupation Data": ("O*NET-SOC Code", "Title", "Description"),
    "Task Statements": ("O*NET-SOC Code", "Task ID", "Task", "Task Type"),
    "Job Zones": ("O*NET-SOC Code", "Job Zone"),
    "Content Model Reference": ("Element ID", "Element Name", "Description"),
}
REQUIRED = ("Occupation Data", "Task Statements")
# What identifiers and IRIs are made from has to be there, and fit into an IRI.
_KEY = r"^[0-9A-Za-z._-]+$"
_CELLS = {
    "Element ID": _KEY,
    "Job Zone": r"^([0-9]{1,9}|n/a|)$",
    "O*NET-SOC Code": _KEY,
    "Task ID": _KEY,
}
_READ_ME = "Read Me"
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


@dataclass(frozen=True, slots=True)
class OnetRelease:
    """A release: its number ("30.2"), date (YYYY-MM where known) and tables of strings.

    A cell is the text as it stands; the row of a table counts from 2, below the header.
    """

    document: Document
    version: str
    issued: str | None
    tables: Mapping[str, pl.DataFrame]


def is_release(names: list[str]) -> bool:
    """Tell whether file names are those of a release in the text layout."""
    stems = {PurePosixPath(name).stem for name in names if name.lower().endswith(".txt")}
    return bool(stems & set(TABLES)) and (_READ_ME in stems or bool(stems & set(REQUIRED)))


def read_release(path: Path) -> OnetRelease:
    """Read a release from a folder or a zip archive.

    Raises InputError, with file and line where there is one, for a missing required table or
    column, a ragged row, text that is not UTF-8, or a release without a number.
    """
    members, read = _members(path)
    for name in REQUIRED:
        if name not in members:
            raise InputError(
                f"lacks the table {name}.txt, which a release in the text layout has", str(path)
            )
    contents = {name: read(members[name]) for name in (*TABLES, _READ_ME) if name in members}
    version, issued = _identity(contents.get(_READ_ME, b""), path, members)
    name_of = files.shown(path.name or path.resolve().name)
    tables = {
        name: _table(contents[name], columns, f"{name_of}/{name}.txt")
        for name, columns in TABLES.items()
        if name in contents
    }
    return OnetRelease(Document(name_of, _sha256(path, contents)), version, issued, tables)


def _sha256(path: Path, contents: Mapping[str, bytes]) -> str:
    """Return the digest of the archive; for a folder, that of the list of its tables' digests."""
    if path.is_file():
        return files.sha256(files.read_bytes(path, files.MAX_MEMBER))
    listing = "".join(f"{files.sha256(contents[name])}  {name}.txt\n" for name in sorted(contents))
    return files.sha256(listing.encode())


def _members(path: Path) -> tuple[dict[str, str], Callable[[str], bytes]]:
    """Return the known tables by name, and how to read one."""
    wanted = {*TABLES, _READ_ME}
    if path.is_dir():
        found = {p.stem: str(p) for p in sorted(path.glob("*.txt")) if p.stem in wanted}
        return found, lambda name: files.read_bytes(Path(name), files.MAX_MEMBER)
    members: dict[str, str] = {}
    with files.open_zip(path) as archive:
        names = [n for n in archive.namelist() if n.lower().endswith(".txt")]
    for name in names:
        stem = PurePosixPath(name).stem
        if stem in wanted and not PurePosixPath(name).name.startswith("._"):
            if stem in members:
                raise InputError(f"holds {stem}.txt twice: {members[stem]}, {name}", str(path))
            members[stem] = name

    def read(name: str) -> bytes:
        with files.open_zip(path) as archive:
            return files.read_member(archive, name)

    return members, read


def _identity(read_me: bytes, path: Path, members: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the number and date of a release, from its Read Me or its folder's name."""
    head = read_me[:2000].decode("utf-8", "replace")
    number = re.search(r"O\*NET®? (\d+\.\d+) Database", head)
    month = re.search(rf"({'|'.join(_MONTHS)}) (\d{{4}})", head)
    issued = f"{month[2]}-{_MONTHS.index(month[1]) + 1:02}" if month else None
    if number:
        return number[1], issued
    # A folder further up may bear such a name for another reason.
    for name in (path.resolve().name, *(PurePosixPath(m).parent.name for m in members.values())):
        if folder := re.search(r"(?:db|onet)_(\d+)_(\d+)", name):
            return f"{folder[1]}.{folder[2]}", issued
    raise InputError(
        "does not say which release it is: no Read Me.txt, and no folder name such as db_30_2_text",
        str(path),
    )


def _table(data: bytes, columns: tuple[str, ...], file: str) -> pl.DataFrame:
    text = files.decode(data, file)
    header, _, _ = text.partition("\n")
    names = header.rstrip("\r").split("\t")
    if missing := [c for c in columns if c not in names]:
        raise InputError(
            f"lacks the column {missing[0]!r}; its columns are: {', '.join(names)}", file, 1
        )
    if len(set(names)) != len(names):
        raise InputError("has a column twice", file, 1)
    text = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    rows = text.count("\n")
    if text.count("\t") != rows * (len(names) - 1):
        _refuse_ragged(text, len(names), file)
    try:
        table = pl.read_csv(
            io.BytesIO(text.encode()),
            separator="\t",
            quote_char=None,
            infer_schema=False,
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError as error:
        _refuse_ragged(text, len(names), file)
        raise InputError(f"is not a readable table: {error}".splitlines()[0], file) from None
    for column in columns:
        _refuse_cell(table, column, file)
    return table


def _refuse_cell(table: pl.DataFrame, column: str, file: str) -> None:
    """Raise InputError for the first cell of a column that is not what such a column holds."""
    if column not in _CELLS:
        return
    wrong = (~table[column].str.contains(_CELLS[column])).arg_true()
    if len(wrong):
        row = wrong[0]
        raise InputError(f"{column} cannot be {table[column][row]!r}", file, row + 2)


def _refuse_ragged(text: str, width: int, file: str) -> None:
    """Raise InputError for the first row that has not `width` cells."""
    for number, row in enumerate(text.split("\n")[:-1], 1):
        if (cells := row.count("\t") + 1) != width:
            raise InputError(f"has {cells} cells where the header has {width}", file, number)
