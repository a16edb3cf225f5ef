"""Answers of the store: in every syntax, with every kind of term, and what is refused."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from stores import ODD, A, B, G, answer, load, rows, written

from kg import quads, store
from kg.errors import QueryError, RequestError
from kg.namespaces import RDF, XSD
from kg.store import worker

# Answers.


def test_answer_has_every_kind_of_term(small_store: Path) -> None:
    """Terms come with their kind, datatype and language; what is not bound is None."""
    found = answer(small_store, "SELECT ?o ?x { GRAPH ?g { ?s ?p ?o } OPTIONAL { ?o ?q ?x } }")
    assert ["o", "x"] == found.columns
    terms = {cell for row in found.terms for cell in row if cell and cell.kind != "blank"}
    assert {
        store.client.Term("iri", "http://example.org/c", None, None),
        store.client.Term("literal", ODD, XSD.string, None),
        store.client.Term("literal", "text", RDF.langString, "en-gb"),
        store.client.Term("literal", "3", XSD.decimal, None),
        store.client.Term("literal", "1", XSD.integer, None),
    } == terms
    assert {None} == {row[1] for row in found.terms}
    assert not found.cut


def test_default_graph_is_the_union(small_store: Path) -> None:
    """A query without GRAPH sees all graphs, the default graph too."""
    assert [("7",)] == rows(small_store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_prefixes_are_declared(example_store: Path) -> None:
    """The project's prefixes need no declaration, and may be declared otherwise."""
    assert [("57",)] == rows(example_store, "SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }")
    own = "PREFIX kg: <http://example.org/> SELECT * { ?s a kg:Statement }"
    assert [] == rows(example_store, own)


@pytest.mark.parametrize(
    ("limit", "number", "cut"),
    [(0, 0, True), (6, 6, True), (7, 7, False), (8, 7, False), (None, 7, False)],
)
def test_limit(small_store: Path, limit: int | None, number: int, cut: bool) -> None:
    """No more rows come than were asked for, and the answer tells whether there are more."""
    for query in ("SELECT ?o { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"):
        found = answer(small_store, query, limit=limit)
        assert (number, cut) == (len(found.terms), found.cut)


def test_an_answer_without_columns(small_store: Path) -> None:
    """A query that asks for nothing gets a row of nothing."""
    assert ([], [()]) == (
        answer(small_store, "SELECT * {}").columns,
        rows(small_store, "SELECT * {}"),
    )


def test_ask(small_store: Path) -> None:
    """A yes-or-no question is answered in every syntax for tables."""
    for query, said in (("ASK { ?s ?p ?o }", "true"), ("ASK { ?s ?p <http://x> }", "false")):
        assert (["answer"], [(said,)]) == (
            answer(small_store, query).columns,
            rows(small_store, query),
        )
        for syntax in ("csv", "tsv"):
            assert f"{said}\n".encode() == written(small_store, query, syntax)
        assert {"head": {}, "boolean": said == "true"} == json.loads(
            written(small_store, query, "json")
        )
        tree = ET.fromstring(written(small_store, query, "xml"))
        assert said == tree.findtext("{http://www.w3.org/2005/sparql-results#}boolean")


def test_select_in_every_syntax(small_store: Path) -> None:
    """The same values stand in every syntax for tables."""
    query = "SELECT ?o { ?s ?p ?o FILTER(isLiteral(?o)) } ORDER BY STR(?o)"
    expected = [row[0] for row in rows(small_store, query)]
    assert 5 == len(expected)
    found = json.loads(written(small_store, query, "json"))["results"]["bindings"]
    assert expected == [row["o"]["value"] for row in found]
    tree = ET.fromstring(written(small_store, query, "xml"))
    literals = tree.iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert expected == [node.text for node in literals]
    csv = pl.read_csv(written(small_store, query, "csv"), infer_schema=False, eol_char="\n")
    assert expected == [v.rstrip("\r") if v != ODD else v for v in csv["o"]]
    lines = written(small_store, query, "tsv").decode().split("\n")
    assert ["?o", 5] == [lines[0], len([line for line in lines[1:] if line])]


@pytest.mark.parametrize("form", ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", f"DESCRIBE <{A}>"])
def test_triples_in_every_syntax(small_store: Path, form: str) -> None:
    """The same triples stand in every syntax for graphs, in an order that stays."""
    known = {
        "turtle": ox.RdfFormat.TURTLE,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    number = 6 if form.startswith("D") else 7
    assert number == len(answer(small_store, form).terms)
    for syntax, read_as in known.items():
        data = written(small_store, form, syntax)
        assert number == len(list(ox.parse(data, read_as)))
        assert data == written(small_store, form, syntax)


def test_triples_come_once(small_store: Path) -> None:
    """A graph has no triple twice, as rows and written."""
    query = "CONSTRUCT { <http://x> <http://y> <http://z> } { ?s ?p ?o }"
    assert [("http://x", "http://y", "http://z")] == rows(small_store, query)
    assert b"<http://x> <http://y> <http://z> .\n" == written(small_store, query, "ntriples")


@pytest.mark.parametrize("syntax", ["csv", "tsv", "json", "xml"])
@pytest.mark.parametrize("query", ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", f"DESCRIBE <{A}>"])
def test_triples_are_no_table(small_store: Path, query: str, syntax: str) -> None:
    """A query for triples in a syntax for tables is an error that says so."""
    with pytest.raises(QueryError, match=f"is answered as RDF, not as {syntax}$"):
        store.ask(small_store, query, syntax=syntax)


@pytest.mark.parametrize("syntax", ["turtle", "ntriples", "jsonld"])
@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "ASK {}"])
def test_a_table_is_no_graph(small_store: Path, query: str, syntax: str) -> None:
    """A query for a table in a syntax for graphs is an error that says so."""
    with pytest.raises(QueryError, match=f"^{syntax} is for CONSTRUCT and DESCRIBE"):
        store.ask(small_store, query, syntax=syntax)


def test_an_unknown_syntax_is_refused(small_store: Path) -> None:
    """A syntax that there is not is told before a process is started."""
    with pytest.raises(RequestError, match="no format 'excel'; there are: csv, json, jsonld"):
        store.ask(small_store, "ASK {}", syntax="excel")


def test_every_format_has_a_writer() -> None:
    """Parent and child know the same formats, in order."""
    assert sorted(worker._SYNTAXES) == list(store.FORMATS)


@pytest.mark.parametrize(
    "text",
    ["\x01", "\0", "\ufffe", *("x" * (8190 + n) + "\uffff" for n in range(3))],
    ids=["SOH", "NUL", "U+FFFE", "at 8190", "at 8191", "at 8192"],
)
def test_xml_that_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    """What XML has no character for is an error, not an ill-formed document; others write it."""
    path = load(tmp_path, [quads.literal(A, B, text, G)])
    with pytest.raises(QueryError, match="a character that XML does not have; json takes it"):
        store.ask(path, "SELECT ?o { ?s ?p ?o }", syntax="xml")
    found = json.loads(written(path, "SELECT ?o { ?s ?p ?o }", "json"))
    assert text == found["results"]["bindings"][0]["o"]["value"]


def test_triple_terms_are_refused(small_store: Path) -> None:
    """What a table of results has no cell for is an error of one line."""
    for term in (f"TRIPLE(<{A}>, <{B}>, 1)", 'STRLANGDIR("a", "en", "ltr")'):
        with pytest.raises(
            QueryError, match=r"holds a triple term or a base direction \(RDF 1.2\)"
        ):
            store.ask(small_store, f"SELECT ({term} AS ?x) {{}}")
