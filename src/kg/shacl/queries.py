"""The SPARQL in a shapes graph: looked at before it runs, and read once rather than every time.

rdflib runs it, and rdflib would fetch what FROM and SERVICE name, and take a function that it
does not know for a condition that does not hold.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from kg.errors import ShapesError
from kg.shacl.custom_targets import parameters_of_queries
from kg.shacl.functions import EXISTS, guard
from kg.shacl.terms import compact, described, one_line

__all__ = [
    "PreparedGraph",
    "check_queries",
    "has_ambiguous_prefixes",
    "operands",
    "prefixes_for",
    "read",
    "read_queries",
    "terms_of",
]

_REBOUND = {
    "SelectQuery": re.compile(r"\b(?i:AS)\s+[?$](this|shapesGraph|currentShape|PATH)\b"),
    "AskQuery": re.compile(r"\b(?i:AS)\s+[?$](this|value|shapesGraph|currentShape|PATH)\b"),
}
_INNER_STAR = re.compile(r"\{\s*SELECT\s+(?:DISTINCT\s+|REDUCED\s+)?\*", re.IGNORECASE)

#: Prefixes with their namespaces, sorted.
_Prefixes = tuple[tuple[str, str], ...]

_FORMS = {SH.select: "SelectQuery", SH.ask: "AskQuery"}

#: What pySHACL declares in every query.
_BUILT_IN = {"owl": str(OWL), "rdf": str(RDF), "rdfs": str(RDFS)}


class PreparedGraph(Graph):
    """A view of a graph that reads the text of a query once.

    pySHACL asks one question for every focus node, and reading it takes ten times as long as
    answering it. Prefixes are those that the shapes declare, never those of the data.
    """

    def __init__(self, graph: Graph, shapes: Graph) -> None:
        super().__init__(graph.store, graph.identifier, graph.namespace_manager)
        self._prefixes = _declared_prefixes(shapes)

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        if isinstance(query_object, str):
            query_object = _read(query_object, self._prefixes)
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=1000)
def _read(text: str, prefixes: _Prefixes) -> Query:
    query = translateQuery(parseQuery(text), initNs=dict(prefixes))
    guard(_parts(query.algebra), query.prologue.base)
    return query


def read(text: str, prefixes: _Prefixes) -> Query:
    """Return a query as rdflib evaluates it; raises what the parser raises."""
    return _read(text, prefixes)


def prefixes_for(shapes: Graph, owner: Node) -> _Prefixes:
    """Return what prefixes mean in a query: what its own sh:prefixes declare, then all others.

    https://www.w3.org/TR/shacl/#sparql-prefixes. What other nodes declare counts too, as in most
    engines; a query that refers to no declaration would else not be read at all.
    """
    named = {
        node
        for start in shapes.objects(owner, SH.prefixes)
        for node in (start, *shapes.transitive_objects(start, OWL.imports))
        if node is not None
    }
    own = _declared(shapes, {d for node in named for d in shapes.objects(node, SH.declare)})
    return tuple(sorted((dict(_declared_prefixes(shapes)) | own).items()))


def read_queries(shapes: Graph) -> Iterator[tuple[Node, str, CompValue]]:
    """Yield each SPARQL text with the node that has it and its algebra.

    Raises ShapesError, which names the node, for a text that is no SPARQL.
    """
    prefixes = _declared_prefixes(shapes)
    for predicate in _FORMS:
        for owner, text in shapes.subject_objects(predicate):
            try:
                algebra = _read(str(text), prefixes).algebra
            except Exception as error:  # noqa: BLE001 - the parser raises Exception itself
                reason = one_line(str(error)) or type(error).__name__
                where = f"the query of {described(shapes, owner)}"
                raise ShapesError(f"{where} is no SPARQL that can be run: {reason}") from None
            yield owner, str(text), algebra


def has_ambiguous_prefixes(shapes: Graph) -> bool:
    """Tell whether a prefix is declared for several namespaces: which one a query gets, depends."""
    namespaces: dict[str, set[str]] = {prefix: {iri} for prefix, iri in _BUILT_IN.items()}
    for node in shapes.objects(None, SH.declare):
        for prefix in shapes.objects(node, SH.prefix):
            found = {str(iri) for iri in shapes.objects(node, SH.namespace)}
            namespaces.setdefault(str(prefix), set()).update(found)
    return any(len(iris) > 1 for iris in namespaces.values())


def check_queries(shapes: Graph) -> None:
    """Raise ShapesError, which names the constraint, for SPARQL that must not or cannot run."""
    prefixes = _declared_prefixes(shapes)
    of_targets = parameters_of_queries(shapes)
    for predicate, form in _FORMS.items():
        found = shapes.subject_objects(predicate)
        rows = ((described(shapes, owner), str(text), owner) for owner, text in found)
        for name, text, owner in sorted(rows, key=lambda row: row[:2]):
            _check_query(f"the query of {name}", form, text, prefixes, of_targets.get(owner))


@lru_cache(maxsize=1000)
def _check_query(
    where: str, form: str, text: str, prefixes: _Prefixes, of_target: frozenset[str] | None
) -> None:
    """Raise ShapesError for a query; `of_target` are the parameters, where it chooses targets."""
    if "$shapesGraph" in text or "?shapesGraph" in text:
        raise ShapesError(f"{where} uses $shapesGraph, which is not supported")
    try:
        query = _read(text, prefixes)
    except Exception as error:  # noqa: BLE001 - the parser raises Exception itself, among others
        reason = one_line(str(error)) or type(error).__name__
        raise ShapesError(f"{where} is no SPARQL that can be run: {reason}") from None
    if query.algebra.name != form:
        raise ShapesError(f"{where} is no {form.removesuffix('Query').upper()} query")
    if query.algebra.get("datasetClause"):
        raise ShapesError(f"{where} has FROM; a constraint is about the graph that is checked")
    if form == "SelectQuery" and "this" not in map(str, query.algebra.PV):
        of = "a finding is about" if of_target is None else "it chooses as targets"
        raise ShapesError(f"{where} must select ?this, the nodes that {of}")
    if of_target is None:
        _check_prebinding(where, query.algebra, text, _REBOUND[form], frozenset({"this"}))
    else:
        _check_target(where, query.algebra, text, of_target)
    for part in _parts(query.algebra):
        if part.name == "ServiceGraphPattern":
            raise ShapesError(f"{where} has SERVICE; a constraint may not ask other endpoints")
        if part.name in EXISTS and part.graph.name.startswith("GroupGraphPattern"):
            # rdflib translates those of conditions and BIND, and fails over the others
            raise ShapesError(
                f"{where} has EXISTS where a value is made; say it in a FILTER or BIND"
            )
        if part.name in ("Graph", "GraphGraphPattern"):
            raise ShapesError(f"{where} has GRAPH; the graphs that are checked are one graph here")
        if part.name == "Function" and not _is_known(part.iri):
            raise ShapesError(f"{where} calls {compact(str(part.iri))}, which is not known here")


def _check_target(where: str, algebra: CompValue, text: str, parameters: frozenset[str]) -> None:
    """https://www.w3.org/TR/shacl-af/#SPARQLTarget, #SPARQLTargetType"""
    if unbound := re.search(r"[$?](currentShape|PATH)\b", text):
        raise ShapesError(
            f"{where} uses ${unbound[1]}, which has no value where targets are chosen"
        )
    if parameters:  # without one, nothing is bound before the query runs
        names = "|".join(map(re.escape, sorted(parameters)))
        rebound = re.compile(rf"\b(?i:AS)\s+[?$]({names})\b")
        _check_prebinding(where, algebra, text, rebound, parameters)


