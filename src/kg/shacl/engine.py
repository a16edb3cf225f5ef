"""Shapes over data, as operations on the quad table: all focus nodes of a shape at once.

Nothing is fetched, inferred or imported. What the engine cannot check is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import polars as pl
from rdflib import OWL, RDF, Dataset, Graph

from kg import rdf
from kg.shacl.affected import Affected, Changes, affected
from kg.shacl.blanks import REACH, blank_names
from kg.shacl.effects import Effects
from kg.shacl.encoding import ChangedGraph, EncodedGraph, encode
from kg.shacl.evaluation import Evaluation
from kg.shacl.found import Results
from kg.shacl.idle import idle_notes
from kg.shacl.keys import term_of
from kg.shacl.model import ValidationReport, term_key
from kg.shacl.plan import Plan, Shape, ShapeName, Term
from kg.shacl.planning import read_plan
from kg.shacl.relevant import relevance_of_queries, select
from kg.shacl.solving import Solver
from kg.shacl.tables import table_of
from kg.shacl.terms import compact, described

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.shacl.evaluation import Found

__all__ = ["notes_of", "validate", "validate_affected"]

#: Of so many blank nodes each gets a name of what is around it; of more, the document's own.
_MOST_BLANK = 10_000
#: So many shapes are named in a note.
_LISTED = 5


def validate(
    data: Graph | pl.DataFrame, shapes: Graph, changes: Changes | None = None
) -> ValidationReport:
    """Return what `shapes` find in data, a quad table or an rdflib graph. Nothing is changed.

    The graphs of a quad table are one graph here. With `changes`, only those focus nodes of a table
    are checked whose findings they can affect; a note says how many. Raises ShapesError where the
    shapes are ill-formed or ask for what is not supported.
    """
    for given in (data, shapes):
        # A string might be meant as an address; nothing here opens one
        is_table = given is data and isinstance(given, pl.DataFrame)
        if not is_table and (not isinstance(given, Graph) or isinstance(given, Dataset)):
            raise TypeError(f"an rdflib Graph is needed, not {type(given).__name__}")
    if changes is None:
        return _run(data, shapes, read_plan(shapes))
    return validate_affected(data, affected(shapes, changes))


def validate_affected(data: Graph | pl.DataFrame, part: Affected) -> ValidationReport:
    """Return what the shapes that changes can concern find of the nodes that these can affect.

    As `validate` does with changes, for data of which no more is needed than `part` says.
    """
    return _run(data, part.shapes, part.plan, part)


def _run(
    data: Graph | pl.DataFrame, shapes: Graph, plan: Plan, part: Affected | None = None
) -> ValidationReport:
    table = data if isinstance(data, pl.DataFrame) else table_of(data)
    extra = [] if part is None else [part.changes.added, part.changes.removed]
    terms, (triples, *others) = encode([table, *extra], plan.constants)
    graph = EncodedGraph(terms, triples)
    restriction = None if part is None else _Restriction(part, graph, *others)
    solver = Solver(graph, _opener(data, table, shapes))
    evaluation = Evaluation(graph, plan, solver, restriction)
    found = list(evaluation.run())
    renamed = _names(evaluation, found, data if isinstance(data, Graph) else table, shapes)
    results = Results.of(evaluation, found, renamed)
    # Of what changed, it says nothing that a shape has no target.
    is_idle = restriction is None and not _has_targets(evaluation, plan)
    notes = list(notes_of(shapes, has_targets=not is_idle))
    if restriction is not None:
        notes += restriction.notes(shapes)
    return ValidationReport(results, tuple(notes), is_partial=restriction is not None)


class _Restriction:
    """Chooses the focus nodes that a change can affect, and counts them."""

    def __init__(
        self, part: Affected, graph: EncodedGraph, added: pl.DataFrame, removed: pl.DataFrame
    ) -> None:
        old = ChangedGraph(graph, added=removed, removed=added)
        both = ChangedGraph(graph, added=removed)
        self._effects = Effects(part.plan, old, graph, both, pl.concat([added, removed]))
        self._unknown, self._whole = part.unknown, list[Shape]()
        self._checked = 0

    def __call__(self, shape: Shape, targets: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        is_unknown = shape.name in self._unknown
        concerned = None if is_unknown else self._effects.concerned(shape)
        if concerned is None:
            if not is_unknown:
                self._whole.append(shape)
            chosen = targets()
        elif not concerned.height:  # of most shapes, whose targets need not be known
            return concerned.select(focus="node")
        else:
            chosen = targets().join(concerned, left_on="focus", right_on="node", how="semi")
        self._checked += chosen.height
        return chosen

    def notes(self, shapes: Graph) -> Iterator[str]:
        """Yield what was checked, and what was not."""
        nodes = "focus node" if self._checked == 1 else "focus nodes"
        yield (
            f"{self._checked:,} {nodes} checked, of each shape those that the changes can affect; "
            "what is found of the others is as it was"
        )
        if self._unknown:
            names = _listed(shapes, sorted(self._unknown, key=term_key))
            yield f"checked whole, since the earlier state was not checked by them as now: {names}"
        if self._whole:
            names = _listed(shapes, [shape.name for shape in self._whole])
            yield f"checked whole, since a query may see a change: {names}"


def _listed(shapes: Graph, names: Sequence[ShapeName]) -> str:
    """Return how the first of some shapes are called, and how many more there are."""
    listed = ", ".join(described(shapes, name) for name in names[:_LISTED])
    return listed + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")


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


def notes_of(shapes: Graph, has_targets: bool) -> Iterator[str]:
    """Yield what the shapes say that nothing was made of."""
    for imported in sorted(set(shapes.objects(None, OWL.imports)), key=str):
        if (imported, RDF.type, OWL.Ontology) not in shapes:
            yield (
                f"the shapes import {compact(str(imported))}, which was not among them; "
                "nothing it holds was checked"
            )
    yield from idle_notes(shapes)
    if not has_targets:
        yield "no shape has a target in the data; nothing was checked"
