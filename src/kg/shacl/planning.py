"""Shapes graphs, read into plans.

What is ill-formed or not supported is refused first (`kg.shacl.wellformed`, `kg.shacl.queries`):
what reads the rest checks nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import cast

from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node as RdfNode

from kg.errors import ShapesError
from kg.shacl import plan as p
from kg.shacl.custom_targets import local_name, parameters_of, query_owner, values_of
from kg.shacl.keys import key_of
from kg.shacl.model import term_key
from kg.shacl.paths import list_members, read_path
from kg.shacl.patterns import PatternError, translate
from kg.shacl.queries import check_queries, prefixes_for, read, terms_of
from kg.shacl.targets import implicit_classes, instances
from kg.shacl.terms import compact, described
from kg.shacl.wellformed import check

__all__ = ["read_plan"]

_TARGETS = {
    SH.targetNode: "node",
    SH.targetClass: "class",
    SH.targetSubjectsOf: "subjectsOf",
    SH.targetObjectsOf: "objectsOf",
}
_NODE_KINDS: dict[RdfNode, frozenset[str]] = {
    SH.IRI: frozenset({"iri"}),
    SH.BlankNode: frozenset({"blank"}),
    SH.Literal: frozenset({"literal"}),
    SH.BlankNodeOrIRI: frozenset({"blank", "iri"}),
    SH.BlankNodeOrLiteral: frozenset({"blank", "literal"}),
    SH.IRIOrLiteral: frozenset({"iri", "literal"}),
}
#: Shapes in shapes are asked for by functions in functions.
_DEEPEST = 100


def read_plan(shapes: Graph) -> p.Plan:
    """Return the plan of a shapes graph.

    Raises ShapesError where it is ill-formed, or asks for what is not supported.
    """
    check(shapes)
    check_queries(shapes)
    return _Reader(shapes).plan()


class _Reader:
    def __init__(self, shapes: Graph) -> None:
        self._graph = shapes
        self._shapes: dict[p.ShapeName, p.Shape] = {}
        self._implicit = implicit_classes(shapes)
        components = sorted(instances(shapes, SH.ConstraintComponent), key=_order)
        self._components = [self._component(component) for component in components]
        self._queries: list[p.Query] = []

    def plan(self) -> p.Plan:
        targeted = {
            shape for target in (*_TARGETS, SH.target) for shape in self._graph.subjects(target)
        } | self._implicit
        # one after the other with a stack of its own: a chain of shapes may be long
        pending = sorted(targeted, key=_order, reverse=True)
        while pending:
            name = cast(p.ShapeName, pending.pop())
            if name in self._shapes:
                continue
            shape = self._shape(name)
            self._shapes[name] = shape
            for constraint in shape.constraints:
                for attribute in p.CHILDREN.get(type(constraint), ()):
                    value = getattr(constraint, attribute)
                    pending += value if isinstance(value, tuple) else (value,)
        self._check_depth()
        return p.Plan(self._shapes, frozenset(self._constants()))

    def _constants(self) -> Iterator[str]:
        for term in {*self._graph.predicates(), *self._graph.objects()}:
            if not isinstance(term, BNode):
                yield key_of(term)
        for query in self._queries:
            # What is not read here is not asked for either
            with suppress(Exception):
                yield from map(key_of, terms_of(read(query.text, query.prefixes).algebra))

    def _check_depth(self) -> None:
        """Raise ShapesError for shapes nested deeper than they can be checked: none is circular."""
        depths: dict[p.ShapeName, int] = {}
        pending = [(name, False) for name in self._shapes]
        plan = p.Plan(self._shapes)
        while pending:
            name, is_ready = pending.pop()
            if name in depths:
                continue
            is_off = self._shapes[name].is_deactivated
            inner = (
                []
                if is_off
                else [c.name for k in self._shapes[name].constraints for c in plan.children(k)]
            )
            if not is_ready:
                pending += [(name, True), *((child, False) for child in inner)]
                continue
            depths[name] = 1 + max((depths[child] for child in inner), default=0)
            if depths[name] > _DEEPEST:
                where = described(self._graph, name)
                raise ShapesError(f"{where} is nested too deep: at most {_DEEPEST} shapes")

    # ------------------------------------------------------------ a shape

    def _shape(self, name: p.ShapeName) -> p.Shape:
        path = self._graph.value(name, SH.path)
        severity = self._graph.value(name, SH.severity)
        return p.Shape(
            name=name,
            path=None if path is None else read_path(self._graph, path),
            targets=tuple(self._targets(name)),
            constraints=tuple(self._constraints(name, path is not None)),
            severity=cast(URIRef, severity or SH.Violation),
            messages=self._messages(name),
            is_deactivated=self._is_true(name, SH.deactivated),
        )

    def _targets(self, name: p.ShapeName) -> Iterator[p.Target | p.QueryTarget]:
        for predicate, kind in _TARGETS.items():
            for term in self._values(name, predicate):
                yield p.Target(kind, term)
        if name in self._implicit:
            yield p.Target("class", name)
        for target in self._values(name, SH.target):
            if (owner := query_owner(self._graph, target)) is not None:
                values = values_of(self._graph, target, owner)
                parameters = tuple((local_name(path), cast(p.Term, v)) for path, v in values)
                yield p.QueryTarget(self._query(owner, SH.select), parameters)

    def _values(self, subject: RdfNode, predicate: URIRef) -> list[p.Term]:
        found = (cast(p.Term, value) for value in self._graph.objects(subject, predicate))
        return sorted(found, key=term_key)

    def _used(self, subject: RdfNode, predicate: URIRef) -> list[p.ShapeName]:
        """Return the shapes that one refers to, which are no literals in a graph that is sound."""
        return [cast(p.ShapeName, value) for value in self._values(subject, predicate)]

    def _messages(self, node: RdfNode) -> tuple[Literal, ...]:
        return tuple(m for m in self._values(node, SH.message) if isinstance(m, Literal))

    def _is_true(self, node: RdfNode, predicate: URIRef) -> bool:
        # The specification wants the term true, not another way to write its value.
        return any(str(value) == "true" for value in self._graph.objects(node, predicate))

    def _constraints(self, name: p.ShapeName, is_property: bool) -> Iterator[p.Constraint]:
        for predicate, make in _SIMPLE.items():
            for value in self._values(name, predicate):
                yield make(value)
        yield from self._strings(name)
        yield from self._switched(name)
        yield from self._logical(name)
        yield from self._qualified(name)
        for constraint in self._values(name, SH.sparql):
            if not self._is_true(constraint, SH.deactivated):
                query = self._query(constraint, SH.select)
                yield p.Sparql(SH.SPARQLConstraintComponent, query)
        for component in self._components:
            yield from component(name, is_property)

    def _strings(self, name: p.ShapeName) -> Iterator[p.Constraint]:
        flags = str(self._graph.value(name, SH.flags) or "")
        for pattern in self._values(name, SH.pattern):
            try:
                translate(str(pattern), flags)
            except PatternError as error:
                given = f"{described(self._graph, name)} has sh:pattern {pattern}"
                wanted = "what it takes: a regular expression that can be compiled"
                raise ShapesError(f"{given}; {wanted} ({error})") from None
            yield p.Pattern(SH.PatternConstraintComponent, str(pattern), flags)
        for head in self._values(name, SH.languageIn):
            ranges = tuple(str(tag).lower() for tag in list_members(self._graph, head))
            yield p.LanguageIn(SH.LanguageInConstraintComponent, ranges)

    def _switched(self, name: p.ShapeName) -> Iterator[p.Constraint]:
        if self._is_true(name, SH.uniqueLang):
            yield p.UniqueLang(SH.UniqueLangConstraintComponent)
        if self._is_true(name, SH.closed):
            allowed = {
                cast(URIRef, iri)
                for head in self._graph.objects(name, SH.ignoredProperties)
                for iri in list_members(self._graph, head)
            }
            for shape in self._graph.objects(name, SH.property):
                path = self._graph.value(shape, SH.path)
                if isinstance(path, URIRef):
                    allowed.add(path)
            yield p.Closed(SH.ClosedConstraintComponent, frozenset(allowed))

    def _logical(self, name: p.ShapeName) -> Iterator[p.Constraint]:
        for shape in self._used(name, SH["not"]):
            yield p.Not(SH.NotConstraintComponent, shape)
        for predicate, kind, component in (
            (SH["and"], p.And, SH.AndConstraintComponent),
            (SH["or"], p.Or, SH.OrConstraintComponent),
            (SH.xone, p.Xone, SH.XoneConstraintComponent),
        ):
            for head in self._values(name, predicate):
                members = tuple(cast(p.ShapeName, s) for s in list_members(self._graph, head))
                yield kind(component, members)
        for head in self._values(name, SH["in"]):
            allowed = tuple(cast(p.Term, m) for m in list_members(self._graph, head))
            yield p.In(SH.InConstraintComponent, allowed)
        for shape in self._used(name, SH.node):
            yield p.Node(SH.NodeConstraintComponent, shape)
        for shape in self._used(name, SH.property):
            yield p.Property(SH.PropertyConstraintComponent, shape)

    def _qualified(self, name: p.ShapeName) -> Iterator[p.Constraint]:
        least = self._graph.value(name, SH.qualifiedMinCount)
        most = self._graph.value(name, SH.qualifiedMaxCount)
        is_disjoint = self._is_true(name, SH.qualifiedValueShapesDisjoint)
        for shape in self._used(name, SH.qualifiedValueShape):
            siblings = self._siblings(name, shape) if is_disjoint else ()
            if least is not None:
                component = SH.QualifiedMinCountConstraintComponent
                yield p.Qualified(component, shape, int(str(least)), None, siblings)
            if most is not None:
                component = SH.QualifiedMaxCountConstraintComponent
                yield p.Qualified(component, shape, None, int(str(most)), siblings)

    def _siblings(self, name: p.ShapeName, shape: p.ShapeName) -> tuple[p.ShapeName, ...]:
        """https://www.w3.org/TR/shacl/#dfn-sibling-shapes"""
        found = {
            cast(p.ShapeName, sibling)
            for parent in self._graph.subjects(SH.property, name)
            for of_parent in self._graph.objects(parent, SH.property)
            for sibling in self._graph.objects(of_parent, SH.qualifiedValueShape)
        }
        return tuple(sorted(found - {shape}, key=term_key))

    # ------------------------------------------------------------ SPARQL

    def _query(self, owner: RdfNode, predicate: URIRef) -> p.Query:
        if (owner, predicate, None) not in self._graph:
            where = described(self._graph, owner)
            raise ShapesError(f"{where} needs at least one {compact(str(predicate))}")
        query = p.Query(
            owner=cast("URIRef | BNode", owner),
            text=str(self._graph.value(owner, predicate)),
            prefixes=prefixes_for(self._graph, owner),
            is_ask=predicate == SH.ask,
            messages=self._messages(owner),
            name=described(self._graph, owner),
        )
        self._queries.append(query)
        return query

    def _component(
        self, component: RdfNode
    ) -> Callable[[p.ShapeName, bool], Iterator[p.Constraint]]:
        """Return what reads the uses of a constraint component.

        https://www.w3.org/TR/shacl/#sparql-constraint-components
        """
        required, optional = parameters_of(self._graph, component)
        if not required:
            where = described(self._graph, component)
            raise ShapesError(f"{where} needs at least one value for sh:parameter that is required")
        messages = self._messages(component)

        def uses(shape: p.ShapeName, is_property: bool) -> Iterator[p.Constraint]:
            if not all((shape, path, None) in self._graph for path in required):
                return
            query = self._validator(component, is_property)
            if query is None:
                return
            query = query if query.messages else replace(query, messages=messages)
            for values in self._bindings(shape, [*required, *optional]):
                yield p.Custom(cast(URIRef, component), query, values)

        return uses

    def _validator(self, component: RdfNode, is_property: bool) -> p.Query | None:
        order = (SH.propertyValidator if is_property else SH.nodeValidator, SH.validator)
        for predicate in order:
            for validator in self._values(component, predicate):
                for form in (SH.select, SH.ask):
                    if (validator, form, None) in self._graph:
                        return self._query(validator, form)
        return None

    def _bindings(
        self, shape: p.ShapeName, paths: list[URIRef]
    ) -> Iterator[tuple[tuple[str, p.Term], ...]]:
        """Yield the values of parameters: each of several, where one parameter has several."""
        rows: list[tuple[tuple[str, p.Term], ...]] = [()]
        for path in paths:
            name = local_name(path)
            values = self._values(shape, path)
            if values:
                rows = [(*row, (name, value)) for row in rows for value in values]
        yield from rows


