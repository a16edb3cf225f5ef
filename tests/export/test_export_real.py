"""Exports of the real page and release, read back by other libraries than wrote them."""

from __future__ import annotations

import io
import json
import math
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import openpyxl
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
import rdflib

from kg.export import FORMATS
from kg.graph import Graph, open_graph
from kg.lookup import ENTITIES
from kg.namespaces import RDF, XSD, compact
from kg.pipeline import build

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings(  # of rdflib's own parsers
        "ignore:ConjunctiveGraph is deprecated:DeprecationWarning",
        "ignore:Dataset.default_context is deprecated:DeprecationWarning",
    ),
]

CODE = "15-1232.00"
TABLES = ("citations", "classifications", "figures", "links", "sources", "statements", "tasks")
RDF_GRAPHS = {"jsonld": "json-ld", "ntriples": "nt", "rdfxml": "xml", "turtle": "turtle"}
DATASETS = {"nquads": "nquads", "trig": "trig"}
Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def graph(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return the graph of the real page and release."""
    page = shared("data/frameworks/000_328dda3a84282345.txt")
    folder = tmp_path_factory.mktemp("real") / "graph"
    build([page, shared("data/onet/db_30_2_text.zip")], folder)
    return open_graph(folder)


@pytest.fixture(scope="module")
def folder(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the graph in every format, by the format's name."""
    made = tmp_path_factory.mktemp("exports")
    for syntax in FORMATS:
        graph.export(syntax, made / syntax)
    return made


def arrow_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file as Arrow reads them."""
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_parquet_is_the_quad_table(graph: Graph, folder: Path) -> None:
    """Arrow reads the same quads, in their order."""
    found = pq.read_table(folder / "parquet" / "quads.parquet")
    expected = graph.table.sort("graph", maintain_order=True).collect()
    assert expected.columns == found.column_names
    assert expected.height == graph.generation.manifest["quads"]
    assert expected.equals(pl.from_arrow(found))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", TABLES)
def test_csv_and_workbooks_hold_what_parquet_holds(folder: Path, name: str) -> None:
    """pandas and openpyxl read the same rows as Arrow, cell by cell."""
    expected = arrow_rows(folder / "parquet" / f"{name}.parquet")
    read = pd.read_csv(folder / "csv" / f"{name}.csv", dtype=str, keep_default_na=False)
    workbook = io.BytesIO((folder / "xlsx" / "tables.xlsx").read_bytes())
    rows = list(openpyxl.load_workbook(workbook, read_only=True)[name].iter_rows(values_only=True))

    assert expected
    assert list(expected[0]) == list(read.columns) == list(rows[0])
    assert [[in_csv(v) for v in row.values()] for row in expected] == read.to_numpy().tolist()
    assert [[in_sheet(v) for v in row.values()] for row in expected] == [
        [None if v == "" else v for v in row] for row in rows[1:]
    ]


def in_csv(value: Any) -> str:
    """Return a value as a cell of CSV holds it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return "; ".join(value)
        case str():
            return f"'{value}" if re.match("'*[=+@\t\r\n＝＋－＠-]", value) else value
    return str(value)


def in_sheet(value: Any) -> Any:
    """Return a value as a cell of a workbook holds it."""
    return ("; ".join(value) if isinstance(value, list) else value) or (
        value if value is False or value == 0 else None
    )


def test_tables_agree_with_the_store(graph: Graph, folder: Path) -> None:
    """SPARQL, over the store, gives the same statements with tasks, citations and links."""
    tables = {name: arrow_rows(folder / "parquet" / f"{name}.parquet") for name in TABLES}

    def asked(query: str) -> Counter[Row]:
        return Counter(tuple(row.values()) for row in graph.query(query))

    assert asked(
        "SELECT ?s ?id { ?s a kg:Statement OPTIONAL { ?s kg:supports/kg:taskId ?id } }"
    ) == Counter(
        (row["statement"], task)
        for row in tables["statements"]
        for task in row["task_ids"] or [None]
    )
    assert asked("SELECT ?s ?t { ?s kg:cites/dct:title ?t }") == Counter(
        (row["statement"], row["title"]) for row in tables["citations"]
    )
    assert asked(
        "SELECT ?l ?id (xsd:double(?c) AS ?sure) "
        "{ ?l a kg:Link ; owl:annotatedTarget/kg:taskId ?id ; sssom:confidence ?c }"
    ) == Counter((row["link"], row["task_id"], row["confidence"]) for row in tables["links"])
    assert asked("SELECT ?code ?id { [] onet:hasTask ?t ; skos:notation ?code . ?t a kg:Task ; "
                 "kg:taskId ?id }") == Counter(
        (row["occupation_code"], row["task_id"]) for row in tables["tasks"]
    )  # fmt: skip


def test_graphml_is_the_entity_graph(graph: Graph, folder: Path) -> None:
    """NetworkX and igraph read the same nodes and edges, which are those of the quad table."""
    one = nx.read_graphml(folder / "graphml")
    two = igraph.Graph.Read_GraphML(str(folder / "graphml"))
    names = two.vs["id"]

    def known(value: float | None) -> float | None:
        return None if value is None or math.isnan(value) else value

    edges = Counter(
        (s, t, d["property"], d.get("confidence"), d["inferred"])
        for s, t, d in one.edges(data=True)
    )
    assert edges == Counter(
        (names[e.source], names[e.target], e["property"], known(e["confidence"]), e["inferred"])
        for e in two.es
    )
    assert {v["id"]: (v["label"], v["kind"]) for v in two.vs} == {
        n: (d["label"], d["kind"]) for n, d in one.nodes(data=True)
    }
    table = graph.table.filter(pl.col("kind") == "iri").select("subject", "predicate", "object")
    quads = table.collect()
    typed = quads.filter(pl.col("predicate") == RDF.type)
    things = set(typed.filter(pl.col("object").is_in(list(ENTITIES.values())))["subject"])
    assert things == set(one.nodes)
    between = quads.filter(
        pl.col("predicate") != RDF.type,
        pl.col("subject").is_in(list(things)),
        pl.col("object").is_in(list(things)),
    )
    assert Counter((s, o, compact(p)) for s, p, o in between.iter_rows()) == Counter(
        (s, t, p) for s, t, p, *_ in edges.elements()
    )


@pytest.mark.parametrize("syntax", [*RDF_GRAPHS, *DATASETS])
def test_rdflib_reads_the_part_of_an_occupation(
    graph: Graph, tmp_path: Path, syntax: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """rdflib finds the triples, or quads, of the occupation's part as they are in the table."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    graph.export("parquet", tmp_path / "parquet", occupation=CODE)
    graph.export(syntax, tmp_path / "out", occupation=CODE)
    rows = pl.read_parquet(tmp_path / "parquet" / "quads.parquet").rows()

    def term(node: Any) -> Row:
        if not isinstance(node, rdflib.Literal):
            return (str(node), None, None)
        kind = str(node.datatype) if node.datatype else None if node.language else XSD.string
        return (str.__str__(node), kind, node.language)

    expected: set[Row] = set()
    for subject, predicate, value, kind, datatype, language, name in rows:
        ends = (value, None, None) if kind != "literal" else (
            value, None if language else datatype, language)  # fmt: skip
        expected.add((subject, predicate, ends, *([name] if syntax in DATASETS else [])))
    if syntax in DATASETS:
        dataset = rdflib.Dataset()
        dataset.parse(tmp_path / "out", format=DATASETS[syntax])
        found = {(str(s), str(p), term(o), str(g)) for s, p, o, g in dataset.quads()}
    else:
        read = rdflib.Graph().parse(tmp_path / "out", format=RDF_GRAPHS[syntax])
        found = {(str(s), str(p), term(o)) for s, p, o in read}  # type: ignore[misc]
    assert len(expected) > 5000
    assert expected == found


def test_every_quad_is_written(graph: Graph, folder: Path) -> None:
    """The whole graph has a line for each of its quads."""
    with (folder / "nquads").open(encoding="utf-8") as file:
        assert graph.generation.manifest["quads"] == sum(not row.startswith("#") for row in file)


def test_the_document_of_the_occupation(graph: Graph, tmp_path: Path) -> None:
    """The framed document holds the page's statements, and the ratings with what they are of."""
    out = tmp_path / "one.jsonld"
    graph.export("jsonld", out, occupation=CODE, frame="occupation")
    document = json.loads(out.read_text(encoding="utf-8"))
    ratings = document["hasRating"]

    assert [13, 40, 84] == sorted(len(f["statements"]) for f in document["frameworks"])
    assert len(ratings) > 100
    assert [] == [e for r in ratings for e in r["refersTo"] if "type" not in e]
