"""SHACL property paths as values, read from RDF and written as SPARQL says them.

https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from kg.errors import ShapesError
from kg.shacl.terms import compact, described

__all__ = ["PathExpression", "PropertyPath", "path_text", "read_path"]

#: The kinds of a path with one part, with what SPARQL writes around it.
_UNARY: dict[URIRef, tuple[str, str, str]] = {
    SH.inversePath: ("inverse", "^", ""),
    SH.oneOrMorePath: ("oneOrMore", "", "+"),
    SH.zeroOrMorePath: ("zeroOrMore", "", "*"),
    SH.zeroOrOnePath: ("zeroOrOne", "", "?"),
}
_AROUND = {kind: (before, after) for kind, before, after in _UNARY.values()}
_BETWEEN = {"sequence": "/", "alternative": "|"}

#: Deeper than anyone writes, and well below what a recursive reader can do.
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class PathExpression:
    """A path that is more than one property.

    `kind` is sequence, alternative, inverse, zeroOrMore, oneOrMore or zeroOrOne.
    """

    kind: str
    parts: tuple[PropertyPath, ...]

    def __str__(self) -> str:
        return path_text(self)


PropertyPath = URIRef | PathExpression


def read_path(graph: Graph, node: Node, depth: int = 0) -> PropertyPath:
    """Return the path that `node` stands for.

    Raises ShapesError where it is not well-formed.
    """
    if isinstance(node, URIRef):
        return node
    if depth > _DEEPEST:
        raise ShapesError(f"a property path is circular, or nested more than {_DEEPEST} deep")

    def members(head: Node) -> tuple[PropertyPath, ...]:
        return tuple(read_path(graph, part, depth + 1) for part in list_members(graph, head))

    if (node, RDF.first, None) in graph:
        return _compound("sequence", members(node))
    # A list is one whatever else it has, as the W3C's tests want it (core/path/path-strange-001)
    given = [(p, part) for p in (SH.alternativePath, *_UNARY) for part in graph.objects(node, p)]
    if len(given) > 1:
        names = ", ".join(sorted(compact(str(predicate)) for predicate, _ in given))
        raise ShapesError(f"{described(graph, node)} is more than one path: {names}; leave one")
    for predicate, part in given:
        if predicate == SH.alternativePath:
            return _compound("alternative", members(part))
        return PathExpression(_UNARY[predicate][0], (read_path(graph, part, depth + 1),))
    raise ShapesError(f"{described(graph, node)} is no property path")


def list_members(graph: Graph, head: Node) -> list[Node]:
    """Return the members of an RDF list.

    Raises ShapesError where the list is not well-formed.
    """
    members, seen = [], set()
    while head != RDF.nil:
        firsts, rests = list(graph.objects(head, RDF.first)), list(graph.objects(head, RDF.rest))
        if len(firsts) != 1 or len(rests) != 1 or head in seen:
            raise ShapesError(f"{described(graph, head)} is no well-formed list")
        seen.add(head)
        members.append(firsts[0])
        head = rests[0]
    return members


def path_text(path: PropertyPath, iri: Callable[[URIRef], str] = str) -> str:
    """Return the path in SPARQL's syntax, each IRI as `iri` writes it.

    >>> path_text(PathExpression("inverse", (URIRef("urn:p"),)))
    '^urn:p'
    """
    if isinstance(path, URIRef):
        return iri(path)
    parts = [_grouped(part, iri) for part in path.parts]
    if path.kind in _BETWEEN:
        return _BETWEEN[path.kind].join(parts)
    before, after = _AROUND[path.kind]
    return f"{before}{parts[0]}{after}"


def _grouped(path: PropertyPath, iri: Callable[[URIRef], str]) -> str:
    text = path_text(path, iri)
    return text if isinstance(path, URIRef) else f"({text})"


def _compound(kind: str, parts: tuple[PropertyPath, ...]) -> PathExpression:
    if len(parts) < 2:
        raise ShapesError(f"{'an' if kind == 'alternative' else 'a'} {kind} path has one part only")
    return PathExpression(kind, parts)
