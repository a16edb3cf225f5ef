"""Expressions of SPARQL over tables of solutions: each once for every distinct case.

The expressions themselves are evaluated by rdflib, so that they mean the same wherever a query
runs.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from types import MethodType
from typing import Any

import polars as pl
from rdflib import Graph, Variable
from rdflib.plugins.sparql.evalutils import _eval
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.plugins.sparql.sparql import FrozenBindings, QueryContext, SPARQLError
from rdflib.term import Identifier

from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.functions import EXISTS, truth
from kg.shacl.keys import key_of, term_of

__all__ = ["conjuncts", "evaluated", "replaced", "satisfied", "variables_of"]

#: So many cases stand as terms at a time.
_MOST_CASES = 50_000


def conjuncts(expression: Any) -> list[Any]:
    """Return what an expression asks for at once: each has to be true."""
    if isinstance(expression, CompValue) and expression.name == "ConditionalAndExpression":
        others = OrderedDict.get(expression, "other") or []
        return [p for e in (expression["expr"], *_listed(others)) for p in conjuncts(e)]
    if isinstance(expression, CompValue) and expression.name == "ConditionExpression":
        return conjuncts(expression["expr"])
    return [expression]


def variables_of(expression: Any) -> list[str]:
    """Return the variables of an expression, sorted; those of patterns in it are not among them."""
    found: set[str] = set()
    pending = [expression]
    while pending:
        part = pending.pop()
        if isinstance(part, Variable):
            found.add(str(part))
        elif isinstance(part, CompValue):
            pending.extend([] if part.name in EXISTS else OrderedDict.values(part))
        elif isinstance(part, list | tuple):
            pending.extend(part)
    return sorted(found)


def replaced(expression: Any, patterns: dict[str, CompValue]) -> Any:
    """Return an expression with a variable for every EXISTS in it, which `patterns` gets."""
    if isinstance(expression, list):
        return [replaced(part, patterns) for part in expression]
    if not isinstance(expression, CompValue):
        return expression
    if expression.name in EXISTS:
        name = f"__exists_{len(patterns)}__"
        patterns[name] = expression
        return Variable(name)
    new = Expr(expression.name)
    if evaluate := getattr(expression, "_evalfn", None):
        new._evalfn = MethodType(evaluate.__func__, new)
    for key, value in OrderedDict.items(expression):
        OrderedDict.__setitem__(new, key, replaced(value, patterns))
    return new


def satisfied(graph: EncodedGraph, rows: pl.DataFrame, expression: Any) -> pl.Series:
    """Return for each row whether the expression is true of it."""
    distinct, bindings = _cases(graph, rows, expression)
    truths = [_holds(expression, binding) for binding in bindings]
    return _for_rows(rows, distinct, pl.Series("result", truths, dtype=pl.Boolean))


def evaluated(graph: EncodedGraph, rows: pl.DataFrame, expression: Any) -> pl.Series:
    """Return for each row the number of the expression's value, null for an error."""
    distinct, bindings = _cases(graph, rows, expression)
    values = [_value(expression, binding) for binding in bindings]
    keys = pl.Series([None if v is None else key_of(v) for v in values], dtype=pl.String)
    return _for_rows(rows, distinct, graph.numbers(keys).alias("result").cast(ID))


def _holds(expression: Any, binding: FrozenBindings) -> bool:
    try:
        return truth(_eval(expression, binding))
    except SPARQLError:
        return False


def _value(expression: Any, binding: FrozenBindings) -> Identifier | None:
    try:
        value = _eval(expression, binding)
    except SPARQLError:
        return None
    return value if isinstance(value, Identifier) else None


def _cases(
    graph: EncodedGraph, rows: pl.DataFrame, expression: Any
) -> tuple[pl.DataFrame, Iterator[FrozenBindings]]:
    """Return the distinct cases of what an expression depends on, with rdflib's view of each."""
    context = QueryContext(Graph(), initBindings={})
    names = [name for name in variables_of(expression) if name in rows.columns]
    if not names:
        return pl.DataFrame({"__one__": [True]}), iter([FrozenBindings(context, {})])
    distinct = rows.select(names).unique()
    return distinct, _bindings(graph, distinct, context)


def _bindings(
    graph: EncodedGraph, cases: pl.DataFrame, context: QueryContext
) -> Iterator[FrozenBindings]:
    variables = [Variable(name) for name in cases.columns]
    for some in cases.iter_slices(_MOST_CASES):  # as terms they take fifty times the space
        columns: list[list[Identifier | None]] = []
        for column in some:
            if column.dtype == pl.Boolean:
                columns.append([_BOOLEANS[value] for value in column])
            else:
                keys = graph.keys(column)
                columns.append([None if key is None else term_of(key) for key in keys])
        for row in zip(*columns, strict=True):
            bound = {v: t for v, t in zip(variables, row, strict=True) if t is not None}
            yield FrozenBindings(context, bound)


def _for_rows(rows: pl.DataFrame, distinct: pl.DataFrame, result: pl.Series) -> pl.Series:
    if "__one__" in distinct.columns:
        return pl.select(pl.repeat(result[0], rows.height, dtype=result.dtype)).to_series()
    table = distinct.with_columns(result.alias("__result__"))
    joined = rows.select(distinct.columns).join(
        table, on=distinct.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["__result__"]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) or hasattr(value, "as_list") else [value]


_BOOLEANS = {
    True: term_of('"true"^^http://www.w3.org/2001/XMLSchema#boolean'),
    False: term_of('"false"^^http://www.w3.org/2001/XMLSchema#boolean'),
}
