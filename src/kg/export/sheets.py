"""Tables into a folder: CSV, Parquet, and a workbook for spreadsheet programs.

Spreadsheet programs run a cell of a CSV file that begins like a formula. Such cells get an
apostrophe before them there; `unescape` takes it away. A workbook says of each cell that it is
text, and Parquet is for programs: both hold every text as it is.
"""

from __future__ import annotations

import datetime
import io
import math
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import polars as pl

from kg import quads
from kg.errors import OutputError, RequestError
from kg.export.attribution import HEADING, attributions
from kg.export.selection import Selection
from kg.export.tables import make_tables

__all__ = [
    "ATTRIBUTION",
    "FOLDERS",
    "SEPARATOR",
    "is_export",
    "unescape",
    "write_attributions",
    "write_csv",
    "write_parquet",
    "write_sheets",
    "write_workbook",
]

#: The file of a folder that says whom to name, and by which an earlier export is known.
ATTRIBUTION = "ATTRIBUTION.txt"
#: Between the items of a list, where a format has no lists.
SEPARATOR = "; "
QUADS, WORKBOOK = "quads.parquet", "tables.xlsx"
_SUFFIXES = {".csv", ".jsonld", ".parquet", ".xlsx"}
# What makes a cell a formula, full-width forms included. One that has apostrophes before it gets
# one more, so that taking one away always gives back what there was.
_FORMULA = r"^'*[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
_BEGINS_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
#: What a workbook has no escape for; it has one for control characters.
_FORBIDDEN = re.compile("[\ufffe\uffff]")
_OS_ERROR = re.compile(r"\(os error (\d+)\)")
_MOST_ROWS = 1_048_576
_MOST_CHARACTERS = 32_767
#: Nothing of the clock goes into a workbook.
_CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def unescape(cells: pl.Expr) -> pl.Expr:
    """Return the cells of a CSV file that was exported as they were."""
    is_escaped = cells.str.starts_with("'") & cells.str.contains(_FORMULA)
    return pl.when(is_escaped).then(cells.str.slice(1)).otherwise(cells)


def _csv(selection: Selection, folder: Path) -> None:
    for name, table in make_tables(selection).items():
        with (folder / f"{name}.csv").open("wb") as out:
            write_csv(table, out)


def write_csv(table: pl.DataFrame, out: IO[bytes]) -> None:
    """Write a table as CSV, texts in quotation marks, for whatever separator a reader splits at."""
    flat = _flat(table).with_columns(_escaped(pl.col(pl.String)))
    out.write(flat.write_csv(quote_style="non_numeric").encode())


def _escaped(cells: pl.Expr) -> pl.Expr:
    return pl.when(~cells.str.contains(_FORMULA)).then(cells).otherwise("'" + cells)


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col(pl.List(pl.String)).list.join(SEPARATOR))


def _parquet(selection: Selection, folder: Path) -> None:
    for name, table in make_tables(selection).items():
        with (folder / f"{name}.parquet").open("wb") as out:
            write_parquet(table, out)
    # The tables are views; this is the data itself.
    try:
        selection.quads.select(quads.COLUMNS).sink_parquet(
            folder / QUADS,
            compression="zstd",
            statistics=True,
            row_group_size=quads.ROW_GROUP_SIZE,
            maintain_order=True,
        )
    except pl.exceptions.PolarsError as error:  # which is what it makes of a full disk
        if code := _OS_ERROR.search(str(error)):
            raise OSError(int(code[1]), os.strerror(int(code[1]))) from None
        raise OutputError(f"{QUADS} cannot be written ({str(error).splitlines()[0]})") from None


def write_parquet(table: pl.DataFrame, out: IO[bytes]) -> None:
    """Write a table as Parquet: the same rows always give the same bytes."""
    buffer = io.BytesIO()  # so that a full disk is met here, as a plain OSError
    table.write_parquet(
        buffer, compression="zstd", statistics=True, row_group_size=quads.ROW_GROUP_SIZE
    )
    out.write(buffer.getbuffer())


def _xlsx(selection: Selection, folder: Path) -> None:
    with (folder / WORKBOOK).open("wb") as out:
        write_workbook(selection, out, folder)


