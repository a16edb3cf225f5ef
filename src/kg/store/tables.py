"""Terms as Python values, and columns of terms as typed columns of tables.

| datatype | value | column |
|---|---|---|
| `xsd:integer` and the types derived from it | `int` | `Int64` |
| `xsd:decimal` | `Decimal` | `Decimal`, as many places as the longest value has |
| `xsd:double`, `xsd:float` | `float` | `Float64` |
| `xsd:boolean` | `bool` | `Boolean` |
| `xsd:date` | `date` | `Date` |
| `xsd:dateTime` | `datetime` | `Datetime`, in UTC where it has a time zone |
| `xsd:gYear` | `int` | `Int64` |
| IRIs, blank nodes, other literals | `str` | `String` |

Integers and decimals together are decimals, with doubles doubles. A column that holds anything
else together, or a value that is not of its datatype, is `String`; so is one without values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from kg.namespaces import XSD

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Term", "Value", "family", "make_column", "make_table", "value_of"]

Value = str | int | float | bool | Decimal | date | datetime | None

_MOST_DIGITS = 38
_INTEGERS = (
    "byte int integer long negativeInteger nonNegativeInteger nonPositiveInteger positiveInteger "
    "short unsignedByte unsignedInt unsignedLong unsignedShort"
).split()


class Term(NamedTuple):
    """A cell of a result: `kind` is iri, blank or literal, the rest as in the quad table."""

    kind: str
    value: str
    datatype: str | None
    language: str | None


def value_of(term: Term | None) -> Value:
    """Return a term as a Python value; text where it is none of its datatype."""
    return _typed(term)[1] if term else None


def family(term: Term) -> str:
    """Return what kind of value a term may have by its datatype: `text` where it is just that."""
    return _FAMILIES.get(term.datatype or "", "text")


def make_table(columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> pl.DataFrame:
    """Return rows as a table with a typed column for each column."""
    import polars as pl

    cells: list[list[Term | None]] = [[] for _ in columns]
    for row in rows:
        for column, term in zip(cells, row, strict=True):
            column.append(term)
    return pl.DataFrame([make_column(n, c) for n, c in zip(columns, cells, strict=True)])


def make_column(name: str, terms: Sequence[Term | None]) -> pl.Series:
    """Return terms as a typed column."""
    import polars as pl

    typed = [_typed(term) if term else ("", None) for term in terms]
    values = [value for _, value in typed]
    known = [value for value in values if value is not None]
    match sorted({kind for kind, _ in typed} - {""}):
        case ["integer"] | ["year"] if all(isinstance(v, int) and abs(v) < 2**63 for v in known):
            return pl.Series(name, values, pl.Int64)
        case ["decimal"] | ["decimal", "integer"]:
            decimals = [None if v is None else Decimal(v) for v in values]  # type: ignore[arg-type]
            places = max(_places(d) for d in decimals if d is not None)
            if max(_digits(d) for d in decimals if d is not None) + places <= _MOST_DIGITS:
                return pl.Series(name, decimals, pl.Decimal(_MOST_DIGITS, places))
        case (
            ["double"]
            | ["decimal", "double"]
            | ["double", "integer"]
            | [
                "decimal",
                "double",
                "integer",
            ]
        ):
            with suppress(OverflowError):  # of an integer that no double can be
                doubles = [None if v is None else float(v) for v in values]  # type: ignore[arg-type]
                return pl.Series(name, doubles, pl.Float64)
        case ["boolean"]:
            return pl.Series(name, values, pl.Boolean)
        case ["date"]:
            return pl.Series(name, values, pl.Date)
        case ["instant"]:
            return pl.Series(name, values, pl.Datetime("us", "UTC"))
        case ["local time"]:
            return pl.Series(name, values, pl.Datetime("us"))
    return pl.Series(name, [t.value if t else None for t in terms], pl.String)


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _digits(number: Decimal) -> int:
    """Return how many digits stand before the point."""
    return max(1, number.adjusted() + 1)


def _typed(term: Term) -> tuple[str, Value]:
    form, read = _READERS.get(term.datatype or "", _NONE) if term.kind == "literal" else _NONE
    text = term.value.strip(" \t\r\n")
    # Python reads more than the datatypes allow: 1_000, and digits of any script.
    if form.fullmatch(text):
        with suppress(InvalidOperation, OverflowError, ValueError):
            return read(text)
    return "text", term.value


def _instant(text: str) -> tuple[str, Value]:
    time = datetime.fromisoformat(text)
    return ("instant", time.astimezone(UTC)) if time.tzinfo else ("local time", time)


_Reader = tuple[re.Pattern[str], Callable[[str], tuple[str, Value]]]
_NONE: _Reader = (re.compile("(?!)"), lambda text: ("text", text))
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
# https://www.w3.org/TR/xmlschema11-2/#built-in-primitive-datatypes: the lexical forms of which a
# column has a type. A date with a time zone is a text, and a time finer than microseconds.
_INTEGER: _Reader = (re.compile("[+-]?[0-9]+"), lambda text: ("integer", int(text)))
_DOUBLE: _Reader = (
    re.compile(rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"),
    lambda text: ("double", float(text)),
)
_READERS: dict[str, _Reader] = {
    **{f"{XSD.iri}{name}": _INTEGER for name in _INTEGERS},
    XSD.boolean: (re.compile("true|false|1|0"), lambda text: ("boolean", text in ("true", "1"))),
    XSD.date: (re.compile(_DAY), lambda text: ("date", date.fromisoformat(text))),
    XSD.dateTime: (
        re.compile(rf"{_DAY}T[0-9:]{{8}}(?:\.[0-9]{{1,6}})?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?"),
        _instant,
    ),
    XSD.decimal: (re.compile(_NUMBER), lambda text: ("decimal", Decimal(text))),
    XSD.double: _DOUBLE,
    XSD.float: _DOUBLE,
    XSD.gYear: (re.compile("-?[0-9]{4,}"), lambda text: ("year", int(text))),
}
# By datatype, what the readers call a value; a time is an instant or a local one.
_FAMILIES = {
    **{f"{XSD.iri}{name}": "integer" for name in _INTEGERS},
    XSD.boolean: "boolean",
    XSD.date: "date",
    XSD.dateTime: "time",
    XSD.decimal: "decimal",
    XSD.double: "double",
    XSD.float: "double",
    XSD.gYear: "year",
}
