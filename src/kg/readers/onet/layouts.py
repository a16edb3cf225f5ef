"""The layouts in which copies of an O*NET release come, each to columns of text.

- `.txt`: the official text layout, tab-separated without quoting (ten cells of 30.2 hold a bare
  quotation mark); or such a file saved again by a spreadsheet, which puts cells with a comma or
  a quotation mark into quotation marks and doubles those inside.
- `.csv`: comma-separated with quoting (RFC 4180).
- `.xlsx`: the official Excel layout, the first sheet (needs the extra `xlsx`).

Absent values (`n/a`, empty) become nulls. A row is told by the line of its file that it begins
on, or its row of the sheet: the header is row 1. Blank rows at the end do not count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

import polars as pl

from kg.errors import InputError
from kg.readers import csvs, files
from kg.readers.onet.workbooks import read_sheet
from kg.readers.signatures import mistaken

__all__ = ["LAYOUTS", "ROW", "RawTable", "read_table"]

#: How O*NET's tables write a value that is not there.
MISSING = ("n/a", "")
#: The longest text that is read cell by cell, which takes many times its room: the longest table
#: of a release, Work Context, has some 36 million characters.
MAX_QUOTED = 64 * 2**20
#: The column of a table that says on which row of the file a row stands; the space sets it apart
#: from columns of the file, whose names are stripped.
ROW = " row"
_QUOTED = re.compile(r'(?:^|\t)"', re.MULTILINE)
_NUMBER = re.compile(r"[+-]?[0-9.]+")
_TORN = re.compile(r"[\t\n]")


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it was read: columns of text and `ROW`.

    `header` is the row with their names, and `height` counts the rows below it; `unread` says of
    those that are not in the frame what is wrong with them. `cut` is the last row where the file
    ends within its line.
    """

    columns: tuple[str, ...]
    frame: pl.DataFrame
    height: int
    header: int = 1
    unread: Mapping[int, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of cells by its number, or what is wrong with it."""

    number: int
    cells: Sequence[str]
    wrong: str | None = None

    @property
    def is_blank(self) -> bool:
        return not (self.wrong or any(cell.strip() for cell in self.cells))


def read_table(data: bytes, suffix: str, file: str) -> RawTable:
    """Return the table in a file of one of the `LAYOUTS`, told by its name's ending.

    Raises InputError where it cannot be read at all, or has a column twice.
    """
    return LAYOUTS[suffix.lower()](data, file)


def _text(data: bytes, file: str) -> RawTable:
    text, is_cut = _lines(data, file)
    if _QUOTED.search(text) and (rows := _saved_again(text, file)) is not None:
        return _from_rows(rows, file, is_cut=is_cut)
    first, *lines = text.lstrip("\n").split("\n")
    header = len(text) - len(text.lstrip("\n")) + 1
    columns = _columns(first.split("\t"), file, header)
    body = pl.Series(lines, dtype=pl.String)
    numbers = pl.int_range(header + 1, header + 1 + len(lines), dtype=pl.Int64, eager=True)
    cut = header + len(lines) if is_cut and lines else None
    fits = body.str.count_matches("\t", literal=True) + 1 == len(columns)
    unread = {}
    if not fits.all():
        wrong = (numbers.filter(~fits), body.filter(~fits))
        unread = {
            number: csvs.ragged(line.split("\t"), len(columns), is_cut=number == cut)
            if line.strip()
            else "is blank"
            for number, line in zip(*wrong, strict=True)
        }
        numbers, body = numbers.filter(fits), body.filter(fits)
    cells = body.str.split_exact("\t", len(columns) - 1).struct.rename_fields(columns)
    frame = _without_missing(cells.struct.unnest().with_columns(numbers.alias(ROW)))
    return RawTable(columns, frame, len(lines), header, unread, cut)


def _csv(data: bytes, file: str) -> RawTable:
    text, is_cut = _lines(data, file)
    return _from_rows(list(_quoted_rows(text, ",", file)), file, is_cut=is_cut)


def _excel(data: bytes, file: str) -> RawTable:
    sheet = read_sheet(data, file)
    rows = _without_missing(sheet.with_columns(pl.Series(ROW, range(1, sheet.height + 1))))
    blank = rows.select(pl.all_horizontal(pl.exclude(ROW).is_null())).to_series()
    if not sheet.width or blank.all():
        raise _empty(file)
    # The header is the first row that holds something; blank rows at the end do not count.
    filled = (~blank).arg_true()
    first, last = filled[0], filled[-1]
    columns = _columns([cell or "" for cell in sheet.row(first)], file, first + 1)
    rows, blank = rows[first + 1 : last + 1], blank[first + 1 : last + 1]
    unread = dict.fromkeys(rows[ROW].filter(blank), "is blank")
    frame = rows.filter(~blank).rename(dict(zip(sheet.columns, columns, strict=True)))
    return RawTable(columns, frame, rows.height, first + 1, unread)


def _lines(data: bytes, file: str) -> tuple[str, bool]:
    """Return a text with LF as line ends and nothing blank at its end, and whether it is cut."""
    if data and (other := mistaken(data)):
        raise InputError(f"{other} (a table starts with the names of its columns)", file)
    text = files.decode(data, file).replace("\r\n", "\n")
    if "\n" not in text:  # as files of an old Mac are
        text = text.replace("\r", "\n")
    # A last row of empty cells is blank, but a last cell of the row before may be empty too.
    end = len(text.rstrip("\n\t ,"))
    if not end:
        raise _empty(file)
    line_end = text.find("\n", end)
    return (text, True) if line_end < 0 else (text[:line_end], False)


def _empty(file: str) -> InputError:
    return InputError("is empty; a table starts with the names of its columns", file)


def _columns(cells: Sequence[str], file: str, row: int) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in cells)
    if len(set(columns)) != len(columns):
        twice = next(c for c in columns if columns.count(c) > 1)
        raise InputError(f"has the column {twice!r} twice", file, row)
    return columns


def _saved_again(text: str, file: str) -> list[_Row] | None:
    """Return the rows of a text that a spreadsheet has saved, or None where none has.

    Such a text reads well with quoting, which the official one may do by chance: a cell may begin
    with a quotation mark, and a later one end with such a mark. So what is quoted has to be what
    spreadsheets quote.
    """
    rows = list(_quoted_rows(text, "\t", file))
    header = next((row for row in rows if not row.is_blank), None)
    if header is None or header.wrong or any(row.wrong for row in rows[:-1]):
        return None
    cells = [cell for row in rows for cell in row.cells]
    doubled = sum(2 + 2 * cell.count('"') for cell in cells if '"' in cell)
    others = text.count('"') - doubled
    if others < 0:
        return None  # a mark within a cell is not doubled
    plain = [cell for cell in cells if '"' not in cell]
    torn = sum(_TORN.search(cell) is not None for cell in plain)
    # With quoting no more rows are ragged than without; fewer, where it holds cells together.
    tabs = len(header.cells) - 1
    ragged = sum(len(row.cells) != tabs + 1 for row in rows if not row.wrong)
    if ragged + bool(torn) > sum(line.count("\t") != tabs for line in text.split("\n")):
        return None
    # Cells with a comma, all with a text, all that are no number, or all.
    quoted = (
        sum("," in cell or _TORN.search(cell) is not None for cell in plain),
        sum(bool(cell) and not _NUMBER.fullmatch(cell) for cell in plain),
        sum(not _NUMBER.fullmatch(cell) for cell in plain),
        len(plain),
    )
    return rows if doubled or torn or others in (2 * count for count in quoted) else None


def _quoted_rows(text: str, separator: str, file: str) -> Iterator[_Row]:
    """Yield rows of a text with quoting, each with the line that it begins on.

    Raises InputError for a text too large to be held cell by cell.
    """
    if len(text) > MAX_QUOTED:
        raise InputError(f"has more than {MAX_QUOTED:,} characters, too many with quoting", file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            yield _Row(begins, next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield _Row(begins, (), csvs.unreadable(error))


def _from_rows(rows: list[_Row], file: str, *, is_cut: bool) -> RawTable:
    filled = list(dropwhile(lambda row: row.is_blank, rows))
    if not filled:
        raise _empty(file)
    header, *body = filled
    if header.wrong:
        raise InputError(header.wrong, file, header.number)
    columns = _columns(header.cells, file, header.number)
    cut = body[-1].number if is_cut and body else None
    fitting, unread = [], {}
    for row in body:
        if row.wrong or row.is_blank:
            unread[row.number] = row.wrong or "is blank"
        elif len(row.cells) != len(columns):
            unread[row.number] = csvs.ragged(row.cells, len(columns), is_cut=row.number == cut)
        else:
            fitting.append((row.number, *row.cells))
    schema = {ROW: pl.Int64()} | dict.fromkeys(columns, pl.String())
    frame = pl.DataFrame(fitting, schema=schema, orient="row").select(*columns, ROW)
    return RawTable(columns, _without_missing(frame), len(body), header.number, unread, cut)


def _without_missing(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(~text.is_in(MISSING)).then(text))


#: File name endings to readers of a layout.
LAYOUTS: dict[str, Callable[[bytes, str], RawTable]] = {
    ".csv": _csv,
    ".txt": _text,
    ".xlsx": _excel,
}
