"""Exports as RDF, read back by another library than wrote them."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic
from samples import OCCUPATION, linked, odd, select, text_of

from kg import quads, rdf
from kg.errors import OutputError
from kg.export import STREAMS, Selection
from kg.export import selection as selections
from kg.graph import Graph
from kg.namespaces import BASE, KG, RDF, SKOS, VOID, XSD

# rdflib's own reader of JSON-LD uses what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning",
    "ignore:Dataset.default_context is deprecated:DeprecationWarning",
)

DATASETS = {"nquads": "nquads", "trig": "trig"}
GRAPHS = {"ntriples": "nt", "turtle": "turtle", "rdfxml": "xml", "jsonld": "json-ld"}
OXIGRAPH = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
}
TRIPLE = ["subject", "predicate", "object", "kind", "datatype", "language"]


@pytest.fixture(scope="module")
def example(page_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Selection:
    """Return the whole of the linked example."""
    return select(linked(page_graph), tmp_path_factory.mktemp("example"))


@pytest.fixture(autouse=True)
def _lexical_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib keep the lexical forms that it reads."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def written(selection: Selection, syntax: str) -> str:
    """Return an export as text."""
    return text_of(STREAMS[syntax](selection))


def node(value: str) -> rdflib.term.IdentifiedNode:
    """Return rdflib's node for an IRI or blank node."""
    return rdflib.BNode(value[2:]) if value.startswith("_:") else rdflib.URIRef(value)


def expected(selection: Selection) -> set[tuple[rdflib.term.Node, ...]]:
    """Return the selected quads in rdflib's terms, with their graphs."""
    found = set()
    for s, p, o, kind, datatype, language, graph in selection.quads.collect().iter_rows():
        value: rdflib.term.Node = node(o)
        if kind == "literal":
            of = None if datatype in (XSD.string, RDF.langString) else rdflib.URIRef(datatype)
            value = rdflib.Literal(o, lang=language, datatype=of)
        found.add((node(s), node(p), value, node(graph)))
    return found


def exact(data: str, syntax: str) -> list[tuple[object, ...]]:
    """Return what Oxigraph reads, lexical forms and all, in order; blank nodes not renamed."""
    rows = rdf.parse(data.encode(), OXIGRAPH[syntax], "export")
    return sorted(tuple(map(str, row)) for row in rows)


def rows_of(table: pl.DataFrame, columns: list[str]) -> list[tuple[object, ...]]:
    """Return a table's rows as `exact` gives them; language tags in lower case."""
    lower = table.with_columns(pl.col("language").str.to_lowercase())
    if "graph" not in columns:
        lower = lower.with_columns(graph=pl.lit(None, pl.String)).unique()
    return sorted(tuple(map(str, row)) for row in lower.select(quads.COLUMNS).iter_rows())


@pytest.mark.parametrize("syntax", DATASETS)
def test_datasets_are_read_back_by_rdflib(example: Selection, syntax: str) -> None:
    """TriG and N-Quads give the same dataset."""
    read = rdflib.Dataset().parse(data=written(example, syntax), format=DATASETS[syntax])

    assert expected(example) == {(s, p, o, node(str(g))) for s, p, o, g in read.quads()}


@pytest.mark.parametrize("syntax", GRAPHS)
def test_graphs_are_read_back_by_rdflib(example: Selection, syntax: str) -> None:
    """Turtle, N-Triples, RDF/XML and JSON-LD give the same merged graph."""
    read = rdflib.Graph().parse(data=written(example, syntax), format=GRAPHS[syntax])

    assert {quad[:3] for quad in expected(example)} == set(read)


@pytest.mark.parametrize("syntax", OXIGRAPH)
def test_odd_values_are_kept_exactly(tmp_path: Path, syntax: str) -> None:
    """Quotation marks, line ends, languages, odd numbers and odd IRIs come back as they were."""
    selection = select(odd(), tmp_path)
    columns = ["graph"] if syntax in DATASETS else TRIPLE

    assert rows_of(selection.quads.collect(), columns) == exact(written(selection, syntax), syntax)


@pytest.mark.parametrize("syntax", GRAPHS)
def test_blank_nodes_are_read_back(tmp_path: Path, syntax: str) -> None:
    """Blank nodes whose labels begin with digits are the same nodes in every place."""
    one, two, graph = "_:0a-b1", "_:0a--2", f"{BASE}graph/one"
    rows = [
        quads.iri(one, KG.cites, BASE, graph),
        quads.Quad(one, KG.cites, two, "blank", None, None, graph),
        quads.Quad(f"{BASE}a", KG.cites, two, "blank", None, None, graph),
        quads.literal(two, KG.credit, "x", graph),
    ]
    selection = select(rows, tmp_path)
    wanted = rdflib.Graph()
    for triple in {quad[:3] for quad in expected(selection)}:
        wanted.add(triple)
    read = rdflib.Graph().parse(data=written(selection, syntax), format=GRAPHS[syntax])

    assert isomorphic(wanted, read)


