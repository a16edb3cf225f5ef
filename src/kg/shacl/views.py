"""What a shape looks at from its focus node, as the property paths that lead there.

A shape says the same of a node as long as no triple on these paths changes, whatever else does. A
query is told by its patterns: each that hangs together with the focus node is the end of a path
from it. Where a pattern hangs together with nothing, any change may count, and no paths are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rdflib import RDF, BNode, URIRef, Variable
from rdflib.paths import Path
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from kg.shacl import plan as p
from kg.shacl.algebra import NotCovered, path_of
from kg.shacl.paths import PathExpression, PropertyPath
from kg.shacl.queries import operands, read

__all__ = ["ANY", "Unbounded", "paths_of", "paths_of_query"]

#: Stands in paths for a step by whatever property, which a closed shape looks at.
ANY = URIRef("urn:kg:any-property")

_THIS, _VALUE, _PATH = "this", "value", Variable("PATH")


class Unbounded(Exception):
    """A shape looks at more than paths from its focus node lead to."""


class _Way(NamedTuple):
    """How a variable is come to: from which one that is bound beforehand, by which path."""

    start: str
    path: PropertyPath | None


#: Variables that are certainly bound, with all ways to come to what they are bound to.
_Known = Mapping[str, frozenset[_Way]]


def paths_of(plan: p.Plan, shape: p.Shape) -> frozenset[PropertyPath]:
    """Return the paths to all that a shape, with its targets, looks at; raises Unbounded."""
    return frozenset((*_of_targets(shape), *_of_shape(plan, shape, None)))


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
                yield PathExpression("inverse", (URIRef(str(target.term)),))


def _of_shape(plan: p.Plan, shape: p.Shape, before: PropertyPath | None) -> Iterator[PropertyPath]:
    """Yield the paths of a shape whose focus nodes a path leads to."""
    if shape.is_deactivated:
        return
    values = before
    if shape.path is not None:
        values = _joined(before, shape.path)
        yield values
    for constraint in shape.constraints:
        match constraint:
            case p.Sparql() | p.Custom():
                of_focus, of_values = paths_of_query(constraint.query, shape.path)
                yield from (_joined(before, path) for path in of_focus)
                yield from (_joined(values, path) for path in of_values)
            case p.Equals(other=other) | p.Disjoint(other=other) | p.LessThan(other=other):
                yield _joined(before, other)
            case p.Class():
                yield _joined(values, RDF.type)
            case p.Closed():
                yield _joined(values, ANY)
        for child in plan.children(constraint):
            yield from _of_shape(plan, child, values)


def paths_of_query(
    query: p.Query, path: PropertyPath | None
) -> tuple[frozenset[PropertyPath], frozenset[PropertyPath]]:
    """Return the paths to all that a query looks at, from the focus node and from the value node.

    `path` is that of its shape. Raises Unbounded.
    """
    bound = {_THIS: frozenset({_Way(_THIS, None)})}
    if query.is_ask:
        bound[_VALUE] = frozenset({_Way(_VALUE, None)})
    views = _Views(bound, path)
    views.read(read(query.text, query.prefixes).algebra, bound)
    return frozenset(views.found[_THIS]), frozenset(views.found[_VALUE])


class _Views:
    """Collects what the parts of a query look at, given what is bound before each.

    https://www.w3.org/TR/sparql11-query/#sparqlAlgebra
    """

    def __init__(self, bound: _Known, path: PropertyPath | None) -> None:
        self._bound, self._path = bound, path
        self.found: dict[str, set[PropertyPath]] = {_THIS: set(), _VALUE: set()}

    def read(self, part: Any, known: _Known) -> _Known:
        """Return what is certainly bound after a part of a query."""
        match part.name:
            case "BGP":
                return self._patterns(list(part.triples), known)
            case "Join":
                return self.read(part.p2, self.read(part.p1, known))
            case "LeftJoin":
                after = self.read(part.p1, known)
                self.read(part.p2, after)
                self._expressions(part.expr, after)
                return after
            case "Union":
                left, right = self.read(part.p1, known), self.read(part.p2, known)
                return {name: left[name] | right[name] for name in left.keys() & right.keys()}
            case "Filter" | "Extend" | "OrderBy" | "Group":
                after = self.read(part.p, known)
                self._expressions(part.expr, after)
                return after
            case "AggregateJoin":
                after = self.read(part.p, known)
                self._expressions(part.A, after)
                return self._bound
            case "ToMultiSet":  # an inner query, which sees nothing but what is bound beforehand
                return self.read(part.p, self._bound)
            case "Project":
                after = self.read(part.p, known)
                return {name: ways for name, ways in after.items() if Variable(name) in part.PV}
            case "AskQuery" | "Distinct" | "Reduced" | "SelectQuery" | "Slice":
                return self.read(part.p, known)
        raise Unbounded

    def _patterns(self, left: list[tuple[Node, Any, Node]], known: _Known) -> _Known:
        """Come to each pattern by what those before it bind."""
        after = dict(known)
        while left:
            for pattern in left:
                if any(_name(end) in after for end in (pattern[0], pattern[2])):
                    break
            else:
                raise Unbounded
            left.remove(pattern)
            subject, predicate, value = pattern
            step, start, end = self._step(predicate), _name(subject), _name(value)
            if start is None or start not in after:
                step, start, end = PathExpression("inverse", (step,)), end, start
            ways = frozenset(_Way(way.start, _joined(way.path, step)) for way in after[str(start)])
            for way in ways:
                self.found[way.start].add(_joined(None, way.path))
            if end is not None:
                after.setdefault(end, ways)
        return after

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
                if part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                    self.read(part.graph, known)
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


def _joined(before: PropertyPath | None, after: PropertyPath | None) -> PropertyPath:
    """Return one path after another, as one sequence."""
    parts: list[PropertyPath] = []
    for path in (before, after):
        if isinstance(path, PathExpression) and path.kind == "sequence":
            parts += path.parts
        elif path is not None:
            parts.append(path)
    return parts[0] if len(parts) == 1 else PathExpression("sequence", tuple(parts))