def write_workbook(selection: Selection, out: IO[bytes], scratch: Path | None = None) -> None:
    """Write a workbook with a sheet for each table and one with the attributions.

    `scratch` is a folder for what is only needed meanwhile (None: the system's). Raises as
    `write_sheets` does.
    """
    schema = pl.Schema({"attribution": pl.String()})
    notes = pl.DataFrame({"attribution": attributions(selection)}, schema=schema)
    write_sheets({**make_tables(selection), "attribution": notes}, out, scratch)


def write_sheets(
    tables: Mapping[str, pl.DataFrame], out: IO[bytes], scratch: Path | None = None
) -> None:
    """Write a workbook with a sheet for each table: the same tables give the same bytes.

    Raises RequestError without the extra that it takes, and where a table does not fit a sheet.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise RequestError(
            "XLSX needs xlsxwriter, which the extra skills-kg[xlsx] brings: pip install xlsxwriter"
        ) from None
    flat = {name: _flat(table) for name, table in tables.items()}
    for name, table in flat.items():
        _check_size(name, table)
    # Rows go to files, not into memory.
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"title": "Skills-kg export", "created": _CREATED})
        head = book.add_format({"bold": True})
        # Keeps a cell that begins like a formula a text, should someone edit it.
        quoted = book.add_format({"quote_prefix": True})
        for name, table in flat.items():
            _fill(book.add_worksheet(name), table, head, quoted)
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise error.args[0] from None


def _check_size(name: str, table: pl.DataFrame) -> None:
    if table.height >= _MOST_ROWS:
        raise RequestError(
            f"{name} has {table.height:,} rows, and a sheet {_MOST_ROWS:,}; take csv or parquet"
        )
    for column in table.select(pl.col(pl.String)):
        # Spreadsheets count in UTF-16, where some characters are two.
        longest = max((len(t.encode("utf-16-le")) // 2 for t in column.drop_nulls()), default=0)
        if longest > _MOST_CHARACTERS:
            raise RequestError(
                f"{name}.{column.name} has a text of {longest:,} characters, and a cell at most "
                f"{_MOST_CHARACTERS:,}; take csv or parquet"
            )


def _fill(sheet: Any, table: pl.DataFrame, head: object, quoted: object) -> None:
    """Write a table to a sheet, its column names above it."""
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, table.width - 1, 20)
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, head)
    for number, row in enumerate(table.iter_rows(), 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                _write_text(sheet, number, column, _FORBIDDEN.sub("\ufffd", value), quoted)
            elif isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif value is not None and math.isfinite(value):
                sheet.write_number(number, column, value)
            elif value is not None:  # a cell has no such number
                sheet.write_string(number, column, str(value))


def _write_text(sheet: Any, row: int, column: int, value: str, quoted: object) -> None:
    if value.startswith("<r>") and value.endswith("</r>"):
        # xlsxwriter takes such a text for marked-up XML of its own, unless it marks it up itself.
        sheet.write_rich_string(row, column, "<r>", quoted, value[3:])
    elif _BEGINS_FORMULA.match(value):
        sheet.write_string(row, column, value, quoted)
    else:
        sheet.write_string(row, column, value)


#: What writes the tables into a folder, by format.
FOLDERS: dict[str, Callable[[Selection, Path], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "xlsx": _xlsx,
}


def write_attributions(selection: Selection, folder: Path) -> None:
    """Write the attributions of what a folder holds beside it."""
    lines = [HEADING, *attributions(selection)]
    text = "".join(f"{line}\n" for line in lines)
    (folder / ATTRIBUTION).write_text(text, encoding="utf-8", newline="\n")


def is_export(folder: Path) -> bool:
    """Tell whether a folder holds an earlier export and nothing else."""
    names = {p.name for p in folder.iterdir()}
    if ATTRIBUTION not in names or any(p.is_dir() for p in folder.iterdir()):
        return False
    with (folder / ATTRIBUTION).open(encoding="utf-8", errors="replace") as file:
        if file.readline().rstrip("\n") != HEADING:
            return False
    return all(Path(n).suffix in _SUFFIXES for n in names - {ATTRIBUTION})
