"""What is wrong with a table of a release, row by row, and which rows may stay.

Errors are about a row that cannot become what the table's entry says; such a row is left out
where that is allowed. The rest is reported, and kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from kg.errors import InputError
from kg.model import Finding, Severity
from kg.readers.onet.entries import Entries, Repeat, TableEntry
from kg.readers.onet.layouts import ROW, RawTable
from kg.texts import number_of

__all__ = ["NODE", "CheckedTable", "check_against", "check_table"]

#: What precedes the name of a column for its cells that are said of the node they name.
NODE = "node: "
#: How many findings of one kind in one table are told with their row; the rest is counted.
MOST = 5
_FORMS = {
    "decimal": (r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", "a number"),
    "integer": (r"[+-]?[0-9]{1,18}", "a whole number"),
}
_WHOLE = r"^([+-]?[0-9]+)\.0+$"


@dataclass(slots=True)
class CheckedTable:
    """A table whose rows are what its entry says: columns of text named as there, and `ROW`.

    `read` counts the rows of the file, `left_out` those of them that are not here, by reason.
    """

    entry: TableEntry
    file: str
    frame: pl.DataFrame
    read: int
    left_out: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """The columns of the table, without `ROW`."""
        return [c for c in self.frame.columns if c != ROW]

    def report(self, severity: Severity, rows: Mapping[int, str], kind: str) -> None:
        """Report rows with what is said of each: the first few, and how many more of the kind."""
        for row in sorted(rows)[:MOST]:
            self.findings.append(Finding(severity, rows[row], self.file, row))
        if (more := len(rows) - MOST) > 0:
            message = f"and {number_of(more, 'more row')}: {kind}"
            self.findings.append(Finding(severity, message, self.file))

    def leave_out(self, severity: Severity, rows: Mapping[int, str], reason: str) -> None:
        """Report rows, and leave those out that are here."""
        self.report(severity, rows, reason)
        self.left_out[reason] += len(rows)
        self.frame = self.frame.filter(~pl.col(ROW).is_in(list(rows)))


def check_table(raw: RawTable, entry: TableEntry, entries: Entries, file: str) -> CheckedTable:
    """Return a table with its columns named as in its entry, and its rows checked by themselves.

    Raises InputError for a column that is missing.
    """
    named: dict[str, str] = {}
    for old, new in entry.renamed.items():
        if old in raw.columns and new not in (*raw.columns, *named.values()):
            named[old] = new
    frame = raw.frame.rename(named)
    columns = [named.get(column, column) for column in raw.columns]
    if missing := [c for c in entry.columns if c not in columns]:
        others = "".join(f" ({o!r})" for o, new in entry.renamed.items() if new == missing[0])
        message = f"lacks the column {missing[0]!r}{others}; it has {', '.join(raw.columns)}"
        raise InputError(message[:1000], file, raw.header)
    known = [c for c in columns if c in entry.known_columns]
    table = CheckedTable(entry, file, frame.select(*known, ROW), raw.height)
    if unknown := [c for c in columns if c not in known]:
        what = f"unknown columns are left out: {', '.join(map(repr, unknown))}"
        table.findings.append(Finding("warning", what[:1000], file, raw.header))
    if not raw.height:
        table.findings.append(Finding("warning", "has no rows below its header", file, raw.header))
    if raw.unread:
        table.leave_out("error", raw.unread, "not as many cells as the header, or blank")
    if raw.cut and raw.cut not in raw.unread:
        _check_cut(table, raw.cut, columns[-1])
    _make_whole(table, entries)
    for column, form, what in _forms(entry, entries, known):
        _check_form(table, column, form, what)
    _check_key(table)
    return table


def _check_cut(table: CheckedTable, row: int, last: str) -> None:
    """Report a last row without a line end, and leave it out where its last cell is cut short.

    It is where it is the beginning of a cell of other rows, and is itself that of none.
    """
    if last in table.columns:
        cells = table.frame.filter(pl.col(ROW) != row)[last].fill_null("")
        cell = table.frame.filter(pl.col(ROW) == row)[last].fill_null("")[0]
        if cell not in cells and cells.str.starts_with(cell).any():
            message = f"is cut short: the file ends with {last} {cell[:80]!r}"
            table.leave_out("error", {row: message}, "cut short")
            return
    message = "the file ends without a line end, so this row may be cut short"
    table.report("warning", {row: message}, "cut short")


def _make_whole(table: CheckedTable, entries: Entries) -> None:
    """Write whole numbers without the fraction that copies may give them: 95.0 is 95."""
    whole = table.entry.literal_columns("integer")
    for column in table.columns:
        cells = table.frame[column]
        if (column in whole or entries.column(column).whole) and cells.str.contains(r"\.0").any():
            table.frame = table.frame.with_columns(cells.str.replace(_WHOLE, "$1"))


def _forms(
    entry: TableEntry, entries: Entries, columns: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield the columns whose cells have a form, with the form and what to call it."""
    for column in columns:
        if form := entries.column(column).form:
            yield column, form, "a code"
        for literal, (form, what) in _FORMS.items():
            if column in entry.literal_columns(literal):
                yield column, form, what


