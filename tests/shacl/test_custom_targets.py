"""Targets that a query chooses, beside pySHACL's and with what they are refused for."""

from __future__ import annotations

import pytest
from rdflib import Graph

from kg.errors import ShapesError
from kg.shacl import Changes, ValidationReport, validate, validate_by_reference
from kg.shacl.tables import table_of

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
DATA = """
ex:ann a ex:Person ; ex:born ex:oslo ; ex:age 30 .
ex:bob a ex:Person ; ex:born ex:rome ; ex:knows ex:ann .
ex:cat a ex:Animal ; ex:born ex:oslo .
ex:dan ex:born ex:oslo ; ex:age 5 ; ex:knows _:someone .
_:someone ex:born ex:oslo .
ex:oslo ex:in ex:norway . ex:rome ex:in ex:italy .
"""
#: What is asked of every target.
SHAPE = "ex:shape a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:target "
TYPE = """
ex:BornIn a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:prefixes ex: ;
    sh:labelTemplate "born in {$country}" ;
    sh:parameter [ sh:path ex:country ], [ sh:path ex:least ; sh:optional true ] ;
    sh:select "SELECT ?this { ?this ex:born ?town . ?town ex:in $country BODY }" .
"""
OF_TYPE = SHAPE + "[ a ex:BornIn ; ex:country ex:norway ] ."


def graph(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def target(query: str) -> str:
    """Return a shape with a query that chooses its targets."""
    return SHAPE + f'[ a sh:SPARQLTarget ; sh:prefixes ex: ; sh:select """{query}""" ] .'


def typed(body: str = "", use: str = OF_TYPE) -> str:
    """Return a shape with a target of a type, whose query has `body` at its end."""
    return TYPE.replace("BODY", body) + use


def names(report: ValidationReport) -> list[str]:
    return sorted(str(r.focus_node).rpartition("/")[2] for r in report.results)


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (target("SELECT ?this { ?this ex:born ex:rome }"), ["bob"]),
        (target("SELECT ?this { ?this ex:age ?age FILTER (?age > 10) }"), ["ann"]),
        (target("SELECT ?this { ?x ex:age ?this }"), None),
        (target("SELECT DISTINCT ?this ?x { ?x ex:in/^ex:in ?y . ?this ex:born ?y }"), None),
        (target("SELECT * { ?this ex:knows ?other }"), ["bob", "dan"]),
        (target("SELECT (?x AS ?this) { ?y ex:knows ?x }"), None),
        (target("SELECT ?this { ?this ex:knows+ ex:ann }"), ["bob"]),
        (target("SELECT ?this { ?this ex:born ?x MINUS { ?this a ?c } }"), None),
        (target("SELECT ?this { VALUES ?this { ex:ann ex:none } }"), ["ann", "none"]),
        (target("SELECT ?this { ?this ex:born ?x } ORDER BY ?this LIMIT 1"), None),
        (
            target("SELECT ?this { { SELECT ?this { ?this ex:age ?n } } FILTER (true) }"),
            ["ann", "dan"],
        ),
        (target("SELECT ?this { OPTIONAL { ex:none ex:born ?this } }"), []),
        (target("SELECT ?this { ?this a ex:Nothing }"), []),
        (typed(), None),
        (typed("FILTER NOT EXISTS { ?this a ex:Animal }"), None),
        (typed(use=OF_TYPE.replace("norway", "italy")), ["bob"]),
        (
            typed(
                "OPTIONAL { ?this ex:age ?age } FILTER (!bound($least) || ?age >= $least)",
                OF_TYPE.replace("norway", "norway ; ex:least 18"),
            ),
            ["ann"],
        ),
        (typed() + "ex:shape sh:targetNode ex:rome .", None),
    ],
)
def test_targets_are_those_of_pyshacl(shapes: str, expected: list[str] | None) -> None:
    """A query chooses the same nodes for both engines, of a table and of a graph."""
    data, wanted = graph(DATA), graph(shapes)
    found = validate(data, wanted)
    reference = validate_by_reference(data, wanted)
    assert names(reference) == names(found)
    assert names(found) == names(validate(table_of(data), wanted))
    if expected is not None:
        assert expected == names(found)
    else:
        assert found.results or "age ?this" in shapes  # numbers are what the shape wants


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (SHAPE + "[] .", "has a sh:target of no type that is supported"),
        (SHAPE + "ex:x . ex:x a ex:Unknown .", "has a sh:target of no type that is supported"),
        (SHAPE + "[ a sh:SPARQLTarget ] .", "needs a sh:select"),
        (SHAPE + "[ a sh:JSTarget ] .", "sh:JSTarget is not supported"),
        (target("ASK { ?this ?p ?o }"), "is no SELECT query"),
        (target("SELECT ?x { ?x ex:born ?y }"), "must select \\?this"),
        (target("SELECT ?this { GRAPH ?g { ?this ?p ?o } }"), "has GRAPH"),
        (target("SELECT ?this { SERVICE <http://x/> { ?this ?p ?o } }"), "has SERVICE"),
        (target("SELECT ?this { ?this $PATH ?o }"), "uses \\$PATH, which has no value"),
        (target("SELECT ?this { ?this ex:in $currentShape }"), "uses \\$currentShape"),
        (typed(use=OF_TYPE.replace("ex:country ex:norway", "ex:least 1")), "needs one value of"),
        (typed(use=OF_TYPE.replace("ex:norway", "ex:norway, ex:italy")), "needs one value of"),
        (typed("MINUS { ?this a ex:Animal }"), "must not contain a MINUS"),
        (typed("BIND (1 AS $least)"), "must not bind \\$least with AS"),
        (typed("{ SELECT ?this { ?this a ex:Animal } }"), "must select \\$country, \\$least"),
    ],
)
def test_wrong_targets_are_refused(shapes: str, message: str) -> None:
    """What cannot choose targets is named, rather than taken for a shape without any."""
    with pytest.raises(ShapesError, match=message):
        validate(graph(DATA), graph(shapes))


@pytest.mark.parametrize("shapes", [target("SELECT ?this { ?this ex:born/ex:in ?x }"), typed()])
def test_a_change_that_the_query_sees_checks_the_shape_whole(shapes: str) -> None:
    """A new target, however far from the change, is found; of other changes nothing is checked."""
    before, wanted = graph(DATA.replace("ex:oslo ex:in ex:norway .", "")), graph(shapes)
    after = table_of(graph(DATA))
    keys = list(after.columns)
    was = table_of(before)
    changes = Changes(
        after.join(was, on=keys, how="anti", nulls_equal=True),
        was.join(after, on=keys, how="anti", nulls_equal=True),
    )
    report = validate(after, wanted, changes)
    assert {"ann", "cat", "dan"} < set(names(report))
    assert any("checked whole" in note for note in report.notes)
