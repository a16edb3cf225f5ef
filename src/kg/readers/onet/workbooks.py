"""The first sheet of an Excel workbook (.xlsx, ISO/IEC 29500) as rows of text.

What reads workbooks (the extra `xlsx`) takes room for every place up to the furthest cell of a
sheet, so that one stray cell may take all memory there is: that is looked at before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.parsers import expat

import polars as pl

from kg.errors import InputError, RequestError
from kg.readers import files

__all__ = ["read_sheet"]

#: The most places that a sheet may have; the largest table has 5 million.
MAX_CELLS = 20_000_000
# The names of cells and the numbers of rows, as far as a sheet goes (XFD1048576).
_REFERENCE = re.compile("[A-Za-z]{1,3}[0-9]{0,9}")
_ROW = re.compile("[0-9]{1,9}")
_WORKBOOK = "xl/workbook.xml"
#: What workbooks of other kinds have, which are read as such whatever the file is called.
_OTHERS = {"content.xml", "xl/workbook.bin"}


def read_sheet(data: bytes, file: str) -> pl.DataFrame:
    """Return the first sheet: a row a row, from row 1 on, with cells of text, null where empty.

    Numbers are written in the shortest way, without exponents. Raises InputError for what is no
    workbook, is damaged, or takes more room than a table can; RequestError without the extra.
    """
    try:
        import fastexcel
    except ImportError:
        raise RequestError(
            f"{file}: reading Excel files needs an extra: pip install 'skills-kg[xlsx]'"
        ) from None
    _check(files.zip_members(data, file), file)
    try:
        sheet = fastexcel.read_excel(data).load_sheet(
            0, header_row=None, skip_rows=0, dtypes="string"
        )
        return sheet.to_polars()
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise InputError(f"is not a readable workbook: {error}".splitlines()[0], file) from None


def _check(members: Iterable[tuple[str, bytes]], file: str) -> None:
    names = set()
    for name, content in members:
        names.add(name)
        # Any member may be named as a sheet, whatever its own name.
        if b"sheetData" in content:
            _check_sheet(content, file)
    if _WORKBOOK not in names or names & _OTHERS:
        raise InputError("is not an Excel workbook (.xlsx)", file)


def _check_sheet(content: bytes, file: str) -> None:
    """Raise InputError for a sheet that is not well-formed, or reaches too far."""
    row, column, rows, columns = 0, 0, 0, 0
    numbers: dict[str, int] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, rows, columns
        kind = name.rpartition(":")[2]
        if kind == "c":
            reference = attributes.get("r")
            if reference is None:
                column += 1
            else:
                if not _REFERENCE.fullmatch(reference):
                    raise InputError(f"has a cell with the name {reference[:20]!r}", file)
                letters = reference.rstrip("0123456789")
                if (number := numbers.get(letters)) is None:
                    number = numbers[letters] = _column(letters)
                column, row = number, int(reference[len(letters) :] or row)
            rows, columns = max(rows, row), max(columns, column)
        elif kind == "row":
            given = str(attributes.get("r", row + 1))
            if not _ROW.fullmatch(given):
                raise InputError(f"has a row with the number {given[:20]!r}", file)
            row, column = int(given), 0

    def refuse(*_: object) -> None:
        raise InputError("is not a readable workbook: a sheet has a document type", file)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"is not a readable workbook: {error}", file) from None
    if rows * columns > MAX_CELLS:
        raise InputError(
            f"has cells as far as row {rows:,} and column {columns:,}, which is no table", file
        )


def _column(letters: str) -> int:
    """Return the number of a column by its letters: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + int(letter, 36) - 9
    return number
