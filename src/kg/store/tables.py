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

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from kg.namespaces import XSD

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Term", "Value", "make_table", "value_of"]

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


def make_table(columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> pl.DataFrame:
    """Return rows as a table with a typed column for each column."""
    import polars as pl

    cells: list[list[Term | None]] = [[] for _ in columns]
    for row in rows:
        for column, term in zip(cells, row, strict=True):
            column.append(term)
    return pl.DataFrame([_column(n, c) for n, c in zip(columns, cells, strict=True)])


def _column(name: str, terms: list[Term | None]) -> pl.Series:
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
            return pl.Series(name, [None if v is None else float(v) for v in values], pl.Float64)  # type: ignore[arg-type]
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
    read = _READERS.get(term.datatype or "") if term.kind == "literal" else None
    if read is not None:
        try:
            return read(term.value.strip())
        except (InvalidOperation, KeyError, OverflowError, ValueError):
            pass  # not of its datatype, so a text
    return "text", term.value


def _decimal(text: str) -> tuple[str, Value]:
    number = Decimal(text)
    if not number.is_finite() or "e" in text.lower():
        raise ValueError(text)
    return "decimal", number


def _instant(text: str) -> tuple[str, Value]:
    time = datetime.fromisoformat(text)
    return ("instant", time.astimezone(UTC)) if time.tzinfo else ("local time", time)


_READERS: dict[str, Callable[[str], tuple[str, Value]]] = {
    **{f"{XSD.iri}{name}": lambda text: ("integer", int(text)) for name in _INTEGERS},
    XSD.boolean: lambda text: (
        "boolean",
        {"true": True, "1": True, "false": False, "0": False}[text],
    ),
    XSD.date: lambda text: ("date", date.fromisoformat(text)),
    XSD.dateTime: _instant,
    XSD.decimal: _decimal,
    XSD.double: lambda text: ("double", float(text)),
    XSD.float: lambda text: ("double", float(text)),
    XSD.gYear: lambda text: ("year", int(text)),
}
