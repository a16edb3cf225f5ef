"""Exports of the whole example: what an index, ESCO and a crosswalk say of an occupation."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import networkx as nx
import pytest
from samples import OCCUPATION

from kg.export import Selection
from kg.export.framing import frame_documents
from kg.export.graphml import graphml
from kg.graph import Graph
from kg.namespaces import BASE

PARTNERS = f"{BASE}example/esco/occupation/"
FIGURES = f"{BASE}figure/aei/labor_market_impacts"


@pytest.fixture(scope="module")
def part(example_graph: Graph) -> Selection:
    """Return the part of the whole example that is about an occupation."""
    return Selection(example_graph.generation.parts, BASE, occupation=OCCUPATION)


@pytest.fixture(scope="module")
def framed(part: Selection) -> dict[str, Any]:
    """Return the framed document of the occupation."""
    ((_, document),) = frame_documents(part, "occupation")
    return document


@pytest.fixture(scope="module")
def entities(part: Selection) -> nx.MultiDiGraph:
    """Return the entity graph of the occupation, as NetworkX reads it."""
    text = "".join(graphml(part)).encode()
    return nx.read_graphml(BytesIO(text), force_multigraph=True)


def test_links_of_a_crosswalk_belong_to_the_occupation(part: Selection) -> None:
    """All links to it are there, with the ESCO occupations and the labels of their skills."""
    found = set(part.quads.collect()["subject"])
    link = f"{BASE}link/crosswalk/esco_onet_crosswalk"
    skills = ("answer-enquiries", "draw-up-a-budget")

    assert {f"{link}/mobile-lender/25-4031.00", f"{link}/stack-keeper/25-4031.00"} <= found
    assert {f"{PARTNERS}mobile-lender", *(f"{BASE}example/esco/skill/{s}" for s in skills)} <= found
    assert f"{PARTNERS}subject-cataloguer" not in found


def test_a_kind_of_framework_has_no_crosswalk(example_graph: Graph) -> None:
    """What is selected by framework is what the page says, not what links say of its occupation."""
    of_kind = Selection(example_graph.generation.parts, BASE, OCCUPATION, framework="ai")
    found = set(of_kind.quads.collect()["subject"])

    assert OCCUPATION in found
    assert not [node for node in found if "/esco" in node or "/figure/aei/" in node]


def test_a_document_holds_matches(framed: dict[str, Any]) -> None:
    """Links to the occupation stand in it with confidence, former code, partner and skills."""
    matches = {match["annotatedSource"]["prefLabel"]: match for match in framed["matches"]}
    carried, direct = matches["mobile lender"], matches["stack keeper"]

    assert {"mobile lender", "reading room guide", "stack keeper"} == set(matches)
    assert ("25-4032.00", "1.0") == (carried["formerCode"], carried["confidence"])
    assert "0.25" == direct["confidence"]
    assert "answer enquiries" == carried["annotatedSource"]["relatedEssentialSkill"]["prefLabel"]


def test_a_document_holds_figures_of_an_index(framed: dict[str, Any]) -> None:
    """Exposure stands in the SOC group, usage and penetration in the tasks that they are about."""
    (exposure,) = framed["socGroup"]["describedBy"]
    of_tasks = {task["taskId"]: task.get("describedBy", []) for task in framed["hasTask"]}

    assert f"{FIGURES}/observed-exposure/25-4031" == exposure["id"]
    assert {"Task penetration", "Usage share"} == {
        figure["metric"]["prefLabel"] for figure in of_tasks["900004"]
    }
    assert [] == of_tasks["900001"]


def test_graphml_shows_groups_and_partners(entities: nx.MultiDiGraph) -> None:
    """An ESCO occupation and a SOC group are nodes of their kinds, with edges to the occupation."""
    kinds = {kind for _, kind in entities.nodes(data="kind")}
    matches = {
        source.removeprefix(PARTNERS): (said["confidence"], said["inferred"])
        for source, target, said in entities.edges(data=True)
        if said["property"] == "skos:closeMatch" and target == OCCUPATION
    }

    assert {"esco-occupation", "esco-skill", "soc-group"} <= kinds
    assert matches == {
        "mobile-lender": (1.0, True),
        "reading-room-guide": (1.0, False),
        "stack-keeper": (0.25, False),
    }
    assert entities.has_edge(OCCUPATION, f"{BASE}soc/25-4031")
    assert entities.has_edge(f"{FIGURES}/observed-exposure/25-4031", f"{BASE}soc/25-4031")