def _order(node: RdfNode) -> tuple[int, str, str, str]:
    return term_key(cast(p.Term, node))


_Value = p.Term


def _integer(value: _Value) -> int:
    return int(str(value))


def _range(component: URIRef, operator: str) -> Callable[[_Value], p.Constraint]:
    return lambda value: p.Range(component, operator, cast(Literal, value))


#: Parameters that are a constraint of their own with each value, in the specification's order.
_SIMPLE: dict[URIRef, Callable[[_Value], p.Constraint]] = {
    SH["class"]: lambda v: p.Class(SH.ClassConstraintComponent, v),
    SH.datatype: lambda v: p.Datatype(SH.DatatypeConstraintComponent, cast(URIRef, v)),
    SH.nodeKind: lambda v: p.NodeKind(SH.NodeKindConstraintComponent, _NODE_KINDS[v]),
    SH.minCount: lambda v: p.MinCount(SH.MinCountConstraintComponent, _integer(v)),
    SH.maxCount: lambda v: p.MaxCount(SH.MaxCountConstraintComponent, _integer(v)),
    SH.minExclusive: _range(SH.MinExclusiveConstraintComponent, ">"),
    SH.minInclusive: _range(SH.MinInclusiveConstraintComponent, ">="),
    SH.maxExclusive: _range(SH.MaxExclusiveConstraintComponent, "<"),
    SH.maxInclusive: _range(SH.MaxInclusiveConstraintComponent, "<="),
    SH.minLength: lambda v: p.Length(SH.MinLengthConstraintComponent, _integer(v), None),
    SH.maxLength: lambda v: p.Length(SH.MaxLengthConstraintComponent, None, _integer(v)),
    SH.equals: lambda v: p.Equals(SH.EqualsConstraintComponent, cast(URIRef, v)),
    SH.disjoint: lambda v: p.Disjoint(SH.DisjointConstraintComponent, cast(URIRef, v)),
    SH.lessThan: lambda v: p.LessThan(SH.LessThanConstraintComponent, cast(URIRef, v), "<"),
    SH.lessThanOrEquals: lambda v: p.LessThan(
        SH.LessThanOrEqualsConstraintComponent, cast(URIRef, v), "<="
    ),
    SH.hasValue: lambda v: p.HasValue(SH.HasValueConstraintComponent, v),
}
