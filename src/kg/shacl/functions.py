"""The functions and operators of queries: rdflib's, made safe for whatever the data hold.

By the specification an expression that cannot be evaluated is an error of its solution: a FILTER
does not hold, a BIND leaves its variable unbound (https://www.w3.org/TR/sparql11-query/#evaluation).
rdflib's functions raise what Python does, of which it knows only its own errors, take an error for
a term, and compute with literals that are no numbers.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from types import MethodType
from typing import Any
from urllib.parse import urljoin

from rdflib import XSD, Literal, URIRef, Variable
from rdflib.plugins.sparql.operators import numeric, string
from rdflib.plugins.sparql.parserutils import CompValue, Expr, value
from rdflib.plugins.sparql.sparql import FrozenBindings, SPARQLError, SPARQLTypeError
from rdflib.term import Identifier

from kg.rdf import is_iri
from kg.shacl.literals import INTEGERS, is_valid, value_of

__all__ = ["EXISTS", "HAS_MEMBERS", "MEMBERS", "MOST_CHARACTERS", "guard", "has_value", "truth"]

#: The functions that ask whether a pattern matches.
EXISTS = ("Builtin_EXISTS", "Builtin_NOTEXISTS")
#: The condition of a group that it is one, and what its members are counted by.
HAS_MEMBERS = "MembersExpression"
MEMBERS = Variable("__members__")

_Function = Callable[[Expr, Any], Any]

#: So long a literal is at most that is computed with; XML Schema 1.1 asks for decimals of 16 digits
#: and years of four: https://www.w3.org/TR/xmlschema11-2/#partial-implementation
MOST_CHARACTERS = 1_000

#: Those that are evaluated without one of their arguments, or in spite of an error in it.
_LAZY = {
    *EXISTS,
    "Builtin_BOUND",
    "Builtin_COALESCE",
    "TrueFilter",
}
#: Those that an argument can decide, with what it is then.
_LOGICAL = {"ConditionalAndExpression": False, "ConditionalOrExpression": True}
_NOT_FINITE = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}
_WITH_TRUTH = {URIRef(d) for d in INTEGERS} | {XSD.boolean, XSD.decimal, XSD.double, XSD.float}
#: Those that are about the values of literals, not about their texts.
_OF_VALUES = {
    "AdditiveExpression",
    "Builtin_ABS",
    "Builtin_CEIL",
    "Builtin_DAY",
    "Builtin_FLOOR",
    "Builtin_HOURS",
    "Builtin_MINUTES",
    "Builtin_MONTH",
    "Builtin_ROUND",
    "Builtin_SECONDS",
    "Builtin_SUBSTR",
    "Builtin_TIMEZONE",
    "Builtin_TZ",
    "Builtin_YEAR",
    "Function",
    "MultiplicativeExpression",
    "RelationalExpression",
    "UnaryMinus",
    "UnaryPlus",
}


def guard(parts: Iterable[CompValue], base: str | None) -> None:
    """Let the expressions among the parts of a query end with a term, or with a SPARQLError.

    `base` is what the query's IRIs are relative to, the parts are changed in place.
    """
    for part in {id(part): part for part in parts}.values():
        if part.name in ("Filter", "LeftJoin") and getattr(part.expr, "name", "") != "TrueFilter":
            part["expr"] = Expr("ConditionExpression", _condition, expr=part.expr)
        inner = OrderedDict.get(part, "p")
        if isinstance(inner, CompValue) and inner.name == "AggregateJoin" and inner.p.expr:
            part["p"] = _of_groups(inner)
        function = getattr(part, "_evalfn", None) if isinstance(part, Expr) else None
        if function is not None:
            part._evalfn = MethodType(_guarded(function.__func__, base), part)


def _of_groups(groups: CompValue) -> CompValue:
    """Return groups without the one of nothing that rdflib makes where there are none.

    https://www.w3.org/TR/sparql11-query/#defn_algAggregateJoin: it has no members to be counted.
    """
    groups.A.append(CompValue("Aggregate_Count", vars="*", res=MEMBERS))
    condition = Expr(HAS_MEMBERS, lambda _, context: Literal(context.get(MEMBERS) is not None))
    return CompValue("Filter", expr=condition, p=groups, _vars={*groups._vars, MEMBERS})


def truth(term: Any) -> bool:
    """https://www.w3.org/TR/sparql11-query/#ebv; raises SPARQLTypeError for what has none."""
    if isinstance(term, Literal):
        if term.datatype in (None, XSD.string):
            return len(term) > 0
        known = value_of(str(term), str(term.datatype), None)
        if known is not None and known.sort in ("boolean", "number"):
            return bool(known.value == known.value and known.value != 0)
        if known is None and term.datatype in _WITH_TRUTH:
            return False
    raise SPARQLTypeError("a term is neither true nor false")


def _condition(expression: Expr, context: FrozenBindings) -> Literal:
    return Literal(truth(value(context, OrderedDict.get(expression, "expr"))))


