"""Focus nodes, counted in the quad table."""

from __future__ import annotations

from pathlib import Path

import rdflib

from kg import quads, rdf
from kg.shacl import count_focus_nodes

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DATA = """
ex:Novel rdfs:subClassOf ex:Book .
ex:one a ex:Book ; ex:cites ex:two, ex:three .
ex:two a ex:Novel, ex:Book ; ex:cites ex:three .
ex:three a ex:Novel .
ex:shelf a ex:Shelf .
"""


def count(shapes: str) -> int:
    turtle = rdf.format_of(Path("data.ttl"))
    table = quads.from_rows(rdf.parse((PREFIXES + DATA).encode(), turtle, "data.ttl"))
    return count_focus_nodes(table.lazy(), rdflib.Graph().parse(data=PREFIXES + shapes))


def test_instances_of_a_class_and_of_those_below() -> None:
    """A node is an instance of its class and of every class above, and counts once."""
    assert 3 == count("ex:s sh:targetClass ex:Book .")
    assert 2 == count("ex:s sh:targetClass ex:Novel .")


def test_class_that_is_a_shape() -> None:
    """A shape that is a class looks at its instances."""
    assert 3 == count("ex:Book a sh:NodeShape, rdfs:Class .")
    assert 1 == count("ex:Shelf a sh:PropertyShape, owl:Class ; sh:path ex:holds .")
    assert 0 == count("ex:Book a rdfs:Class . ex:Shelf a sh:NodeShape .")


def test_subjects_objects_and_nodes() -> None:
    """The subjects and the objects of a property count once each, a named node always."""
    assert 2 == count("ex:s sh:targetSubjectsOf ex:cites .")
    assert 2 == count("ex:s sh:targetObjectsOf ex:cites .")
    assert 2 == count("ex:s sh:targetNode ex:one, ex:nowhere .")


def test_every_shape_looks_anew() -> None:
    """What several shapes look at counts for each of them; a shape without targets for nothing."""
    assert 6 == count("ex:s sh:targetClass ex:Book . ex:t sh:targetClass ex:Book .")
    assert 5 == count("ex:s sh:targetClass ex:Book ; sh:targetSubjectsOf ex:cites .")
    assert 0 == count("ex:s a sh:NodeShape .")
