"""rdflib graphs as quad tables."""

from __future__ import annotations

import polars as pl
from rdflib import RDF, XSD, BNode, Graph, Literal
from rdflib.term import Node

from kg import quads
from kg.model import Quad

__all__ = ["table_of"]

_STRING, _LANG_STRING = str(XSD.string), str(RDF.langString)


def table_of(graph: Graph) -> pl.DataFrame:
    """Return an rdflib graph as a quad table, blank nodes by the names that they have in it."""
    return quads.from_rows(_quad(*triple) for triple in graph)


def _quad(subject: Node, predicate: Node, value: Node) -> Quad:
    head = (_name(subject), str(predicate))
    if not isinstance(value, Literal):
        kind = "blank" if isinstance(value, BNode) else "iri"
        return Quad(*head, _name(value), kind, None, None, None)
    if value.language:
        return Quad(*head, str(value), "literal", _LANG_STRING, value.language, None)
    return Quad(*head, str(value), "literal", str(value.datatype or _STRING), None, None)


def _name(term: Node) -> str:
    return f"_:{term}" if isinstance(term, BNode) else str(term)