def _logical(expression: Expr, context: FrozenBindings, decisive: bool) -> Literal:
    """https://www.w3.org/TR/sparql11-query/#evaluation: an error yields to what decides."""
    first, others = (OrderedDict.get(expression, key) for key in ("expr", "other"))
    found: SPARQLError | None = None
    for part in [first, *(others or ())]:
        try:
            if truth(value(context, part)) is decisive:
                return Literal(decisive)
        except SPARQLError as error:
            found = error
    if found is not None:
        raise found
    return Literal(not decisive)


def _chosen(expression: Expr, context: FrozenBindings) -> Any:
    """https://www.w3.org/TR/sparql11-query/#func-if"""
    condition = value(context, OrderedDict.get(expression, "arg1"))
    return value(context, OrderedDict.get(expression, "arg2" if truth(condition) else "arg3"))


def _guarded(function: _Function, base: str | None) -> _Function:
    def evaluate(expression: Expr, context: FrozenBindings) -> Identifier:
        try:
            found = _evaluated(function, expression, context, base)
        except (SPARQLError, MemoryError):
            raise
        except Exception as error:  # of any kind, as Python's functions raise it
            raise SPARQLError(f"{expression.name}: {type(error).__name__}") from error
        if isinstance(found, SPARQLError):
            raise found
        if isinstance(found, Literal) and found.datatype in (XSD.double, XSD.float):
            text = _NOT_FINITE.get(str(found), str(found))  # rdflib writes it as Python does
            return Literal(text, datatype=found.datatype, normalize=False)
        if isinstance(found, Identifier):
            return found
        raise SPARQLTypeError(f"{expression.name} makes no RDF term")

    return evaluate


def _evaluated(
    function: _Function, expression: Expr, context: FrozenBindings, base: str | None
) -> Any:
    name, operator = expression.name, OrderedDict.get(expression, "op")
    if name in _LOGICAL:
        return _logical(expression, context, _LOGICAL[name])
    if name == "Builtin_IF":
        return _chosen(expression, context)
    if name in _LAZY or operator in ("IN", "NOT IN"):
        return function(expression, context)
    given = Expr(name)  # the same with the values of its arguments
    for key, argument in OrderedDict.items(expression):
        if key != "_vars":
            OrderedDict.__setitem__(given, key, value(context, argument))
    arguments = [one for argument in OrderedDict.values(given) for one in _listed(argument)]
    for error in arguments:
        if isinstance(error, SPARQLError):
            raise error
    if operator in ("=", "!="):
        if not all(isinstance(term, Literal) for term in (given.expr, given.other)):
            return function(given, context)
        if given.expr == given.other and not has_value(given.expr):
            return Literal(operator == "=")  # the same term, well-formed or not
    if name in _OF_VALUES:
        for term in arguments:
            if isinstance(term, Literal) and not has_value(term):
                raise SPARQLTypeError("a literal has no value that is computed with")
        if name == "RelationalExpression" and operator not in ("=", "!="):
            _check_sorts(given.expr, given.other)
    match name:
        case "Builtin_IRI" | "Builtin_URI":
            return _iri(given.arg, base)
        case "UnaryNot":
            return Literal(not truth(given.expr))
        case "Builtin_STRDT":
            return _typed(given.arg1, given.arg2)
        case "Builtin_CEIL" | "Builtin_FLOOR" | "Builtin_ROUND":
            if not math.isfinite(numeric(given.arg)):
                return given.arg  # https://www.w3.org/TR/xpath-functions/#func-ceiling
    return function(given, context)


def _listed(argument: Any) -> list[Any]:
    return argument if isinstance(argument, list) else [argument]


def has_value(term: Literal) -> bool:
    """Tell whether a literal is a value of its datatype that is not too long to compute with."""
    if term.datatype in (None, XSD.string):
        return True
    return len(term) <= MOST_CHARACTERS and is_valid(str(term), str(term.datatype))


def _check_sorts(one: Any, other: Any) -> None:
    """https://www.w3.org/TR/sparql11-query/#OperatorMapping: what is neither less nor greater."""
    sorts = {
        value and value.sort
        for value in (
            value_of(str(t), str(t.datatype or XSD.string), t.language)
            for t in (one, other)
            if isinstance(t, Literal)
        )
    }
    if len(sorts) > 1:
        raise SPARQLTypeError("two literals of different kinds are compared")


def _iri(term: Any, base: str | None) -> URIRef:
    """https://www.w3.org/TR/sparql11-query/#func-iri"""
    iri = str(term) if isinstance(term, URIRef) else urljoin(base or "", str(string(term)))
    if not is_iri(iri):
        raise SPARQLTypeError("a text is no IRI")
    return URIRef(iri)


def _typed(text: Identifier, datatype: Identifier) -> Literal:
    """https://www.w3.org/TR/sparql11-query/#func-strdt: the text as it is, well-formed or not."""
    if not isinstance(datatype, URIRef):
        raise SPARQLTypeError("a datatype is no IRI")
    return Literal(str(text), datatype=datatype, normalize=False)
