"""Validation with shapes: what is found, what is refused, and how it is reported."""

from __future__ import annotations

import importlib
import json
import logging
import pkgutil
import signal
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH, XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

import kg.shacl
from kg.errors import InputError, RequestError, ShapesError
from kg.shacl import (
    FAIL_ON,
    FORMATS,
    Location,
    PathExpression,
    ValidationReport,
    ValidationResult,
    exceeds,
    label,
    locate,
    path_text,
    read_baseline,
    subtract,
    validate,
    validate_by_reference,
    write,
)
from kg.shacl.blanks import blank_names
from kg.shacl.paths import read_path
from kg.shacl.terms import compact, described, one_line, turtle_term

EX = Namespace("http://example.org/")
PREFIXES = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix kg: <https://w3id.org/skills-kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

#: One shape of each severity, one of a severity of its own.
SHAPES = """
ex:name a sh:PropertyShape ; sh:targetClass ex:Book ; sh:path skos:prefLabel ; sh:minCount 1 ;
    sh:message "The book has no name; give it one."@en , "Das Buch hat keinen Namen."@de .
ex:pages a sh:PropertyShape ; sh:targetClass ex:Book ; sh:path ex:pages ; sh:datatype xsd:integer ;
    sh:severity sh:Warning ; sh:message "Pages are counted in whole numbers."@en .
ex:copy a sh:NodeShape ; sh:targetClass ex:Book ; sh:severity sh:Info ;
    sh:message "The book is lent out; ask for it back."@en ;
    sh:sparql ex:copy-query .
ex:copy-query sh:message "lent to {?reader}"@en ; sh:prefixes ex:onto ; sh:select '''
    SELECT $this ?reader WHERE { $this ex:lentTo ?reader }''' .
ex:onto sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
BOOKS = """
ex:file a kg:Document ; kg:fileName "books.txt" .
ex:one a ex:Book ; skos:prefLabel "One"@en ; ex:pages "many" ;
    prov:wasDerivedFrom ex:file ; kg:line 7 .
ex:two a ex:Book ; ex:pages 2 ; ex:lentTo "Ada" ; prov:wasDerivedFrom ex:file ; kg:line 3 .
ex:three a ex:Book .
"""


def graph(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def found(data: str = BOOKS, shapes: str = SHAPES) -> ValidationReport:
    return validate(graph(data), graph(shapes))


def result(**given: object) -> ValidationResult:
    plain: dict[str, object] = {
        "focus_node": EX.one,
        "path": None,
        "value": None,
        "severity": SH.Violation,
        "component": SH.MinCountConstraintComponent,
        "source_shape": EX.name,
    }
    return ValidationResult(**(plain | given))  # type: ignore[arg-type]


def report(*severities: URIRef) -> ValidationReport:
    return ValidationReport(tuple(result(severity=severity) for severity in severities))


# ---------------------------------------------------------------- what is found


def test_results_are_sorted_by_severity_then_shape_then_focus_node() -> None:
    """Results come in one order, the gravest first."""
    assert [
        (SH.Violation, EX.name, EX.three),
        (SH.Violation, EX.name, EX.two),
        (SH.Warning, EX.pages, EX.one),
        (SH.Info, EX.copy, EX.two),
    ] == [(r.severity, r.source_shape, r.focus_node) for r in found().results]


def test_result_says_all_that_the_standard_asks() -> None:
    """A result has focus node, path, value, component and messages."""
    (pages,) = (r for r in found().results if r.source_shape == EX.pages)
    assert (
        result(
            path=EX.pages,
            value=Literal("many"),
            severity=SH.Warning,
            component=SH.DatatypeConstraintComponent,
            source_shape=EX.pages,
            messages=(Literal("Pages are counted in whole numbers.", lang="en"),),
        )
        == pages
    )


def test_message_of_a_sparql_constraint_is_a_detail() -> None:
    """A SPARQL constraint's message, with values put in, keeps its language and stands apart."""
    (copy,) = (r for r in found().results if r.source_shape == EX.copy)
    assert (Literal("The book is lent out; ask for it back.", lang="en"),) == copy.messages
    assert (Literal("lent to Ada", lang="en"),) == copy.details
    assert EX["copy-query"] == copy.source_constraint


def test_message_of_the_engine_is_a_detail() -> None:
    """Where a shape has no message, the engine's own stands as a detail."""
    (only,) = found("ex:a a ex:C .", "ex:s sh:targetClass ex:C ; sh:class ex:D .").results
    assert () == only.messages
    assert only.details


def test_report_conforms_only_if_nothing_is_found() -> None:
    """A lone result of severity sh:Info is non-conformance, as the specification says."""
    assert found("ex:a a ex:Book ; skos:prefLabel 'A' .").conforms
    assert not found("ex:a a ex:Book ; skos:prefLabel 'A' ; ex:lentTo 'Ada' .").conforms


