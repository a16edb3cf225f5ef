"""What the parameters of SHACL take as values.

https://www.w3.org/TR/shacl/#syntax-rules
"""

from __future__ import annotations

from collections.abc import Callable

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import ShapesError
from kg.shacl.paths import list_members
from kg.shacl.patterns import FLAGS

__all__ = ["SINGLE", "VALUES"]

_NODE_KINDS = {
    SH.BlankNode,
    SH.BlankNodeOrIRI,
    SH.BlankNodeOrLiteral,
    SH.IRI,
    SH.IRIOrLiteral,
    SH.Literal,
}


def _iri(graph: Graph, value: Node) -> bool:
    return isinstance(value, URIRef)


def _node(graph: Graph, value: Node) -> bool:
    return isinstance(value, URIRef | BNode)


def _named(graph: Graph, value: Node) -> bool:
    return isinstance(value, URIRef | Literal)


def _literal(graph: Graph, value: Node) -> bool:
    return isinstance(value, Literal)


def _text(graph: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype in {None, XSD.string, RDF.langString}


def _boolean(graph: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and isinstance(value.value, bool)


def _true_or_false(graph: Graph, value: Node) -> bool:
    return _boolean(graph, value) and str(value) in ("true", "false")


def _count(graph: Graph, value: Node) -> bool:
    return (
        isinstance(value, Literal)
        and value.datatype == XSD.integer
        and isinstance(value.value, int)
        and value.value >= 0
    )


def _kind(graph: Graph, value: Node) -> bool:
    return value in _NODE_KINDS


def _flags(graph: Graph, value: Node) -> bool:
    return _text(graph, value) and set(str(value)) <= FLAGS


def _list(graph: Graph, value: Node) -> bool:
    try:
        list_members(graph, value)
    except ShapesError:
        return False
    return True


def _texts(graph: Graph, value: Node) -> bool:
    return _list(graph, value) and all(_text(graph, part) for part in list_members(graph, value))


def _iris(graph: Graph, value: Node) -> bool:
    return _list(graph, value) and all(_iri(graph, part) for part in list_members(graph, value))


def _nodes(graph: Graph, value: Node) -> bool:
    if not _list(graph, value):
        return False
    members = list_members(graph, value)
    return bool(members) and all(_node(graph, part) for part in members)


#: Parameter → what its values are, in words and as a test, in the order of the specification.
VALUES: dict[URIRef, tuple[str, Callable[[Graph, Node], bool]]] = {
    SH.targetNode: ("IRIs or literals", _named),
    SH.targetClass: ("IRIs", _iri),
    SH.targetSubjectsOf: ("IRIs", _iri),
    SH.targetObjectsOf: ("IRIs", _iri),
    SH.severity: ("one IRI", _iri),
    SH.message: ("strings", _text),
    SH.deactivated: ("one of the terms true and false", _true_or_false),
    SH["class"]: ("IRIs", _iri),
    SH.datatype: ("one IRI", _iri),
    SH.nodeKind: ("one of SHACL's six kinds", _kind),
    SH.minCount: ("one integer from 0", _count),
    SH.maxCount: ("one integer from 0", _count),
    SH.minExclusive: ("one literal", _literal),
    SH.minInclusive: ("one literal", _literal),
    SH.maxExclusive: ("one literal", _literal),
    SH.maxInclusive: ("one literal", _literal),
    SH.minLength: ("one integer from 0", _count),
    SH.maxLength: ("one integer from 0", _count),
    SH.pattern: ("a regular expression that can be compiled", _text),
    SH.flags: ("a string of the flags i, m, q, s and x", _flags),
    SH.languageIn: ("one list of language tags", _texts),
    SH.uniqueLang: ("one boolean", _boolean),
    SH.equals: ("IRIs", _iri),
    SH.disjoint: ("IRIs", _iri),
    SH.lessThan: ("IRIs", _iri),
    SH.lessThanOrEquals: ("IRIs", _iri),
    SH["not"]: ("shapes", _node),
    SH["and"]: ("a list of shapes", _nodes),
    SH["or"]: ("a list of shapes", _nodes),
    SH.xone: ("a list of shapes", _nodes),
    SH.node: ("node shapes", _node),
    SH.property: ("property shapes", _node),
    SH.qualifiedValueShape: ("a shape", _node),
    SH.qualifiedMinCount: ("one integer from 0", _count),
    SH.qualifiedMaxCount: ("one integer from 0", _count),
    SH.qualifiedValueShapesDisjoint: ("one boolean", _boolean),
    SH.closed: ("one of the terms true and false", _true_or_false),
    SH.ignoredProperties: ("one list of IRIs", _iris),
    SH["in"]: ("one list", _list),
    SH.sparql: ("SPARQL constraints", _node),
    SH.select: ("one string", _text),
    SH.ask: ("one string", _text),
    SH.optional: ("one of the terms true and false", _true_or_false),
}

#: Parameters that a shape has at most once.
SINGLE: frozenset[URIRef] = frozenset(
    {parameter for parameter, (words, _) in VALUES.items() if words.startswith("one ")}
    | {SH.nodeKind, SH.path, SH.pattern, SH.qualifiedValueShape}
)
