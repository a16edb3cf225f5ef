"""Analyses of what occupations need, each a table and a picture of it.

`ANALYSES` names them. Each takes the quad table and the IRI of an occupation, transition those of
two, and returns an `Analysis`; each module says what its columns are and where its measure is
from. `work`, `profiles` and `surroundings` are what they share.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from kg.analyses.centrality import centrality
from kg.analyses.communities import communities
from kg.analyses.coverage import coverage
from kg.analyses.crosswalk import crosswalk
from kg.analyses.evidence import evidence
from kg.analyses.model import IRI_COLUMNS, Analysis
from kg.analyses.nearest import nearest
from kg.analyses.profiles import Ratings, read_ratings
from kg.analyses.progression import progression
from kg.analyses.transition import transition
from kg.errors import RequestError

__all__ = [
    "ANALYSES",
    "IRI_COLUMNS",
    "ON_PROJECTION",
    "ON_RATINGS",
    "Analysis",
    "Ratings",
    "centrality",
    "check",
    "communities",
    "coverage",
    "crosswalk",
    "evidence",
    "nearest",
    "progression",
    "read_ratings",
    "transition",
]

#: The analyses by name.
ANALYSES: dict[str, Callable[..., Analysis]] = {
    analysis.__name__: analysis
    for analysis in (
        centrality,
        communities,
        coverage,
        crosswalk,
        evidence,
        nearest,
        progression,
        transition,
    )
}

#: Those that rest on `Ratings`, and those that rest on a projection: the longest part of their
#: work, which one that makes several passes on to them.
ON_RATINGS = ("nearest", "transition")
ON_PROJECTION = ("centrality", "communities")


def check(name: str, occupations: int, options: Collection[str]) -> None:
    """Raise RequestError for a request that no analysis answers.

    This is a name that there is not, another number of occupations than the analysis takes, or an
    option that it does not have.
    """
    if name not in ANALYSES:
        raise RequestError(f"there is no analysis {name!r}: choose one of {', '.join(ANALYSES)}")
    wanted = 2 if name == "transition" else 1
    if occupations != wanted:
        given = {1: "one occupation", 2: "two occupations, from and to"}
        raise RequestError(f"{name} takes {given[wanted]}")
    unknown = set(options) - ({"most"} if name == "nearest" else set())
    if unknown:
        refused = ", ".join("most (--max)" if o == "most" else o for o in sorted(unknown))
        raise RequestError(f"{name} does not take {refused}")
