"""Constraints on all value nodes of a focus node together, and sh:closed.

https://www.w3.org/TR/shacl/#core-components-count, #UniqueLangConstraintComponent,
#HasValueConstraintComponent and #ClosedConstraintComponent.
"""

from __future__ import annotations

import polars as pl
from rdflib import XSD

from kg.shacl import plan
from kg.shacl.constraints.scope import Scope
from kg.shacl.encoding import ID
from kg.shacl.keys import key_of

__all__ = [
    "check_closed",
    "check_has_value",
    "check_max_count",
    "check_min_count",
    "check_unique_lang",
]


def check_min_count(scope: Scope, constraint: plan.MinCount) -> pl.DataFrame:
    """Focus nodes with too few values."""
    if constraint.count <= 0:
        return scope.focus.clear()
    enough = scope.pairs.select("focus")
    if constraint.count > 1:
        counted = scope.pairs.group_by("focus").len()
        enough = counted.filter(pl.col("len") >= constraint.count).select("focus")
    return scope.focus.join(enough, on="focus", how="anti")


def check_max_count(scope: Scope, constraint: plan.MaxCount) -> pl.DataFrame:
    """Focus nodes with too many values."""
    counted = scope.pairs.group_by("focus").len()
    return counted.filter(pl.col("len") > constraint.count).select("focus")


def check_unique_lang(scope: Scope, constraint: plan.UniqueLang) -> pl.DataFrame:
    """Focus nodes with several values in one language, with each such language as the `other`."""
    tagged = scope.terms().filter(pl.col("language").is_not_null())
    tags = tagged.select(value="id", language=pl.col("language").str.to_lowercase())
    counted = scope.pairs.join(tags, on="value").group_by("focus", "language").len()
    found = counted.filter(pl.col("len") > 1)
    keys = pl.concat_str(pl.lit('"'), "language", pl.lit(f'"^^{XSD.string}'))
    return found.select("focus", other=scope.graph.numbers(found.select(keys).to_series()))


def check_has_value(scope: Scope, constraint: plan.HasValue) -> pl.DataFrame:
    """Focus nodes without the value."""
    number = scope.graph.number(key_of(constraint.value))
    having = scope.pairs.filter(pl.col("value") == number)
    return scope.focus.join(having, on="focus", how="anti")


def check_closed(scope: Scope, constraint: plan.Closed) -> pl.DataFrame:
    """Triples of the value nodes with a property that is not allowed."""
    keys = pl.Series(sorted(map(str, constraint.allowed)), dtype=pl.String)
    allowed = pl.DataFrame({"path": scope.graph.numbers(keys)}, schema={"path": ID})
    nodes = scope.pairs.rename({"value": "subject"})
    triples = scope.graph.triples().rename({"predicate": "path"})
    found = triples.join(allowed, on="path", how="anti").join(nodes, on="subject")
    return found.select("focus", "path", value="object")
