"""Small quad tables of entities and links, made by hand."""

from __future__ import annotations

import polars as pl

from kg import quads
from kg.model import Quad
from kg.namespaces import BASE, KG, OWL, RDF, SKOS, SSSOM, XSD

__all__ = ["BASE", "LINKS", "PAGE", "label", "link", "table", "typed"]

PAGE = f"{BASE}graph/page/test"
LINKS = f"{BASE}graph/links/page/test"


def typed(name: str, kind: str, text: str | None = None) -> list[Quad]:
    """Return the quads of a node of a class of the vocabulary, with a label or without."""
    rows = [quads.iri(BASE + name, RDF.type, KG[kind], PAGE)]
    return rows if text is None else [*rows, label(name, text)]


def label(name: str, text: str) -> Quad:
    """Return the quad that gives a node a label."""
    return quads.text(BASE + name, SKOS.prefLabel, text, PAGE)


def link(statement: str, task: str, confidence: str | None, graph: str = LINKS) -> list[Quad]:
    """Return the quads of a link between a statement and a task, the direct one included."""
    node = f"{BASE}link/tfidf/{statement}/{task.rpartition('/')[2]}"
    rows = [
        quads.iri(node, RDF.type, KG.Link, graph),
        quads.iri(node, OWL.annotatedSource, BASE + statement, graph),
        quads.iri(node, OWL.annotatedProperty, KG.supports, graph),
        quads.iri(node, OWL.annotatedTarget, BASE + task, graph),
        quads.iri(BASE + statement, KG.supports, BASE + task, graph),
    ]
    if confidence is not None:
        rows.append(quads.literal(node, SSSOM.confidence, confidence, graph, XSD.decimal))
    return rows


def table(*rows: Quad | list[Quad]) -> pl.LazyFrame:
    """Return quads as a lazy quad table, unique and sorted."""
    flat = [q for row in rows for q in (row if isinstance(row, list) else [row])]
    return quads.unique_sorted(quads.from_rows(flat)).lazy()