# Surrogates are no text; what XML cannot write has a test of its own.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=TEXTS, syntax=st.sampled_from(sorted(OXIGRAPH)))
def test_any_text_survives(
    tmp_path_factory: pytest.TempPathFactory, value: str, syntax: str
) -> None:
    """Any text that a format can write is read back as it was."""
    graph, subject = f"{BASE}graph/one", f"{BASE}a"
    rows = [
        quads.literal(subject, KG.credit, value, graph),
        quads.text(subject, SKOS.prefLabel, value, graph, "en-GB"),
        quads.literal(subject, KG.value, value, graph, f"{BASE}own"),
    ]
    selection = select(rows, tmp_path_factory.mktemp("text"))
    if syntax == "rdfxml" and re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", value):
        with pytest.raises(OutputError, match="which XML cannot write; choose another format"):
            written(selection, syntax)
        return
    columns = ["graph"] if syntax in DATASETS else TRIPLE

    assert rows_of(quads.from_rows(rows), columns) == exact(written(selection, syntax), syntax)


@pytest.mark.parametrize(
    "predicate",
    ["https://example.org/1", "https://example.org/p/", f"{RDF.iri}li", "https://example.org/p#"],
)
def test_rdfxml_refuses_properties_that_are_no_names(tmp_path: Path, predicate: str) -> None:
    """A property that no element can be named after stops RDF/XML, and says which it is."""
    selection = select([quads.iri(f"{BASE}a", predicate, BASE, f"{BASE}graph/one")], tmp_path)

    with pytest.raises(OutputError, match=f"{re.escape(predicate)} cannot be written as RDF/XML"):
        written(selection, "rdfxml")


def test_jsonld_refuses_iris_like_its_prefixes(tmp_path: Path) -> None:
    """An IRI whose scheme is a prefix of the context would be read as another."""
    selection = select([quads.iri("skos:x", KG.cites, BASE, f"{BASE}graph/one")], tmp_path)

    with pytest.raises(OutputError, match="prefixed name"):
        written(selection, "jsonld")


@pytest.mark.parametrize("syntax", STREAMS)
def test_slices_do_not_show(
    example: Selection, monkeypatch: pytest.MonkeyPatch, syntax: str
) -> None:
    """What is written does not depend on how much of it is in memory at a time."""
    whole = written(example, syntax)
    monkeypatch.setattr(selections, "SLICE", 100)

    # Edges of GraphML are sorted within a slice, and slices by their subjects: the same.
    assert whole == written(example, syntax)


@pytest.mark.parametrize("syntax", ["ntriples", "turtle"])
def test_a_subject_is_in_one_place(example: Selection, syntax: str) -> None:
    """What several graphs say of a node stands together, type first."""
    subject = f"{BASE}framework/library-technicians/base/returned-items"
    lines = written(example, syntax).splitlines()
    at = [n for n, line in enumerate(lines) if line.startswith(f"<{subject}>")]

    assert at == list(range(at[0], at[0] + len(at)))
    assert {"ntriples": f"<{RDF.type}>", "turtle": "a"}[syntax] == lines[at[0]].split()[1]


def test_turtle_reads_well(example: Selection) -> None:
    """Turtle shortens what has a prefix, writes numbers bare, and does not use `kgc`."""
    text = written(example, "turtle")

    assert " kg:line 3 ;\n" in text
    assert "kg:threshold 0.6 ;\n" in text
    assert "kgc:" not in text
    assert text.count("@prefix") == len({line for line in text.splitlines() if "@prefix" in line})


def test_parts_leave_out_counts_of_the_whole(example: Selection) -> None:
    """The catalogue's entries of a part's graphs go with it, without their numbers of triples."""
    part = Selection(example.parts, BASE, occupation=OCCUPATION)

    assert VOID.triples in written(example, "nquads")
    assert VOID.triples not in written(part, "nquads")
    assert KG.attribution in written(part, "nquads")


@pytest.mark.parametrize("syntax", STREAMS)
def test_attributions_go_with_it(example: Selection, syntax: str) -> None:
    """Every format names whom the catalogue says to name, at the top."""
    head = written(example, syntax).split("25-4031.00")[0]

    assert "O*NET 30.2 Database by the U.S. Department of Labor" in head
    assert "© 2026 The skills-kg project, CC BY 4.0." in head


def test_attributions_cannot_break_out_of_their_comment(tmp_path: Path) -> None:
    """A line end or a comment's end in an attribution stays inside the comment."""
    graph, catalog = f"{BASE}graph/one", f"{BASE}graph/catalog"
    evil = "me\n<a> <b> <c> . --> <x/> \x00 \u2028 --- *"
    rows = [
        quads.text(graph, KG.attribution, evil, catalog),
        quads.iri(f"{BASE}a", KG.cites, BASE, graph),
    ]
    selection = select(rows, tmp_path, graph=graph)

    for syntax in OXIGRAPH:
        assert 1 == len(exact(written(selection, syntax), syntax))


def test_nothing_is_an_export_too(tmp_path: Path) -> None:
    """A part that holds nothing is well-formed in every format."""
    rows = [quads.iri(f"{BASE}a", KG.cites, BASE, f"{BASE}graph/one")]
    selection = select([*rows, *odd()], tmp_path, occupation=f"{BASE}a", graph=f"{BASE}graph/two")

    for syntax in OXIGRAPH:
        assert [] == exact(written(selection, syntax), syntax)
