"""Tables of text with quoted cells (RFC 4180), read by column names; a cell is what it says."""

from __future__ import annotations

import csv
import io
import string
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import polars as pl

from kg.errors import InputError
from kg.readers import files
from kg.readers.signatures import AGAIN, mistaken
from kg.texts import number_of, shorten

__all__ = [
    "LINE",
    "MAX_TABLE",
    "SEMICOLONS",
    "check_rows",
    "header",
    "is_semicolons",
    "lacking",
    "ragged",
    "read_table",
    "unreadable",
]

#: The largest table that is read: the longest of ESCO has some 21 MB.
MAX_TABLE = 256 * 2**20
#: The most rows and columns: the longest table of ESCO has some 130,000 rows, the widest 16
#: columns.
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
#: So many cells are Python's at a time, which takes ten times the room of a table.
_CELLS = 200_000
#: The column that says on which line of its file a row begins.
LINE = "line"
#: The longest cell that is read: a concept scheme of ESCO lists its concepts in one of 700 KB.
MAX_CELL = 16 * 2**20
_NO_TEXT = f"{string.whitespace}\x1a"
#: So much of the names of columns is told of a header that is not the one needed.
_MOST_SHOWN = 200
#: What to say of a table that `is_semicolons`.
SEMICOLONS = "has semicolons between its cells; save it with commas (.csv) or tabs (.tsv)"


def header(first_line: bytes) -> tuple[str, ...]:
    """Return the column names in the first line of a file, whichever separates them.

    >>> header(b"\\xef\\xbb\\xbftask_name,pct")
    ('task_name', 'pct')
    """
    text = first_line.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        return tuple(next(csv.reader([text], delimiter="\t" if "\t" in text else ","), ()))
    except csv.Error:
        return ()


def is_semicolons(columns: Sequence[str]) -> bool:
    """Tell whether a header was written with semicolons, as spreadsheets of some countries do."""
    return len(columns) == 1 and ";" in columns[0]


def lacking(columns: Sequence[str], required: Collection[str]) -> str | None:
    """Return what to say of a header that lacks a column; None where it has all.

    >>> lacking(["a", "c"], ["a", "b"])
    "lacks the column 'b'; needed: a, b; it has: a, c"
    """
    missing = [name for name in required if name not in columns]
    if not missing:
        return None
    if is_semicolons(columns):
        return SEMICOLONS
    has = shorten(", ".join(columns), _MOST_SHOWN) or "none"
    return f"lacks the column {missing[0]!r}; needed: {', '.join(required)}; it has: {has}"


def ragged(cells: Sequence[str], columns: int, *, is_cut: bool) -> str:
    """Return what to say of a row of another length than the header; `is_cut` where a file ends.

    A last row without any text, such as the mark at which old programs end a file, is none that
    was cut.
    """
    has_text = any(cell.strip(_NO_TEXT) for cell in cells)
    if is_cut and has_text and len(cells) < columns:
        return f"is cut short: the file ends here, after {len(cells)} of {columns} cells; {AGAIN}"
    return f"has {number_of(len(cells), 'cell')} where the header has {columns}"


def unreadable(error: csv.Error) -> str:
    """Return what to say of quoting that cannot be read."""
    if str(error) == "unexpected end of data":
        return "has a quotation mark that is never closed; the file may be cut short"
    return f"cannot be read as a table: {error}"


def check_rows(table: pl.DataFrame, file: str) -> None:
    """Raise InputError for a table that has a header and nothing below it."""
    if table.is_empty():
        raise InputError("has no rows below its header", file, 1)


def read_table(
    data: bytes, file: str, required: Collection[str] = (), delimiter: str = ",", skipped: int = 0
) -> pl.DataFrame:
    """Return a table of text: the columns of its header, and `line`; an empty cell is null.

    `skipped` lines stand before the header. Raises InputError with the line for text that is not
    UTF-8, for cells that are not closed, for rows of another length than the header, for more than
    `MAX_ROWS` or `MAX_COLUMNS`, and where a required column is not there, or one is there twice.
    """
    text = files.decode(data, file)
    with _long_cells():
        rows = _rows(text, file, delimiter, skipped)
        names = next(rows, (0, []))[1]
        # A web page under the name of a table is not one that lacks columns.
        if set(required) - set(names) and (other := mistaken(data)):
            raise InputError(f"{other} (columns needed: {', '.join(required)})", file, skipped + 1)
        _check_header(names, required, file, skipped + 1)
        is_cut = not text.endswith(("\n", "\r"))
        shares = _shares(rows, names, file, is_cut=is_cut)
        parts = [_part([], names), *(_part(some, names) for some in shares)]
    table = pl.concat(parts)
    filled = (pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names)
    return table.select(*filled, LINE)


def _shares(
    rows: Iterator[tuple[int, list[str]]], names: Sequence[str], file: str, *, is_cut: bool
) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield the rows after the header, some at a time, each with its line."""
    number, most = 0, max(1, _CELLS // max(1, len(names)))
    while some := list(islice(rows, most)):
        for line, row in some:
            if len(row) != len(names):
                is_last = line == some[-1][0] and next(rows, None) is None
                message = ragged(row, len(names), is_cut=is_cut and is_last)
                raise InputError(message, file, line)
        if (number := number + len(some)) > MAX_ROWS:
            raise InputError(f"has more than {MAX_ROWS:,} rows; it is not read", file)
        yield some


def _part(rows: list[tuple[int, list[str]]], names: Sequence[str]) -> pl.DataFrame:
    schema = pl.Schema(dict.fromkeys(names, pl.String()))
    lines = pl.Series(LINE, [line for line, _ in rows], dtype=pl.Int64)
    return pl.DataFrame([row for _, row in rows], schema=schema, orient="row").with_columns(lines)


def _rows(text: str, file: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it begins; empty lines are none."""
    # Lines that are skipped end in LF alone, as those do that hold metadata.
    stream = io.StringIO(text.split("\n", skipped)[-1], newline="")
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(unreadable(error), file, line) from None
        if row:
            yield line, row


def _check_header(names: Sequence[str], required: Collection[str], file: str, line: int) -> None:
    if len(names) > MAX_COLUMNS:
        raise InputError(f"has {len(names):,} columns; the limit is {MAX_COLUMNS}", file, line)
    if said := lacking(names, required):
        raise InputError(said, file, line)
    twice = [name for name, count in Counter((*names, LINE)).items() if count > 1]
    if twice:
        raise InputError(f"has the column {twice[0]!r} twice", file, line)


@contextmanager
def _long_cells() -> Iterator[None]:
    """Have longer cells read than Python's limit, which is one of the whole process."""
    before = csv.field_size_limit(MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
