"""Where what was found stands in the inputs, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from rdflib import RDF, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg import rdf
from kg.namespaces import DCT, KG, LABELS, PROV
from kg.shacl.model import ValidationResult
from kg.shacl.terms import compact

__all__ = ["CLASSES", "PREDICATES", "Location", "label", "locate", "names_graph"]

_SECTION = URIRef(KG.Section)
_LINE, _FILE_NAME = URIRef(KG.line), URIRef(KG.fileName)
_DERIVED_FROM, _PART_OF = URIRef(PROV.wasDerivedFrom), URIRef(DCT.isPartOf)

#: What is a name, the best first.
_NAMES = (*map(URIRef, LABELS), SKOS.notation, _FILE_NAME)
#: What a node without a name of its own is named after: a section after its domain, and so on.
_NAMED_AFTER = (URIRef(KG.domain), URIRef(KG.metric), URIRef(KG.source))

#: What is looked at here: every triple with these predicates, and the types that are these classes.
PREDICATES = frozenset(
    map(str, (*_NAMES, *_NAMED_AFTER, _LINE, _FILE_NAME, _DERIVED_FROM, _PART_OF))
)
CLASSES = frozenset({str(_SECTION)})


def names_graph(table: pl.DataFrame, nodes: Iterable[Node | None]) -> Graph:
    """Return what of a quad table names and places some nodes, as `label` and `locate` take it."""
    wanted = {f"_:{n}" if isinstance(n, BNode) else str(n) for n in nodes if n is not None}
    telling = pl.col("predicate").is_in(sorted(PREDICATES))
    section = (pl.col("predicate") == str(RDF.type)) & (pl.col("object") == str(_SECTION))
    rows = table.lazy().filter(telling | section).collect()
    near = rows.filter(pl.col("subject").is_in(wanted))
    through = list(map(str, (*_NAMED_AFTER, _DERIVED_FROM, _PART_OF)))
    others = near.filter(pl.col("predicate").is_in(through))["object"]
    further = rows.filter(pl.col("subject").is_in(set(others) - wanted))
    return rdf.to_rdflib(pl.concat([near, further]))


@dataclass(frozen=True, slots=True)
class Location:
    """A file, and a line of it counted from 1, as far as they are known."""

    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.file and self.line:
            return f"{self.file}:{self.line}"
        return self.file or ""


def locate(data: Graph, result: ValidationResult) -> Location:
    """Return where the result's focus node was read, or its value where only that has a line."""
    places = [_place(data, node) for node in (result.focus_node, result.value)]
    for place in places:
        if place.line:
            return place
    return next((place for place in places if place.file), Location())


def label(data: Graph, node: Node) -> str:
    """Return what people call the node; its IRI where nothing says."""
    if isinstance(node, Literal):
        return str(node)
    for source in (node, *(data.value(node, predicate) for predicate in _NAMED_AFTER)):
        for predicate in _NAMES if source else ():
            names = [name for name in data.objects(source, predicate) if isinstance(name, Literal)]
            if names:
                return str(min(names, key=_preference))
    if (
        node,
        RDF.type,
        _SECTION,
    ) in data:  # the anchors have no domain; their IRI ends in "anchors"
        return str(node).rpartition("/")[2]
    return f"_:{node}" if isinstance(node, BNode) else compact(str(node))


def _preference(name: Literal) -> tuple[bool, bool, str]:
    language = (name.language or "").lower()
    return (language.split("-")[0] != "en", bool(language), str(name))


def _place(data: Graph, node: Node | None) -> Location:
    if node is None or isinstance(node, Literal):
        return Location()
    files = sorted(
        str(name)
        for document in (
            node,
            *data.objects(node, _DERIVED_FROM),
            *data.objects(node, _PART_OF),
        )
        for name in data.objects(document, _FILE_NAME)
    )
    lines = sorted(
        line.value
        for line in data.objects(node, _LINE)
        if isinstance(line, Literal) and isinstance(line.value, int)
    )
    # One file and one line is the rule; where data breaks it, the first of each.
    return Location(files[0] if files else None, lines[0] if files and lines else None)
