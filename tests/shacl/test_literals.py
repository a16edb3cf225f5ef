"""Literals as values, against the operators of Oxigraph."""

from __future__ import annotations

from itertools import product

import pyoxigraph as ox
import pytest
from rdflib import XSD, URIRef

from kg.shacl.literals import compares, is_valid, value_of

#: Datatype → texts: tenths, which no binary number is, and numbers that only a double tells apart.
NUMBERS = {
    XSD.float: ("0.1", "0.3", "16777217", "16777216", "-INF"),
    XSD.double: ("0.1", "0.3", "16777217", "1.6777216E7", "INF"),
    XSD.decimal: ("0.1", "0.3", "16777217.0", "0.10000000149011612"),
    XSD.integer: ("16777217", "16777216", "-5"),
}


def test_numbers_compare_as_in_sparql() -> None:
    """A decimal becomes an xsd:float beside one, and a double beside a double."""
    store = ox.Store()
    literals = [(text, str(kind)) for kind, texts in NUMBERS.items() for text in texts]
    for one, other in product(literals, literals):
        for operator in ("<", "<=", ">", ">="):
            left, right = (f'"{text}"^^<{datatype}>' for text, datatype in (one, other))
            answer = store.query(f"ASK {{ FILTER ({left} {operator} {right}) }}")
            values = (value_of(*literal, None) for literal in (one, other))
            found = compares(next(values), operator, next(values))
            assert (left, operator, right, bool(answer)) == (left, operator, right, found)


@pytest.mark.parametrize(
    ("text", "datatype", "valid"),
    [
        ("9" * 1_000_000, XSD.positiveInteger, True),
        ("-" + "9" * 1_000_000, XSD.positiveInteger, False),
        ("-" + "9" * 1_000_000, XSD.negativeInteger, True),
        ("9" * 1_000_000, XSD.unsignedLong, False),
        ("0" * 1_000_000 + "255", XSD.unsignedByte, True),
        ("256", XSD.unsignedByte, False),
        ("-128", XSD.byte, True),
        ("-129", XSD.byte, False),
        ("+18446744073709551615", XSD.unsignedLong, True),
        ("18446744073709551616", XSD.unsignedLong, False),
        ("-000", XSD.nonNegativeInteger, True),
        ("-0", XSD.negativeInteger, False),
        ("9" * 1_000_000 + "6-02-29", XSD.date, True),
        ("9" * 1_000_000 + "7-02-29", XSD.date, False),
        ("-0004-02-29", XSD.date, True),
        ("-0003-02-29T00:00:00", XSD.dateTime, False),
        ("1900-02-29", XSD.date, False),
        ("12000-02-29", XSD.date, True),
    ],
)
def test_numbers_and_years_of_any_length_are_valid_or_not(
    text: str, datatype: URIRef, valid: bool
) -> None:
    """A number is between others by its sign and length, a leap year by its last four digits."""
    assert valid is is_valid(text, str(datatype))


def test_years_of_few_digits_are_compared() -> None:
    """A year of up to nine digits is before another or not; longer ones are compared with none."""
    early, late, later = (
        value_of(f"{year}-01-01", str(XSD.date), None)
        for year in ("-999999999", "999999999", "9" * 5_000)
    )
    assert compares(early, "<", late)
    assert later is None
    assert not compares(late, "<", later)


def test_numbers_of_any_length_are_compared() -> None:
    """A million digits are compared as they are, with those of a double too."""
    big, bigger = (value_of(digit * 1_000_000, str(XSD.integer), None) for digit in "89")
    assert compares(big, "<", bigger)
    assert compares(value_of("1e5", str(XSD.double), None), "<", big)
