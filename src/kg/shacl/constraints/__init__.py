"""The constraint components: what of a shape's value nodes breaks each.

CHECKS has a function for every kind of constraint, in the order of the specification. It gets
what `kg.shacl.constraints.scope.Scope` holds, and returns a table of findings: `focus`, and where
there are any `value`, `path` (a property other than the shape's), `other` and `messages`, as
`FINDINGS` says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from kg.shacl import plan
from kg.shacl.constraints import counts, pairs, queries, shapes, values
from kg.shacl.constraints.scope import FINDINGS, Run, Scope, findings

__all__ = ["CHECKS", "FINDINGS", "Run", "Scope", "findings"]

#: Kind of constraint → the function that returns what breaks it.
CHECKS: dict[type[plan.Constraint], Callable[[Scope, Any], pl.DataFrame]] = {
    plan.Class: values.check_class,
    plan.Datatype: values.check_datatype,
    plan.NodeKind: values.check_node_kind,
    plan.MinCount: counts.check_min_count,
    plan.MaxCount: counts.check_max_count,
    plan.Range: values.check_range,
    plan.Length: values.check_length,
    plan.Pattern: values.check_pattern,
    plan.LanguageIn: values.check_language_in,
    plan.UniqueLang: counts.check_unique_lang,
    plan.Equals: pairs.check_equals,
    plan.Disjoint: pairs.check_disjoint,
    plan.LessThan: pairs.check_less_than,
    plan.Not: shapes.check_not,
    plan.And: shapes.check_and,
    plan.Or: shapes.check_or,
    plan.Xone: shapes.check_xone,
    plan.Node: shapes.check_node,
    plan.Property: shapes.check_node,
    plan.Qualified: shapes.check_qualified,
    plan.Closed: counts.check_closed,
    plan.HasValue: counts.check_has_value,
    plan.In: values.check_in,
    plan.Sparql: queries.check_sparql,
    plan.Custom: queries.check_custom,
}
