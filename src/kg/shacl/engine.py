"""Shapes over data, as operations on the quad table: all focus nodes of a shape at once.

Nothing is fetched, inferred or imported. What the engine cannot check is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import polars as pl
from rdflib import OWL, RDF, SH, Dataset, Graph, URIRef
from rdflib.term import Node

from kg import rdf
from kg.shacl.blanks import REACH, blank_names
from kg.shacl.encoding import EncodedGraph
from kg.shacl.evaluation import Evaluation
from kg.shacl.found import Results
from kg.shacl.keys import term_of
from kg.shacl.model import ValidationReport
from kg.shacl.plan import Plan, Term
from kg.shacl.planning import read_plan
from kg.shacl.queries import check_queries
from kg.shacl.relevant import relevance_of_queries, select
from kg.shacl.solving import Solver
from kg.shacl.tables import table_of
from kg.shacl.terms import compact, described
from kg.shacl.wellformed import check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.shacl.evaluation import Found

__all__ = ["idle_counts", "notes_of", "validate"]

#: Of so many blank nodes each gets a name of what is around it; of more, the document's own.
_MOST_BLANK = 10_000


def validate(data: Graph | pl.DataFrame, shapes: Graph) -> ValidationReport:
    """Return what `shapes` find in data, a quad table or an rdflib graph. Nothing is changed.

    The graphs of a quad table are one graph here. Raises ShapesError where the shapes are
    ill-formed or ask for what is not supported.
    """
    for graph in (data, shapes):
        # A string might be meant as an address; nothing here opens one
        is_table = graph is data and isinstance(graph, pl.DataFrame)
        if not is_table and (not isinstance(graph, Graph) or isinstance(graph, Dataset)):
            raise TypeError(f"an rdflib Graph is needed, not {type(graph).__name__}")
    check(shapes)
    check_queries(shapes)
    plan = read_plan(shapes)
    table = data if isinstance(data, pl.DataFrame) else table_of(data)
    encoded = EncodedGraph(table, plan.constants)
    evaluation = Evaluation(encoded, plan, Solver(encoded, _opener(data, table, shapes)))
    found = list(evaluation.run())
    renamed = _names(evaluation, found, data if isinstance(data, Graph) else table, shapes)
    results = Results.of(evaluation, found, renamed)
    return ValidationReport(results, tuple(notes_of(shapes, _has_targets(evaluation, plan))))


def _opener(data: Graph | pl.DataFrame, table: pl.DataFrame, shapes: Graph) -> Callable[[], Graph]:
    """Return what makes the graph that queries run on: of a table only what they can look at."""
    if isinstance(data, Graph):
        return lambda: data

    def opened() -> Graph:
        wanted = select(table.lazy(), relevance_of_queries(shapes)).collect()
        return rdf.to_rdflib(wanted)

    return opened


def _has_targets(evaluation: Evaluation, plan: Plan) -> bool:
    return any(evaluation.focus_nodes(s).height for s in plan.shapes.values() if s.targets)


def _names(
    evaluation: Evaluation,
    found: Sequence[Found],
    data: Graph | pl.DataFrame,
    shapes: Graph,
) -> Mapping[Term, Term]:
    """Return names for the blank nodes of results that do not change from run to run."""
    of_shapes = {f.shape.name for f in found} | {
        f.constraint.query.owner for f in found if hasattr(f.constraint, "query")
    }
    renamed: dict[Term, Term] = dict(blank_names(shapes, of_shapes))  # type: ignore[arg-type]
    numbers = [column for f in found for column in (f.table["focus"], f.table["value"])]
    if numbers:
        keys = evaluation.graph.keys(pl.concat(numbers).drop_nulls().unique())
        blank = [term_of(key) for key in keys.filter(keys.str.starts_with("_:"))]
        if blank and len(blank) <= _MOST_BLANK:
            around = data if isinstance(data, Graph) else _around(data, [f"_:{n}" for n in blank])
            renamed |= blank_names(around, blank)  # type: ignore[arg-type]
    return renamed


def _around(table: pl.DataFrame, blank: list[str]) -> Graph:
    """Return the triples that blank nodes are named after."""
    near = set(blank)
    rows = table.clear()
    for _ in range(REACH):
        subject, value = pl.col("subject"), pl.col("object")
        rows = table.filter(subject.is_in(near) | ((pl.col("kind") == "blank") & value.is_in(near)))
        ends = pl.concat([rows["subject"], rows.filter(pl.col("kind") == "blank")["object"]])
        near |= set(ends.filter(ends.str.starts_with("_:")))
    return rdf.to_rdflib(rows)


def idle_counts(shapes: Graph) -> list[tuple[Node, URIRef]]:
    """Return each shape with a count that, without a value shape, is no constraint."""
    return [
        (shape, parameter)
        for parameter in (SH.qualifiedMinCount, SH.qualifiedMaxCount)
        for shape in sorted(set(shapes.subjects(parameter)), key=str)
        if (shape, SH.qualifiedValueShape, None) not in shapes
    ]


def notes_of(shapes: Graph, has_targets: bool) -> Iterator[str]:
    """Yield what the shapes say that nothing was made of."""
    for imported in sorted(set(shapes.objects(None, OWL.imports)), key=str):
        if (imported, RDF.type, OWL.Ontology) not in shapes:
            yield (
                f"the shapes import {compact(str(imported))}, which was not among them; "
                "nothing it holds was checked"
            )
    for shape, parameter in idle_counts(shapes):
        given = f"{described(shapes, shape)} has {compact(parameter)}"
        yield f"{given} without a sh:qualifiedValueShape; nothing was counted"
    if not has_targets:
        yield "no shape has a target in the data; nothing was checked"
