"""The entity graph as GEXF and as node-link JSON, read by NetworkX, beside GraphML."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import linked, select, text_of

from kg import quads
from kg.export import Selection
from kg.export.gexf import gexf
from kg.export.graphml import graphml
from kg.export.node_link import node_link
from kg.graph import Graph
from kg.namespaces import BASE, KG, RDF, SKOS

FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"


@pytest.fixture(scope="module")
def example(page_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Selection:
    """Return the whole of the linked example."""
    return select(linked(page_graph), tmp_path_factory.mktemp("example"))


def read_gexf(selection: Selection) -> Any:
    """Return what NetworkX reads of GEXF."""
    return nx.read_gexf(BytesIO(text_of(gexf(selection)).encode()))


def read_node_link(selection: Selection) -> Any:
    """Return what NetworkX reads of node-link JSON."""
    return nx.node_link_graph(json.loads(text_of(node_link(selection))), edges="edges")


def edges_of(graph: Any) -> list[tuple[object, ...]]:
    """Return ends, property, confidence and whether it is inferred, of each edge, sorted."""
    return sorted(
        (a, b, e.get("property", key), e.get("confidence", -1.0), e["inferred"])
        for a, b, key, e in nx.MultiDiGraph(graph).edges(keys=True, data=True)
    )


@pytest.mark.parametrize("read", [read_gexf, read_node_link])
def test_they_hold_what_graphml_holds(read: Any, example: Selection) -> None:
    """Nodes with kind and label, and edges, are those that NetworkX reads of GraphML."""
    found = read(example)
    beside = nx.read_graphml(BytesIO(text_of(graphml(example)).encode()))

    assert found.is_directed()
    assert dict(beside.nodes(data="kind")) == dict(found.nodes(data="kind"))
    assert dict(beside.nodes(data="label")) == dict(found.nodes(data="label"))
    assert edges_of(beside) == edges_of(found)
    assert len(found.edges) > 100


def test_node_link_names_whom_to_credit(example: Selection) -> None:
    """Every attribution stands in the object of the graph."""
    credit = json.loads(text_of(node_link(example)))["graph"]["attribution"]
    assert any("O*NET" in line for line in credit)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(label=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_label_is_read_back(tmp_path_factory: pytest.TempPathFactory, label: str) -> None:
    """Any label is read back, from GEXF but for what XML cannot write, which is replaced."""
    folder, graph, node = tmp_path_factory.mktemp("label"), f"{BASE}graph/one", f"{BASE}a&'b"
    rows = [
        quads.iri(node, RDF.type, KG.Task, graph),
        quads.text(node, SKOS.prefLabel, label, graph),
    ]
    selection = select(rows, folder)
    assert {node: label} == dict(read_node_link(selection).nodes(data="label"))
    written = re.sub(FORBIDDEN, "\ufffd", label)
    assert {node: written} == dict(read_gexf(selection).nodes(data="label"))


def test_a_graph_without_entities(tmp_path: Path) -> None:
    """Without nodes a file is well formed and empty."""
    selection = select([quads.iri(f"{BASE}a", SKOS.related, f"{BASE}b", f"{BASE}g")], tmp_path)
    assert [0, 0] == [len(read(selection)) for read in (read_gexf, read_node_link)]
