"""Evidence: how much an index says AI is used on the tasks that a statement supports."""

from __future__ import annotations

import polars as pl

from kg.analyses.model import Analysis
from kg.analyses.work import work_of
from kg.namespaces import DCT, KG, SCHEMA
from kg.pictures import Bars

__all__ = ["evidence"]

_COLUMNS = {
    "metric": KG.metric,
    "value": KG.value,
    "unit": KG.unit,
    "source": DCT.source,
}


def evidence(table: pl.LazyFrame, occupation: str) -> Analysis:
    """Return the figures on the tasks that each statement of an occupation, by its IRI, supports.

    A row for each statement, task it supports and figure about that task, such as the share of
    usage of an Anthropic Economic Index: `statement`, `statement_label`, `framework`, `task`,
    `task_label`, `confidence` (of the link), `metric`, `value`, `unit` and `source` (of the
    figure). In the order of statement, task, metric and source. A figure about a task is no figure
    about a statement: values are not multiplied by confidences. Raises RequestError as `work_of`
    does.
    """
    work = work_of(table, occupation)
    about = table.filter(
        pl.col("predicate") == SCHEMA.about,
        pl.col("object").is_in(work.tasks["task"].implode()),
    ).collect()
    facts = table.filter(pl.col("subject").is_in(about["subject"].unique().implode())).collect()
    figures = about.select("subject", task="object")
    for name, predicate in _COLUMNS.items():
        values = facts.filter(pl.col("predicate") == predicate)
        figures = figures.join(
            values.group_by("subject").agg(pl.col("object").min().alias(name)), on="subject"
        )
    local = pl.col("metric", "unit").str.extract(r"([^/]*)$")
    rows = (
        work.linked.join(figures.with_columns(local), on="task")
        .with_columns(pl.col("value").cast(pl.Float64, strict=False))
        .select(
            *("statement", "statement_label", "framework", "task", "task_label"),
            *("confidence", "metric", "value", "unit", "source"),
        )
        .sort("statement", "task", "metric", "source")
    )
    known = figures["task"].n_unique()
    notes = (f"{known} of {work.tasks.height} tasks of {work.label} have figures",)
    shown = (
        rows.filter(pl.col("metric") == "usage-share")
        .unique("task", keep="first", maintain_order=True)
        .sort("task")
    )
    picture = Bars(
        f"Share of AI usage on supported tasks of {work.label}",
        "percent of all conversations",
        tuple(shown["task_label"]),
        ("usage share",),
        tuple((float(value or 0),) for value in shown["value"]),
    )
    empty = (
        f"no figures about supported tasks of {work.label}: build the graph with a release of the "
        "Anthropic Economic Index"
    )
    return Analysis("evidence", f"AI usage on {work.label}", rows, picture, notes, empty)