def test_counts() -> None:
    """Counts name every severity, and one's own severities together."""
    assert {"violation": 2, "warning": 1, "info": 1} == found().counts
    assert {"violation": 0, "warning": 1, "info": 0, "other": 2} == report(
        SH.Warning, EX.Grave, EX.Slight
    ).counts


@pytest.mark.parametrize(
    ("severity", "failing"),
    [
        (SH.Violation, ["violation", "warning", "info"]),
        (SH.Warning, ["warning", "info"]),
        (SH.Info, ["info"]),
        (EX.Grave, ["violation", "warning", "info"]),
    ],
)
def test_exceeds(severity: URIRef, failing: list[str]) -> None:
    """A severity fails at its own level and below; one of one's own always."""
    assert failing == [fail_on for fail_on in FAIL_ON if exceeds(report(severity), fail_on)]


def test_exceeds_nothing() -> None:
    """A report without results fails at no level."""
    assert not any(exceeds(ValidationReport(()), fail_on) for fail_on in FAIL_ON)


def test_exceeds_unknown_severity() -> None:
    """Another word than a severity is refused with those there are."""
    with pytest.raises(RequestError, match="violation, warning, info"):
        exceeds(report(), "error")


def test_nothing_is_changed() -> None:
    """Neither graph gains or loses a triple, and no switch of rdflib or logging stays thrown."""
    data, shapes = graph(BOOKS), graph(SHAPES)
    log = logging.getLogger("pyshacl-validate")
    before = (set(data), set(shapes), list(log.handlers), list(log.filters))
    rdflib.NORMALIZE_LITERALS = False
    try:
        validate(data, shapes)
        assert not rdflib.NORMALIZE_LITERALS
    finally:
        rdflib.NORMALIZE_LITERALS = True
    assert before == (set(data), set(shapes), list(log.handlers), list(log.filters))


@pytest.mark.parametrize("given", ["http://example.org/", "data.ttl", b"", Dataset()])
def test_only_graphs_are_taken(given: object) -> None:
    """A string, which might be an address, is never opened; nor is a dataset taken for a graph."""
    with pytest.raises(TypeError, match="rdflib Graph"):
        validate(given, Graph())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="rdflib Graph"):
        validate(Graph(), given)  # type: ignore[arg-type]


def test_prefixes_of_the_data_do_not_reach_queries() -> None:
    """A prefix means what the shapes declare, whatever the data binds it to."""
    data = graph("ex:a a ex:Book ; skos:prefLabel 'A' ; ex:lentTo 'Ada' .")
    data.bind("ex", "http://elsewhere.example/", override=True, replace=True)
    assert 1 == len(validate(data, graph(SHAPES)).results)


def test_nothing_is_left_of_an_earlier_run() -> None:
    """A blank node is described as it is, whatever one of its name was in another graph."""
    shapes = graph(
        "ex:s sh:targetSubjectsOf ex:p ; "
        "sh:property [ sh:path ex:p ; sh:not [ sh:nodeKind sh:BlankNode ] ] ."
    )
    node = BNode("same")
    for number in range(60):
        data = Graph()
        data.add((EX.a, EX.p, node))
        data.add((node, EX.q, Literal(number)))
        ((detail,),) = (r.details for r in validate_by_reference(data, shapes).results)
        assert f'"{number}"' in detail


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs an interval timer")
def test_interrupt_stops_a_pattern() -> None:
    """A pattern that would run for hours in pySHACL ends with Ctrl-C, and here at once."""
    data = graph(f"ex:a ex:p '{'a' * 60}b' .")
    shapes = graph(
        "ex:s sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:pattern '^(a+)+$' ] ."
    )
    assert 1 == len(validate(data, shapes).results)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        with pytest.raises(KeyboardInterrupt):
            validate_by_reference(data, shapes)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---------------------------------------------------------------- what is refused

ON_C = "ex:s a sh:NodeShape ; sh:targetClass ex:C ; "