def _check_prebinding(
    where: str, algebra: CompValue, text: str, rebound: re.Pattern[str], bound: frozenset[str]
) -> None:
    """Raise ShapesError for what a query with bound variables may not have.

    https://www.w3.org/TR/shacl/#pre-binding
    """
    names = ", ".join(f"${name}" for name in sorted(bound))
    if again := rebound.search(text):
        raise ShapesError(f"{where} must not bind ${again[1]} with AS; it is bound already")
    if _INNER_STAR.search(text):
        raise ShapesError(f"{where} must select {names} in its inner SELECT by name, not by *")
    for part in _parts(algebra):
        if part.name == "Minus":
            raise ShapesError(f"{where} must not contain a MINUS; say FILTER NOT EXISTS")
        if part.name == "values":
            raise ShapesError(f"{where} must not contain VALUES; say FILTER (?x IN (...))")
        if part.name == "ToMultiSet" and isinstance(part.p, CompValue):
            inner = part.p
            while inner.name in ("Slice", "Distinct", "Reduced"):
                inner = inner.p
            if inner.name == "Project" and not bound <= {str(v) for v in inner.PV}:
                raise ShapesError(f"{where} must select {names} in its inner SELECT too")


def _is_known(function: Node) -> bool:
    return isinstance(function, URIRef) and function.startswith(str(XSD))  # the casts


def _parts(value: Any) -> Iterator[CompValue]:
    """Yield every operator and expression of a query."""
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, CompValue):
            yield value
            pending.extend(operands(value))
        elif isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list | tuple | set):
            pending.extend(value)


def terms_of(algebra: CompValue) -> set[Node]:
    """Return the IRIs and literals that a query names."""
    found: set[Node] = set()
    pending: list[Any] = [algebra]
    while pending:
        part = pending.pop()
        if isinstance(part, CompValue):
            pending.extend(operands(part))
        elif isinstance(part, URIRef | Literal):
            found.add(part)
        elif isinstance(part, list | tuple | set):
            pending.extend(part)
    return found


def operands(part: CompValue) -> list[Any]:
    """Return what an operator or expression is made of, as it is evaluated.

    The pattern of an EXISTS, once translated, is an attribute; the item of that name stays as it
    was parsed, without the filters.
    """
    made_of = {name: OrderedDict.__getitem__(part, name) for name in part}
    made_of |= {name: value for name, value in vars(part).items() if name in made_of}
    return list(made_of.values())


def _declared_prefixes(shapes: Graph) -> _Prefixes:
    declared = _declared(shapes, set(shapes.objects(None, SH.declare)))
    return tuple(sorted((_BUILT_IN | declared).items()))


def _declared(shapes: Graph, declarations: set[Node]) -> dict[str, str]:
    return {
        str(shapes.value(node, SH.prefix)): str(shapes.value(node, SH.namespace))
        for node in sorted(declarations, key=str)
    }
