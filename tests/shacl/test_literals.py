"""Literals as values, against the operators of Oxigraph."""

from __future__ import annotations

from itertools import product

import pyoxigraph as ox
from rdflib import XSD

from kg.shacl.literals import compares, value_of

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
