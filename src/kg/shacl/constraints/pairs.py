"""Constraints that compare value nodes with the values of another property of the focus node.

https://www.w3.org/TR/shacl/#core-components-property-pairs
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import Any

import polars as pl
from rdflib import URIRef

from kg.errors import RequestError
from kg.shacl import plan
from kg.shacl.constraints.scope import Scope
from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.literals import Value, compares, order_of, value_of
from kg.shacl.paths import path_text
from kg.shacl.terms import compact
from kg.shacl.walks import MOST_PAIRS

__all__ = ["check_disjoint", "check_equals", "check_less_than"]


#: What the number of a group is multiplied by, to be one number with a place in the group.
_GROUP = 2**32


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
    """Pairs of values of which it cannot be said that the first is less, with the `other`.

    Of others in one order, those that a value is not less than come first: so these are counted,
    and only of these are pairs made. Raises RequestError for more than MOST_PAIRS.
    """
    others = _others(scope, str(constraint.other)).rename({"value": "other"})
    values = scope.pairs.join(others, on="focus", how="semi")
    known = _known(scope.graph, pl.concat([values["value"], others["other"]]))
    orders = _orders(others["other"], known)
    sorted_others = (
        others.join(_places(orders), on="other")
        .sort("focus", "order", "place")
        .with_columns(group=pl.struct("focus", "order").rle_id().cast(pl.UInt64) * _GROUP)
        .with_row_index("row")
    )
    groups = sorted_others.group_by("focus", "order", "group").agg(start=pl.min("row"))
    asked = values.join(groups, on="focus")
    cases = asked.select("value", "order").unique()
    limits = [orders[o].limit(known[v], constraint.operator) for v, o in cases.iter_rows()]
    asked = asked.join(cases.with_columns(limit=pl.Series(limits, dtype=ID)), on=["value", "order"])
    places = sorted_others.select(pl.col("group") + pl.col("place")).to_series()
    ends = places.search_sorted(asked.select(pl.col("group") + pl.col("limit")).to_series(), "left")
    # As numbers of 32 bits, the sum of many would begin again from 0
    _check_number(scope.shape, constraint, int((ends - asked["start"]).cast(pl.UInt64).sum()))
    found = (
        asked.select("focus", "value", row=pl.int_ranges("start", pl.lit(ends), dtype=ID))
        .filter(pl.col("row").list.len() > 0)
        .explode("row")
    )
    return found.select("focus", "value", other=sorted_others["other"].gather(found["row"]))


class _Order:
    """Values that are ordered among each other, the least first, or such as have no order."""

    def __init__(self, order: tuple[object, ...] | None, values: dict[int, Value | None]) -> None:
        self._order = order
        #: The numbers of the terms, and what they are.
        self.ids = list(values)
        self._values = list(values.values())
        if order is not None:
            self.ids.sort(key=lambda number: values[number].value)  # type: ignore[union-attr]
            self._values = [values[number] for number in self.ids]
        self._bare: list[Any] = [value.value for value in self._values if value is not None]

    def limit(self, value: Value | None, operator: str) -> int:
        """Return the place of the first that a value is less than; how many there are if none."""
        if value is not None and self._order is not None and order_of(value) == self._order:
            return (bisect_right if operator == "<" else bisect_left)(self._bare, value.value)
        return bisect_left(self._values, True, key=lambda other: compares(value, operator, other))


def _known(graph: EncodedGraph, numbers: pl.Series) -> dict[int, Value | None]:
    """Return terms as values that can be compared."""
    terms = graph.terms(numbers).select("id", "text", "datatype", "language")
    return {number: value_of(*literal) for number, *literal in terms.iter_rows()}


def _orders(numbers: pl.Series, known: dict[int, Value | None]) -> list[_Order]:
    members: dict[tuple[object, ...] | None, dict[int, Value | None]] = defaultdict(dict)
    for number in numbers.unique():
        members[order_of(known[number])][number] = known[number]
    return [_Order(order, values) for order, values in members.items()]


def _places(orders: list[_Order]) -> pl.DataFrame:
    """Return `other` terms with the number of their `order`, and their `place` in it."""
    rows = [
        (number, order, place)
        for order, values in enumerate(orders)
        for place, number in enumerate(values.ids)
    ]
    return pl.DataFrame(rows, schema={"other": ID, "order": ID, "place": ID}, orient="row")


def _check_number(shape: plan.Shape, constraint: plan.LessThan, number: int) -> None:
    if number > MOST_PAIRS:
        name = compact(shape.name) if isinstance(shape.name, URIRef) else "a shape without a name"
        path = path_text(shape.path, compact) if shape.path is not None else "the node"
        raise RequestError(
            f"{name} has {number:,} results of {compact(constraint.component)}, one for each pair "
            f"of values of {path} and {compact(constraint.other)} that breaks it, and at most "
            f"{MOST_PAIRS:,} can be told; give the shape fewer focus nodes"
        )
