"""What shapes can look at: leaving out the rest changes no report."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from kg import quads, rdf
from kg.errors import ShapesError
from kg.graph import Graph as BuiltGraph
from kg.model import Quad
from kg.namespaces import DCT, KG, ONET, PROV, RDF, RDFS, SKOS, XSD
from kg.shacl import FORMATS, relevance, select, validate, write
from kg.shacl.relevant import EVERYTHING
from kg.validation import data_of_graph, shapes_graph

EX = "http://example.org/"
PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:onto sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""


def shapes_of(text: str) -> Graph:
    """Return the graph of shapes in Turtle, with the prefixes above."""
    return Graph().parse(data=PREFIXES + text, format="turtle")


def outcome(table: pl.DataFrame, shapes: Graph) -> Any:
    """Return the report on a quad table in every format; None where the shapes are refused."""
    data = rdf.to_rdflib(table)
    try:
        report = validate(data, shapes)
    except ShapesError:  # of several reasons, pySHACL meets any one first
        return None
    return report, [write(report, data, name) for name in sorted(FORMATS)]


# ---------------------------------------------------------------- random graphs and shapes

NAMES = ("p", "q", "r", "s", "t")
CLASSES = ("A", "B", "C", "D")
NODES = ("a", "b", "c", "A", "B")
#: With those that Python takes for false, which rdflib confuses with nothing at all.
LITERALS = (
    ("0", XSD.integer, None),
    ("3", XSD.integer, None),
    ("", XSD.string, None),
    ("false", XSD.boolean, None),
    ("t", RDF.langString, "en"),
)
#: What a report says of nodes, and what nothing but that looks at.
TOLD = (SKOS.prefLabel, KG.line, KG.fileName, PROV.wasDerivedFrom, DCT.isPartOf, KG.domain)


@st.composite
def tables(draw: Any) -> pl.DataFrame:
    """Draw a small graph, with blank nodes, classes below each other, and types of all kinds."""
    nodes = st.sampled_from([*(EX + name for name in NODES), "_:d-x", "_:d-y"])
    classes = st.sampled_from([*(EX + name for name in CLASSES), KG.Section, "_:d-x"])
    rows: list[Quad] = []
    for _ in range(draw(st.integers(3, 22))):
        subject, graph = draw(nodes), draw(st.sampled_from((None, "urn:g:1", "urn:g:2")))
        kind = draw(st.sampled_from(("type", "class", "told", "plain", "plain", "plain")))
        if kind == "class":
            value, lower = draw(classes), draw(classes)
            rows.append(_to_node(lower, RDFS.subClassOf, value, graph))
            continue
        if kind == "type" and draw(st.integers(0, 9)):
            rows.append(_to_node(subject, RDF.type, draw(classes), graph))
            continue
        predicate = {
            "type": RDF.type,
            "told": draw(st.sampled_from(TOLD)),
            "plain": EX + draw(st.sampled_from(NAMES)),
        }[kind]
        if draw(st.booleans()):
            rows.append(_to_node(subject, predicate, draw(nodes), graph))
        else:
            text, datatype, language = draw(st.sampled_from(LITERALS))
            rows.append(Quad(subject, predicate, text, "literal", datatype, language, graph))
    return quads.from_rows(rows)


def _to_node(subject: str, predicate: str, value: str, graph: str | None) -> Quad:
    kind = "blank" if value.startswith("_:") else "iri"
    return Quad(subject, predicate, value, kind, None, None, graph)


#: Constraints on one focus node; P and Q are properties, K is a class, at random.
CORE = (
    "sh:class ex:K",
    "sh:nodeKind sh:IRI",
    "sh:datatype xsd:integer",
    "sh:minInclusive 1",
    "sh:hasValue ex:a",
    "sh:hasValue ex:K",
    "sh:in ( ex:a 0 'x' )",
    "sh:equals ex:P",
    "sh:disjoint ex:P",
    "sh:closed true ; sh:ignoredProperties ( ex:P rdf:type )",
    "sh:closed false",
)
ON_PATHS = (
    "sh:minCount 1",
    "sh:minCount 2",
    "sh:maxCount 0",
    "sh:maxCount 1",
    "sh:lessThan ex:P",
    "sh:lessThanOrEquals ex:P",
    "sh:uniqueLang true",
    "sh:qualifiedValueShape [ sh:class ex:K ] ; sh:qualifiedMinCount 1",
)
QUERIES = (
    "SELECT $this ?value WHERE { $this ex:P ?value }",
    "SELECT $this ?value WHERE { ?value ex:P $this ; ex:Q ?x }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:P ?x } }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:P ?x FILTER EXISTS { ?x ex:Q ?y } } }",
    "SELECT $this WHERE { $this a ex:K }",
    "SELECT $this ?value WHERE { $this a ?value }",
    "SELECT $this ?value WHERE { $this ex:P ?value . ?value a ex:K }",
    "SELECT $this WHERE { $this rdf:type/rdfs:subClassOf* ex:K }",
    "SELECT $this WHERE { $this ex:P/rdf:type/rdfs:subClassOf* ex:K }",
    "SELECT $this WHERE { $this rdf:type/rdfs:subClassOf+ ex:K }",
    "SELECT $this ?value WHERE { $this rdf:type/rdfs:subClassOf* ?value }",
    "SELECT $this ?value WHERE { $this rdf:type/^rdf:type ?value }",
    "SELECT $this ?value WHERE { ex:K ^rdfs:subClassOf*/^rdf:type ?value }",
    "SELECT $this ?value WHERE { $this ?p ?value }",
    "SELECT $this ?p WHERE { $this ex:P ?x . ?x ?p $this }",
    "SELECT $this ?value WHERE { $this !ex:P ?value }",
    "SELECT $this ?value WHERE { $this !(ex:P|^ex:Q) ?value }",
    "SELECT $this ?value WHERE { $this ex:P* ?value }",
    "SELECT $this ?value WHERE { $this ex:P? ?value }",
    "SELECT $this ?value WHERE { $this ex:P+ ?value }",
    "SELECT $this ?value WHERE { $this ex:P/ex:Q* ?value }",
    "SELECT $this ?value WHERE { $this ex:P/ex:Q* ex:a }",
    "SELECT $this ?value WHERE { ?value ex:P* ex:a }",
    "SELECT $this ?value WHERE { ex:a (ex:P|^ex:Q)* ?value }",
    "SELECT $this ?value WHERE { ?x ex:P* ?value }",
    "SELECT $this (COUNT(*) AS ?n) WHERE { ?x ex:P? ?y } GROUP BY $this",
    "SELECT $this ?value WHERE { ?x (^ex:P)*/ex:Q ?value }",
    "SELECT $this ?value WHERE { $this ^ex:P|ex:Q ?value }",
    "SELECT $this ?value WHERE { GRAPH ?g { $this ex:P ?value } }",
    "SELECT $this (COUNT(?x) AS ?n) WHERE { ?x ex:P ?y } GROUP BY $this HAVING (COUNT(?x) > 1)",
    "SELECT $this ?n WHERE { $this ex:Q ?x { SELECT $this (COUNT(*) AS ?n) { ?y ex:P ?z } } }",
    "SELECT $this (GROUP_CONCAT(STR(?x)) AS ?n) WHERE { $this ex:P ?x } GROUP BY $this",
    "SELECT $this ?value WHERE { $this ex:P ?value } LIMIT 1",
    "SELECT $this ?value WHERE { $this ex:P ?x BIND(EXISTS { ?x ex:Q ?y } AS ?value) }",
    "SELECT $this ?value WHERE { $this ex:P ?value } ORDER BY (EXISTS { ?value ex:Q ?y })",
    "SELECT $this WHERE { OPTIONAL { $this ex:P ?x } FILTER (!BOUND(?x)) }",
    "SELECT $this ?value WHERE { { $this ex:P ?value } UNION { ?value ex:Q $this } }",
    "SELECT $this ?value WHERE { ?value ex:P [ ex:Q $this ] }",
)
ON_PATH_QUERIES = (
    "SELECT $this ?value WHERE { $this $PATH ?value }",
    "SELECT $this ?value WHERE { ?value $PATH $this . ?value a ex:K }",
    # What the table does not have runs in rdflib, on what queries can look at
    "SELECT $this ?value WHERE { $this $PATH ?value } ORDER BY ?value LIMIT 5",
)
TARGETS = (
    "sh:targetClass ex:K",
    "sh:targetNode ex:a",
    "sh:targetNode 0 , ''",
    "sh:targetSubjectsOf ex:P",
    "sh:targetObjectsOf ex:P",
    "sh:targetObjectsOf rdf:type",
)
PATHS = ("ex:P", "ex:P", "ex:Q", "rdf:type", "rdfs:subClassOf", "skos:prefLabel")
OPERATORS = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")


@st.composite
def shapes_text(draw: Any) -> str:
    """Draw shapes of all that SHACL has, and of much that keeps everything."""
    parts = []
    for number in range(draw(st.integers(1, 2))):
        targets = draw(st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2, unique=True))
        kind = draw(st.sampled_from(("", "", "", " , owl:Class")))
        body = [*targets, *draw(constraints(1))]
        name = draw(st.sampled_from((f"shape-{number}", f"shape-{number}", CLASSES[number])))
        parts.append(f"ex:{name} a sh:NodeShape{kind} ; {' ; '.join(body)} .")
    names = {"P": NAMES, "Q": NAMES, "K": CLASSES}
    text = "\n".join(parts)
    for slot in sorted(set(re.findall(r"ex:[PQK]\b", text))):
        head, *rest = re.split(rf"{slot}\b", text)
        chosen = [draw(st.sampled_from(names[slot[-1]])) for _ in rest]
        text = head + "".join(f"ex:{n}{piece}" for n, piece in zip(chosen, rest, strict=True))
    return text


@st.composite
def paths(draw: Any, depth: int) -> str:
    """Draw a property path."""
    kind = draw(st.sampled_from(("plain", "plain", "unary", "sequence", "alternative")))
    if depth == 0 or kind == "plain":
        return f"{draw(st.sampled_from(PATHS))} "
    if kind == "unary":
        return f"[ sh:{draw(st.sampled_from(OPERATORS))} {draw(paths(depth - 1))} ] "
    both = f"( {draw(paths(depth - 1))} {draw(paths(depth - 1))} ) "
    return both if kind == "sequence" else f"[ sh:alternativePath {both}] "


@st.composite
def constraints(draw: Any, depth: int, on_path: bool = False) -> list[str]:
    """Draw what a shape asks for."""
    found = []
    for _ in range(draw(st.integers(1, 2))):
        kinds = ["core", "query", "query", *(["path", "path"] if on_path else [])]
        kinds += ["property", "property", "not", "or"] * (depth > 0)
        kind = draw(st.sampled_from(kinds))
        if kind == "core":
            found.append(draw(st.sampled_from(CORE)))
        elif kind == "path":
            found.append(draw(st.sampled_from(ON_PATHS)))
        elif kind == "query":
            query = draw(st.sampled_from(QUERIES + ON_PATH_QUERIES * on_path))
            found.append(f"sh:sparql [ sh:prefixes ex:onto ; sh:select '''{query}''' ]")
        elif kind == "property":
            body = draw(constraints(depth - 1, on_path=True))
            found.append(f"sh:property [ sh:path {draw(paths(2))}; {' ; '.join(body)} ]")
        else:
            body = [f"[ {' ; '.join(draw(constraints(depth - 1)))} ]" for _ in range(2)]
            found.append(f"sh:not {body[0]}" if kind == "not" else f"sh:or ( {' '.join(body)} )")
    return found


def of_zero(query: str) -> str:
    """Return a shape of ex:a and of the literal 0 that counts the answers of a query."""
    text = f"SELECT $this (COUNT(*) AS ?n) WHERE {{ {query} }} GROUP BY $this"
    return f"""ex:s a sh:NodeShape ; sh:targetNode ex:a , 0 ;
        sh:sparql [ sh:prefixes ex:onto ; sh:message "{{?n}}" ; sh:select '{text}' ] ."""


ZERO = quads.from_rows(
    [
        Quad(f"{EX}a", f"{EX}p", "0", "literal", XSD.integer, None, None),
        Quad(f"{EX}a", RDF.type, "0", "literal", XSD.integer, None, None),
        _to_node(f"{EX}b", f"{EX}t", f"{EX}c", None),
        _to_node(f"{EX}a", RDF.type, f"{EX}D", None),
        _to_node(f"{EX}b", RDF.type, f"{EX}D", None),
    ]
)


# To rdflib the literal 0, where a path starts, is no start at all: a path that may be of length
# zero then leads to every node of the graph.
@example(ZERO, of_zero("$this ex:p* ?value"))
@example(ZERO, of_zero("$this ex:p/ex:q* ?value"))
@example(ZERO, of_zero("$this ex:p/ex:q?/ex:r* ex:c"))
@example(ZERO, of_zero("$this a/rdfs:subClassOf* ex:C"))
# Types that lead on are of any class.
@example(ZERO, of_zero("$this a/^a ?value"))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), shapes_text())
def test_what_is_left_out_changes_no_report(table: pl.DataFrame, text: str) -> None:
    """The report on what is relevant is the report on all, in every format, to the letter."""
    shapes = shapes_of(text)
    kept = select(table.lazy(), relevance(shapes)).collect()
    assert outcome(table, shapes) == outcome(kept, shapes)


PATHS_OF_QUERIES = (
    "ex:p",
    "rdf:type",
    "[ sh:inversePath rdf:type ]",
    "( rdf:type [ sh:inversePath rdf:type ] )",
    "[ sh:alternativePath ( ex:p rdf:type ) ]",
    "[ sh:oneOrMorePath [ sh:inversePath rdf:type ] ]",
)


@pytest.mark.parametrize("path", PATHS_OF_QUERIES)
@pytest.mark.parametrize("query", ON_PATH_QUERIES)
def test_queries_on_a_table_see_what_they_see_on_a_graph(query: str, path: str) -> None:
    """Of a table, queries see what they can look at, types among it; of a graph, all."""
    query = query.replace("ex:K", "ex:D")
    shapes = shapes_of(
        f"""ex:s sh:targetNode ex:a , ex:D ; sh:path {path} ;
            sh:sparql [ sh:prefixes ex:onto ; sh:select '{query}' ] ."""
    )
    found = list(validate(rdf.to_rdflib(ZERO), shapes).results)
    assert found == list(validate(ZERO, shapes).results)
    assert found or "type" not in path or "ex:D" in query


# ---------------------------------------------------------------- what is kept

ON_C = "ex:s a sh:NodeShape ; sh:targetClass ex:C ; "


A_PATH = "( [ sh:inversePath ex:p ] [ sh:alternativePath ( ex:q [ sh:zeroOrMorePath ex:r ] ) ] )"


def in_query(body: str, before: str = "") -> str:
    """Return a shape with a SPARQL constraint."""
    text = f"SELECT $this WHERE {{ {body} }}"
    return f"{ON_C}{before} sh:sparql [ sh:prefixes ex:onto ; sh:select '''{text}''' ] ."


@pytest.mark.parametrize(
    "shapes",
    [
        pytest.param(ON_C + "sh:closed true .", id="closed"),
        pytest.param(ON_C + "sh:js [] .", id="not supported"),
        pytest.param(ON_C + "sh:rule [] .", id="rule"),
        pytest.param(ON_C + "sh:dataType xsd:string .", id="no term of SHACL"),
        pytest.param("ex:c a sh:ConstraintComponent .", id="component"),
        pytest.param("ex:c sh:parameter [ sh:path ex:p ] .", id="parameter"),
        pytest.param(in_query("$this ?p ?o"), id="variable property"),
        pytest.param(in_query("$this ex:p ?p . ?x ?p ?y"), id="variable property, bound"),
        pytest.param(in_query("$this !ex:p ?o"), id="negated property"),
        pytest.param(in_query("FILTER NOT EXISTS { $this ?p ?o }"), id="within a filter"),
        pytest.param(
            in_query("FILTER NOT EXISTS { $this ex:p ?x FILTER EXISTS { ?x ?p ?o } }"),
            id="within a filter within a filter",
        ),
        pytest.param(in_query("{ SELECT $this { $this ?p ?o } }"), id="within a sub-select"),
        pytest.param(in_query("?x ex:p* ?y"), id="any node"),
        pytest.param(in_query("$this ex:p* ?y"), id="any node, where $this is a literal 0"),
        pytest.param(in_query("$this ex:p/ex:q? ?y"), id="any node, where a step leads to 0"),
        pytest.param(in_query("$this (ex:p*/ex:q) ex:a"), id="any node on the way"),
        pytest.param(in_query("GRAPH ?g { $this ex:p ?o }"), id="graph"),
        pytest.param(in_query("$this $PATH ?o"), id="path of a shape without one"),
        pytest.param(in_query("$this zz:p ?o"), id="no SPARQL"),
        pytest.param(
            'ex:o sh:declare [ sh:prefix "ex" ; sh:namespace "urn:other:" ] .'
            + in_query("$this ex:p 1"),
            id="two namespaces for a prefix",
        ),
        pytest.param(
            in_query("$this $PATH ?o", "sh:path [ sh:zeroOrMorePath ex:p ] ;"),
            id="any node, by the path of the shape",
        ),
    ],
)
def test_shapes_that_may_look_at_any_triple(shapes: str) -> None:
    """Where a triple of any property may count, all are kept."""
    assert EVERYTHING == relevance(shapes_of(shapes))


@pytest.mark.parametrize(
    ("shapes", "predicates", "classes"),
    [
        (ON_C + "sh:property [ sh:path ex:p ; sh:minCount 1 ] .", {"p"}, {"C"}),
        (
            ON_C + f"sh:property [ sh:path {A_PATH} ; sh:equals ex:t ; sh:class ex:D ] .",
            {"p", "q", "r", "t"},
            {"C", "D"},
        ),
        ("ex:s sh:targetSubjectsOf ex:p ; sh:targetObjectsOf ex:q .", {"p", "q"}, set()),
        ("ex:C a sh:NodeShape , rdfs:Class ; sh:nodeKind sh:IRI .", set(), {"C"}),
        (ON_C + "sh:closed false ; sh:or ( [ sh:class ex:D ] ex:other ) .", set(), {"C", "D"}),
        (in_query("$this ex:p ?x . ?x ^ex:q|ex:r ?y ; a ex:D"), {"p", "q", "r"}, {"C", "D"}),
        (in_query("$this rdf:type/rdfs:subClassOf* ex:D"), set(), {"C", "D"}),
        (in_query("$this ex:p+ ?x . ?x ex:q* ex:a"), {"p", "q"}, {"C"}),
        (in_query("$this ex:p ?x FILTER NOT EXISTS { ?x ex:q ?y }"), {"p", "q"}, {"C"}),
        (in_query("$this <http://example.org/p> 1"), {"p"}, {"C"}),
        (in_query("$this a ?class"), set(), None),
        (in_query("$this rdf:type/ex:p ?x"), {"p"}, None),
        (in_query("$this rdf:type/^rdf:type ex:a"), set(), None),
        (ON_C + "sh:property [ sh:path rdf:type ; sh:maxCount 1 ] .", set(), None),
        (
            in_query("$this $PATH ?o . ?o ex:q 1", "sh:path ex:p ;"),
            {"p", "q"},
            {"C"},
        ),
    ],
)
def test_what_shapes_name(shapes: str, predicates: set[str], classes: set[str] | None) -> None:
    """Paths, targets, pairs and patterns are found, and the classes of types."""
    found = relevance(shapes_of(shapes))
    letters = {f"{EX}{letter}" for letter in "pqrt"}
    assert {EX + name for name in predicates} == (found.predicates or frozenset()) & letters
    if classes is None:
        assert found.classes is None
    else:
        names = {f"{EX}{letter}" for letter in "CDEF"}
        assert {EX + name for name in classes} == (found.classes or frozenset()) & names


def test_rows_that_are_kept() -> None:
    """Rows of named properties and of classes at and below named ones stay, in their order."""
    rows = [
        _to_node("urn:a", EX + "q", "urn:b", None),
        _to_node("urn:a", RDF.type, EX + "E", None),
        _to_node("urn:a", EX + "p", "urn:b", None),
        _to_node("urn:b", RDF.type, EX + "F", None),
        _to_node(EX + "E", RDFS.subClassOf, EX + "D", None),
        _to_node(EX + "D", RDFS.subClassOf, EX + "C", None),
        _to_node("urn:c", RDF.type, EX + "C", None),
        _to_node("_:d-x", EX + "q", "urn:b", None),
        _to_node("urn:b", EX + "q", "_:d-x", None),
        Quad("urn:b", EX + "q", EX + "C", "literal", XSD.string, None, None),
    ]
    wanted = relevance(shapes_of(ON_C + "sh:property [ sh:path ex:p ; sh:minCount 1 ] ."))
    kept = select(quads.from_rows(rows).lazy(), wanted).collect()
    assert [rows[number] for number in (1, 2, 4, 5, 6, 7, 8)] == [
        Quad(*r) for r in kept.iter_rows()
    ]


def test_core_shapes_leave_ratings_out() -> None:
    """The shipped shapes ask for nothing that a release has by the million."""
    wanted = relevance(shapes_graph())
    assert wanted.predicates is not None
    assert wanted.classes is not None
    assert wanted.predicates.isdisjoint({ONET.hasRating, ONET.dataValue, ONET.refersTo})
    assert KG.Rating not in wanted.classes
    assert {KG.cites, ONET.hasTask, DCT.isPartOf} <= wanted.predicates


def test_a_built_graph_is_validated_from_what_is_relevant(example_graph: BuiltGraph) -> None:
    """The report on a built graph is that on all of its triples, of which many are left out."""
    shapes = shapes_graph()
    whole = rdf.to_rdflib(example_graph.table.collect())
    data = rdf.to_rdflib(data_of_graph(example_graph, shapes).table)
    assert set(data) < set(whole)
    report = validate(data, shapes)
    assert report.results
    assert list(validate(whole, shapes).results) == list(report.results)
    for name in FORMATS:
        assert write(report, whole, name) == write(report, data, name)
