"""Constraints that compare value nodes with the values of another property of the focus node.

https://www.w3.org/TR/shacl/#core-components-property-pairs
"""

from __future__ import annotations

import polars as pl

from kg.shacl import plan
from kg.shacl.constraints.scope import Scope
from kg.shacl.literals import compares, value_of

__all__ = ["check_disjoint", "check_equals", "check_less_than"]


def _others(scope: Scope, predicate: str) -> pl.DataFrame:
    """Return each focus node with the values that it has of a property."""
    pairs = scope.graph.pairs(predicate).rename({"subject": "focus", "object": "value"})
    return pairs.join(scope.focus, on="focus", how="semi")


def check_equals(scope: Scope, constraint: plan.Equals) -> pl.DataFrame:
    """Values of one side that the other does not have."""
    others = _others(scope, str(constraint.other))
    both = ["focus", "value"]
    one = scope.pairs.join(others, on=both, how="anti").select(both)
    other = others.join(scope.pairs, on=both, how="anti").select(both)
    return pl.concat([one, other]).unique()


def check_disjoint(scope: Scope, constraint: plan.Disjoint) -> pl.DataFrame:
    """Values that both sides have."""
    others = _others(scope, str(constraint.other))
    return scope.pairs.join(others, on=["focus", "value"], how="semi")


def check_less_than(scope: Scope, constraint: plan.LessThan) -> pl.DataFrame:
    """Pairs of values of which it cannot be said that the first is less."""
    others = _others(scope, str(constraint.other)).rename({"value": "other"})
    both = scope.pairs.join(others, on="focus")
    distinct = both.select("value", "other").unique()
    terms = scope.graph.terms(pl.concat([distinct["value"], distinct["other"]]))
    known = {
        number: value_of(text, datatype, language)
        for number, text, datatype, language in terms.select(
            "id", "text", "datatype", "language"
        ).iter_rows()
    }
    wrong = [
        not compares(known[value], constraint.operator, known[other])
        for value, other in distinct.iter_rows()
    ]
    bad = distinct.filter(pl.Series(wrong, dtype=pl.Boolean))
    return both.join(bad, on=["value", "other"], how="semi").select("focus", "value")
