"""Paths as SVG."""

from __future__ import annotations

from xml.etree import ElementTree

from kg.analysis import FORMATS
from kg.analysis.model import Hop, Path, Paths, Stop
from kg.namespaces import KG

SVG = "{http://www.w3.org/2000/svg}"
DOMAIN = Stop("https://x.example/d", "domain", "<script>\x1b Care & craft")
STATEMENT = Stop("https://x.example/s", "statement", "Mending " * 30)
TASK = Stop("https://x.example/t", "task", "Mend books.", "900001")
HOPS = (
    Hop(DOMAIN, STATEMENT, KG.domain, False, "asserted"),
    Hop(STATEMENT, TASK, KG.supports, True, "inferred", "0.41"),
)


def test_a_path_is_drawn() -> None:
    """Each stop is a box with its kind, each hop a line, dashed where it is a link's."""
    tree = ElementTree.fromstring(FORMATS["svg"](Paths(DOMAIN, TASK, (Path(HOPS, 1.0),))))
    said = [text.text or "" for text in tree.iter(f"{SVG}text")]
    lines = list(tree.iter(f"{SVG}line"))

    assert 3 == len(list(tree.iter(f"{SVG}rect")))
    assert [None, "5 3"] == [line.get("stroke-dasharray") for line in lines]
    assert {"domain", "statement", "task", "kg:supports, inferred, 0.41"} <= set(said)
    assert "<script>\ufffd Care & craft" in said
    assert all(len(text) <= 45 for text in said)
    # What a hop says ends within the drawing: its letters are at most 7 wide.
    width = float(tree.get("width") or 0)
    placed = [(float(t.get("x") or 0), t.text or "") for t in tree.iter(f"{SVG}text")]
    assert all(x + 7 * len(text) <= width for x, text in placed if text.startswith("kg:"))


def test_a_drawing_can_be_read_aloud() -> None:
    """The title names the ends, the description holds the sentences of the path."""
    tree = ElementTree.fromstring(FORMATS["svg"](Paths(DOMAIN, TASK, (Path(HOPS, 1.0),))))
    described = tree.findtext(f"{SVG}desc") or ""
    assert "img" == tree.get("role")
    assert (tree.get("aria-label") or "").startswith("Path from the domain")
    assert "supports task 900001" in described


def test_no_paths_are_an_empty_drawing() -> None:
    """Without a path the drawing is valid, and says so."""
    tree = ElementTree.fromstring(FORMATS["svg"](Paths(DOMAIN, TASK, ())))
    assert "There is no path." == tree.findtext(f"{SVG}desc")
