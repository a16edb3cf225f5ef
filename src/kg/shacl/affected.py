"""Which shapes a change of the data can concern at all; the data of the others need not be read.

What a shape says depends on triples of the properties that it, the shapes that it refers to and
their queries name, and on types of the classes named there. Where none of those changed, what it
finds is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from rdflib import OWL, RDF, RDFS, SH, Graph
from rdflib.term import Node

from kg import namespaces
from kg.shacl.relevant import Relevance, looked_at

__all__ = ["affected"]

_TARGETS = (SH.target, SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


def affected(shapes: Graph, changed: pl.DataFrame) -> Graph:
    """Return the part of a shapes graph that changed quads can concern.

    That is every shape with a target that they can concern, with all that it refers to. Where a
    class may have become one below another, it is every shape.
    """
    predicates = frozenset(changed["predicate"].unique())
    if not predicates or namespaces.RDFS.subClassOf in predicates:
        return shapes
    part = Graph()
    for root in sorted(set(_roots(shapes)), key=str):
        about = _about(shapes, root)
        if _is_concerned(looked_at(about), predicates):
            part += about
    return part


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