REFUSED = [
    ("js", ON_C + "sh:js [] .", "sh:js is not supported"),
    ("rule", ON_C + "sh:rule [] .", "sh:rule is not supported"),
    ("function", "ex:f a sh:SPARQLFunction .", "sh:SPARQLFunction is not supported"),
    ("target", ON_C + "sh:target [] .", "has a sh:target of no type"),
    ("expression", ON_C + "sh:expression [] .", "sh:expression is not supported"),
    ("entailment", "ex:s sh:entailment ex:RDFS .", "sh:entailment is not supported"),
    ("js validator", "ex:c sh:validator [ a sh:JSValidator ] .", "sh:JSValidator is not"),
    ("values", "ex:s sh:values ex:x .", "sh:values is not supported"),
    ("misspelt predicate", ON_C + "sh:dataType xsd:string .", "sh:dataType, which is no term"),
    ("misspelt value", ON_C + "sh:severity sh:Error .", "sh:Error, which is no term"),
    ("recursion", ON_C + "sh:node ex:t . ex:t sh:node ex:s .", r"s → http.*/t → http.*/s$"),
    (
        "recursion in a list",
        ON_C + "sh:property ex:t . ex:t sh:path ex:p ; sh:or ( ex:s ) .",
        "recursive shapes are not supported",
    ),
    ("recursion to itself", ON_C + "sh:not ex:s .", "recursive shapes are not supported"),
    ("missing shape", ON_C + "sh:node ex:gone .", "refers to http://example.org/gone, which is"),
    ("missing property shape", ON_C + "sh:property ex:gone .", "give it a sh:path"),
    ("property shape without path", "ex:s a sh:PropertyShape .", "give it a sh:path"),
    ("node shape with path", "ex:s a sh:NodeShape ; sh:path ex:p .", "take out its sh:path"),
    ("count without path", ON_C + "sh:minCount 1 .", "sh:minCount and needs a sh:path"),
    ("count that is no number", ON_C + "sh:maxLength 'one' .", 'sh:maxLength "one"; what it takes'),
    ("negative count", ON_C + "sh:minLength -1 .", "one integer from 0"),
    ("two counts", "ex:s sh:path ex:p ; sh:minCount 1 , 2 .", "several values of sh:minCount"),
    ("two paths", "ex:s sh:path ex:p , ex:q ; sh:minCount 1 .", "several values of sh:path"),
    ("pattern", ON_C + "sh:pattern '(' .", "a regular expression that can be compiled"),
    ("flags", ON_C + "sh:pattern 'a' ; sh:flags 'u' .", "the flags i, m, q, s and x"),
    ("look-ahead", ON_C + "sh:pattern '(?=a)' .", "is not in XPath's regular expressions"),
    ("back-reference", ON_C + "sh:pattern '(a)\\\\1' .", "cannot be matched in linear time"),
    ("flags without pattern", ON_C + "sh:flags 'i' .", "add the sh:pattern"),
    ("path", "ex:s sh:path 'p' .", 'the path of http.*: "p" is no property path'),
    ("path of one part", "ex:s sh:path ( ex:p ) .", "a sequence path has one part only"),
    ("circular path", "ex:s sh:path _:x . _:x sh:inversePath _:x .", "circular"),
    (
        "path of two kinds",
        "ex:s sh:path [ sh:inversePath ex:p ; sh:zeroOrMorePath ex:q ] .",
        "more than one path: sh:inversePath, sh:zeroOrMorePath; leave one",
    ),
    (
        "path of one kind twice",
        "ex:s sh:path [ sh:oneOrMorePath ex:p , ex:q ] .",
        "more than one path: sh:oneOrMorePath, sh:oneOrMorePath; leave",
    ),
    ("property shape as a node shape", ON_C + "sh:node [ sh:path ex:p ] .", "say sh:property"),
    (
        "two qualified shapes",
        """ex:s sh:path ex:p ; sh:qualifiedMinCount 1 ;
            sh:qualifiedValueShape [ sh:class ex:C ] , [ sh:class ex:D ] .""",
        "several values of sh:qualifiedValueShape; leave one",
    ),
    (
        "query without $this",
        ON_C + "sh:sparql [ sh:select 'SELECT ?value { $this ?p ?value }' ] .",
        r"must select \?this, the nodes that a finding is about",
    ),
    ("no list", ON_C + "sh:in 'a' .", "one list"),
    ("broken list", ON_C + "sh:in ( 1 2 ) , ( 3 ) .", "several values of sh:in"),
    ("circular list", ON_C + "sh:in _:x . _:x rdf:first 1 ; rdf:rest _:x .", "one list"),
    ("no shapes", ON_C + "sh:or () .", "a list of shapes"),
    ("languages", ON_C + "sh:languageIn ( ex:en ) .", "one list of language tags"),
    ("ignored", ON_C + "sh:closed true ; sh:ignoredProperties ( 'p' ) .", "one list of IRIs"),
    ("no boolean", ON_C + "sh:closed 'yes' .", "one of the terms true and false"),
    ("text of a boolean", ON_C + "sh:deactivated 'true' .", "one of the terms true and false"),
    ("unique language", "ex:s sh:path ex:p ; sh:uniqueLang 'true' .", "one boolean"),
    ("node kind", ON_C + "sh:nodeKind ex:IRI .", "one of SHACL's six kinds"),
    ("target class", "ex:s sh:targetClass 'C' .", 'sh:targetClass "C"; what it takes: IRIs'),
    (
        "blank target",
        "ex:s sh:targetNode [] .",
        r"example.org/s has a blank node for sh:targetNode; what it takes: IRIs or literals",
    ),
    ("severity", ON_C + "sh:severity 'Violation' .", "one IRI"),
    ("message", ON_C + "sh:message 1 .", "strings"),
    ("bound", ON_C + "sh:minInclusive ex:b .", "one literal"),
    (
        "qualified without count",
        ON_C + "sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:D ] ] .",
        r"example.org/s sh:property \(http://example.org/p\) has a sh:qualifiedValueShape",
    ),
    ("no query", ON_C + "sh:sparql [] .", "at least one sh:select"),
    ("bad query", ON_C + "sh:sparql [ sh:select 'SELECT' ] .", "no SPARQL that can be run"),
    ("ask", ON_C + "sh:sparql [ sh:select 'ASK { }' ] .", "is no SELECT query"),
    (
        "undeclared prefix",
        ON_C + "sh:sparql [ sh:select 'SELECT $this { $this zz:p 1 }' ] .",
        "Unknown namespace prefix",
    ),
    (
        "from",
        ON_C + "sh:sparql [ sh:select 'SELECT $this FROM <http://example.org/> { }' ] .",
        "has FROM",
    ),
    (
        "service",
        ON_C + "sh:sparql [ sh:select 'SELECT $this { SERVICE<http://example.org/>{} }' ] .",
        "has SERVICE",
    ),
    (
        "service within",
        ON_C + "sh:sparql [ sh:select 'SELECT $this { FILTER EXISTS { SERVICE ?x {} } }' ] .",
        "has SERVICE",
    ),
    (
        "service within a filter within",
        ON_C
        + """sh:sparql [ sh:select '''SELECT $this { FILTER NOT EXISTS {
            $this ?p ?x FILTER EXISTS { SERVICE<http://example.org/>{} } } }''' ] .""",
        "has SERVICE",
    ),
    (
        "graph",
        ON_C + "sh:sparql [ sh:select 'SELECT $this { GRAPH ?g { $this ?p ?o } }' ] .",
        "has GRAPH; the graphs that are checked are one",
    ),
    (
        "graph within",
        ON_C + "sh:sparql [ sh:select 'SELECT $this { FILTER EXISTS { GRAPH ?g { } } }' ] .",
        "has GRAPH",
    ),
    (
        "exists in having",
        ON_C
        + """sh:sparql [ sh:select '''SELECT $this { $this ?p ?x } GROUP BY $this
            HAVING (EXISTS { $this ?q ?y })''' ] .""",
        "has EXISTS where a value is made",
    ),
    (
        "exists in select",
        ON_C + "sh:sparql [ sh:select 'SELECT $this (NOT EXISTS { ?x ?p 1 } AS ?e) { }' ] .",
        "has EXISTS where a value is made",
    ),
    (
        "unknown function",
        ON_C + "sh:sparql [ sh:select 'SELECT $this { FILTER(<http://example.org/f>(1)) }' ] .",
        "calls http://example.org/f, which is not known",
    ),
    (
        "shapes graph",
        ON_C + "sh:sparql [ sh:select 'SELECT $this { GRAPH $shapesGraph {} }' ] .",
        r"\$shapesGraph, which is not supported",
    ),
    (
        "minus",
        ON_C + "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o MINUS { ?o ?p 1 } }' ] .",
        "must not contain a MINUS",
    ),
    (
        "component without parameter",
        "ex:c a sh:ConstraintComponent . " + ON_C + "sh:nodeKind sh:IRI .",
        "at least one value for sh:parameter",
    ),
]


