"""Exports as GraphML, read by NetworkX and by igraph."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import LINKS, OCCUPATION, PAGE, linked, select, text_of

from kg import quads
from kg.export import Selection
from kg.export.graphml import graphml
from kg.graph import Graph
from kg.lookup import ENTITIES
from kg.namespaces import BASE, KG, RDF, SKOS, compact

Edge = tuple[str, str, str, float | None, bool]


@pytest.fixture(scope="module")
def example(page_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Selection:
    """Return the whole of the linked example."""
    return select(linked(page_graph), tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def path(example: Selection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the linked example as GraphML."""
    file = tmp_path_factory.mktemp("graphml") / "graph.graphml"
    file.write_text(text_of(graphml(example)), encoding="utf-8")
    return file


def expected(selection: Selection) -> tuple[set[str], Counter[Edge]]:
    """Return the nodes and edges that a graph's quads make, the slow and plain way."""
    rows = list(selection.quads.collect().iter_rows(named=True))
    nodes = {r["subject"] for r in rows if r["predicate"] == RDF.type and r["object"] in
             ENTITIES.values()}  # fmt: skip
    confidences = {
        (f"{BASE}framework/{PAGE}/{end}", f"{BASE}task/{task}"): float(confidence)
        for end, targets in LINKS.items()
        for task, confidence in targets
    }
    edges: Counter[Edge] = Counter()
    for row in rows:
        ends = (row["subject"], row["object"])
        if row["kind"] == "iri" and set(ends) <= nodes and row["predicate"] != RDF.type:
            sure = confidences.get(ends) if row["predicate"] == KG.supports else None
            inferred = "/graph/links/" in row["graph"]
            edges[(*ends, compact(row["predicate"]), sure, inferred)] += 1
    return nodes, edges


def test_networkx_reads_the_same(example: Selection, path: Path) -> None:
    """NetworkX finds the same nodes, and edges with the same attributes."""
    read = nx.read_graphml(path)
    nodes, edges = expected(example)

    assert read.is_directed()
    assert nodes == set(read.nodes)
    assert edges == Counter(
        (s, t, d["property"], d.get("confidence"), d["inferred"])
        for s, t, d in read.edges(data=True)
    )
    assert 2 == sum(d["property"] == "kg:supports" for *_, d in read.edges(data=True))


def test_igraph_reads_the_same(example: Selection, path: Path) -> None:
    """igraph finds the same nodes and edges; a missing confidence is not a number there."""
    read = igraph.Graph.Read_GraphML(str(path))
    nodes, edges = expected(example)
    names = read.vs["id"]

    def sure(value: float) -> float | None:
        return None if value != value else value

    assert read.is_directed()
    assert nodes == set(names)
    assert edges == Counter(
        (names[e.source], names[e.target], e["property"], sure(e["confidence"]), e["inferred"])
        for e in read.es
    )


def test_nodes_have_labels_and_kinds(path: Path) -> None:
    """A node is called what people call it, and is what it is most closely."""
    nodes: dict[str, dict[str, Any]] = dict(nx.read_graphml(path).nodes(data=True))

    assert {"label": "Library Technicians", "kind": "occupation"} == nodes[OCCUPATION]
    assert {"label": "Communication", "kind": "domain"} == nodes[f"{BASE}domain/communication"]
    assert {"label": "Career stage 1", "kind": "stage"} == nodes[f"{BASE}career-stage/1"]
    assert "element" == nodes[f"{BASE}element/2.A.1.a"]["kind"]
    assert {d["kind"] for d in nodes.values()} <= ENTITIES.keys()
    assert [] == [n for n, d in nodes.items() if not d["label"]]


def test_an_assertion_is_no_guess(tmp_path: Path) -> None:
    """What a page asserts and a method infers too is one edge, asserted."""
    page, links, catalog = (f"{BASE}graph/{n}" for n in ("page/a", "links/page/a", "catalog"))
    one, two = f"{BASE}a", f"{BASE}b"
    rows = [
        quads.iri(one, RDF.type, KG.Statement, page),
        quads.iri(two, RDF.type, KG.Task, page),
        quads.iri(one, KG.supports, two, page),
        quads.iri(one, KG.supports, two, links),
        quads.iri(links, KG.graphKind, f"{BASE}graph-kind/inferred", catalog),
    ]
    text = text_of(graphml(select(rows, tmp_path)))

    assert ["false"] == re.findall(r'<data key="inferred">(\w+)</data>', text)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(label=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_label_is_well_formed(tmp_path_factory: pytest.TempPathFactory, label: str) -> None:
    """Any label is read back, but for what XML cannot write, which is replaced."""
    folder, graph, node = tmp_path_factory.mktemp("label"), f"{BASE}graph/one", f"{BASE}a&'b"
    rows = [
        quads.iri(node, RDF.type, KG.Task, graph),
        quads.text(node, SKOS.prefLabel, label, graph),
    ]
    (folder / "a.graphml").write_text(
        text_of(graphml(select(rows, folder))), encoding="utf-8", newline=""
    )
    read = nx.read_graphml(folder / "a.graphml")

    forbidden = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    assert {node: {"label": re.sub(forbidden, "\ufffd", label), "kind": "task"}} == dict(
        read.nodes(data=True)
    )


def test_a_graph_without_entities(tmp_path: Path) -> None:
    """A part without things is an empty graph."""
    rows = [quads.iri(f"{BASE}a", KG.cites, BASE, f"{BASE}graph/one")]
    (tmp_path / "a.graphml").write_text(text_of(graphml(select(rows, tmp_path))), "utf-8")

    assert (0, 0) == (len(nx.read_graphml(tmp_path / "a.graphml")), 0)
