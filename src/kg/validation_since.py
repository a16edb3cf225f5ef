"""Validation of what changed since an earlier generation of a graph.

What is found of the nodes that no change affects is as it was, by the shapes that the earlier
generation was checked with. Which these are is kept with a generation when it has been checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from kg import generations, quads, shacl, store, validation
from kg.fingerprints import fingerprint
from kg.namespaces import RDF, RDFS

if TYPE_CHECKING:
    import rdflib

    from kg.generations import Generation
    from kg.validation import Opened

__all__ = ["changes_since", "check_since", "data_near", "described", "digests", "remember"]

#: The nodes of so many findings are looked for; of more, all names are read at once.
_FEW = 10_000
#: So many triples with a value are read sooner than what leads there from elsewhere.
_FEW_TRIPLES = 1_000


def digests(shapes: rdflib.Graph) -> frozenset[str]:
    """Return the digests of shapes; raises ShapesError for shapes that are wrong."""
    return frozenset(shacl.digests_of(shacl.read_plan(shapes)).values())


def check_since(
    graph: Opened, earlier: Generation, shapes: rdflib.Graph, of_shapes: frozenset[str]
) -> shacl.ValidationReport:
    """Return what shapes find of the nodes that changes since an earlier generation can affect.

    Shapes that the earlier generation is not known to have been checked with, as their digests tell
    what they are now, are checked whole, and a note says so. Raises ShapesError for shapes that are
    wrong.
    """
    known = generations.checked_with(earlier, fingerprint("shapes"))
    if known.isdisjoint(of_shapes):
        report = shacl.validate(validation.data_of_graph(graph, shapes).table, shapes)
        why = f"no check of generation {earlier.name} with these shapes is known"
        return replace(report, notes=(f"everything was checked, since {why}", *report.notes))
    part = shacl.affected(shapes, changes_since(graph.generation, earlier, shapes), known)
    report = shacl.validate_affected(data_near(graph, part), part)
    return replace(report, notes=(*report.notes, f"compared with generation {earlier.name}"))


def remember(generation: Generation, of_shapes: frozenset[str]) -> None:
    """Note with a generation, if it can be written to, the digests of what it was checked with."""
    generations.note_checked(generation, fingerprint("shapes"), of_shapes)


def data_near(graph: Opened, affected: shacl.Affected) -> pl.DataFrame:
    """Return the quads of a built graph that the shapes can look at which a change concerns."""
    return shacl.select_near(graph.table, affected, _Index(graph.generation))


class _Index:
    """Tells in which files of a graph triples stand, by the indexes of its store."""

    def __init__(self, generation: Generation) -> None:
        self._parts, self._places = generation.parts, store.Places(generation.store)
        self._few: dict[tuple[str, str], bool] = {}

    def where(
        self, patterns: Iterable[store.Pattern], witnessed: Iterable[store.Pattern] = ()
    ) -> pl.LazyFrame | None:
        try:
            names = self._places.graphs_with(patterns, witnessed)
        except OSError:
            return None
        if names is None or not names <= self._parts.keys():
            return None
        return quads.scan(self._parts[name] for name in sorted(names))

    def has_few(self, predicate: str, value: str) -> bool:
        key = (predicate, value)
        if key not in self._few:
            try:
                found = self._places.graphs_with([(None, *key)], most=_FEW_TRIPLES)
            except OSError:
                found = None
            self._few[key] = found is not None
        return self._few[key]


def described(graph: Opened, report: shacl.ValidationReport) -> pl.DataFrame:
    """Return the quads by which a report names nodes and says where they were read."""
    from rdflib.term import IdentifiedNode

    from kg.shacl.keys import key_of

    if not report.results:
        return quads.SCHEMA.to_frame()
    if len(report.results) > _FEW:
        return shacl.names_of(graph.table)
    ends = {node for result in report.results for node in (result.focus_node, result.value)}
    nodes = sorted(key_of(node) for node in ends if isinstance(node, IdentifiedNode))
    own = shacl.names_of(_about(graph, nodes))
    others = own.filter(pl.col("kind") == "iri")["object"].unique()  # what a node is named after
    return pl.concat([own, shacl.names_of(_about(graph, others.to_list()))])


def _about(graph: Opened, nodes: Sequence[str]) -> pl.LazyFrame:
    """Return the quads whose subjects are among some nodes."""
    is_iri = not any(node.startswith("_:") for node in nodes)
    near = _Index(graph.generation).where((n, None, None) for n in nodes) if is_iri else None
    table = graph.table if near is None else near
    return table.filter(pl.col("subject").is_in(list(nodes)))


def changes_since(
    generation: Generation, earlier: Generation, shapes: rdflib.Graph
) -> shacl.Changes:
    """Return what a generation has that an earlier one of the same graph had not, and vice versa.

    Only graphs whose digests differ are read, and of them what the shapes can look at.
    """
    named = shacl.relevance(shapes).predicates
    of_both = [
        {p["graph"]: p["sha256"] for p in g.manifest["parts"]} for g in (generation, earlier)
    ]
    unlike = {graph for graph, _ in set(of_both[0].items()) ^ set(of_both[1].items())}
    tables = []
    for of in (generation, earlier):
        table = quads.scan(path for graph, path in sorted(of.parts.items()) if graph in unlike)
        if named is not None:
            wanted = [*named, RDF.type, RDFS.subClassOf]
            table = table.filter(pl.col("predicate").is_in(wanted))
        tables.append(table.collect())
    new, old = tables
    return shacl.Changes(
        new.join(old, on=list(quads.COLUMNS), how="anti", nulls_equal=True),
        old.join(new, on=list(quads.COLUMNS), how="anti", nulls_equal=True),
        new,
    )
