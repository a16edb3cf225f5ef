"""Nearest: the occupations whose profile of importance is most like one's."""

from __future__ import annotations

import polars as pl

from kg.analyses.model import Analysis
from kg.analyses.profiles import Ratings, read_ratings
from kg.analyses.work import labelled
from kg.errors import RequestError
from kg.pictures import Bars

__all__ = ["MOST", "nearest"]

MOST = 10
#: Of the elements of an occupation, the least share that another is compared with it by.
_LEAST_SHARE = 0.5


def nearest(
    table: pl.LazyFrame, occupation: str, most: int = MOST, ratings: Ratings | None = None
) -> Analysis:
    """Return the occupations nearest to one, given by its IRI, the nearest first.

    `occupation`, `occupation_label`, `distance` and `elements` (how many skills, abilities and
    fields of knowledge both are rated on). The distance is the root of the mean squared difference
    of importance over these, on the scale from 1 to 5: the D of profile similarity (Cronbach and
    Gleser 1953, Psychological Bulletin 50) divided by the root of their number. An occupation that
    shares less than half of one's own elements is left out: near in few respects is not near. Ties
    are in the order of the IRIs. Raises RequestError for an occupation without ratings.
    """
    if most < 1:
        raise RequestError(f"most is {most}: ask for one occupation at least")
    ratings = ratings or read_ratings(table)
    rated = ratings.profiles.drop_nulls("importance")
    own = rated.filter(pl.col("occupation") == occupation).select("element", own="importance")
    if own.is_empty():
        raise RequestError(f"{occupation} has no ratings in the graph, which nearness rests on")
    squared = (pl.col("importance") - pl.col("own")) ** 2
    rows = (
        rated.filter(pl.col("occupation") != occupation)
        .join(own, on="element")
        .group_by("occupation")
        # Sums of decimals in any order differ in the last digits: rounded, ties are ties.
        .agg(distance=squared.mean().sqrt().round(9), elements=pl.len().cast(pl.Int64))
        .filter(pl.col("elements") >= _LEAST_SHARE * own.height)
        .sort("distance", "occupation")
        .head(most)
    )
    rows = labelled(table, rows, "occupation").select(
        "occupation", "occupation_label", "distance", "elements"
    )
    label = labelled(table, pl.DataFrame({"occupation": [occupation]}), "occupation")
    name = label["occupation_label"].item()
    picture = Bars(
        f"Occupations nearest to {name}",
        "distance of importance, on the scale from 1 to 5; shorter is nearer",
        tuple(rows["occupation_label"]),
        ("distance",),
        tuple((float(distance),) for distance in rows["distance"]),
    )
    empty = "no other occupation of the graph is rated on at least half of the same elements"
    return Analysis("nearest", f"Occupations nearest to {name}", rows, picture, (), empty)
