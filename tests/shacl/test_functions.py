"""Functions and operators of queries on whatever literals the data of strangers hold."""

from __future__ import annotations

import warnings

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import SH, XSD, Graph, Literal, Namespace
from rdflib.term import Node

from kg.shacl import plan
from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.keys import key_of
from kg.shacl.solving import Solver
from kg.shacl.tables import table_of

EX = Namespace("http://example.org/")

#: Odd of their datatypes, and plain ones.
TERMS: list[Node] = [
    EX.b,
    Literal("a"),
    Literal(""),
    Literal("x", lang="en"),
    Literal("http://example.org/x y"),
    Literal("_:x"),
    Literal('"'),
    *(
        Literal(text, datatype=datatype, normalize=False)
        for datatype, texts in {
            XSD.integer: ("1", "-007", "9" * 5_000, "x", ""),
            XSD.positiveInteger: ("0", "5"),
            XSD.decimal: ("1.5", "1e30000000", "1e999999999999999999", "NaN", "sNaN", "-Infinity"),
            XSD.double: ("1e5", "NaN", "INF", "-INF", "1e400", "nan", "x"),
            XSD.float: ("0.1", "NaN"),
            XSD.boolean: ("true", "0", "x"),
            XSD.dateTime: ("2000-01-01T00:00:00", "2000-01-01T24:00:00Z", "20000-01-01T00:00:00Z"),
            XSD.date: ("2000-01-01", "2000-02-30", "-0001-01-01", f"{'9' * 5_000}-01-01", "x"),
            XSD.time: ("12:00:00Z", "25:00:00"),
            XSD.gYear: ("2000", "x"),
            XSD.dayTimeDuration: ("P1D", "x"),
            XSD.duration: ("P1Y2M", f"P{'9' * 5_000}Y"),
            XSD.hexBinary: ("abc",),
            XSD.string: ("typed",),
            EX.own: ("x",),
        }.items()
        for text in texts
    ),
]
_ONE = (
    "ABS CEIL FLOOR ROUND STR STRLEN LCASE UCASE LANG DATATYPE IRI URI YEAR MONTH DAY HOURS "
    "MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512 ENCODE_FOR_URI isIRI isBLANK "
    "isLITERAL isNUMERIC ! - + xsd:integer xsd:decimal xsd:float xsd:double xsd:boolean "
    "xsd:string xsd:dateTime"
).split()
_TWO = (
    "STRSTARTS STRENDS CONTAINS STRBEFORE STRAFTER LANGMATCHES sameTerm STRDT STRLANG SUBSTR "
    "REGEX CONCAT COALESCE"
).split()
_BETWEEN = "+ - * / = != < <= > >= && ||".split()
_leaves = st.sampled_from(
    (
        '?value ?value ?value ?unbound 1 1.5 1e0 "a" "x"@en true xsd:decimal ex:b "(" '
        '"2000-01-01"^^xsd:date "P1D"^^xsd:dayTimeDuration'
    ).split()
)


def _larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}({})".format, st.sampled_from(_ONE), part),
        st.builds("{}({}, {})".format, st.sampled_from(_TWO), part, part),
        st.builds("({} {} {})".format, part, st.sampled_from(_BETWEEN), part),
        st.builds("({} IN ({}, {}))".format, part, part, part),
        st.builds("{}({}, {}, {})".format, st.sampled_from(["IF", "REPLACE"]), part, part, part),
    )


def both(where: str, terms: list[Node], base: str = "") -> tuple[list[object], list[object]]:
    """Return what a pattern about `?value` finds, of all at once and one after the other."""
    data = Graph()
    for term in terms:
        data.add((EX.a, EX.p, term))
    prefixes = (("ex", str(EX)), ("xsd", str(XSD)))
    text = f"{base}SELECT $this ?value ?n {{ $this ex:p ?value {where} }}"
    messages = (Literal("{?value} {?n}"),)
    query = plan.Query(EX.query, text, prefixes, is_ask=False, messages=messages, name="ex:query")
    shape = plan.Shape(EX.shape, None, (), ())
    constraint = plan.Sparql(SH.SPARQLConstraintComponent, query)
    graph = EncodedGraph.of(table_of(data))
    pairs = pl.DataFrame({"focus": [graph.number(str(EX.a))]}, schema={"focus": ID})
    solver = Solver(graph, lambda: data)
    read = solver.query(constraint, shape)
    at_once, one_by_one = (
        sorted(zip(graph.keys(found["value"]), found["messages"].to_list(), strict=True))
        for found in (
            solver.solved(constraint, shape, read, pairs),
            solver.each(constraint, shape, read, pairs),
        )
    )
    return at_once, one_by_one


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(_leaves, _larger, max_leaves=6), st.booleans())
def test_any_expression_of_any_literal_has_an_end(expression: str, is_filter: bool) -> None:
    """What cannot be evaluated is an error of one solution, whichever way the query is run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib's, of literals that are ill-typed
        where = f"FILTER ({expression})" if is_filter else f"BIND ({expression} AS ?n)"
        at_once, one_by_one = both(where, TERMS)
    assert one_by_one == at_once
    assert is_filter or len(TERMS) == len(at_once)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("CEIL(?value) = ?value", {"1", "INF"}),
        ("CEIL(?value) != 0", {"1", "1.5", "NaN", "INF"}),
        ("?value * ?value > 0", {"1", "1.5", "INF"}),
        ("?value > 0", {"1", "1.5", "INF"}),
        ("STRLEN(STR(?value)) > 0", {"1", "1.5", "1e30000000", "NaN", "INF", "a"}),
        ('STRLANG(STR(?value), "no tag") = ""', set()),
        ("!isBLANK(IRI(STR(?value)))", set()),
        ("!isBLANK(1 / 0)", set()),
        ('?value = "1e30000000"^^xsd:decimal', {"1e30000000"}),
        ('?value != "x"^^xsd:boolean', set()),
        ('SUBSTR(STR(?value), 1.5) = ""', set()),
    ],
)
def test_an_error_is_of_one_solution(condition: str, holds: set[str]) -> None:
    """A literal that is ill-typed or too long is no number, and what is no IRI is no term."""
    of = {"1": XSD.integer, "1.5": XSD.decimal, "1e30000000": XSD.decimal, "a": XSD.string}
    of |= {"NaN": XSD.double, "INF": XSD.double}
    terms = [Literal(text, datatype=datatype, normalize=False) for text, datatype in of.items()]
    at_once, one_by_one = both(f"FILTER ({condition})", terms)
    assert holds == {str(key).split('"')[1] for key, _ in at_once}
    assert one_by_one == at_once


def test_a_base_is_what_iris_are_relative_to() -> None:
    """Without one a relative IRI is none."""
    for base, wanted in (
        ("BASE <http://example.org/y> ", "1 http://example.org/1"),
        ("", "1 {?n}"),
    ):
        at_once, one_by_one = both("BIND (IRI(?value) AS ?n)", [Literal("1")], base)
        assert [(key_of(Literal("1")), [key_of(Literal(wanted))])] == at_once == one_by_one


@pytest.mark.parametrize("function", ["IRI", "URI"])
def test_an_iri_is_made_of_a_text(function: str) -> None:
    """A text that is an IRI becomes one."""
    where = f'BIND ({function}(CONCAT("http://example.org/x", ?value)) AS ?n)'
    at_once, one_by_one = both(where, [Literal("1")])
    wanted = [(key_of(Literal("1")), [key_of(Literal("1 http://example.org/x1"))])]
    assert wanted == at_once == one_by_one