@pytest.mark.parametrize(
    ("shapes", "message"), [pytest.param(s, m, id=name) for name, s, m in REFUSED]
)
def test_refused(shapes: str, message: str) -> None:
    """Shapes that are ill-formed or not supported are refused by name, in one line."""
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
    with pytest.raises(ShapesError, match=message) as caught:
        found("ex:a a ex:C ; ex:p 1 .", rdf + shapes)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [name for name, *_ in REFUSED if "query" not in name][:10])
def test_refused_without_focus_nodes(name: str) -> None:
    """What is not supported is refused even where nothing would be looked at."""
    shapes = {n: s for n, s, _ in REFUSED}[name]
    with pytest.raises(ShapesError):
        found("ex:a a ex:Other .", shapes)


def test_terms_in_data_are_not_held_to_shacl() -> None:
    """Among shapes, a node that SHACL says nothing of may have what it likes."""
    assert found("", "ex:a sh:colour 'red' . ex:s a sh:NodeShape .").conforms


def test_deactivated_shapes_break_a_circle() -> None:
    """A circle of shapes through one that is switched off is none."""
    assert found("ex:a a ex:C .", ON_C + "sh:node ex:t . ex:t sh:deactivated true ; sh:node ex:s .")


def test_long_chain_of_shapes() -> None:
    """Shapes nested more deeply than the engine goes are refused without a traceback."""
    chain = " ".join(f"ex:s{n} sh:node ex:s{n + 1} ." for n in range(200))
    with pytest.raises(ShapesError, match="too deep"):
        found("ex:a a ex:C .", ON_C + f"sh:node ex:s0 . {chain} ex:s200 sh:nodeKind sh:IRI .")


