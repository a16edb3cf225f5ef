"""Transition: what the step from one occupation to another needs, and the cheapest way there."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kg import lookup
from kg.analyses.model import Analysis
from kg.analyses.profiles import HIGHEST_LEVEL, Ratings, gaps, importance_share, read_ratings
from kg.analysis import IMPORTANCE
from kg.errors import RequestError
from kg.namespaces import ONET
from kg.pictures import Bars

__all__ = ["transition"]

_MOST_BARS = 20
_UNIT = 1_000_000
_COLUMNS = {
    "kind": pl.String,
    "node": pl.String,
    "label": pl.String,
    "is_shared": pl.Boolean,
    "importance_from": pl.Float64,
    "importance_to": pl.Float64,
    "level_from": pl.Float64,
    "level_to": pl.Float64,
    "gap": pl.Float64,
    "weighted_gap": pl.Float64,
}


def transition(
    table: pl.LazyFrame, start: str, end: str, ratings: Ratings | None = None
) -> Analysis:
    """Return what a change between two occupations, given by their IRIs, needs.

    A row for each skill, ability and field of knowledge that the end is rated on (`kind` element),
    each detailed work activity of its tasks (dwa) and each of its tasks (task): `kind`, `node`,
    `label`, `is_shared` (an element: important to both, from 3 on the scale from 1 to 5; a dwa: of
    tasks of both; a task: both have it, by its text), and of elements the columns of
    `kg.analyses.profiles.gaps`. Elements come first, the widest weighted gap first.

    The cost of a step is the sum of its weighted gaps. A way takes only steps to what O*NET lists
    as related to an occupation (its Related Occupations table); the cheapest has the lowest sum,
    and of equal ones the fewest steps, then the first IRIs. `notes` tell it, and the direct cost.
    `ratings` are those of the table, where they have been read already. Raises RequestError for an
    occupation without ratings or tasks, and where both are the same.
    """
    if start == end:
        raise RequestError("a transition needs two different occupations")
    ratings = ratings or read_ratings(table)
    of = {o: ratings.of(o) for o in (start, end)}
    work = _work(table, start, end)
    for occupation in (start, end):
        if of[occupation].is_empty() and work[occupation].tasks.is_empty():
            raise RequestError(
                f"{occupation} has neither ratings nor tasks in the graph: give an occupation of "
                "its O*NET release"
            )
    important = (pl.col("importance_from") >= IMPORTANCE) & (pl.col("importance_to") >= IMPORTANCE)
    elements = gaps(of[start], of[end]).select(
        pl.lit("element").alias("kind"),
        pl.col("element").alias("node"),
        important.fill_null(False).alias("is_shared"),
        pl.exclude("element"),
    )
    dwas = pl.DataFrame({"node": work[end].activities}, {"node": pl.String}).select(
        pl.lit("dwa").alias("kind"),
        "node",
        pl.col("node").is_in(work[start].activities.implode()).alias("is_shared"),
    )
    tasks = work[end].tasks.select(
        pl.lit("task").alias("kind"),
        pl.col("task").alias("node"),
        pl.col("text").is_in(work[start].tasks["text"].implode()).alias("is_shared"),
    )
    rows = pl.concat([elements, dwas, tasks], how="diagonal")
    texts = lookup.labels_of(table, [start, end, *rows["node"]])
    names = {o: texts.get(o, o) for o in (start, end)}
    label = pl.col("node").replace_strict(texts, default=pl.col("node"), return_dtype=pl.String)
    rows = rows.with_columns(label=label).select(
        pl.col(name).cast(kind) for name, kind in _COLUMNS.items()
    )
    counts = rows.group_by("kind", maintain_order=True).agg(pl.col("is_shared").sum(), pl.len())
    notes = [f"{shared} of {many} {kind}s are shared" for kind, shared, many in counts.iter_rows()]
    notes += _ways(table, ratings, start, end)
    widest = rows.filter(pl.col("weighted_gap") > 0).head(_MOST_BARS)
    title = f"From {names[start]} to {names[end]}"
    picture = Bars(
        f"{title}: widest gaps",
        "gap in level times importance, shares of their scales, in points of 100",
        tuple(widest["label"]),
        ("weighted gap",),
        tuple((100 * gap,) for gap in widest["weighted_gap"]),
    )
    empty = f"the graph says nothing of what {names[end]} needs"
    return Analysis("transition", title, rows, picture, tuple(notes), empty)


@dataclass(frozen=True, slots=True)
class _Work:
    """The tasks of an occupation (`task`, and `text` as it is compared) and their activities."""

    tasks: pl.DataFrame
    activities: pl.Series


def _work(table: pl.LazyFrame, *occupations: str) -> dict[str, _Work]:
    """Return the work of some occupations, for all of which the table is gone through twice."""
    has = table.filter(
        pl.col("subject").is_in(occupations), pl.col("predicate") == ONET.hasTask
    ).select("subject", "object")
    pairs = has.unique().sort("subject", "object").collect()
    about = table.filter(
        pl.col("subject").is_in(pairs["object"].unique().implode()),
        pl.col("predicate").is_in([ONET.task, ONET.linkedTo]),
    ).collect()
    plain = pl.col("object").str.to_lowercase().str.replace_all(r"\W+", " ").str.strip_chars()
    is_text = pl.col("predicate") == ONET.task
    texts = about.filter(is_text).group_by(task="subject").agg(text=plain.min()).sort("task")
    work = {}
    for occupation in occupations:
        own = pairs.filter(pl.col("subject") == occupation)["object"].implode()
        linked = about.filter(~is_text & pl.col("subject").is_in(own))["object"].unique().sort()
        work[occupation] = _Work(texts.filter(pl.col("task").is_in(own)), linked)
    return work


def _ways(table: pl.LazyFrame, ratings: Ratings, start: str, end: str) -> list[str]:
    levels = _Levels(ratings.profiles)
    if start not in levels.rows or end not in levels.rows:
        return ["the costs of steps are not known: an occupation has no ratings"]
    direct = levels.costs([(start, end)])[0] / _UNIT
    said = [f"the direct step costs {direct:.3f}"]
    pairs = [p for p in ratings.related.iter_rows() if levels.rows.keys() >= set(p)]
    steps: dict[str, list[tuple[str, int]]] = {}
    for (one, other), cost in zip(pairs, levels.costs(pairs), strict=True):
        steps.setdefault(one, []).append((other, cost))
    found = _cheapest(steps, start, end)
    if found is None:
        return [*said, "O*NET's related occupations lead no way there"]
    cost, way = found
    labels = lookup.labels_of(table, way)
    told = " → ".join(labels.get(occupation, occupation) for occupation in way)
    return [*said, f"the cheapest way over related occupations costs {cost / _UNIT:.3f}: {told}"]


class _Levels:
    """The profiles of all occupations as matrices, for the costs of many steps at once.

    Occupations no importance of which is known are left out: every step there would cost nothing.
    """

    def __init__(self, profiles: pl.DataFrame) -> None:
        known = profiles.drop_nulls("importance").select("occupation").unique()
        rated = profiles.join(known, on="occupation", how="semi")
        occupations = rated["occupation"].unique().sort()
        elements = rated["element"].unique().sort()
        self.rows = {occupation: at for at, occupation in enumerate(occupations)}
        at = (
            occupations.search_sorted(rated["occupation"]).to_numpy(),
            elements.search_sorted(rated["element"]).to_numpy(),
        )
        shape = (len(occupations), len(elements))
        # An element that an occupation is not rated on is at level 0 and of no importance; what is
        # not known of one that it is rated on is NaN, and adds nothing to a cost.
        self.levels, self.weights = np.zeros(shape), np.zeros(shape)
        shares = rated.select("level", share=importance_share("importance"))
        self.levels[at], self.weights[at] = shares.fill_null(float("nan")).to_numpy().T

    def costs(self, steps: Sequence[tuple[str, str]]) -> list[int]:
        """Return the cost of each step, in whole millionths, so that equal sums are equal."""
        starts = [self.rows[start] for start, _ in steps]
        ends = [self.rows[end] for _, end in steps]
        gap = np.clip(self.levels[ends] - self.levels[starts], 0, None) / HIGHEST_LEVEL
        costs = np.nansum(gap * self.weights[ends], axis=1)
        return [round(cost) for cost in (_UNIT * costs).tolist()]


def _cheapest(
    steps: Mapping[str, list[tuple[str, int]]], start: str, end: str
) -> tuple[int, list[str]] | None:
    """Return the cost and the occupations of the cheapest way (Dijkstra), None where none leads."""
    queue: list[tuple[int, int, list[str]]] = [(0, 0, [start])]
    done: set[str] = set()
    while queue:
        cost, many, way = heapq.heappop(queue)
        last = way[-1]
        if last == end:
            return cost, way
        if last in done:
            continue
        done.add(last)
        for other, step in steps.get(last, []):
            if other not in done:
                heapq.heappush(queue, (cost + step, many + 1, [*way, other]))
    return None
