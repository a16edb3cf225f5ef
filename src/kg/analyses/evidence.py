"""Evidence: how much an index says AI is used on the tasks that a statement supports."""

from __future__ import annotations

import polars as pl

from kg import lookup
from kg.analyses.model import Analysis
from kg.analyses.work import work_of
from kg.namespaces import DCT, KG, SCHEMA
from kg.pictures import Bars

__all__ = ["evidence"]

_DETAILS = {"metric": KG.metric, "unit": KG.unit, "source": DCT.source}


def evidence(table: pl.LazyFrame, occupation: str) -> Analysis:
    """Return the figures on the tasks that each statement of an occupation, by its IRI, supports.

    A row for each statement, task it supports and figure about that task, such as the share of
    usage of an Anthropic Economic Index: `statement`, `statement_label`, `framework`, `task`,
    `task_label`, `confidence` (of the link), `metric`, `value`, `unit` and `source` (of the
    figure; null where it does not say them). In the order of statement, task, metric and source. A
    figure about a task is no figure about a statement: values are not multiplied by confidences.
    The picture shows the shares of usage of one source, that which has them of the most tasks, and
    the note names it. Raises RequestError as `work_of` does.
    """
    work = work_of(table, occupation)
    about = table.filter(
        pl.col("predicate") == SCHEMA.about,
        pl.col("object").is_in(work.tasks["task"].implode()),
    ).collect()
    facts = table.filter(pl.col("subject").is_in(about["subject"].unique().implode())).collect()
    figures = about.select("subject", task="object").join(
        _of(facts, KG.value, "value"), on="subject"
    )
    for name, predicate in _DETAILS.items():
        figures = figures.join(_of(facts, predicate, name), on="subject", how="left")
    local = pl.col("metric", "unit").str.extract(r"([^/]*)$")
    value = pl.col("value").cast(pl.Float64, strict=False)
    number = pl.when(value.is_finite()).then(value).alias("value")
    rows = (
        work.linked.join(figures.with_columns(local, number), on="task")
        .select(
            *("statement", "statement_label", "framework", "task", "task_label"),
            *("confidence", "metric", "value", "unit", "source"),
        )
        .sort("statement", "task", "metric", "source", "value")
    )
    known = figures["task"].n_unique()
    notes = [f"{known} of {work.tasks.height} tasks of {work.label} have figures"]
    shares = rows.filter(
        pl.col("metric") == "usage-share", pl.col("unit") == "percent", pl.col("value") >= 0
    ).unique(["task", "source"], keep="first", maintain_order=True)
    drawn = _main_source(shares)
    of_source = shares.filter(pl.col("source").eq_missing(drawn)).sort("task")
    title = f"Share of AI usage on supported tasks of {work.label}"
    if drawn is not None:
        name = lookup.labels_of(table, [drawn]).get(drawn, drawn)
        title = f"{title}: {name}"
        if shares["source"].n_unique() > 1:
            notes.append(f"the picture shows the usage that {name} gives; others are in the table")
    picture = Bars(
        title,
        "percent of all conversations",
        tuple(of_source["task_label"]),
        ("usage share",),
        tuple((value,) for value in of_source["value"]),
    )
    empty = (
        f"no figures about supported tasks of {work.label}: build the graph with a release of the "
        "Anthropic Economic Index"
    )
    return Analysis("evidence", f"AI usage on {work.label}", rows, picture, tuple(notes), empty)


def _of(facts: pl.DataFrame, predicate: str, name: str) -> pl.DataFrame:
    """Return the value of a property of each subject that has one, the first of several."""
    said = facts.filter(pl.col("predicate") == predicate)
    return said.group_by("subject").agg(pl.col("object").min().alias(name))


def _main_source(shares: pl.DataFrame) -> str | None:
    """Return the source of the most figures, of equally many the first; None without a source."""
    many = shares.drop_nulls("source").group_by("source").len()
    ordered = many.sort("len", "source", descending=[True, False])
    return next(iter(ordered["source"].to_list()), None)
