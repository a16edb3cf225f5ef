"""Profiles: how important each skill, ability and field of knowledge is to occupations."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from kg.namespaces import KG, ONET

__all__ = ["HIGHEST_LEVEL", "gaps", "importance_share", "profiles"]

#: O*NET's scale of levels goes from 0 to 7, that of importance from 1 to 5
#: (https://www.onetonline.org/help/online/scales).
HIGHEST_LEVEL = 7
_LEAST_IMPORTANCE, _MOST_IMPORTANCE = 1, 5
#: Abilities, skills and knowledge in O*NET's content model; work activities (4.A) are work, and
#: no part of what a person brings.
_ELEMENT = r"element/(?:1\.A|2\.A|2\.B|2\.C)(?:\.|$)"


def profiles(table: pl.LazyFrame, occupations: Collection[str] | None = None) -> pl.DataFrame:
    """Return the ratings of occupations, given by their IRIs, or of all of them.

    Columns `occupation`, `element`, `importance` (scale IM, 1 to 5), `level` (scale LV, 0 to 7,
    and 0 where O*NET says that the element is not relevant); in the order of the IRIs. A rating
    that O*NET recommends to suppress is null, and an element without an importance is left out.
    """
    has = table.filter(pl.col("predicate") == ONET.hasRating)
    if occupations is not None:
        has = has.filter(pl.col("subject").is_in(sorted(occupations)))
    ratings = has.select(occupation="subject", rating="object").unique().collect()
    wanted = [ONET.refersTo, ONET.dataValue, KG.notRelevant, KG.recommendSuppress]
    about = table.filter(pl.col("predicate").is_in(wanted))
    if occupations is not None:
        about = about.filter(pl.col("subject").is_in(ratings["rating"].implode()))
    is_scale = pl.col("object").str.contains(r"scale/(?:IM|LV)$")
    is_kept = pl.col("object").str.contains(_ELEMENT) | is_scale
    facts = about.filter((pl.col("predicate") != ONET.refersTo) | is_kept).select(
        "subject", "predicate", "object"
    )
    said = facts.collect()

    def of(predicate: str, name: str, keep: pl.Expr) -> pl.DataFrame:
        rows = said.filter((pl.col("predicate") == predicate) & keep)
        return rows.select(rating="subject", **{name: pl.col("object")})

    yes = pl.col("object") == "Y"
    value = (
        pl.when(pl.col("is_suppressed"))
        .then(None)
        .when(pl.col("is_irrelevant"))
        .then(0.0)
        .otherwise(pl.col("value").cast(pl.Float64, strict=False))
    )
    suppressed = of(KG.recommendSuppress, "y", yes)["rating"].implode()
    irrelevant = of(KG.notRelevant, "y", yes)["rating"].implode()
    rows = (
        ratings.join(
            of(ONET.refersTo, "element", pl.col("object").str.contains(_ELEMENT)), on="rating"
        )
        .join(of(ONET.refersTo, "scale", is_scale), on="rating")
        .join(of(ONET.dataValue, "value", pl.lit(True)), on="rating")
        .with_columns(
            is_suppressed=pl.col("rating").is_in(suppressed),
            is_irrelevant=pl.col("rating").is_in(irrelevant),
        )
        .with_columns(value=value)
    )
    is_importance = pl.col("scale").str.ends_with("IM")
    return (
        rows.group_by("occupation", "element")
        .agg(
            importance=pl.col("value").filter(is_importance).max(),
            level=pl.col("value").filter(~is_importance).max(),
        )
        .filter(pl.col("importance").is_not_null())
        .sort("occupation", "element")
    )


def gaps(start: pl.DataFrame, end: pl.DataFrame) -> pl.DataFrame:
    """Return what the profile of one occupation asks for above that of another.

    Columns `element`, `importance_from`, `importance_to`, `level_from`, `level_to`, `gap` (levels
    that are missing, 0 where none are, null where a level is not known) and `weighted_gap`: the gap
    times the importance at the end, both as a share of their scale, as O*NET standardises scores.
    An element that the start is not rated on is at level 0 there.
    """
    named = {"importance": "importance_from", "level": "level_from"}
    both = end.select("element", importance_to="importance", level_to="level").join(
        start.select("element", "importance", "level", is_rated=pl.lit(True)).rename(named),
        on="element",
        how="left",
    )
    level_from = pl.when(pl.col("is_rated").is_null()).then(0.0).otherwise(pl.col("level_from"))
    return (
        both.with_columns(level_from=level_from)
        .with_columns(gap=(pl.col("level_to") - pl.col("level_from")).clip(0))
        .with_columns(
            weighted_gap=pl.col("gap") / HIGHEST_LEVEL * importance_share("importance_to")
        )
        .select(
            *("element", "importance_from", "importance_to"),
            *("level_from", "level_to", "gap", "weighted_gap"),
        )
        .sort("weighted_gap", "element", descending=[True, False], nulls_last=True)
    )


def importance_share(column: str) -> pl.Expr:
    """Return an importance as a share of its scale, from 0 to 1."""
    return (pl.col(column) - _LEAST_IMPORTANCE) / (_MOST_IMPORTANCE - _LEAST_IMPORTANCE)