def test_notes_name_what_was_not_checked() -> None:
    """An import that is not there, and a count that counts nothing, are noted."""
    shapes = """
    ex:mine a owl:Ontology ; owl:imports ex:other , ex:here . ex:here a owl:Ontology .
    ex:s sh:path ex:p ; sh:qualifiedMinCount 1 .
    """
    imported, idle, nothing = found("", shapes).notes
    assert imported.startswith("the shapes import http://example.org/other, which was not among")
    assert idle.startswith("http://example.org/s has sh:qualifiedMinCount without a sh:qualified")
    assert "no shape has a target in the data; nothing was checked" == nothing


ONE = Literal("1", datatype=XSD.boolean, normalize=False)


@pytest.mark.parametrize("parameter", [SH.closed, SH.deactivated, SH.optional])
@pytest.mark.parametrize("text", ["1", "0"])
def test_switches_are_the_terms_true_and_false(parameter: URIRef, text: str) -> None:
    """Another way to write true, which the specification does not have switch on, is refused."""
    shapes = graph(ON_C + "sh:nodeKind sh:IRI .")
    shapes.add((EX.s, parameter, Literal(text, datatype=XSD.boolean, normalize=False)))
    with pytest.raises(ShapesError, match="one of the terms true and false"):
        validate(graph("ex:a a ex:C ."), shapes)


@pytest.mark.parametrize("parameter", [SH.uniqueLang, SH.qualifiedValueShapesDisjoint])
def test_switches_that_the_suite_wants_taken_for_off_are_noted(parameter: URIRef) -> None:
    """What the W3C's tests say is no constraint is none, and the report says so."""
    shapes = graph("ex:s sh:targetClass ex:C ; sh:path ex:p .")
    shapes.add((EX.s, parameter, ONE))
    report = validate(graph("ex:a a ex:C ; ex:p 'a'@en , 'b'@en ."), shapes)
    assert report.conforms
    (note,) = report.notes
    assert f"http://example.org/s has {compact(parameter)} with a value that is not the" in note


@pytest.mark.parametrize(
    ("use", "kind"),
    [("sh:targetNode ex:a ; ex:most 3", "node"), ("sh:path ex:p ; ex:most 3", "property")],
)
@pytest.mark.parametrize("given", ["node", "property"])
def test_components_without_a_suitable_validator_are_noted(use: str, kind: str, given: str) -> None:
    """A component that has validators for the other kind of shape only is passed over aloud."""
    component = f"""ex:c a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ;
        sh:{given}Validator [ a sh:SPARQLSelectValidator ;
            sh:select "SELECT $this {{ FILTER (STRLEN(STR($this)) > $most) }}" ] ."""
    notes = found("ex:a ex:p 'long' .", f"{component} ex:s {use} . ex:t sh:targetNode ex:a .").notes
    asked = "what http://example.org/s asks of it was not checked"
    noted = f"http://example.org/c has no validator for {kind} shapes; {asked}"
    assert ([noted] if kind != given else []) == list(notes)


# ---------------------------------------------------------------- paths and terms


@pytest.mark.parametrize(
    ("turtle", "text"),
    [
        ("ex:p", "p"),
        ("( ex:p ex:q )", "p/q"),
        ("[ sh:inversePath ex:p ]", "^p"),
        ("[ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ]", "p|(^q)"),
        ("( [ sh:zeroOrMorePath ex:p ] [ sh:oneOrMorePath ( ex:p ex:q ) ] )", "(p*)/((p/q)+)"),
        ("[ sh:zeroOrOnePath ex:p ]", "p?"),
    ],
)
def test_path_text(turtle: str, text: str) -> None:
    """A path is written as SPARQL writes it."""
    shapes = graph(f"ex:s sh:path {turtle} .")
    path = read_path(shapes, shapes.value(EX.s, SH.path))
    assert text == path_text(path, lambda iri: iri.removeprefix(str(EX)))
    assert path_text(path) == str(path)


def test_blank_names_do_not_depend_on_the_parser() -> None:
    """Blank nodes are named by what is around them, alike ones by number."""
    text = "ex:a ex:p [ ex:q 1 ] , [ ex:q 2 ] , [ ex:q [ ex:q 3 ] ] . [] ex:r 1 . [] ex:r 1 ."
    first, second = (
        sorted(blank_names(g, [*g.subjects(), *g.objects()]).values())
        for g in (graph(text), graph(text))
    )
    assert first == second
    assert 6 == len(set(first))
    assert 1 == sum("x2" in name for name in first)


def test_turtle_term() -> None:
    """Terms are written so that a Turtle parser reads them back, whatever they hold."""
    terms = [
        EX.a,
        XSD.integer,
        SH.Violation,
        Literal("plain"),
        Literal('quote " backslash \\ line\nfeed\ttab \x01 ü'),
        Literal("text", lang="en"),
        Literal("3.00", datatype=XSD.decimal),
        URIRef("http://purl.org/dc/terms/a.b"),
    ]
    for term in terms:
        assert term == graph(f"ex:s ex:p {turtle_term(term)} .").value(EX.s, EX.p)


