"""pySHACL, corrected where the specification decides against it.

Each correction names the clause. Terms are compared by Oxigraph, which knows neither engine.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from unittest.mock import patch

import pyoxigraph as ox
from pyshacl.constraints.core import property_pair_constraints as pairs
from pyshacl.constraints.core import string_based_constraints as strings
from pyshacl.constraints.core import value_range_constraints as ranges
from rdflib import XSD, BNode, Graph, Literal

from kg.shacl import ValidationReport, ValidationResult, path_text, validate_by_reference
from kg.shacl.keys import key_of

__all__ = ["corrected", "finding", "is_less"]

_EMPTY = ox.Store()
_OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt}


def finding(result: ValidationResult) -> tuple[str, ...]:
    """Return what two engines have to agree on."""
    return (
        key_of(result.focus_node),
        path_text(result.path) if result.path else "",
        key_of(result.value) if result.value is not None else "",
        str(result.component),
        key_of(result.source_shape),
        str(result.severity),
    )


def corrected(data: Graph, shapes: Graph) -> ValidationReport:
    """Return what pySHACL finds with the corrections made."""
    with _corrections():
        return validate_by_reference(data, shapes)


@contextmanager
def _corrections() -> Iterator[None]:
    with (
        patch.object(ranges, "compare_literal", _compared),
        patch.object(pairs.LessThanConstraintComponent, "_compare_lt", _less_than),
        patch.object(pairs.LessThanOrEqualsConstraintComponent, "_compare_ltoe", _less_or_equal),
        patch.object(strings.MinLengthConstraintComponent, "_evaluate_string_rule", _min_length),
    ):
        yield


def is_less(left: Literal, sign: str, right: Literal) -> bool:
    """Tell what SPARQL says of two literals.

    Oxigraph has the operators for texts in one language too, and says `<=` of what is ill-typed and
    itself, where SPARQL 1.1 defines none; it has no order of booleans, where SPARQL has one.
    """
    if any(literal.language or literal.ill_typed for literal in (left, right)):
        return False
    if left.datatype == right.datatype == XSD.boolean:
        return bool(_OPERATORS[sign](left.value, right.value))
    return _ask(left.n3(), sign, right.n3())


@lru_cache(maxsize=100_000)
def _ask(left: str, sign: str, right: str) -> bool:
    return bool(_EMPTY.query(f"ASK {{ FILTER({left} {sign} {right}) }}"))


def _compared(left: Literal, right: Literal) -> int:
    """https://www.w3.org/TR/shacl/#core-components-range: with the operators of SPARQL."""
    for sign, order in (("<", -1), (">", 1), ("<=", 0)):
        if is_less(left, sign, right):
            return order
    raise TypeError("not to be compared")


def _pairs_broken(
    component: Any, sign: str, values: Any, others: Any, data: Any, focus: Any
) -> tuple[bool, list[Any]]:
    """https://www.w3.org/TR/shacl/#LessThanConstraintComponent: what cannot be compared."""
    reports = []
    for value in values:
        for other in others:
            both_literals = isinstance(value, Literal) and isinstance(other, Literal)
            if not both_literals or not is_less(value, sign, other):
                reports.append(component.make_v_result(data, focus, value_node=value))
    return bool(reports), reports


def _less_than(self: Any, values: Any, others: Any, data: Any, focus: Any) -> Any:
    return _pairs_broken(self, "<", values, others, data, focus)


def _less_or_equal(self: Any, values: Any, others: Any, data: Any, focus: Any) -> Any:
    return _pairs_broken(self, "<=", values, others, data, focus)


def _min_length(self: Any, rule: Literal, data: Any, value_nodes: Any) -> Any:
    """https://www.w3.org/TR/shacl/#MinLengthConstraintComponent: a blank node breaks it always."""
    reports = [
        self.make_v_result(data, focus, value_node=value)
        for focus, values in value_nodes.items()
        for value in values
        if isinstance(value, BNode) or len(str(value)) < rule.value
    ]
    return bool(reports), reports
