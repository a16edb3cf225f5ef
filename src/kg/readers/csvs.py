"""Tables of text with quoted cells (RFC 4180), read by column names; a cell is what it says."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import polars as pl

from kg.errors import InputError
from kg.readers import files

__all__ = ["LINE", "MAX_TABLE", "header", "read_table"]

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
        _check_header(names, required, file, skipped + 1)
        parts = [_part([], names), *(_part(some, names) for some in _shares(rows, names, file))]
    table = pl.concat(parts)
    filled = (pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names)
    return table.select(*filled, LINE)


def _shares(
    rows: Iterator[tuple[int, list[str]]], names: Sequence[str], file: str
) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield the rows after the header, some at a time, each with its line."""
    number, most = 0, max(1, _CELLS // len(names))
    while some := list(islice(rows, most)):
        for line, row in some:
            if len(row) != len(names):
                message = f"has {len(row)} cells, where the header has {len(names)}"
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
            raise InputError(f"is no such table: {error}", file, line) from None
        if row:
            yield line, row


def _check_header(names: Sequence[str], required: Collection[str], file: str, line: int) -> None:
    if len(names) > MAX_COLUMNS:
        raise InputError(f"has {len(names):,} columns; the limit is {MAX_COLUMNS}", file, line)
    if missing := [name for name in required if name not in names]:
        raise InputError(f"lacks the column {missing[0]!r}", file, line)
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
