"""Terms as text: compact names for people, Turtle for programs."""

from __future__ import annotations

import re
import unicodedata

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.namespaces import prefixed
from kg.texts import escape, shorten

__all__ = ["compact", "described", "iri_or_text", "one_line", "turtle_term"]

#: How far back from a blank node its description looks.
_STEPS = 30
_NOT_IN_IRIS = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def compact(iri: str) -> str:
    """Return the IRI with one of the project's prefixes, or as it is.

    >>> compact("http://purl.org/dc/terms/title")
    'dct:title'
    """
    return prefixed(iri) or str(iri)  # an rdflib term equals no plain string


def turtle_term(term: Node) -> str:
    """Return the term in Turtle; its prefix, if any, is one of the project's."""
    if isinstance(term, BNode):
        return f"_:{term}"
    if isinstance(term, Literal):
        text = f'"{escape(term)}"'
        if term.language:
            return f"{text}@{term.language}"
        if term.datatype and term.datatype != XSD.string:
            return f"{text}^^{turtle_term(term.datatype)}"
        return text
    if name := prefixed(str(term)):
        return name
    # What an IRI may not hold is escaped, so that the report can be read whatever the data holds.
    return "<" + _NOT_IN_IRIS.sub(lambda bad: f"\\u{ord(bad[0]):04X}", str(term)) + ">"


def one_line(text: str, width: int = 100) -> str:
    """Return the text on one line of at most `width` characters.

    Characters that a terminal would act on, or that change the order of others, are left out.
    """
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or _visible(c))
    return shorten(" ".join(kept.split()), width)


def iri_or_text(term: Node) -> str:
    """Return the term for people: compact IRIs, literals in quotes."""
    if isinstance(term, Literal):
        return f'"{term}"'
    return f"_:{term}" if isinstance(term, BNode) else compact(str(term))


def described(graph: Graph, node: Node) -> str:
    """Return the term for people, a shape without a name by where it stands and its path.

    The name of a blank node is made up while its file is read, and says nothing.
    """
    path = graph.value(node, SH.path)
    end = [f"({compact(path)})"] if isinstance(path, URIRef) else []
    steps: list[str] = []
    start: Node | None = node
    while isinstance(start, BNode) and len(steps) < _STEPS:
        ways = [(str(s), str(p), s) for s, p in graph.subject_predicates(start)]
        _, predicate, start = min(ways, default=("", "", None))
        if predicate and predicate not in {str(RDF.first), str(RDF.rest)}:
            steps.insert(0, compact(predicate))
    if isinstance(start, URIRef):
        return " ".join([compact(start), *steps, *(end if steps else [])])
    return iri_or_text(node) if isinstance(node, Literal) else " ".join(["[]", *steps, *end])


def _visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
