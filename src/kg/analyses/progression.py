"""Progression: what each stage of a framework adds over those before it."""

from __future__ import annotations

import polars as pl

from kg.analyses.model import Analysis
from kg.analyses.work import work_of
from kg.pictures import Bars

__all__ = ["progression"]


def progression(table: pl.LazyFrame, occupation: str) -> Analysis:
    """Return what each stage of the frameworks of an occupation, given by its IRI, adds.

    A row for each framework and stage that it has statements at: `framework`, `position`,
    `stage_label`, `statements`, `tasks` (that statements of the stage support), `tasks_added` (of
    these, those that no earlier stage of the framework supports), `tasks_so_far` and `share` (of
    all tasks of the occupation, from 0 to 1, reached so far). In the order of framework and
    position. Statements without a stage, as the ai framework's are, are left out. Raises
    RequestError as `work_of` does.
    """
    work = work_of(table, occupation)
    staged = work.statements.filter(pl.col("position").is_not_null())
    keys = ["framework", "position"]
    first = (
        work.linked.filter(pl.col("position").is_not_null())
        .group_by("framework", "task")
        .agg(pl.col("position").min())
        .group_by(keys)
        .agg(tasks_added=pl.len().cast(pl.Int64))
    )
    tasks = work.linked.group_by(keys).agg(tasks=pl.col("task").n_unique().cast(pl.Int64))
    rows = (
        staged.group_by(keys)
        .agg(pl.col("stage_label").min(), statements=pl.len().cast(pl.Int64))
        .join(tasks, on=keys, how="left")
        .join(first, on=keys, how="left")
        .with_columns(pl.col("tasks", "tasks_added").fill_null(0))
        .sort(keys)
        .with_columns(tasks_so_far=pl.col("tasks_added").cum_sum().over("framework"))
        .with_columns(share=(pl.col("tasks_so_far") / work.tasks.height).round(9))
        .select(
            *("framework", "position", "stage_label", "statements"),
            *("tasks", "tasks_added", "tasks_so_far", "share"),
        )
    )
    left_out = work.statements.height - staged.height
    notes = (f"{left_out} statements have no stage and are left out",) if left_out else ()
    before = rows["tasks_so_far"] - rows["tasks_added"]
    picture = Bars(
        f"Tasks of {work.label} reached, stage by stage",
        "number of tasks",
        tuple(f"{f}: {s}" for f, s in rows.select("framework", "stage_label").iter_rows()),
        ("reached before", "added"),
        tuple((float(a), float(b)) for a, b in zip(before, rows["tasks_added"], strict=True)),
    )
    empty = f"no statement of {work.label} has a stage"
    return Analysis("progression", f"Progression in {work.label}", rows, picture, notes, empty)
