"""How many nodes shapes look at, told from the quad table before any of it is loaded."""

from __future__ import annotations

import polars as pl
from rdflib import OWL, RDF, RDFS, SH, Graph

from kg import namespaces
from kg.shacl.relevant import with_subclasses

__all__ = ["count_focus_nodes"]


def count_focus_nodes(table: pl.LazyFrame, shapes: Graph) -> int:
    """Return how many focus nodes all shapes have together in a quad table.

    https://www.w3.org/TR/shacl/#targets. A node counts once for every target of every shape that
    has it, so the number says how much there is to do. What queries choose is not counted: they
    would have to run.
    """
    classes = [*map(str, shapes.objects(None, SH.targetClass))]
    classes += [
        str(shape)  # a class that is a shape targets its own instances
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.subjects(RDF.type, kind)
        if any((shape, RDF.type, of) in shapes for of in (RDFS.Class, OWL.Class))
    ]
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
