"""Profiles: how important each skill, ability and field of knowledge is to occupations."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kg.namespaces import KG, ONET

__all__ = ["HIGHEST_LEVEL", "Ratings", "gaps", "importance_share", "read_ratings"]

#: O*NET's scale of levels goes from 0 to 7, that of importance from 1 to 5
#: (https://www.onetonline.org/help/online/scales).
HIGHEST_LEVEL = 7
_LEAST_IMPORTANCE, _MOST_IMPORTANCE = 1, 5
#: Abilities, skills and knowledge in O*NET's content model; work activities (4.A) are work, and
#: no part of what a person brings.
_ELEMENT = r"element/(?:1\.A|2\.A|2\.B|2\.C)(?:\.|$)"


@dataclass(frozen=True, slots=True)
class Ratings:
    """What a release says of its occupations, read once for many analyses.

    `profiles`: `occupation`, `element`, `importance` (scale IM, 1 to 5), `level` (scale LV, 0 to
    7, and 0 where O*NET says that the element is not relevant), of abilities, skills and knowledge.
    A row is an element that the occupation is rated on; a rating of it that O*NET recommends to
    suppress is null: it is not known, which is not to be taken for an element that is not rated.
    `related`: `occupation`, `other`, the pairs of O*NET's Related Occupations table. Both are in
    the order of the IRIs.
    """

    profiles: pl.DataFrame
    related: pl.DataFrame

    def of(self, occupation: str) -> pl.DataFrame:
        """Return the profile of an occupation, empty where it has none."""
        return self.profiles.filter(pl.col("occupation") == occupation).drop("occupation")


def read_ratings(table: pl.LazyFrame) -> Ratings:
    """Return the ratings of all occupations of a quad table."""
    wanted = [
        KG.notRelevant,
        KG.recommendSuppress,
        ONET.dataValue,
        ONET.hasRating,
        ONET.hasRelatedOccupation,
        ONET.refersTo,
    ]
    # Of most ratings it is said that they are neither to be suppressed nor not relevant.
    is_flag = pl.col("predicate").is_in([KG.notRelevant, KG.recommendSuppress])
    is_told = pl.col("predicate").is_in(wanted) & (~is_flag | (pl.col("object") == "Y"))
    said = table.filter(is_told).select("subject", "predicate", "object").collect()

    def of(predicate: str, subject: str, object: str) -> pl.DataFrame:
        found = said.filter(pl.col("predicate") == predicate)
        return found.select(pl.col("subject").alias(subject), pl.col("object").alias(object))

    targets = of(ONET.refersTo, "row", "target")
    related = of(ONET.hasRelatedOccupation, "occupation", "row").join(targets, on="row")
    elements = targets.filter(pl.col("target").str.contains(_ELEMENT))
    scales = targets.filter(pl.col("target").str.contains(r"scale/(?:IM|LV)$"))
    suppressed = of(KG.recommendSuppress, "row", "said")["row"]
    irrelevant = of(KG.notRelevant, "row", "said")["row"]
    value = (
        pl.when(pl.col("row").is_in(suppressed.implode()))
        .then(None)
        .when(pl.col("row").is_in(irrelevant.implode()))
        .then(0.0)
        .otherwise(pl.col("value").cast(pl.Float64, strict=False))
    )
    values = (
        elements.rename({"target": "element"})
        .join(scales.rename({"target": "scale"}), on="row")
        .join(of(ONET.hasRating, "occupation", "row"), on="row")
        .join(of(ONET.dataValue, "row", "value"), on="row")
        .with_columns(value=value)
    )
    is_importance = pl.col("scale").str.ends_with("IM")
    rated = (
        values.group_by("occupation", "element")
        .agg(
            importance=pl.col("value").filter(is_importance).max(),
            level=pl.col("value").filter(~is_importance).max(),
        )
        .sort("occupation", "element")
    )
    pairs = related.select("occupation", other="target").unique().sort("occupation", "other")
    return Ratings(rated, pairs)


def gaps(start: pl.DataFrame, end: pl.DataFrame) -> pl.DataFrame:
    """Return what the profile of one occupation asks for above that of another.

    Columns `element`, `importance_from`, `importance_to`, `level_from`, `level_to`, `gap` (levels
    that are missing, 0 where none are, null where a level is not known) and `weighted_gap`: the gap
    times the importance at the end, both as a share of their scale, as O*NET standardises scores.
    An element that the start is not rated on is at level 0 there; one whose importance at the end
    is not known is left out.
    """
    named = {"importance": "importance_from", "level": "level_from"}
    wanted = end.drop_nulls("importance")
    both = wanted.select("element", importance_to="importance", level_to="level").join(
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
