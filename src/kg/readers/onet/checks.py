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

__all__ = ["NODE", "CheckedTable", "check_against", "check_table"]

#: What precedes the name of a column for its cells that are said of the node they name.
NODE = "node: "
#: How many errors of one kind in one table are named with their row; the rest is counted.
MOST = 5
_FORMS = {
    "decimal": (r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", "a number"),
    "integer": (r"[+-]?[0-9]+", "a whole number"),
}


@dataclass(slots=True)
class CheckedTable:
    """A table whose rows are what its entry says: canonical columns of text, and `ROW`.

    `read` counts the rows of the file, `left_out` those of them that are not here, by reason.
    """

    entry: TableEntry
    file: str
    frame: pl.DataFrame
    read: int
    left_out: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def drop(self, rows: Iterable[int], reason: str) -> None:
        """Leave rows out, by their numbers."""
        height = self.frame.height
        self.frame = self.frame.filter(~pl.col(ROW).is_in(list(rows)))
        self.left_out[reason] += height - self.frame.height

    def report(self, severity: Severity, rows: pl.Series | list[int], message: str) -> None:
        """Report the same of several rows: the first few each, and how many more there are."""
        numbers = sorted(rows)
        for row in numbers[:MOST]:
            self.findings.append(Finding(severity, message, self.file, row))
        if (more := len(numbers) - MOST) > 0:
            last = f"{more:,} more rows like row {numbers[MOST - 1]}: {message}"
            self.findings.append(Finding(severity, last, self.file))


def check_table(raw: RawTable, entry: TableEntry, entries: Entries, file: str) -> CheckedTable:
    """Return a table with its columns named as in its entry, and its rows checked by themselves.

    Raises InputError for a column that is missing.
    """
    frame = raw.frame.rename({a: b for a, b in entry.renamed.items() if a in raw.columns})
    columns = [c for c in frame.columns if c != ROW]
    if missing := [c for c in entry.columns if c not in columns]:
        written = {b: a for a, b in entry.renamed.items() if a not in raw.columns}
        name = written.get(missing[0], missing[0]) if entry.renamed else missing[0]
        raise InputError(
            f"lacks the column {name!r}; its columns are: {', '.join(raw.columns)}", file, 1
        )
    known = {*entry.columns, *entry.optional}
    table = CheckedTable(entry, file, frame.select(*(c for c in columns if c in known), ROW), 0)
    table.read = raw.height
    if unknown := [c for c in columns if c not in known]:
        named = ", ".join(map(repr, unknown))
        table.findings.append(Finding("warning", f"unknown columns are left out: {named}", file, 1))
    _count_ragged(table, raw.ragged)
    whole = entry.literal_columns("integer") | {c for c in known if entries.column(c).whole}
    raw.frame = table.frame
    table.frame = raw.whole(whole).frame
    for column, form, what in _forms(entry, entries, table.frame.columns):
        _check_form(table, column, form, what)
    _check_key(table, entries)
    return table


def _count_ragged(table: CheckedTable, ragged: Mapping[int, str]) -> None:
    for number, (row, message) in enumerate(sorted(ragged.items())):
        if number < MOST:
            table.findings.append(Finding("error", message, table.file, row))
    if more := max(0, len(ragged) - MOST):
        message = f"{more:,} more rows have another number of cells than the header"
        table.findings.append(Finding("error", message, table.file))
    if ragged:
        table.left_out["another number of cells than the header"] += len(ragged)


def _forms(
    entry: TableEntry, entries: Entries, columns: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield the columns whose cells have a form, with the form and what to call it."""
    for column in columns:
        if form := entries.column(column).form:
            yield column, form, "a code"
    for literal, (form, what) in _FORMS.items():
        yield from ((c, form, what) for c in sorted(entry.literal_columns(literal)) if c in columns)


def _check_form(table: CheckedTable, column: str, form: str, what: str) -> None:
    cells = table.frame[column].drop_nulls().unique()
    wrong = cells.filter(~cells.str.contains(f"^({form})$"))
    if wrong.is_empty():
        return
    rows = table.frame.filter(pl.col(column).is_in(wrong.implode())).select(ROW, column)
    for row, cell in rows.head(MOST).iter_rows():
        message = f"{column} cannot be {cell[:80]!r}, which is not {what}"
        table.findings.append(Finding("error", message, table.file, row))
    if (more := rows.height - MOST) > 0:
        message = f"{more:,} more rows whose {column} is not {what}"
        table.findings.append(Finding("error", message, table.file))
    table.drop(rows[ROW], f"{column} is not {what}")


def _check_key(table: CheckedTable, entries: Entries) -> None:
    """Leave out rows whose key is not whole, and whole rows that stand twice."""
    for column in table.entry.key:
        if entries.column(column).absent or not table.frame[column].has_nulls():
            continue
        rows = table.frame.filter(pl.col(column).is_null())[ROW]
        table.report("error", rows, f"has no {column}, which tells its rows apart")
        table.drop(rows, f"no {column}")
    columns = [c for c in table.frame.columns if c != ROW]
    if table.frame.select(pl.struct(table.entry.key).is_unique().all()).item():
        return
    again = table.frame.filter(~pl.struct(columns).is_first_distinct())[ROW]
    table.report("warning", again, "repeats an earlier row word for word, and is left out")
    table.drop(again, "repeats an earlier row")
    key = pl.struct(table.entry.key)
    rows = table.frame.filter(~key.is_first_distinct())[ROW]
    what = ", ".join(table.entry.key)
    table.report("warning", rows, f"has the same {what} as an earlier row, and says other things")


def check_against(
    table: CheckedTable, others: Mapping[str, CheckedTable], entries: Entries
) -> None:
    """Report what a table names that no other lists, and names that differ from those there.

    A column that repeats what another table says keeps only the cells that differ from it; those
    about something that is not listed there move to a column of their own, `NODE` before its name.
    """
    for column in [c for c in table.frame.columns if c != ROW]:
        listed = entries.column(column).listed
        if listed and listed[0] in others and listed[0] != table.entry.name:
            _check_listed(table, column, others[listed[0]].frame[listed[1]], listed[0])
    for column, repeat in entries.repeats(table.entry).items():
        if column in table.frame.columns:
            _check_repeats(table, column, repeat, others.get(repeat.table))


def _check_listed(table: CheckedTable, column: str, listed: pl.Series, name: str) -> None:
    used = table.frame[column].drop_nulls().unique()
    lacking = used.filter(~used.is_in(listed.implode()))
    if lacking.is_empty():
        return
    rows = table.frame.filter(pl.col(column).is_in(lacking.implode())).select(ROW, column)
    row, cell = rows.row(0)
    what = f"{column} {cell!r} is not in the table {name}"
    if (more := rows.height - 1) > 0:
        values = f", {len(lacking):,} values in all" if len(lacking) > 1 else ""
        what += f" (nor are those of {more:,} later rows{values})"
    table.findings.append(Finding("warning", what, table.file, row))


def _check_repeats(
    table: CheckedTable, column: str, repeat: Repeat, other: CheckedTable | None
) -> None:
    frame = table.frame
    if other is None:
        names = frame.select(repeat.of).clear().with_columns(said=pl.lit(None, pl.String))
    else:
        names = other.frame.select(pl.col(repeat.key).alias(repeat.of), said=pl.col(repeat.column))
        names = names.unique(repeat.of, keep="first", maintain_order=True)
    joined = frame.select(repeat.of, column).join(
        names.with_columns(listed=pl.lit(True)), on=repeat.of, how="left", maintain_order="left"
    )
    cell, listed = joined[column], joined["listed"].fill_null(False)
    differs = listed & (cell != joined["said"].fill_null("")) & cell.is_not_null()
    kept = joined.select(
        pl.when(differs).then(column).alias(column),
        pl.when(~listed).then(column).alias(NODE + column),
    )
    table.frame = frame.with_columns(kept)
    if differs.any():
        row = frame[ROW].filter(differs)[0]
        what = f"{column} differs from the one in {repeat.table}"
        if (more := int(differs.sum()) - 1) > 0:
            what += f" (so do those of {more:,} later rows)"
        table.findings.append(Finding("warning", what, table.file, row))
