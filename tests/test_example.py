"""The bundled example: what it becomes stands beside it, to be read and compared."""

from __future__ import annotations

import os

import polars as pl
import pyoxigraph as ox
import pytest

from kg import rdf
from kg.graph import Graph
from kg.model import Quad
from kg.resources import folder

EXAMPLE = folder("build") / "example"
#: The expected Turtle of each graph that the example's own files become.
EXPECTED = {
    "page/library-technicians": "library-technicians.ttl",
    "links/page/library-technicians": "library-technicians.links.ttl",
    "onet/30.2": "onet_30_2_text.ttl",
}


@pytest.mark.parametrize(("graph", "file"), EXPECTED.items())
def test_graphs_are_as_expected(graph: str, file: str, example_graph: Graph) -> None:
    """A graph of the example is, to the byte, the Turtle beside it; KG_APPROVE=1 renews that."""
    part = example_graph.generation.parts[f"{example_graph.base}graph/{graph}"]
    rows = [Quad(*row) for row in pl.read_parquet(part).iter_rows()]
    found = rdf.serialize(rows, ox.RdfFormat.TURTLE).decode()
    if os.environ.get("KG_APPROVE"):
        (EXAMPLE / file).write_text(found, encoding="utf-8")

    assert (EXAMPLE / file).read_text(encoding="utf-8") == found