def test_turtle_term_of_a_bad_iri() -> None:
    """An IRI cannot end the brackets it stands in."""
    assert r"<http://example.org/\u003E\u0020.>" == turtle_term(URIRef("http://example.org/> ."))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\nlines", "two lines"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("turned‮round", "turnedround"),
        ("x" * 120, "x" * 99 + "…"),
        ("no-break\u00a0space", "no-break space"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    """Text is one line, of bounded length, without characters that a terminal acts on."""
    assert line == one_line(text)


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("http://www.w3.org/ns/shacl#path", "sh:path"),
        ("https://w3id.org/skills-kg/shapes#statement-text", "kgsh:statement-text"),
        ("http://example.org/p", "http://example.org/p"),
        ("https://w3id.org/skills-kg/domain/x", "https://w3id.org/skills-kg/domain/x"),
    ],
)
def test_compact(iri: str, short: str) -> None:
    """An IRI is shortened where the rest of it is a plain name."""
    assert short == compact(iri)


def test_described() -> None:
    """A shape without a name is described by where it stands and by its path."""
    shapes = graph("ex:s sh:or ( [ sh:not [ sh:path ex:p ] ] ) . [] sh:path ex:q .")
    inner = shapes.value(predicate=SH.path, object=EX.p)
    outer = shapes.value(predicate=SH.path, object=EX.q)
    assert "http://example.org/s sh:or sh:not (http://example.org/p)" == described(shapes, inner)
    assert "[] (http://example.org/q)" == described(shapes, outer)
    assert '"a"' == described(shapes, Literal("a"))


# ---------------------------------------------------------------- names and places


def test_locate() -> None:
    """A finding is where its focus node was read."""
    data = graph(BOOKS)
    assert Location("books.txt", 7) == locate(data, result(focus_node=EX.one))
    assert Location() == locate(data, result(focus_node=EX.three))
    assert Location("books.txt") == locate(data, result(focus_node=EX.file))


def test_locate_by_value() -> None:
    """Where only the value has a line, the finding is there."""
    assert Location("books.txt", 3) == locate(
        graph(BOOKS), result(focus_node=EX.file, value=EX.two)
    )


def test_locate_part() -> None:
    """What is part of a document and has no line is in that document."""
    data = graph("ex:f dct:isPartOf ex:d . ex:d kg:fileName 'a.txt' . ex:x kg:line 4 .")
    assert Location("a.txt") == locate(data, result(focus_node=EX.f))
    assert Location() == locate(data, result(focus_node=EX.x))


@pytest.mark.parametrize(
    ("location", "text"),
    [(Location("a.txt", 3), "a.txt:3"), (Location("a.txt"), "a.txt"), (Location(), "")],
)
def test_location_text(location: Location, text: str) -> None:
    """A location reads as editors take it."""
    assert text == str(location)


@pytest.mark.parametrize(
    ("turtle", "name"),
    [
        ("ex:a skos:prefLabel 'Eins'@de , 'One'@en ; dct:title 'A'@en .", "One"),
        ("ex:a dct:title 'A title' .", "A title"),
        ("ex:a skos:notation '1.2' .", "1.2"),
        ("ex:a kg:domain ex:d . ex:d skos:prefLabel 'Fortitude'@en .", "Fortitude"),
        ("ex:a kg:metric ex:m . ex:m skos:prefLabel 'Time saved'@en .", "Time saved"),
        ("ex:a a kg:Section .", "a"),
        ("ex:b a kg:Section .", "http://example.org/a"),
    ],
)
def test_label(turtle: str, name: str) -> None:
    """A node is called by its best English name, by what it belongs to, or by its IRI."""
    assert name == label(graph(turtle), EX.a)


def test_label_of_other_terms() -> None:
    """A literal is called by its text, a blank node by its name."""
    assert "text" == label(Graph(), Literal("text"))
    assert "_:b1" == label(Graph(), BNode("b1"))


# ---------------------------------------------------------------- the formats


def test_text() -> None:
    """Text has the counts, then each shape with its findings and where they stand."""
    assert """\
does not conform: 2 violations, 1 warning, 1 info

2 violations · name · The book has no name; give it one.
  books.txt:3  http://example.org/two
  http://example.org/three

1 warning · pages · Pages are counted in whole numbers.
  books.txt:7  One · "many"

1 info · copy · The book is lent out; ask for it back.
  books.txt:3  http://example.org/two · lent to Ada
""" == write(found(), graph(BOOKS))


def test_text_of_nothing() -> None:
    """Text of an empty report is one line."""
    assert "conforms: nothing found\n" == write(ValidationReport(()), Graph())