def _check_form(table: CheckedTable, column: str, form: str, what: str) -> None:
    cells = table.frame[column].drop_nulls().unique()
    wrong = cells.filter(~cells.str.contains(f"^({form})$"))
    if len(wrong):
        rows = table.frame.filter(pl.col(column).is_in(wrong.implode()))
        said = {
            row: f"{column} cannot be {cell[:80]!r}, which is not {what}"
            for row, cell in rows.select(ROW, column).iter_rows()
        }
        table.leave_out("error", said, f"{column} is not {what}")


def _check_key(table: CheckedTable) -> None:
    """Leave out rows whose key is not whole, and those that stand twice."""
    for column in table.entry.needed_columns:
        if table.frame[column].has_nulls():
            rows = table.frame.filter(pl.col(column).is_null())[ROW]
            said = f"has no {column}, by which rows are told apart"
            table.leave_out("error", dict.fromkeys(rows, said), f"no {column}")
    if table.frame.select(pl.struct(table.entry.key).is_unique().all()).item():
        return
    again = table.frame.filter(~pl.struct(table.columns).is_first_distinct())[ROW]
    if len(again):
        said = "repeats an earlier row word for word, and is left out"
        table.leave_out("warning", dict.fromkeys(again, said), "repeats an earlier row")
    rows = table.frame.filter(~pl.struct(table.entry.key).is_first_distinct())[ROW]
    key = ", ".join(table.entry.key)
    said = f"has the {key} of an earlier row, and says other things; both are kept"
    table.report("warning", dict.fromkeys(rows, said), f"the {key} of an earlier row")


def check_against(
    table: CheckedTable, others: Mapping[str, CheckedTable], entries: Entries
) -> None:
    """Report what a table names that no other lists, and names that differ from those there.

    A column that repeats what another table says keeps only the cells that differ from it; those
    about something that is not listed there move to a column of their own, `NODE` before its name.
    A column without such cells is no longer there.
    """
    for column in table.columns:
        listed = entries.column(column).listed
        if listed and listed[0] in others and listed[0] != table.entry.name:
            _check_listed(table, column, others[listed[0]].frame[listed[1]], listed[0])
    for column, repeat in entries.repeats(table.entry).items():
        if column in table.columns:
            _check_repeats(table, column, repeat, others.get(repeat.table))


def _check_listed(table: CheckedTable, column: str, listed: pl.Series, name: str) -> None:
    cells = table.frame.select(column, ROW).drop_nulls()
    lacking = cells.filter(~pl.col(column).is_in(listed.implode()))
    if lacking.is_empty():
        return
    first = lacking.group_by(column).agg(pl.col(ROW).min(), pl.len().alias("rows")).sort(ROW)
    said = {}
    for cell, row, rows in first.iter_rows():
        more = f" ({rows:,} rows)" if rows > 1 else ""
        said[row] = f"{column} {cell!r} is not in the table {name}{more}"
    table.report("warning", said, f"with other values of {column} that are not in {name}")


def _check_repeats(
    table: CheckedTable, column: str, repeat: Repeat, other: CheckedTable | None
) -> None:
    frame = table.frame
    cells = frame.select(pl.col(repeat.of).alias("of"), pl.col(column).alias("cell"), ROW)
    if other is None:
        said = pl.DataFrame(schema=dict.fromkeys(("of", "said"), pl.String()))
    else:
        said = other.frame.select(
            pl.col(repeat.key).alias("of"), pl.col(repeat.column).alias("said")
        )
    listed = said.unique("of", keep="first", maintain_order=True).with_columns(listed=pl.lit(True))
    cells = cells.join(listed, on="of", how="left", maintain_order="left")
    is_listed = pl.col("listed").fill_null(False)
    differs = is_listed & pl.col("cell").ne_missing(pl.col("said")) & pl.col("cell").is_not_null()
    kept = cells.select(
        pl.when(differs).then("cell").alias(column),
        pl.when(~is_listed).then("cell").alias(NODE + column),
    )
    table.frame = frame.drop(column).with_columns(c for c in kept if c.null_count() < len(c))
    rows = cells.filter(differs).select(ROW, "cell", "said")
    messages = {
        row: f"{column} {cell[:80]!r} differs from {(said or '')[:80]!r} in {repeat.table}"
        for row, cell, said in rows.iter_rows()
    }
    table.report("warning", messages, f"{column} differs from {repeat.table}")
