"""Which classes are targets without a word, and how many nodes shapes look at."""

from __future__ import annotations

import polars as pl
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from kg import namespaces
from kg.shacl.relevant import with_subclasses

__all__ = ["count_focus_nodes", "implicit_classes", "instances"]


def instances(shapes: Graph, kind: URIRef) -> set[Node]:
    """Return the instances of a class in a shapes graph: those of classes below it too."""
    below = shapes.transitive_subjects(RDFS.subClassOf, kind)
    return {node for of in below for node in shapes.subjects(RDF.type, of)}


def implicit_classes(shapes: Graph) -> set[Node]:
    """Return the shapes that are classes, and so target their own instances.

    https://www.w3.org/TR/shacl/#implicit-targetClass
    """
    kinds = ((SH.NodeShape, SH.PropertyShape), (RDFS.Class, OWL.Class))
    found, classes = ({n for kind in of for n in instances(shapes, kind)} for of in kinds)
    return found & classes


def count_focus_nodes(table: pl.LazyFrame, shapes: Graph) -> int:
    """Return how many focus nodes all shapes have together in a quad table.

    https://www.w3.org/TR/shacl/#targets. A node counts once for every target of every shape that
    has it, so the number says how much there is to do. What queries choose is not counted: they
    would have to run.
    """
    classes = [str(of) for of in (*shapes.objects(None, SH.targetClass), *implicit_classes(shapes))]
    of_type = pl.col("predicate") == namespaces.RDF.type
    nodes = [
        table.filter(of_type, pl.col("object").is_in(sorted(below))).select("subject")
        for below in (with_subclasses(table, frozenset({of})) for of in classes)
    ]
    for target, column in ((SH.targetSubjectsOf, "subject"), (SH.targetObjectsOf, "object")):
        nodes += [
            table.filter(pl.col("predicate") == str(predicate)).select(column)
            for predicate in shapes.objects(None, target)
        ]
    counted = pl.collect_all([frame.select(pl.all().n_unique()) for frame in nodes])
    named = len(list(shapes.objects(None, SH.targetNode)))
    return named + sum(int(found.item()) for found in counted)
