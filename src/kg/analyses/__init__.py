"""Analyses of what occupations need, each a table and a picture of it.

`ANALYSES` names them. Each takes the quad table and the IRI of an occupation, transition those of
two, and returns an `Analysis`; each module says what its columns are and where its measure is
from. `work`, `profiles` and `surroundings` are what they share.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from kg.analyses.centrality import centrality
from kg.analyses.communities import communities
from kg.analyses.coverage import coverage
from kg.analyses.crosswalk import crosswalk
from kg.analyses.evidence import evidence
from kg.analyses.model import Analysis
from kg.analyses.nearest import nearest
from kg.analyses.progression import progression
from kg.analyses.transition import transition
from kg.errors import RequestError

__all__ = [
    "ANALYSES",
    "Analysis",
    "analyze",
    "centrality",
    "communities",
    "coverage",
    "crosswalk",
    "evidence",
    "nearest",
    "progression",
    "transition",
]

#: The analyses by name.
ANALYSES: dict[str, Callable[..., Analysis]] = {
    "centrality": centrality,
    "communities": communities,
    "coverage": coverage,
    "crosswalk": crosswalk,
    "evidence": evidence,
    "nearest": nearest,
    "progression": progression,
    "transition": transition,
}


def analyze(table: pl.LazyFrame, name: str, *occupations: str, **options: int) -> Analysis:
    """Return an analysis by its name, of occupations given by their IRIs.

    Raises RequestError for another name, for too many or too few occupations, for an option that
    the analysis does not have, and as the analysis does.
    """
    if name not in ANALYSES:
        raise RequestError(f"there is no analysis {name!r}: choose one of {', '.join(ANALYSES)}")
    wanted = 2 if name == "transition" else 1
    if len(occupations) != wanted:
        given = {1: "one occupation", 2: "two occupations, from and to"}
        raise RequestError(f"{name} takes {given[wanted]}")
    if options.keys() - ({"most"} if name == "nearest" else set()):
        raise RequestError(f"{name} does not take: {', '.join(sorted(options))}")
    return ANALYSES[name](table, *occupations, **options)
