"""What a shape looks at from its focus node, as the property paths that lead there.

A shape says the same of a node as long as no triple on these paths changes, whatever else does. A
query is told by its patterns: each that hangs together with the focus node is the end of a path
from it. A pattern that hangs together with nothing is told as it is: what it matches counts for
every focus node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rdflib import RDF, BNode, URIRef, Variable
from rdflib.paths import Path
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from kg.shacl import plan as p
from kg.shacl.algebra import NotCovered, path_of
from kg.shacl.functions import EXISTS
from kg.shacl.origins import ENDING, WHERE, WITNESSED
from kg.shacl.paths import PathExpression, PropertyPath
from kg.shacl.queries import operands, read
from kg.store import Pattern

__all__ = ["ANY", "QueryView", "Unbounded", "View", "view_of", "view_of_query"]

#: Stands in paths for a step by whatever property, which a closed shape looks at.
ANY = URIRef("urn:kg:any-property")

_THIS, _VALUE, _PATH = "this", "value", Variable("PATH")
#: A shape that looks at more paths, or comes to a variable in more ways, is not followed.
_MOST_PATHS, _MOST_WAYS = 1_000, 100
#: Where ways to variables of patterns start that hang together with nothing.
_NOWHERE = ""


class Unbounded(Exception):
    """A shape looks at more than paths from its focus node lead to."""


class View(NamedTuple):
    """What a shape looks at: where `paths` lead to, and what `loose` patterns match anywhere."""

    paths: frozenset[PropertyPath]
    loose: frozenset[Pattern]


class QueryView(NamedTuple):
    """What a query looks at: where paths lead to from focus node and value node, and elsewhere."""

    of_focus: frozenset[PropertyPath]
    of_value: frozenset[PropertyPath]
    loose: frozenset[Pattern]


class _Way(NamedTuple):
    """How a variable is come to: from which one that is bound beforehand, by which path."""

    start: str
    path: PropertyPath | None


_Triple = tuple[Node, Any, Node]
#: Variables that are certainly bound, with all ways to come to what they are bound to.
_Known = Mapping[str, frozenset[_Way]]


def view_of(plan: p.Plan, shape: p.Shape) -> View:
    """Return what a shape, with its targets, looks at; raises Unbounded."""
    loose, paths = set[Pattern](), set(_of_targets(shape))
    # A shape that several use is told once for each way to it, which may be very many
    for number, path in enumerate(_of_shape(plan, shape, None, loose)):
        if number == _MOST_PATHS:
            raise Unbounded
        paths.add(path)
    return View(frozenset(paths), frozenset(loose))


def _of_targets(shape: p.Shape) -> Iterator[PropertyPath]:
    for target in shape.targets:
        if isinstance(target, p.QueryTarget):
            raise Unbounded
        match target.kind:
            case "class":
                yield RDF.type
            case "subjectsOf":
                yield URIRef(str(target.term))
            case "objectsOf":
                step = PathExpression("inverse", (URIRef(str(target.term)),))
                yield PathExpression(WITNESSED, (step,))


def _of_shape(
    plan: p.Plan, shape: p.Shape, before: PropertyPath | None, loose: set[Pattern]
) -> Iterator[PropertyPath]:
    """Yield the paths of a shape whose focus nodes a path leads to; add its loose patterns."""
    if shape.is_deactivated:
        return
    values = before
    if shape.path is not None:
        values = _joined(before, shape.path)
        yield values
    for constraint in shape.constraints:
        match constraint:
            case p.Sparql() | p.Custom():
                view = view_of_query(constraint.query, shape.path)
                yield from (_joined(before, path) for path in view.of_focus)
                yield from (_joined(values, path) for path in view.of_value)
                loose |= view.loose
            case p.Equals(other=other) | p.Disjoint(other=other) | p.LessThan(other=other):
                yield _joined(before, other)
            case p.Class():
                yield _joined(values, RDF.type)
            case p.Closed():
                yield _joined(values, ANY)
        for child in plan.children(constraint):
            yield from _of_shape(plan, child, values, loose)


def view_of_query(query: p.Query, path: PropertyPath | None) -> QueryView:
    """Return what a query looks at; `path` is that of its shape. Raises Unbounded."""
    bound = {_THIS: frozenset({_Way(_THIS, None)})}
    if query.is_ask:
        bound[_VALUE] = frozenset({_Way(_VALUE, None)})
    views = _Views(bound, path)
    views.read(read(query.text, query.prefixes).algebra, {}, bound)
    of_focus, of_value = (frozenset(views.found[start]) for start in (_THIS, _VALUE))
    return QueryView(of_focus, of_value, frozenset(views.loose))


class _Views:
    """Collects what the parts of a query look at, given what is bound before each.

    https://www.w3.org/TR/sparql11-query/#sparqlAlgebra
    """

    def __init__(self, bound: _Known, path: PropertyPath | None) -> None:
        self._bound, self._path = bound, path
        self.found: dict[str, set[PropertyPath]] = {_THIS: set(), _VALUE: set()}
        self.loose: set[Pattern] = set()

    def read(self, part: Any, joined: _Known, given: _Known) -> _Known:
        """Return what is certainly bound after a part of a query.

        `given` is what is bound before the part is evaluated, and so in every group and EXISTS of
        it. With `joined` its solutions are only joined then: that narrows what its patterns match,
        but is not seen by its OPTIONAL, FILTER or EXISTS.
        """
        match part.name:
            case "BGP":
                return self._patterns(list(part.triples), joined, given)
            case "Join":
                left = self.read(part.p1, joined, given)
                return _nearest(left, self.read(part.p2, {**joined, **left}, given))
            case "LeftJoin":
                left = self.read(part.p1, joined, given)
                right = self.read(part.p2, left, given)
                self._expressions(part.expr, _nearest(left, right))
                return left
            case "Union":
                one, other = (self.read(p, joined, given) for p in (part.p1, part.p2))
                return {name: one[name] | other[name] for name in one.keys() & other.keys()}
            case "Filter" | "Extend" | "OrderBy" | "Group":
                after = self.read(part.p, joined, given)
                self._expressions(part.expr, after)
                return after
            case "AggregateJoin":
                after = self.read(part.p, {}, given)
                self._expressions(part.A, after)
                return self._bound
            case "ToMultiSet":  # an inner query, which sees nothing but what is bound beforehand
                return self.read(part.p, {}, self._bound)
            case "Project":
                after = self.read(part.p, joined, given)
                return {name: ways for name, ways in after.items() if Variable(name) in part.PV}
            case "AskQuery" | "Distinct" | "Reduced" | "SelectQuery" | "Slice":
                return self.read(part.p, joined, given)
        raise Unbounded

    def _patterns(self, left: list[_Triple], joined: _Known, given: _Known) -> _Known:
        """Come to each pattern by what is bound and those before it, as long as that leads on."""
        known, tests = {**joined, **given}, _tests(left)
        bound = {name for triple in left for end in triple[::2] if (name := _name(end))}
        while left:
            triple = min(left, key=lambda t: min(_rank(t[0], known), _rank(t[2], known)))
            left.remove(triple)
            self._pattern(triple, known, tests)
        return {name: known[name] for name in (*given, *bound)}

    def _pattern(
        self,
        triple: _Triple,
        known: dict[str, frozenset[_Way]],
        tests: Mapping[str, tuple[URIRef, URIRef]],
    ) -> None:
        """Tell how a pattern is come to, and what is come to by it."""
        start, predicate, end = triple
        step = self._step(predicate)
        if _rank(end, known) < _rank(start, known):
            step, start, end = PathExpression("inverse", (step,)), end, start
        if isinstance(end, URIRef):
            step = PathExpression(ENDING, (step, end))
        elif (test := tests.get(_name(end) or "")) is not None:
            step = PathExpression(WHERE, (step, *test))
        ways = frozenset(
            way if way.start == _NOWHERE else _Way(way.start, _joined(way.path, step))
            for way in known.get(_name(start) or "", {_Way(_NOWHERE, None)})
        )
        if len(ways) > _MOST_WAYS:
            raise Unbounded
        for way in ways:
            if way.start == _NOWHERE:
                self._anywhere(triple)
            else:
                self.found[way.start].add(_joined(None, way.path))
        for name in filter(None, map(_name, (start, end))):
            known.setdefault(name, ways)

    def _anywhere(self, triple: _Triple) -> None:
        """Add what a pattern matches that hangs together with nothing; raises Unbounded."""
        subject, predicate, value = triple
        step = self._step(predicate)
        if _may_be_empty(step):  # it matches every node there is
            raise Unbounded
        if isinstance(step, PathExpression):
            self.loose.update((None, str(iri), None) for iri in p.predicates_of(step))
            return
        first, last = (str(end) if isinstance(end, URIRef) else None for end in (subject, value))
        self.loose.add((first, str(step), last))

    def _step(self, predicate: Any) -> PropertyPath:
        if predicate == _PATH and self._path is not None:
            return self._path
        if isinstance(predicate, URIRef):
            return predicate
        if not isinstance(predicate, Path):
            raise Unbounded
        try:
            return path_of(predicate, is_repeated=True)
        except NotCovered:
            raise Unbounded from None

    def _expressions(self, part: Any, known: _Known) -> None:
        """Read the patterns of EXISTS, which what is bound outside is put into."""
        pending: list[Any] = [part]
        while pending:
            part = pending.pop()
            if isinstance(part, CompValue):
                if part.name in EXISTS:
                    self.read(part.graph, {}, known)
                else:
                    pending += operands(part)
            elif isinstance(part, list | tuple | set | frozenset):
                pending += part
            elif isinstance(part, dict):
                pending += part.values()


def _name(term: Node) -> str | None:
    """Return what a variable is called; a blank node in a pattern is one too."""
    if isinstance(term, BNode):
        return f"_:{term}"
    return str(term) if isinstance(term, Variable) else None


def _tests(patterns: Iterable[_Triple]) -> dict[str, tuple[URIRef, URIRef]]:
    """Return a property and the value that it has to have, for variables of which that is said."""
    found: dict[str, tuple[URIRef, URIRef]] = {}
    for subject, predicate, value in patterns:
        name = _name(subject)
        if name is None or not isinstance(predicate, URIRef) or not isinstance(value, URIRef):
            continue
        if predicate != RDF.type:  # of a class there are many instances, mostly
            found.setdefault(name, (predicate, value))
    return found


def _nearest(one: _Known, other: _Known) -> _Known:
    """Return what is bound after two parts that are joined, with the ways that start somewhere."""
    both = {**other, **one}
    for name in one.keys() & other.keys():
        if any(way.start == _NOWHERE for way in one[name]):
            both[name] = other[name]
    return both


def _rank(end: Node, known: _Known) -> int:
    """Return 0 where ways lead to an end of a pattern, 1 where one may start nowhere, else 2."""
    ways = known.get(_name(end) or "")
    return 2 if ways is None else int(any(way.start == _NOWHERE for way in ways))


def _may_be_empty(path: PropertyPath) -> bool:
    """Tell whether a path leads from every node to itself."""
    if not isinstance(path, PathExpression):
        return False
    parts = map(_may_be_empty, path.parts)
    return path.kind in ("zeroOrMore", "zeroOrOne") or (
        all(parts) if path.kind == "sequence" else any(parts)
    )


def _joined(before: PropertyPath | None, after: PropertyPath | None) -> PropertyPath:
    """Return one path after another, as one sequence."""
    parts: list[PropertyPath] = []
    for path in (before, after):
        if isinstance(path, PathExpression) and path.kind == "sequence":
            parts += path.parts
        elif path is not None:
            parts.append(path)
    return parts[0] if len(parts) == 1 else PathExpression("sequence", tuple(parts))
