"""Which shapes a change of the data can concern at all; the data of the others need not be read.

What a shape says depends on triples of the properties that it, the shapes that it refers to and
their queries name, and on types of the classes named there. Where none of those changed, what it
finds is as it was. Of the others most look at nothing but the triples of their focus nodes, so that
the triples of the nodes that changed are all that is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from rdflib import Graph, URIRef

from kg.namespaces import RDF, RDFS
from kg.shacl import plan as p
from kg.shacl.keys import key_of
from kg.shacl.planning import read_plan
from kg.shacl.relevant import EVERYTHING, Relevance, of_query

__all__ = ["Affected", "Changes", "affected"]


#: Constraints that look at no triple of a value, and those that look at triples of the focus node.
_OF_VALUES = (
    p.Datatype,
    p.HasValue,
    p.In,
    p.LanguageIn,
    p.Length,
    p.MaxCount,
    p.MinCount,
    p.NodeKind,
    p.Pattern,
    p.Range,
    p.UniqueLang,
)
_OF_FOCUS = (p.Closed, p.Disjoint, p.Equals, p.LessThan)


@dataclass(frozen=True)
class Changes:
    """What a quad table has that an earlier state of it had not, and what it has no more."""

    added: pl.DataFrame
    removed: pl.DataFrame

    @property
    def quads(self) -> pl.DataFrame:
        """All that changed."""
        return pl.concat([self.added, self.removed])


@dataclass(frozen=True)
class Affected:
    """The part of some shapes that changes can concern, and the data that it needs.

    That is what `relevance` tells, and every triple with one of the `nodes` as its subject.
    """

    shapes: Graph
    changes: Changes
    plan: p.Plan
    relevance: Relevance
    nodes: frozenset[str]


def affected(shapes: Graph, changes: Changes) -> Affected:
    """Return the shapes that changes can concern, with all that they refer to.

    Where a class may have become one below another, it is every shape. Raises ShapesError where
    the shapes are ill-formed or ask for what is not supported.
    """
    plan = read_plan(shapes)
    changed = changes.quads
    predicates = frozenset(changed["predicate"].unique())
    ends = changed.select("subject", pl.when(pl.col("kind") != "literal").then("object"))
    nodes = frozenset().union(*(column.drop_nulls() for column in ends))
    if RDFS.subClassOf in predicates:
        # Whatever class was below another one before counts too, so that all types are needed.
        relevance = Relevance(_looked_at(plan).predicates, None)
        return Affected(shapes, changes, plan, relevance, nodes)
    is_typing = RDF.type in predicates
    concerned, far, classes = list[p.ShapeName](), list[p.ShapeName](), set[str]()
    for shape in plan.shapes.values():
        part = plan.only([shape.name])
        if not shape.targets or not _is_concerned(_looked_at(part), predicates):
            continue
        concerned.append(shape.name)
        if (of_values := _classes_of_values(part, is_typing)) is None:
            far.append(shape.name)
        else:
            classes |= of_values
    needed = _looked_at(plan.only(far))
    if needed.classes is not None:
        needed = Relevance(needed.predicates, needed.classes | classes)
    return Affected(shapes, changes, plan.only(concerned), needed, nodes)


def _classes_of_values(plan: p.Plan, is_typing: bool) -> set[str] | None:
    """Return the classes that values have to be of where shapes look no further; None if they do.

    With `is_typing`, types of nodes changed, and thereby what is said of others that lead to them.
    """
    classes: set[str] = set()

    def is_near(shape: p.Shape, *, of_focus: bool) -> bool:
        """Tell whether a shape looks at triples of the focus node only, or of a value at none."""
        if not isinstance(shape.path, URIRef | None) or (shape.path is not None and not of_focus):
            return False
        for constraint in shape.constraints:
            if isinstance(constraint, p.Class):
                if is_typing:
                    return False
                classes.add(key_of(constraint.of))
            elif isinstance(constraint, _OF_FOCUS):
                # A pair of properties is the focus node's; the triples of a value are not at hand.
                if not of_focus or (isinstance(constraint, p.Closed) and shape.path is not None):
                    return False
            elif type(constraint) in p.CHILDREN:
                is_focus = of_focus and shape.path is None
                if not all(
                    is_near(child, of_focus=is_focus) for child in plan.children(constraint)
                ):
                    return False
            elif not isinstance(constraint, _OF_VALUES):
                return False
        return True

    targeted = [shape for shape in plan.shapes.values() if shape.targets]
    # What a node is the object of stands with other nodes, and a query may look at any.
    targets = [target for shape in targeted for target in shape.targets]
    if any(isinstance(t, p.QueryTarget) or t.kind == "objectsOf" for t in targets):
        return None
    return classes if all(is_near(shape, of_focus=True) for shape in targeted) else None


def _looked_at(plan: p.Plan) -> Relevance:
    """Return what the shapes of a plan can look at."""
    predicates, classes, is_any_type = set[str](), set[str](), False
    for shape in plan.shapes.values():
        predicates.update(map(str, p.predicates_of(shape.path)))
        seen = list[Relevance]()
        for target in shape.targets:
            if isinstance(target, p.QueryTarget):
                seen.append(of_query(target.query.text, target.query.prefixes, None))
            elif target.kind != "node":
                (classes if target.kind == "class" else predicates).add(key_of(target.term))
        for constraint in shape.constraints:
            match constraint:
                case p.Sparql(query=query) | p.Custom(query=query):
                    seen.append(of_query(query.text, query.prefixes, shape.path))
                case p.Equals(other=other) | p.Disjoint(other=other) | p.LessThan(other=other):
                    predicates.add(str(other))
                case p.Class(of=of):
                    classes.add(key_of(of))
                case p.Closed():
                    return EVERYTHING
        for relevance in seen:
            if relevance.predicates is None:
                return EVERYTHING
            predicates |= relevance.predicates
            is_any_type |= relevance.classes is None
            classes |= relevance.classes or set()
    is_any_type |= RDF.type in predicates
    return Relevance(
        frozenset(predicates - {RDF.type}), None if is_any_type else frozenset(classes)
    )


def _is_concerned(shape: Relevance, changed: frozenset[str]) -> bool:
    if shape.predicates is None or not shape.predicates.isdisjoint(changed):
        return True
    # A node may have become an instance of a class that the shape names, or of one below it.
    return RDF.type in changed and shape.classes != frozenset()
