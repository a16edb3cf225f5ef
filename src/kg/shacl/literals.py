"""Literals as values: which are well-formed, and how two compare.

The comparison is that of SPARQL's operators (https://www.w3.org/TR/sparql11-query/#OperatorMapping)
with dates and times beside `xsd:dateTime`, as XPath compares them. What cannot be compared is
neither less nor greater.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from rdflib import XSD

__all__ = ["INTEGERS", "LEXICAL", "Value", "compares", "is_valid", "order_of", "value_of"]

_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_INTEGER = "[+-]?[0-9]+"
_DOUBLE = rf"(?:{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN)"
_SECONDS = r"[0-9]+(?:\.[0-9]+)?S"
_DAY_TIME = (
    rf"(?:[0-9]+D(?:T(?:[0-9]+H(?:[0-9]+M)?(?:{_SECONDS})?|[0-9]+M(?:{_SECONDS})?|{_SECONDS}))?"
    rf"|T(?:[0-9]+H(?:[0-9]+M)?(?:{_SECONDS})?|[0-9]+M(?:{_SECONDS})?|{_SECONDS}))"
)
_YEAR_MONTH = "(?:[0-9]+Y(?:[0-9]+M)?|[0-9]+M)"
_B64 = "[A-Za-z0-9+/] ?"
_BASE64 = f"(?:(?:{_B64}){{4}})*(?:(?:{_B64}){{2}}[AEIMQUYcgkosw048] ?=|{_B64}[AQgw] ?= ?=)?"


#: The integer types, each with its least and its greatest value.
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "positiveInteger": (1, None),
}
_MOST_DIGITS_OF_A_BOUND = len(str(2**64))

#: The same by their IRIs.
INTEGERS = {f"{XSD}{name}": bounds for name, bounds in _BOUNDS.items()}

#: Datatype → the regular expression of its whole lexical forms, in a syntax that Rust reads too.
#: https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes; others are not looked into.
LEXICAL: dict[str, str] = {
    **dict.fromkeys(INTEGERS, _INTEGER),
    str(XSD.boolean): "true|false|1|0",
    str(XSD.decimal): _DECIMAL,
    str(XSD.double): _DOUBLE,
    str(XSD.float): _DOUBLE,
    str(XSD.date): f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    str(XSD.dateTime): f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    str(XSD.dateTimeStamp): f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE.removesuffix('?')}",
    str(XSD.time): f"{_TIME}{_ZONE}",
    str(XSD.gYear): f"{_YEAR}{_ZONE}",
    str(XSD.gYearMonth): f"{_YEAR}-{_MONTH}{_ZONE}",
    str(XSD.gMonth): f"--{_MONTH}{_ZONE}",
    str(XSD.gMonthDay): f"--{_MONTH}-{_DAY}{_ZONE}",
    str(XSD.gDay): f"---{_DAY}{_ZONE}",
    str(XSD.duration): rf"-?P(?:{_YEAR_MONTH}(?:{_DAY_TIME})?|{_DAY_TIME})",
    str(XSD.dayTimeDuration): f"-?P{_DAY_TIME}",
    str(XSD.yearMonthDuration): f"-?P{_YEAR_MONTH}",
    str(XSD.hexBinary): "(?:[0-9a-fA-F]{2})*",
    str(XSD.base64Binary): _BASE64,
    str(XSD.language): "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
}
_FORMS = {datatype: re.compile(form, re.ASCII) for datatype, form in LEXICAL.items()}
_DAYS_OF = {str(XSD.date), str(XSD.dateTime), str(XSD.dateTimeStamp), str(XSD.gMonthDay)}
_DATE = re.compile(rf"({_YEAR})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d(?:\.\d+)?))?(.*)", re.ASCII)
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d(?:\.\d+)?)(.*)", re.ASCII)
#: So many digits a year has at most that is compared with others; XML Schema asks for four, and
#: lets a processor have a limit: https://www.w3.org/TR/xmlschema11-2/#partial-implementation
_MOST_DIGITS_OF_A_YEAR = 9
_MOST_ZONE = Decimal(14 * 3600)

Number = int | Decimal | float


class Value(NamedTuple):
    """A literal that can be compared: with others of its sort only.

    `zoned` says of a time whether it has a time zone, `is_single` of a number that it is an
    xsd:float, which has half the digits of an xsd:double.
    """

    sort: str
    value: Number | str | bool
    zoned: bool = True
    is_single: bool = False


def is_valid(text: str, datatype: str) -> bool:
    """Tell whether a text is a lexical form of a datatype; of one not known here, any text is."""
    form = _FORMS.get(datatype)
    if form is None:
        return True
    if not form.fullmatch(text):
        return False
    if datatype in INTEGERS:
        return _is_between(text, *INTEGERS[datatype])
    if datatype in _DAYS_OF:
        return _is_day(text)
    return True


def _is_between(text: str, low: int | None, high: int | None) -> bool:
    """Tell whether an integer lies between others, however long its text is."""
    is_negative, digits = text.startswith("-"), text.lstrip("+-0")
    if len(digits) > _MOST_DIGITS_OF_A_BOUND:  # turned into a number, it would take its square
        return low is None if is_negative else high is None
    number = int(f"-{digits}") if is_negative and digits else int(digits or "0")
    return (low is None or number >= low) and (high is None or number <= high)


def _is_day(text: str) -> bool:
    if text.startswith("--"):
        return _exists(2000, int(text[2:4]), int(text[5:7]))
    match = _DATE.fullmatch(text)
    return match is not None and _exists(_in_cycle(match[1]), int(match[2]), int(match[3]))


def _in_cycle(year: str) -> int:
    """Return a year that is as long as another: they repeat after four centuries."""
    last = int(year[-4:].lstrip("-"))  # ten thousand years are 25 times four centuries
    return -last if year.startswith("-") else last


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(2000 + year % 400, month, day)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=100_000)
def value_of(text: str, datatype: str | None, language: str | None) -> Value | None:
    """Return a literal as a value; None where it has none that can be compared."""
    if language is not None or datatype is None:
        return None
    if datatype == str(XSD.string):
        return Value("string", text)
    reader = _READERS.get(datatype)
    if reader is None or not is_valid(text, datatype):
        return None
    return reader(text)


def _number(text: str) -> Value:
    return Value("number", Decimal(text))


def _float(text: str) -> Value:
    return Value("number", _single(float(text)), is_single=True)


def _single(number: float) -> float:
    """Return the xsd:float next to a number."""
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _moment(text: str) -> Value | None:
    match = _DATE.fullmatch(text)
    assert match
    if len(match[1].lstrip("-")) > _MOST_DIGITS_OF_A_YEAR:
        return None
    days = _day_number(int(match[1]), int(match[2]), int(match[3]))
    seconds = Decimal(days) * 86400
    if match[4]:
        seconds += _seconds(match[4], match[5], match[6])
    return _placed("date" if not match[4] else "dateTime", seconds, match[7])


def _clock(text: str) -> Value:
    match = _CLOCK.fullmatch(text)
    assert match
    return _placed("time", _seconds(match[1], match[2], match[3]) % 86400, match[4])


def _seconds(hours: str, minutes: str, seconds: str) -> Decimal:
    return Decimal(int(hours) * 3600 + int(minutes) * 60) + Decimal(seconds)


def _day_number(year: int, month: int, day: int) -> int:
    centuries = (year - 2000) // 400
    there = date(year - centuries * 400, month, day)
    return centuries * 146_097 + (there - date(2000, 1, 1)) // timedelta(days=1)


def _placed(sort: str, seconds: Decimal, zone: str) -> Value:
    if not zone:
        return Value(sort, seconds, zoned=False)
    if zone == "Z":
        return Value(sort, seconds)
    offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return Value(sort, seconds - (offset if zone[0] == "+" else -offset))


_READERS: dict[str, Callable[[str], Value | None]] = {
    **dict.fromkeys(INTEGERS, _number),
    str(XSD.decimal): _number,
    str(XSD.double): lambda text: Value("number", float(text)),
    str(XSD.float): _float,
    str(XSD.boolean): lambda text: Value("boolean", text in ("true", "1")),
    str(XSD.date): _moment,
    str(XSD.dateTime): _moment,
    str(XSD.dateTimeStamp): _moment,
    str(XSD.time): _clock,
}


def compares(left: Value | None, operator: str, right: Value | None) -> bool:
    """Tell whether two values are `<`, `<=`, `>` or `>=`; False where that cannot be said."""
    if left is None or right is None or left.sort != right.sort:
        return False
    if operator in (">", ">="):
        left, right, operator = right, left, "<" if operator == ">" else "<="
    one: Any = left.value
    other: Any = right.value
    if isinstance(one, float) != isinstance(other, float):
        # https://www.w3.org/TR/xpath20/#promotion: a decimal becomes what the other is
        promoted = _single if left.is_single or right.is_single else float
        one, other = promoted(_double(one)), promoted(_double(other))
    if left.zoned != right.zoned:
        # https://www.w3.org/TR/xmlschema-2/#dateTime-order: a time without a zone may be in any
        latest = one + _MOST_ZONE if not left.zoned else one
        earliest = other - _MOST_ZONE if not right.zoned else other
        return bool(latest < earliest)
    return bool(one < other or (operator == "<=" and one == other))


def order_of(value: Value | None) -> tuple[object, ...] | None:
    """Return what values have in common of which one is less, or they are equal.

    None where a value has no place among others: NaN, and what cannot be compared. Where two values
    of different orders can be compared, one that is less than another is less than all after it.
    """
    if value is None or value.value != value.value:
        return None
    return value.sort, value.zoned, isinstance(value.value, float), value.is_single


def _double(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
