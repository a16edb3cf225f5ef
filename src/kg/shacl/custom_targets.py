"""Targets that a query chooses, and the types of such targets.

https://www.w3.org/TR/shacl-af/#targets
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from kg.errors import ShapesError
from kg.shacl.terms import compact, described

__all__ = [
    "Parameters",
    "local_name",
    "parameters_of",
    "parameters_of_queries",
    "query_owner",
    "values_of",
]

#: The properties of parameters: those that are required, and those that are optional.
Parameters = tuple[list[URIRef], list[URIRef]]


def query_owner(shapes: Graph, target: Node) -> Node | None:
    """Return the node that has the query of a target: the target itself, or its type.

    None where the target is neither an instance of sh:SPARQLTarget nor of a SPARQL-based type.
    """
    classes = list(_classes(shapes, target))
    if SH.SPARQLTarget in classes:
        return target
    return next((of for of in classes if SH.SPARQLTargetType in _classes(shapes, of)), None)


def parameters_of(shapes: Graph, owner: Node) -> Parameters:
    """Return the parameters that a constraint component or a type of targets declares.

    Raises ShapesError for a parameter that has no property.
    """
    required: list[URIRef] = []
    optional: list[URIRef] = []
    for parameter in sorted(shapes.objects(owner, SH.parameter), key=str):
        path = shapes.value(parameter, SH.path)
        if not isinstance(path, URIRef):
            where = described(shapes, owner)
            raise ShapesError(f"a parameter of {where} has no property as its sh:path")
        # The specification wants the term true, not another way to write its value
        is_optional = any(str(value) == "true" for value in shapes.objects(parameter, SH.optional))
        (optional if is_optional else required).append(path)
    return sorted(required), sorted(optional)


def parameters_of_queries(shapes: Graph) -> dict[Node, frozenset[str]]:
    """Return each node that has the query of a target, with the variables bound beforehand."""
    found = {}
    for target in set(shapes.objects(None, SH.target)):
        owner = query_owner(shapes, target)
        if owner is not None:
            paths = [] if owner == target else [*chain(*parameters_of(shapes, owner))]
            found[owner] = frozenset(map(local_name, paths))
    return found


def values_of(shapes: Graph, target: Node, owner: Node) -> Iterator[tuple[URIRef, Node]]:
    """Yield the parameters of a target with their values.

    Raises ShapesError where one that is required has none, or one has several.
    """
    required, optional = ([], []) if owner == target else parameters_of(shapes, owner)
    for path in (*required, *optional):
        values = list(shapes.objects(target, path))
        if len(values) > 1 or (not values and path in required):
            kind, of = compact(str(path)), described(shapes, owner)
            raise ShapesError(f"a sh:target of type {of} needs one value of {kind}")
        yield from ((path, value) for value in values)


def local_name(iri: URIRef) -> str:
    """Return what a parameter is called as a variable: what follows the last # or /."""
    return max(str(iri).rpartition("#")[2], str(iri).rpartition("/")[2], key=lambda s: -len(s))


def _classes(shapes: Graph, node: Node) -> Iterator[Node]:
    """Yield the classes of a node, and those above them."""
    for of in sorted(shapes.objects(node, RDF.type), key=str):
        yield from (c for c in shapes.transitive_objects(of, RDFS.subClassOf) if c is not None)
