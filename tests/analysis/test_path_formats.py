"""Found paths as text, JSON, GraphML, Mermaid and DOT; hostile labels stay labels."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis import FORMATS, Citation, Hop, Nearest, Path, Paths, Stop
from kg.analysis.formats import to_dot, to_graphml, to_json, to_mermaid, to_text
from kg.namespaces import KG
from kg.texts import one_line

DOMAIN = Stop("https://x/d", "domain", "Daring")
STATEMENT = Stop("https://x/s", "statement", "Jumping in")
OTHER = Stop("https://x/o", "statement", "Looking first")
TASK = Stop("https://x/t", "task", "Jump.", "17")
SOURCE = Stop("https://x/a", "source", "Book of Jumps")


def path(statement: Stop, confidence: str) -> Path:
    """Return a path from the domain through a statement to the task."""
    return Path(
        (
            Hop(DOMAIN, statement, KG.domain, False, "asserted", graph="https://x/page"),
            Hop(statement, TASK, KG.supports, True, "inferred", confidence, graph="https://x/l"),
        ),
        2.5,
        (Citation(statement, SOURCE),),
    )


FOUND = Paths(DOMAIN, TASK, (path(STATEMENT, "0.8000"), path(OTHER, "0.25")), is_complete=False)
NONE = Paths(DOMAIN, TASK, (), nearest=(Nearest(DOMAIN, "task", None),))
TEXT = """\
the best 2 paths from the domain Daring to task 17 (“Jump.”)

1. Daring ← Jumping in → task 17
   Daring includes the statement “Jumping in”.  [← kg:domain, asserted]
   “Jumping in” supports task 17.  [→ kg:supports, inferred, confidence 0.8000]
   Evidence: “Jumping in” cites Book of Jumps.

2. Daring ← Looking first → task 17
   Daring includes the statement “Looking first”.  [← kg:domain, asserted]
   “Looking first” supports task 17.  [→ kg:supports, inferred, confidence 0.25]
   Evidence: “Looking first” cites Book of Jumps.
"""
MERMAID = """\
flowchart LR
  n0["domain Daring"]
  n1["statement “Jumping in”"]
  n2["task 17 (“Jump.”)"]
  n3["statement “Looking first”"]
  n1 -->|"kg:domain"| n0
  n1 -.->|"kg:supports 0.80"| n2
  n3 -->|"kg:domain"| n0
  n3 -.->|"kg:supports 0.25"| n2
