"""Which shapes a change of the data can concern at all; the data of the others need not be read.

What a shape says depends on triples of the properties that it, the shapes that it refers to and
their queries name, and on types of the classes named there. Where none of those changed, what it
finds is as it was. Most look at nothing but what paths lead to from their focus nodes: of these no
more is needed than the triples on the paths from what the change can affect.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import polars as pl
from rdflib import Graph

from kg import quads
from kg.namespaces import RDF, RDFS
from kg.shacl import plan as p
from kg.shacl.digests import digests_of
from kg.shacl.keys import key_of
from kg.shacl.paths import PropertyPath
from kg.shacl.planning import read_plan
from kg.shacl.relevant import EVERYTHING, NOTHING, Relevance, of_query
from kg.shacl.views import Unbounded, View, view_of
from kg.store import Pattern

__all__ = ["Affected", "Changes", "Views", "affected", "matched_by"]

#: The paths to all that one shape looks at.
Views = frozenset[PropertyPath]


@dataclass(frozen=True)
class Changes:
    """What a quad table has that an earlier state of it had not, and what it has no more."""

    added: pl.DataFrame
    removed: pl.DataFrame
    #: What is known of the table already: nothing, or quads around those that were added.
    around: pl.DataFrame = field(default_factory=quads.SCHEMA.to_frame)

    @property
    def quads(self) -> pl.DataFrame:
        """All that changed."""
        return pl.concat([self.added, self.removed])


@dataclass(frozen=True)
class Affected:
    """The part of some shapes that changes can concern, and the data that it needs.

    That is all that `whole` tells, what `loose` patterns match, and what each of the `views` leads
    to from the focus nodes that the changes can affect (`kg.shacl.near`). Of `unknown` shapes all
    focus nodes are checked.
    """

    shapes: Graph
    changes: Changes
    plan: p.Plan
    whole: Relevance
    views: frozenset[Views] = frozenset()
    loose: frozenset[Pattern] = frozenset()
    unknown: frozenset[p.ShapeName] = frozenset()


def affected(shapes: Graph, changes: Changes, known: Collection[str] | None = None) -> Affected:
    """Return the shapes that changes can concern, with all that they refer to.

    Where a class may have become one below another, it is every shape. `known` are the digests of
    the shapes (`kg.shacl.digests_of`) that the data was checked with before it changed, where they
    may be others now: what is not among them is checked whole. Raises ShapesError where the shapes
    are ill-formed or ask for what is not supported.
    """
    plan = read_plan(shapes)
    digests = {} if known is None else digests_of(plan)
    unknown = frozenset(name for name, digest in digests.items() if digest not in (known or ()))
    predicates = frozenset(changes.quads["predicate"].unique())
    if RDFS.subClassOf in predicates:
        # Whatever class was below another one before counts too, so that all types are needed.
        looked_at = Relevance(_looked_at(plan).predicates, None)
        return Affected(shapes, changes, plan, looked_at, unknown=unknown)
    concerned, views, loose, whole = list[p.ShapeName](), set[Views](), set[Pattern](), NOTHING
    for shape in plan.shapes.values():
        seen = _looked_at(plan.only([shape.name]))
        if not shape.targets or not (shape.name in unknown or _is_concerned(seen, predicates)):
            continue
        concerned.append(shape.name)
        view = None if shape.name in unknown else _view(plan, shape)
        if view is None or not changes.quads.filter(matched_by(view.loose)).is_empty():
            whole = whole | seen
        else:
            views.add(view.paths)
            loose |= view.loose
    return Affected(
        shapes, changes, plan.only(concerned), whole, frozenset(views), frozenset(loose), unknown
    )


def _view(plan: p.Plan, shape: p.Shape) -> View | None:
    """Return what a shape looks at; None where that is not bounded."""
    try:
        return view_of(plan, shape)
    except Unbounded:
        return None


def matched_by(patterns: Iterable[Pattern]) -> pl.Expr:
    """Return what tells whether a row of a quad table matches one of some patterns."""
    is_matched = pl.lit(value=False)
    for subject, predicate, value in patterns:
        row = pl.col("predicate") == predicate
        if subject is not None:
            row &= pl.col("subject") == subject
        if value is not None:
            row &= (pl.col("object") == value) & (pl.col("kind") == "iri")
        is_matched |= row
    return is_matched


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
