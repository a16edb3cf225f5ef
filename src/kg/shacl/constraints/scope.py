"""What a constraint is checked on: the data, a shape, its focus nodes and their value nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import polars as pl

from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.plan import Custom, Shape, ShapeName, Sparql

__all__ = ["FINDINGS", "Run", "Scope", "findings"]

#: Columns of what is found. `other` is what a message names beside the value: the value that it was
#: compared with, or a language; `messages` are keys of texts that say more about one case.
FINDINGS = pl.Schema(
    {
        "focus": ID(),
        "value": ID(),
        "path": ID(),
        "other": ID(),
        "messages": pl.List(pl.String()),
    }
)


class Run(Protocol):
    """A validation while it runs, as constraints see it."""

    graph: EncodedGraph

    def failing(self, shape: ShapeName, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return which `value`s of a table do not conform to a shape, once each."""

    def solutions(
        self, constraint: Sparql | Custom, shape: Shape, pairs: pl.DataFrame
    ) -> pl.DataFrame:
        """Return what the query of a constraint finds."""


@dataclass(frozen=True)
class Scope:
    """`focus` has the focus nodes, once each; `pairs` each with its value nodes."""

    run: Run
    shape: Shape
    focus: pl.DataFrame
    pairs: pl.DataFrame

    @property
    def graph(self) -> EncodedGraph:
        """The data."""
        return self.run.graph

    def terms(self) -> pl.DataFrame:
        """Return the distinct value nodes, as `EncodedGraph.terms` does."""
        return self.graph.terms(self.pairs["value"])


def findings(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with all columns of FINDINGS, null where it has none."""
    missing = [c for c in FINDINGS if c not in table.columns]
    return table.with_columns(pl.lit(None, dtype=FINDINGS[c]).alias(c) for c in missing).select(
        [pl.col(column).cast(dtype) for column, dtype in FINDINGS.items()]
    )
