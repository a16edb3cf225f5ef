"""The layouts in which copies of an O*NET release come, each to columns of text.

- `.txt`: the official text layout, tab-separated without quoting (ten cells of 30.2 hold a bare
  quotation mark); or such a file saved again by a spreadsheet, which puts cells with a comma or
  a quotation mark into quotation marks and doubles those inside.
- `.csv`: comma-separated with quoting (RFC 4180); whole numbers may have become `95.0`.
- `.xlsx`: the official Excel layout, the first sheet (needs the extra `xlsx`).

Absent values (`n/a`, empty) become nulls. A row of a table is the line of its file: the header
is row 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

import polars as pl

from kg.errors import InputError, RequestError
from kg.readers import files

__all__ = ["LAYOUTS", "ROW", "RawTable", "read_table"]

#: How O*NET's tables write a value that is not there.
MISSING = ("n/a", "")
#: The column of a table that says on which row of the file a row stands.
ROW = "row"
_QUOTED = re.compile(r'(?:^|\t)"', re.MULTILINE)
# What makes a spreadsheet put quotation marks around a cell, beside such a mark itself.
_MAY_NEED = re.compile(r"[\t\n,]")
_WHOLE = r"^([+-]?[0-9]+)\.0+$"


@dataclass(slots=True)
class RawTable:
    """A table as it was read: columns of text and `ROW`, and the rows that are not like others."""

    columns: list[str]
    frame: pl.DataFrame
    #: The rows of the file without its header, whether they could be read or not.
    height: int
    #: What is wrong with rows that were not read, by row.
    ragged: dict[int, str] = field(default_factory=dict)
    #: Whether whole numbers may be written with a fraction.
    is_copy: bool = False

    def whole(self, columns: Iterable[str]) -> RawTable:
        """Return the table with `95.0` as `95` in some columns, where it is a copy."""
        present = [c for c in columns if c in self.frame.columns]
        if self.is_copy:
            self.frame = self.frame.with_columns(pl.col(present).str.replace(_WHOLE, "$1"))
        return self


def read_table(data: bytes, suffix: str, file: str) -> RawTable:
    """Return a table in the layout of its file name's ending, one of `LAYOUTS`.

    Raises InputError for what is no text or workbook, and for a column that stands twice.
    """
    table = LAYOUTS[suffix.lower()](data, file)
    if len(set(table.columns)) != len(table.columns):
        twice = next(c for c in table.columns if table.columns.count(c) > 1)
        raise InputError(f"has the column {twice!r} twice", file, 1)
    return table


def _text(data: bytes, file: str) -> RawTable:
    text = files.decode(data, file).replace("\r\n", "\n").rstrip("\n")
    if not text.strip():
        raise InputError("is empty; a table starts with the names of its columns", file)
    if _QUOTED.search(text) and (saved := _saved_again(text)) is not None:
        return _from_rows(saved, is_copy=True)
    header, _, body = text.partition("\n")
    columns = header.split("\t")
    lines = pl.Series(body.split("\n") if body else [], dtype=pl.String)
    rows = pl.Series(ROW, range(2, len(lines) + 2), dtype=pl.Int64)
    cells = lines.str.count_matches("\t", literal=True) + 1
    fitting = cells == len(columns)
    ragged = {}
    if not fitting.all():
        ragged = {
            row: f"has {count} cells where the header has {len(columns)}"
            for row, count in zip(rows.filter(~fitting), cells.filter(~fitting), strict=True)
        }
        rows, body = rows.filter(fitting), "\n".join(lines.filter(fitting))
    return RawTable(columns, _parsed(body, columns, rows, file), len(lines), ragged)


def _parsed(body: str, columns: list[str], rows: pl.Series, file: str) -> pl.DataFrame:
    if rows.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String())).with_columns(rows)
    try:
        frame = pl.read_csv(
            io.BytesIO(body.encode()),
            has_header=False,
            new_columns=columns,
            separator="\t",
            quote_char=None,
            infer_schema=False,
            null_values=list(MISSING),
        )
    except pl.exceptions.PolarsError as error:
        raise InputError(f"is not a readable table: {error}".splitlines()[0], file) from None
    return frame.with_columns(rows)


def _saved_again(text: str) -> list[tuple[int, list[str]]] | None:
    """Return the rows of a text that a spreadsheet has saved, or None where none has.

    It has where every cell with a quotation mark stands in such marks, and none without need.
    """
    try:
        rows = list(_quoted_rows(text, "\t"))
    except csv.Error:
        return None
    cells = [cell for _, row in rows for cell in row]
    # In a tab-separated file a cell with a comma may be quoted; one with a quotation mark must.
    least = sum(2 + 2 * cell.count('"') for cell in cells if '"' in cell)
    most = least + sum(2 for cell in cells if '"' not in cell and _MAY_NEED.search(cell))
    return rows if least <= text.count('"') <= most else None


def _quoted_rows(text: str, separator: str) -> Iterable[tuple[int, list[str]]]:
    """Yield rows with the line that each begins on."""
    csv.field_size_limit(files.MAX_DOCUMENT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _csv(data: bytes, file: str) -> RawTable:
    text = files.decode(data, file)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in _quoted_rows(text, ","):
            rows.append(row)
    except csv.Error as error:
        raise InputError(f"is not a readable table: {error}", file, len(rows) + 1) from None
    if not rows:
        raise InputError("is empty; a table starts with the names of its columns", file)
    return _from_rows(rows, is_copy=True)


def _from_rows(rows: list[tuple[int, list[str]]], *, is_copy: bool) -> RawTable:
    columns = rows[0][1]
    width = len(columns)
    body = [(line, cells) for line, cells in islice(rows, 1, None) if cells]
    ragged = {
        line: f"has {len(cells)} cells where the header has {width}"
        for line, cells in body
        if len(cells) != width
    }
    fitting = [(line, cells) for line, cells in body if len(cells) == width]
    frame = pl.DataFrame(
        [cells for _, cells in fitting], schema=dict.fromkeys(columns, pl.String()), orient="row"
    ).with_columns(pl.Series(ROW, [line for line, _ in fitting], dtype=pl.Int64))
    return RawTable(columns, _without_missing(frame), len(body), ragged, is_copy)


def _without_missing(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(~text.is_in(MISSING)).then(text))


def _excel(data: bytes, file: str) -> RawTable:
    try:
        import fastexcel
    except ImportError:
        raise RequestError(
            f"{file}: reading Excel files needs an extra: pip install 'skills-kg[xlsx]'"
        ) from None
    files.check_zip(data, file)
    try:
        sheet = fastexcel.read_excel(data).load_sheet(0, dtypes="string")
        frame = sheet.to_polars()
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise InputError(f"is not a readable workbook: {error}".splitlines()[0], file) from None
    columns = frame.columns
    frame = frame.select(pl.all().cast(pl.String))
    numbers = pl.Series(ROW, range(2, frame.height + 2), dtype=pl.Int64)
    frame = _without_missing(frame.with_columns(numbers))
    return RawTable(columns, frame, frame.height, is_copy=True)


#: File name endings to readers of a layout.
LAYOUTS: dict[str, Callable[[bytes, str], RawTable]] = {
    ".csv": _csv,
    ".txt": _text,
    ".xlsx": _excel,
}
