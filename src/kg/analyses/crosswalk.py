"""Crosswalk: which domain supports which task, as a matrix."""

from __future__ import annotations

import polars as pl

from kg.analyses.model import Analysis
from kg.analyses.work import work_of
from kg.pictures import HeatMap

__all__ = ["crosswalk"]


def crosswalk(table: pl.LazyFrame, occupation: str) -> Analysis:
    """Return the matrix of domains and tasks of an occupation, given by its IRI, in long form.

    A row for each domain that the occupation has statements of and each of its tasks: `domain`,
    `domain_label`, `task`, `task_label`, `statements` (of the domain that support the task) and
    `confidence` (of the surest link, null where there is none), in the order of the IRIs. Raises
    RequestError as `work_of` does.
    """
    work = work_of(table, occupation)
    keys = ["domain", "domain_label"]
    domains = work.statements.filter(pl.col("domain").is_not_null()).select(keys).unique()
    cells = work.linked.group_by("domain", "task").agg(
        statements=pl.len().cast(pl.Int64), confidence=pl.col("confidence").max()
    )
    rows = (
        domains.join(work.tasks, how="cross")
        .join(cells, on=["domain", "task"], how="left")
        .with_columns(pl.col("statements").fill_null(0))
        .select(*keys, "task", "task_label", "statements", "confidence")
        .sort("domain", "task")
    )
    shown = rows.with_columns(
        shown=pl.when(pl.col("statements") > 0).then(pl.col("statements").cast(pl.Float64))
    )
    picture = HeatMap(
        f"Statements of each domain that support each task of {work.label}",
        "number of statements",
        tuple(work.tasks["task_label"]),
        tuple(domains.sort("domain")["domain_label"]),
        tuple(
            tuple(shown.filter(pl.col("task") == task).sort("domain")["shown"])
            for task in work.tasks["task"]
        ),
    )
    empty = f"no statement of {work.label} belongs to a domain"
    return Analysis("crosswalk", f"Domains and tasks of {work.label}", rows, picture, (), empty)