def test_text_lists_a_hundred() -> None:
    """Of one shape the first a hundred findings are listed, then their number."""
    data = graph("".join(f"ex:b{n:04} a ex:Book ." for n in range(1500)))
    lines = write(validate(data, graph(SHAPES)), data).splitlines()
    assert "does not conform: 1,500 violations, 0 warnings, 0 infos" == lines[0]
    assert "  http://example.org/b0099" == lines[-2]
    assert "  … and 1,400 more" == lines[-1]


def test_text_orders_shapes_by_severity_then_count() -> None:
    """Groups come by severity, then the most frequent first, then by name."""
    results = [
        result(source_shape=EX.rare, severity=SH.Warning),
        result(source_shape=EX.b),
        result(source_shape=EX.often, focus_node=EX.x),
        result(source_shape=EX.often, focus_node=EX.y),
        result(source_shape=EX.a),
        result(source_shape=EX.mine, severity=EX.Grave),
    ]
    text = write(ValidationReport(tuple(results)), Graph())
    assert ["1 other · mine", "2 violations · often", "1 violation · a", "1 violation · b"] == [
        line for line in text.splitlines()[1:] if line.startswith(("1", "2")) and "warn" not in line
    ]


def test_text_of_a_nameless_shape() -> None:
    """A shape without a name is called by what it constrains."""
    data, shapes = "ex:a a ex:C .", ON_C + "sh:property [ sh:path dct:title ; sh:minCount 1 ] ."
    assert "1 violation · MinCount of dct:title\n" in write(found(data, shapes), graph(data))


def test_text_of_baseline_and_notes() -> None:
    """What was left out and what was not checked is said under the counts."""
    text = write(ValidationReport((), notes=("a note",), known=12), Graph())
    assert (
        "conforms: nothing found\nleft out: 12 findings that the baseline has\nnote: a note\n"
        == text
    )


def test_text_is_safe_in_a_terminal() -> None:
    """Names from the data cannot move the cursor or add lines."""
    data = "ex:a a ex:C ; skos:prefLabel 'x\\u001b[2J\\ny' ."
    text = write(found(data, ON_C + "sh:class ex:D ."), graph(data))
    assert "\x1b" not in text
    assert "x[2J y" in text


def test_json() -> None:
    """JSON has the counts, and each finding with label, file, line and messages."""
    document = json.loads(write(found(), graph(BOOKS), "json"))
    results = document.pop("results")
    assert {
        "format": "kg validation report",
        "version": 1,
        "conforms": False,
        "counts": {"violation": 2, "warning": 1, "info": 1},
        "known": 0,
        "partial": False,
        "notes": [],
    } == document
    assert {
        "severity": "warning",
        "focusNode": "http://example.org/one",
        "path": "http://example.org/pages",
        "value": {"value": "many"},
        "component": "http://www.w3.org/ns/shacl#DatatypeConstraintComponent",
        "shape": "http://example.org/pages",
        "label": "One",
        "file": "books.txt",
        "line": 7,
        "messages": ["Pages are counted in whole numbers."],
    } == results[2]


COMPLEX = """
ex:s a sh:PropertyShape ; sh:targetClass ex:C ; sh:message "none"@en , "keins"@de ; sh:minCount 9 ;
    sh:path ( [ sh:inversePath ex:p ] [ sh:alternativePath ( ex:p ex:q ) ]
              [ sh:zeroOrMorePath ex:p ] [ sh:oneOrMorePath ex:p ] [ sh:zeroOrOnePath ex:p ] ) .
ex:t a sh:NodeShape ; sh:targetClass ex:C ; sh:severity ex:Own ;
    sh:property [ sh:path ex:q ; sh:class ex:D ; sh:nodeKind sh:IRI ] .
"""
COMPLEX_DATA = """
ex:a a ex:C ; ex:q 1.50 , "a \\"quoted\\" text"@en , [ ex:r 1 ] , ex:b .
[] a ex:C ; ex:q "x" .
"""


# rdflib's JSON-LD parser uses a class that rdflib itself has deprecated
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_turtle_and_jsonld_say_the_same() -> None:
    """Both RDF formats can be read, and hold the same report."""
    data, report = graph(COMPLEX_DATA), found(COMPLEX_DATA, COMPLEX)
    turtle = Graph().parse(data=write(report, data, "turtle"), format="turtle")
    jsonld = Graph().parse(data=write(report, data, "jsonld"), format="json-ld")
    assert isomorphic(turtle, jsonld)
    (node,) = turtle.subjects(RDF.type, SH.ValidationReport)
    assert Literal(False) == turtle.value(node, SH.conforms)
    assert len(report.results) == len(list(turtle.objects(node, SH.result)))
    assert path_text(report.results[-1].path) in {
        path_text(read_path(turtle, path)) for path in turtle.objects(None, SH.resultPath)
    }


