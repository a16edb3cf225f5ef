"""Constraints in SPARQL.

https://www.w3.org/TR/shacl/#sparql-constraints, #sparql-constraint-components
"""

from __future__ import annotations

import polars as pl

from kg.shacl import plan
from kg.shacl.constraints.scope import Scope

__all__ = ["check_custom", "check_sparql"]


def check_sparql(scope: Scope, constraint: plan.Sparql) -> pl.DataFrame:
    """What the query of the constraint finds for each focus node."""
    return scope.run.solutions(constraint, scope.shape, scope.focus)


def check_custom(scope: Scope, constraint: plan.Custom) -> pl.DataFrame:
    """What a SELECT finds for each focus node; values for which an ASK says no."""
    of = scope.pairs if constraint.query.is_ask else scope.focus
    return scope.run.solutions(constraint, scope.shape, of)
