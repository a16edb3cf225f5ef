"""Excerpts: which named graphs of a graph of many pages can say something of an occupation.

The pages of other occupations, and the links of these, are left out; a thousand files need not be
opened for the few that matter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path

import polars as pl

from kg import quads
from kg.mapping.iris import Iris
from kg.namespaces import KG, SCHEMA

__all__ = ["Excerpts"]


class Excerpts:
    """The parts of a graph (its Parquet file by named graph) by what their pages are about."""

    def __init__(self, parts: Mapping[str, Path], base: str) -> None:
        self._parts = parts
        iris = Iris(base)
        self._page, self._links = iris.graph("page/"), iris.graph("links/page/")

    @cached_property
    def _about(self) -> pl.DataFrame:
        """What each page is about, by `graph` and `node`; read once."""
        pages = [path for graph, path in self._parts.items() if graph.startswith(self._page)]
        rows = quads.scan(pages).filter(pl.col("predicate").is_in([KG.occupation, SCHEMA.about]))
        return rows.select("graph", node="object").unique().collect()

    def around(self, occupations: Collection[str]) -> dict[str, Path]:
        """Return the parts without the pages about none of the occupations, given by their IRIs."""
        about = self._about.filter(pl.col("node").is_in(list(occupations)))
        names = {graph.removeprefix(self._page) for graph in about["graph"]}
        return {
            graph: path
            for graph, path in self._parts.items()
            if not graph.startswith((self._page, self._links))
            or graph.removeprefix(self._page).removeprefix(self._links) in names
        }