def test_turtle_of_nothing() -> None:
    """A report without results is three lines of Turtle."""
    assert (
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n"
        "[] a sh:ValidationReport ;\n    sh:conforms true .\n"
    ) == write(ValidationReport(()), Graph(), "turtle")


@pytest.mark.parametrize("output_format", sorted(FORMATS))
def test_same_findings_same_bytes(output_format: str) -> None:
    """However a parser names blank nodes, a report has the same bytes."""
    first, second = (
        write(found(COMPLEX_DATA, COMPLEX), graph(COMPLEX_DATA), output_format) for _ in range(2)
    )
    assert first == second


def test_formats_are_sorted() -> None:
    """The command line lists the formats in order."""
    assert sorted(FORMATS) == list(FORMATS)


# ---------------------------------------------------------------- baselines


def test_baseline_takes_out_what_is_known(tmp_path: Path) -> None:
    """A finding is known by focus node, path, value, component and shape, not by its words."""
    file = tmp_path / "earlier.json"
    file.write_text(write(found(), graph(BOOKS), "json"), encoding="utf-8")
    reworded = SHAPES.replace("The book has no name", "Nameless")
    left = subtract(found(BOOKS + "ex:four a ex:Book .", reworded), read_baseline(file))
    assert [EX.four] == [r.focus_node for r in left.results]
    assert 4 == left.known
    assert not left.conforms
    assert subtract(found(), read_baseline(file)).conforms


@pytest.mark.parametrize(
    "changed",
    [
        result(focus_node=EX.other),
        result(path=EX.p),
        result(path=PathExpression("inverse", (EX.p,))),
        result(value=Literal("1")),
        result(value=Literal(1)),
        result(value=Literal("1", lang="en")),
        result(component=SH.MaxCountConstraintComponent),
        result(source_shape=EX.other),
    ],
)
def test_baseline_tells_findings_apart(tmp_path: Path, changed: ValidationResult) -> None:
    """A finding that differs in any of the five is new."""
    file = tmp_path / "earlier.json"
    file.write_text(write(ValidationReport((result(),)), Graph(), "json"), encoding="utf-8")
    left = subtract(ValidationReport((changed, result(severity=SH.Info))), read_baseline(file))
    assert (changed,) == left.results


@pytest.mark.parametrize(
    ("earlier", "now", "new"),
    [
        ([SH.Violation], [SH.Warning], 0),
        ([SH.Warning], [SH.Warning], 0),
        ([SH.Info], [SH.Warning], 1),
        ([EX.Grave], [SH.Violation], 0),
        ([SH.Info], [EX.Grave], 1),
        ([SH.Warning], [SH.Warning, SH.Warning], 1),
        ([SH.Violation, SH.Info], [SH.Violation, SH.Info], 0),
        ([SH.Violation, SH.Info], [SH.Warning, SH.Warning], 1),
    ],
)
def test_baseline_knows_how_grave_and_how_many(
    tmp_path: Path, earlier: list[URIRef], now: list[URIRef], new: int
) -> None:
    """A finding counts again where its shape became graver, or where there are more of it."""
    file = tmp_path / "earlier.json"
    file.write_text(write(report(*earlier), Graph(), "json"), encoding="utf-8")
    left = subtract(report(*now), read_baseline(file))
    assert new == len(left.results)
    assert len(now) - new == left.known


def test_baseline_without_severities(tmp_path: Path) -> None:
    """What an earlier report does not say the severity of is known at any."""
    file = tmp_path / "earlier.json"
    document = json.loads(write(report(SH.Info), Graph(), "json"))
    del document["results"][0]["severity"]
    file.write_text(json.dumps(document), encoding="utf-8")
    assert subtract(report(SH.Violation), read_baseline(file)).conforms


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": "kg validation report", "version": 1, "results": [{}]}',
        b'{"format": "kg validation report", "version": 1, "results": 1}',
        b'{"format": "kg validation report", "version": 2, "results": []}',
    ],
    ids=["empty", "text", "list", "object", "bytes", "deep", "records", "number", "version"],
)
def test_baseline_that_is_no_report(tmp_path: Path, content: bytes) -> None:
    """A file that is no report of this format is refused by name."""
    file = tmp_path / "earlier.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"earlier\.json: is (no validation report|a report of)"):
        read_baseline(file)


def test_baseline_that_is_missing(tmp_path: Path) -> None:
    """A missing file is an error with its name."""
    with pytest.raises(InputError, match=r"gone\.json: cannot be read"):
        read_baseline(tmp_path / "gone.json")


# ---------------------------------------------------------------- the package


def test_exports_are_sorted_and_there() -> None:
    """Every module of the package says what it offers, sorted."""
    for info in [None, *pkgutil.iter_modules(kg.shacl.__path__)]:
        module = importlib.import_module(f"kg.shacl.{info.name}" if info else "kg.shacl")
        assert sorted(module.__all__) == sorted(set(module.__all__))
        assert all(hasattr(module, name) for name in module.__all__)
