"""What a report asks of an opened graph, which `kg.graph.Graph` answers."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from kg.analyses import Analysis
from kg.analysis import Paths
from kg.generations import Generation

__all__ = ["Asked"]


class Asked(Protocol):
    """An opened graph; its methods raise what those of `kg.graph.Graph` do."""

    generation: Generation

    @property
    def table(self) -> pl.LazyFrame:
        """The quad table."""

    @property
    def base(self) -> str:
        """The base of its IRIs."""

    def resolve(self, name: str, kind: str | None = None) -> str:
        """Return the IRI of the node that a name means."""

    def analyze(
        self, name: str, occupation: str, to: str | None = None, **options: int
    ) -> Analysis:
        """Return an analysis of an occupation."""

    def paths(
        self,
        start: str,
        end: str,
        most: int = 5,
        *,
        seconds: float = 10.0,
        projection: str | None = None,
        importance: float = 3.0,
    ) -> Paths:
        """Return the best paths between two nodes."""
