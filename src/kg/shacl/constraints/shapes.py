"""Constraints that ask whether value nodes conform to other shapes.

https://www.w3.org/TR/shacl/#core-components-logical and #core-components-shape
"""

from __future__ import annotations

import polars as pl

from kg.shacl import plan
from kg.shacl.constraints.scope import Scope

__all__ = [
    "check_and",
    "check_node",
    "check_not",
    "check_or",
    "check_qualified",
    "check_xone",
]


def _values(scope: Scope) -> pl.DataFrame:
    return scope.pairs.select("value").unique()


def check_not(scope: Scope, constraint: plan.Not) -> pl.DataFrame:
    """Values that conform to the shape."""
    failing = scope.run.failing(constraint.shape, _values(scope))
    return scope.pairs.join(failing, on="value", how="anti")


def check_and(scope: Scope, constraint: plan.And) -> pl.DataFrame:
    """Values that fail one of the shapes."""
    values = _values(scope)
    failing = pl.concat([scope.run.failing(shape, values) for shape in constraint.shapes])
    return scope.pairs.join(failing, on="value", how="semi")


def check_or(scope: Scope, constraint: plan.Or) -> pl.DataFrame:
    """Values that fail all of the shapes: what conforms to one is not asked for the next."""
    failing = _values(scope)
    for shape in constraint.shapes:
        failing = scope.run.failing(shape, failing)
    return scope.pairs.join(failing, on="value", how="semi")


def check_xone(scope: Scope, constraint: plan.Xone) -> pl.DataFrame:
    """Values that conform to none of the shapes, or to several."""
    values = _values(scope)
    failing = pl.concat([scope.run.failing(shape, values) for shape in constraint.shapes])
    counted = values.join(failing.group_by("value").len(), on="value", how="left")
    conforming = len(constraint.shapes) - pl.col("len").fill_null(0)
    bad = counted.filter(conforming != 1).select("value")
    return scope.pairs.join(bad, on="value", how="semi")


def check_node(scope: Scope, constraint: plan.Node | plan.Property) -> pl.DataFrame:
    """Values that fail the shape; of a property shape its own findings are reported instead."""
    failing = scope.run.failing(constraint.shape, _values(scope))
    return scope.pairs.join(failing, on="value", how="semi")


def check_qualified(scope: Scope, constraint: plan.Qualified) -> pl.DataFrame:
    """Focus nodes with too few or too many values that conform to the shape."""
    values = _values(scope)
    conforming = values.join(scope.run.failing(constraint.shape, values), on="value", how="anti")
    for sibling in constraint.siblings:
        conforming = scope.run.failing(sibling, conforming)
    counted = scope.pairs.join(conforming, on="value", how="semi").group_by("focus").len()
    if constraint.most is not None:
        return counted.filter(pl.col("len") > constraint.most).select("focus")
    if not constraint.least:
        return scope.focus.clear()
    enough = counted.filter(pl.col("len") >= constraint.least)
    return scope.focus.join(enough, on="focus", how="anti")
