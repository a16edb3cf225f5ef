"""The named graphs that can say something of an occupation."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.analyses import ANALYSES
from kg.assembly import example_inputs
from kg.excerpts import Excerpts
from kg.graph import Graph, open_graph
from kg.namespaces import BASE
from kg.pipeline import build

TECHNICIANS, ASSISTANTS = f"{BASE}occupation/25-4031.00", f"{BASE}occupation/43-4121.00"


@pytest.fixture(scope="module")
def two_pages(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return a graph of the example's page and release, with a second page of an occupation."""
    folder = tmp_path_factory.mktemp("two")
    page, release = example_inputs()[:2]
    shutil.copyfile(page, folder / "one.txt")
    text = page.read_text("utf-8").replace("Library Technicians", "Library Assistants, Clerical")
    (folder / "two.txt").write_text(text.replace("25-4031.00", "43-4121.00"), "utf-8")
    build([folder, release], out=folder / "graph")
    return open_graph(folder / "graph")


def test_pages_of_others_and_their_links_are_left_out(two_pages: Graph) -> None:
    """Of two pages one is about an occupation; all that is no page or its links stays."""
    pages = {g for g in two_pages.generation.parts if "/graph/page/" in g or "/links/page/" in g}
    assert 4 == len(pages)
    others = two_pages.generation.parts.keys() - pages
    for occupation, name in (
        (TECHNICIANS, "library-technicians"),
        (ASSISTANTS, "library-assistants-clerical"),
    ):
        own = {f"{BASE}graph/{of}/{name}" for of in ("page", "links/page")}
        assert others | own == two_pages.parts_around(occupation).keys()
    assert two_pages.generation.parts == two_pages.parts_around(TECHNICIANS, ASSISTANTS)
    assert others == two_pages.parts_around().keys()


@pytest.mark.parametrize("name", sorted(ANALYSES))
def test_analyses_need_nothing_else(name: str, two_pages: Graph, page_graph: Graph) -> None:
    """With another page beside it, what is analysed of an occupation is what it is without."""
    to = "43-4121.00" if name == "transition" else None
    alone = page_graph.analyze(name, "25-4031.00", to)
    beside = two_pages.analyze(name, "25-4031.00", to)
    assert alone.table.equals(beside.table)
    assert alone.notes == beside.notes


def test_a_graph_without_pages() -> None:
    """Where there are no pages, all there is stays."""
    parts = {f"{BASE}graph/onet/30.2": Path("somewhere.parquet")}
    assert parts == Excerpts(parts, BASE).around([TECHNICIANS])
