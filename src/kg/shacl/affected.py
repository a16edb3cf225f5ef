"""Which shapes a change of the data can concern at all; the data of the others need not be read.

What a shape says depends on triples of the properties that it, the shapes that it refers to and
their queries name, and on types of the classes named there. Where none of those changed, what it
finds is as it was. Of the others most look at nothing but the triples of their focus nodes, so that
the triples of the nodes that changed are all that is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from kg import namespaces
from kg.shacl import plan as p
from kg.shacl.keys import key_of
from kg.shacl.planning import read_plan
from kg.shacl.relevant import Relevance, looked_at

__all__ = ["Affected", "affected"]

_TARGETS = (SH.target, SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


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
class Affected:
    """The part of some shapes that a change can concern, and the data that it needs.

    That is what `relevance` tells, and every triple with one of the `nodes` as its subject.
    """

    shapes: Graph
    relevance: Relevance
    nodes: frozenset[str]


def affected(shapes: Graph, changed: pl.DataFrame) -> Affected:
    """Return the shapes that changed quads can concern, with all that they refer to.

    Where a class may have become one below another, it is every shape. The shapes have to be
    well-formed.
    """
    predicates = frozenset(changed["predicate"].unique())
    ends = changed.select("subject", pl.when(pl.col("kind") != "literal").then("object"))
    nodes = frozenset().union(*(column.drop_nulls() for column in ends))
    if namespaces.RDFS.subClassOf in predicates:
        # Whatever class was below another one before counts too, so that all types are needed.
        return Affected(shapes, Relevance(looked_at(shapes).predicates, None), nodes)
    is_typing = namespaces.RDF.type in predicates
    part, far, classes = Graph(), Graph(), set[str]()
    for root in sorted(set(_roots(shapes)), key=str):
        about = _about(shapes, root)
        if not _is_concerned(looked_at(about), predicates):
            continue
        part += about
        if (of_values := _classes_of_values(read_plan(about), is_typing)) is None:
            far += about
        else:
            classes |= of_values
    needed = looked_at(far)
    if needed.classes is not None:
        needed = Relevance(needed.predicates, needed.classes | classes)
    return Affected(part, needed, nodes)


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


def _roots(shapes: Graph) -> Iterator[Node]:
    """Yield the shapes that have a target."""
    for predicate in _TARGETS:
        yield from shapes.subjects(predicate)
    for of in (RDFS.Class, OWL.Class):  # implicit class targets
        yield from shapes.subjects(RDF.type, of)


def _about(shapes: Graph, root: Node) -> Graph:
    """Return what is said of a node, and of all that it leads to."""
    part, seen, pending = Graph(), {root}, [root]
    while pending:
        for triple in shapes.triples((pending.pop(), None, None)):
            part.add(triple)
            for node in (triple[1], triple[2]):
                if node not in seen:
                    seen.add(node)
                    pending.append(node)
    return part


def _is_concerned(shape: Relevance, changed: frozenset[str]) -> bool:
    if shape.predicates is None or not shape.predicates.isdisjoint(changed):
        return True
    # A node may have become an instance of a class that the shape names, or of one below it.
    return namespaces.RDF.type in changed and shape.classes != frozenset()