"""
DOT = """\
digraph paths {
  rankdir=LR;
  node [shape=box];
  n0 [label="domain Daring"];
  n1 [label="statement “Jumping in”"];
  n2 [label="task 17 (“Jump.”)"];
  n3 [label="statement “Looking first”"];
  n1 -> n0 [label="kg:domain"];
  n1 -> n2 [label="kg:supports 0.80", style=dashed];
  n3 -> n0 [label="kg:domain"];
  n3 -> n2 [label="kg:supports 0.25", style=dashed];
}
"""
HOSTILE = (
    '"]; click n0 "javascript:alert(1)"; x["',
    "<script>alert(1)</script>",
    "a`b*c_d~e",
    "style: #a; end",
    "line\nbreak \x1b[31m \x00 \u202e \ufffe rtl",
    "#quot; &lt; %%{init: {}}%% ---",
    "1. first",
    "{{a}} | b",
    'back\\slash \\N \\" end\\',
    "]]> & </graphml>",
    "\U0001f600",
)
_MERMAID_NODE = re.compile(r'  n\d+\["(?:[\w ,.()“”‘’…–—/-]|#\d+;)*"\]')
_DOT_NODE = re.compile(r'  n\d+ \[label="(?:[^"\\\n]|\\[\\"])*"\];')


def hostile(labels: tuple[str, ...] | list[str]) -> Paths:
    """Return a path along nodes with these labels."""
    stops = [Stop(f"https://x/{i}", "statement", label) for i, label in enumerate(labels)]
    hops = tuple(Hop(a, b, KG.supports, True, "inferred", "0.5") for a, b in pairwise(stops))
    return Paths(stops[0], stops[-1], (Path(hops, 1.0),))


def nodes_of(text: str, pattern: re.Pattern[str]) -> int:
    """Return how many lines define a node as they should; every line before the edges must."""
    return sum(pattern.fullmatch(line) is not None for line in text.split("\n"))


def test_text() -> None:
    """The text has a heading, and of each path its way, its sentences and its evidence."""
    assert TEXT == to_text(FOUND)


@pytest.mark.parametrize(
    ("found", "first"),
    [
        (Paths(DOMAIN, TASK, FOUND.paths), "2 paths from"),
        (Paths(DOMAIN, TASK, FOUND.paths[:1]), "1 path from"),
        (Paths(DOMAIN, TASK, FOUND.paths[:1], is_complete=False), "the best path from"),
        (NONE, "no path from"),
    ],
)
def test_the_heading_tells_whether_there_are_more(found: Paths, first: str) -> None:
    """Only what is all is called so."""
    assert to_text(found).startswith(first)


def test_text_tells_when_the_time_was_over() -> None:
    """A search that was stopped says so."""
    found = Paths(DOMAIN, TASK, FOUND.paths, is_complete=False, is_late=True)
    assert to_text(found).endswith("\nThe time was over before all paths were looked at.\n")


def test_json() -> None:
    """JSON has each hop with IRIs, direction, basis, confidence, graph and sentence."""
    document = json.loads(to_json(FOUND))
    assert {
        "from": "https://x/s",
        "to": "https://x/t",
        "property": KG.supports,
        "direction": "forward",
        "basis": "inferred",
        "confidence": 0.8,
        "tentative": False,
        "rule": None,
        "graph": "https://x/l",
        "sentence": "The statement “Jumping in” supports task 17 (“Jump.”).",
    } == document["paths"][0]["hops"][1]
    assert "backward" == document["paths"][0]["hops"][0]["direction"]
    assert [{"node": "https://x/o", "source": "https://x/a", "title": "Book of Jumps"}] == (
        document["paths"][1]["citations"]
    )
    assert [None] == [n["node"] for n in json.loads(to_json(NONE))["nearest"]]


def test_what_is_only_a_link_is_marked() -> None:
    """A hop below the threshold is told so in JSON and GraphML, and in words."""
    hops = tuple(replace(hop, is_tentative=hop.confidence is not None) for hop in FOUND[0].hops)
    found = Paths(DOMAIN, TASK, (replace(FOUND[0], hops=hops),))
    graph = nx.read_graphml(io.BytesIO(to_graphml(found).encode()))
    assert [False, True] == [h["tentative"] for h in json.loads(to_json(found))["paths"][0]["hops"]]
    assert [True] == [d["tentative"] for *_, d in graph.edges(data=True) if "tentative" in d]
    assert "“Jumping in” may support task 17.  [→ kg:supports, inferred, " in to_text(found)


def test_mermaid() -> None:
    """Mermaid has each node and edge once, inferred edges dotted."""
    assert MERMAID == to_mermaid(FOUND)


def test_dot() -> None:
    """DOT has each node and edge once, inferred edges dashed."""
    assert DOT == to_dot(FOUND)


def test_graphml_is_read_back() -> None:
    """GraphML gives nodes with kind and label, and edges with basis, confidence and paths."""
    graph = nx.read_graphml(io.BytesIO(to_graphml(FOUND).encode()), force_multigraph=True)
    assert {"kind": "statement", "label": "Jumping in"} == graph.nodes["https://x/s"]
    assert {
        "property": "kg:supports",
        "basis": "inferred",
        "confidence": 0.8,
        "paths": "1",
    } == graph.edges["https://x/s", "https://x/t", KG.supports]
    assert (4, 4) == (graph.number_of_nodes(), graph.number_of_edges())


def test_an_edge_of_two_paths_names_both() -> None:
    """In GraphML an edge says on which paths it lies."""
    found = Paths(DOMAIN, TASK, (path(STATEMENT, "0.8"), path(STATEMENT, "0.8")))
    graph = nx.read_graphml(io.BytesIO(to_graphml(found).encode()), force_multigraph=True)
    assert ["1 2", "1 2"] == [paths for *_, paths in graph.edges(data="paths")]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_paths_give_the_same_bytes(form: str) -> None:
    """A format has no clock and no chance in it, and ends with a line end."""
    assert FORMATS[form](FOUND) == FORMATS[form](FOUND)
    assert FORMATS[form](FOUND).endswith("\n")


def test_hostile_labels_in_mermaid() -> None:
    """No label leaves its quotation marks, and each can be read again."""
    text = to_mermaid(hostile(HOSTILE))
    assert len(HOSTILE) == nodes_of(text, _MERMAID_NODE)
    assert 2 * len(HOSTILE) == len(text.splitlines())
    names = re.findall(r'\["statement “(.*)”"\]', text)
    decoded = [re.sub(r"#(\d+);", lambda m: chr(int(m[1])), name) for name in names]
    assert [one_line(label) for label in HOSTILE] == decoded


def test_hostile_labels_in_dot() -> None:
    """No label leaves its quotation marks, and each can be read again."""
    text = to_dot(hostile(HOSTILE))
    assert len(HOSTILE) == nodes_of(text, _DOT_NODE)
    names = re.findall(r'\[label="statement “(.*)”"\]', text)
    assert [one_line(label) for label in HOSTILE] == [re.sub(r"\\(.)", r"\1", n) for n in names]


def test_hostile_labels_in_text() -> None:
    """Each path keeps its lines: a label adds none, and cannot steer a terminal."""
    text = to_text(hostile(HOSTILE))
    # A line for each hop, one for the product of the confidences, one for what is cited.
    assert 3 + len(HOSTILE) - 1 + 1 + 1 == len(text.splitlines())
    product = 0.5 ** (len(HOSTILE) - 1)
    assert f"All links together: {product:.2g}, the product of their confidences" in text
    assert [c for c in text if not c.isprintable() and c != "\n"] == []


def test_hostile_labels_in_json_are_whole() -> None:
    """JSON gives labels as they are."""
    document = json.loads(to_json(hostile(HOSTILE)))
    assert list(HOSTILE) == [stop["label"] for stop in document["paths"][0]["nodes"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_label_is_only_a_label(labels: list[str]) -> None:
    """Whatever a label is, each format stays well-formed."""
    found = hostile(labels)
    assert len(labels) == nodes_of(to_mermaid(found), _MERMAID_NODE)
    assert len(labels) == nodes_of(to_dot(found), _DOT_NODE)
    assert len(labels) == len(nx.parse_graphml(to_graphml(found)))
    assert labels == [s["label"] for s in json.loads(to_json(found))["paths"][0]["nodes"]]
