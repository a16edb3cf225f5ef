"""What a report asks a graph; the graph itself comes here to be reported on."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import polars as pl

from kg.analyses import Analysis
from kg.analyses.profiles import Ratings
from kg.analysis import Paths, Projection
from kg.generations import Generation

__all__ = ["Asked"]


class Asked(Protocol):
    """A graph that a report is made of, as `kg.open` returns it."""

    generation: Generation

    def parts_around(self, *occupations: str) -> dict[str, Path]:
        """Return the file of each named graph but of pages about none of the occupations."""

    def around(self, *occupations: str) -> pl.LazyFrame:
        """Return the quad table of these."""

    @property
    def base(self) -> str:
        """Where the IRIs of the graph's data start."""

    @property
    def ratings(self) -> Ratings:
        """The ratings of the graph's occupations."""

    def resolve(self, name: str, kind: str | None = None) -> str:
        """Return the IRI that a name means; NotFoundError where there is none."""

    def analyze(
        self, name: str, occupation: str, to: str | None = None, **options: int
    ) -> Analysis:
        """Return an analysis of an occupation."""

    def project(self, name: str = "linked") -> Projection:
        """Return a projection of the graph."""

    def paths(self, start: str, end: str, most: int = 5, *, projection: str = "linked") -> Paths:
        """Return the best paths between two nodes."""
