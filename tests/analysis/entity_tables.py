"""Small quad tables of entities and links, made by hand."""

from __future__ import annotations

import polars as pl

from kg import quads
from kg.analysis import MOST, SECONDS, Paths, facts_of, find_paths, project, ways
from kg.model import Quad
from kg.namespaces import BASE, KG, OWL, RDF, SEMAPV, SKOS, SSSOM, XSD

__all__ = [
    "BASE",
    "LINKS",
    "PAGE",
    "decided",
    "label",
    "link",
    "look",
    "rejected",
    "table",
    "typed",
]

PAGE = f"{BASE}graph/page/test"
LINKS = f"{BASE}graph/links/page/test"


def typed(name: str, kind: str, text: str | None = None) -> list[Quad]:
    """Return the quads of a node of a class of the vocabulary, with a label or without."""
    rows = [quads.iri(BASE + name, RDF.type, KG[kind], PAGE)]
    return rows if text is None else [*rows, label(name, text)]


def label(name: str, text: str) -> Quad:
    """Return the quad that gives a node a label."""
    return quads.text(BASE + name, SKOS.prefLabel, text, PAGE)


def link(
    statement: str, task: str, confidence: str | None, graph: str = LINKS, *, is_said: bool = True
) -> list[Quad]:
    """Return the quads of a link between a statement and a task, and the direct one if it is."""
    node = f"{BASE}link/tfidf/{statement}/{task.rpartition('/')[2]}"
    rows = [
        quads.iri(node, RDF.type, KG.Link, graph),
        quads.iri(node, OWL.annotatedSource, BASE + statement, graph),
        quads.iri(node, OWL.annotatedProperty, KG.supports, graph),
        quads.iri(node, OWL.annotatedTarget, BASE + task, graph),
    ]
    if is_said:
        rows.append(quads.iri(BASE + statement, KG.supports, BASE + task, graph))
    if confidence is not None:
        rows.append(quads.literal(node, SSSOM.confidence, confidence, graph, XSD.decimal))
    return rows


def rejected(statement: str, task: str, graph: str = f"{BASE}graph/curated") -> list[Quad]:
    """Return the quads of a link by which a person denies that a statement supports a task."""
    rows = _curated(statement, task, "1", graph)
    return [*rows, quads.literal(rows[0].subject, SSSOM.predicate_modifier, "Not", graph)]


def decided(statement: str, task: str, graph: str = f"{BASE}graph/curated") -> list[Quad]:
    """Return the quads of a link by which a person says, for certain, that a statement does."""
    rows = _curated(statement, task, None, graph)
    by_hand = SEMAPV.ManualMappingCuration
    return [*rows, quads.iri(rows[0].subject, SSSOM.mapping_justification, by_hand, graph)]


def _curated(statement: str, task: str, confidence: str | None, graph: str) -> list[Quad]:
    return [
        q._replace(subject=q.subject.replace("/tfidf/", "/curated/"))
        for q in link(statement, task, confidence, graph, is_said=False)
    ]


def table(*rows: Quad | list[Quad]) -> pl.LazyFrame:
    """Return quads as a lazy quad table, unique and sorted."""
    flat = [q for row in rows for q in (row if isinstance(row, list) else [row])]
    return quads.unique_sorted(quads.from_rows(flat)).lazy()


def look(
    table: pl.LazyFrame, start: str, end: str, most: int = MOST, seconds: float = SECONDS
) -> Paths:
    """Return the best paths between two nodes in the projection `linked` of a table."""
    return find_paths(facts_of(table), ways(project(table)), start, end, most, seconds)
