"""Digests of shapes: the same for what says the same, others for whatever says something else."""

from __future__ import annotations

import pytest
from random_cases import make_case
from rdflib import BNode, Graph

from kg.shacl import digests_of, read_plan

SHAPES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:s a sh:NodeShape ; sh:targetClass ex:T ; sh:message "said"@en ; sh:severity sh:Warning ;
    sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:minCount 1 ; sh:class ex:C ] ;
    sh:or ( [ sh:path ex:r ; sh:in ( 1 "one"@en ex:one ) ] [ sh:not ex:inner ] ) ;
    sh:closed false ; sh:ignoredProperties ( ex:p ) ; ex:most 3 ;
    sh:sparql [ sh:message "found" ; sh:select "SELECT $this WHERE { $this ex:p ex:v }" ] .
ex:inner a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:property [ sh:path ex:q ; sh:pattern "^a" ] .
ex:component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ;
    sh:validator [ sh:ask "ASK { FILTER (STRLEN(STR($value)) < $most) }" ] .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/" ] .
"""


def digest_of(shapes: str) -> str:
    (digest,) = digests_of(read_plan(Graph().parse(data=shapes, format="turtle"))).values()
    return digest


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("ex:s a", "ex:t a"),
        ("targetClass ex:T", "targetClass ex:U"),
        ("targetClass ex:T", "targetSubjectsOf ex:T"),
        ('"said"@en', '"said"@de'),
        ("sh:severity sh:Warning", "sh:severity sh:Info"),
        ("sh:minCount 1", "sh:minCount 2"),
        ("sh:minCount 1", "sh:maxCount 1"),
        ("sh:inversePath", "sh:zeroOrMorePath"),
        ("( ex:p [", "( ex:r ["),
        ('"one"@en', '"one"'),
        ("( 1 ", '( "1" '),
        ("sh:closed false", "sh:closed true"),
        ("ex:most 3", "ex:most 4"),
        ('"found"', '"lost"'),
        ("{ $this ex:p ex:v }", "{ $this ex:p ex:w }"),
        ('"http://example.org/" ]', '"http://example.org/x" ]'),
        ("sh:nodeKind sh:IRI", "sh:nodeKind sh:BlankNode"),
        ('"^a"', '"^b"'),
        ('"^a"', '"^a" ; sh:flags "i"'),
        ("< $most", "> $most"),
        ("ex:s a sh:NodeShape", "ex:s a sh:NodeShape ; sh:deactivated true"),
        ("ex:inner a sh:NodeShape", "ex:inner a sh:NodeShape ; sh:deactivated true"),
    ],
)
def test_whatever_a_shape_says_counts(was: str, becomes: str) -> None:
    """Its target, path, constraints, messages and queries count, and those of shapes it uses."""
    assert 1 <= SHAPES.count(was)
    assert digest_of(SHAPES) != digest_of(SHAPES.replace(was, becomes))


def test_what_stands_elsewhere_does_not_count() -> None:
    """Another shape, and what nothing is made of, change no digest."""
    more = SHAPES + 'ex:other a sh:NodeShape ; rdfs:comment "none" . ex:s rdfs:label "s" .'
    assert digest_of(SHAPES) == digest_of(more)


def test_the_names_of_blank_nodes_do_not_count() -> None:
    """Whatever blank nodes are called, and in whatever order triples come, it is one digest."""
    for number in range(60):
        shapes = make_case(number, with_queries=True).shapes
        names = {n: BNode() for triple in shapes for n in triple if isinstance(n, BNode)}
        renamed = Graph()
        for triple in sorted(shapes, reverse=True):
            renamed.add(tuple(names.get(node, node) for node in triple))  # type: ignore[arg-type]

        first, second = (sorted(digests_of(read_plan(g)).values()) for g in (shapes, renamed))
        assert first == second, number


def test_a_blank_node_for_a_value_counts_without_its_name() -> None:
    """A value that no node of the data can be is the same, whatever it is called."""
    one, other = (
        SHAPES.replace("sh:targetClass ex:T", f"sh:targetClass ex:T ; sh:hasValue {node}")
        for node in ("[]", "_:b")
    )
    assert digest_of(one) == digest_of(one) == digest_of(other) != digest_of(SHAPES)
