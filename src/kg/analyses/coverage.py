"""Coverage: which tasks of an occupation its frameworks reach, at which stage, how surely."""

from __future__ import annotations

import polars as pl

from kg.analyses.model import Analysis
from kg.analyses.work import work_of
from kg.pictures import Bars

__all__ = ["coverage"]


def coverage(table: pl.LazyFrame, occupation: str) -> Analysis:
    """Return which tasks each framework of an occupation, given by its IRI, reaches.

    A framework reaches a task that one of its statements supports (`kg:supports`). A row for each
    framework and task: `framework` (base, ai, durable), `task`, `task_label`, `is_reached`,
    `statements` (how many support it), `stage_label` (the first stage at which one does; null
    where none has a stage) and `confidence` (of the surest link, a number from 0 to 1). In the
    order of framework and task. Raises RequestError as `work_of` does.
    """
    work = work_of(table, occupation)
    reached = (
        work.linked.sort("position", "statement", nulls_last=True)
        .group_by("framework", "task", maintain_order=True)
        .agg(
            statements=pl.len().cast(pl.Int64),
            stage_label=pl.col("stage_label").first(),
            confidence=pl.col("confidence").max(),
        )
    )
    frameworks = pl.DataFrame({"framework": work.frameworks}, {"framework": pl.String})
    rows = (
        frameworks.join(work.tasks, how="cross")
        .join(reached, on=["framework", "task"], how="left")
        .with_columns(pl.col("statements").fill_null(0))
        .with_columns(is_reached=pl.col("statements") > 0)
        .select(
            *("framework", "task", "task_label", "is_reached"),
            *("statements", "stage_label", "confidence"),
        )
        .sort("framework", "task")
    )
    reaching = dict(rows.group_by("framework").agg(pl.col("is_reached").sum()).iter_rows())
    counts = [(framework, reaching[framework]) for framework in work.frameworks if rows.height]
    notes = tuple(
        f"{framework}: reaches {count} of {work.tasks.height} tasks" for framework, count in counts
    )
    picture = Bars(
        f"Tasks of {work.label} that each framework reaches",
        "number of tasks",
        tuple(framework for framework, _ in counts),
        ("reached", "missed"),
        tuple((float(n), float(work.tasks.height - n)) for _, n in counts),
    )
    empty = f"the graph has no framework of {work.label}: build it with a page of the occupation"
    return Analysis("coverage", f"Coverage of {work.label}", rows, picture, notes, empty)
