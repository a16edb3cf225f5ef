"""What analyses of one occupation share: its tasks, its statements, and what supports what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from kg import lookup
from kg.errors import RequestError
from kg.link_nodes import link_nodes, surest
from kg.linking import KINDS
from kg.namespaces import KG, ONET, OWL

__all__ = ["Work", "labelled", "work_of"]


@dataclass(frozen=True, slots=True)
class Work:
    """An occupation with its tasks and statements.

    `tasks`: `task`, `task_label`, in the order of the IRIs. `statements`: `statement`,
    `statement_label`, `framework` (base, ai or durable), `domain`, `domain_label`, `stage`,
    `stage_label`, `position` (of the stage, from 1; null where it has none). `supports`, the
    direct triples only: `statement`, `task`, `confidence` (of the surest link; null where a triple
    has none; where a person decided, that person's, and 1 where none is given).
    """

    occupation: str
    label: str
    tasks: pl.DataFrame
    statements: pl.DataFrame
    supports: pl.DataFrame

    @property
    def linked(self) -> pl.DataFrame:
        """`supports` with the columns of the statements and the tasks."""
        return self.supports.join(self.statements, on="statement").join(self.tasks, on="task")

    @property
    def frameworks(self) -> list[str]:
        """The kinds of framework that the occupation has statements of, as pages order them."""
        found = set(self.statements["framework"])
        return [*(kind for kind in KINDS if kind in found), *sorted(found - {*KINDS})]


def work_of(table: pl.LazyFrame, occupation: str) -> Work:
    """Return the work of an occupation, by its IRI.

    Raises RequestError for what is no occupation, and for one without tasks.
    """
    tasks = _objects(table, [occupation], ONET.hasTask)["object"].unique().sort()
    if tasks.is_empty():
        kinds = lookup.kind_table(
            table.filter(pl.col("subject") == occupation), {"o": KG.Occupation}
        )
        reason = "is no occupation" if kinds.is_empty() else "has no tasks in the graph"
        hint = "" if kinds.is_empty() else "; build it with an O*NET release that lists them"
        raise RequestError(f"{occupation} {reason}{hint}")
    rows = table.filter(pl.col("predicate") == KG.occupation, pl.col("object") == occupation)
    is_statement = pl.col("predicate").is_in([KG.framework, KG.domain, KG.stage])
    about = rows.select("subject").unique().collect()["subject"].sort()
    facts = table.filter(pl.col("subject").is_in(about.implode()), is_statement).collect()

    def column(predicate: str, name: str) -> pl.DataFrame:
        said = facts.filter(pl.col("predicate") == predicate)
        return said.group_by(statement="subject").agg(pl.col("object").min().alias(name))

    statements = (
        column(KG.framework, "framework")
        .with_columns(pl.col("framework").str.extract(r"([^/]*)$"))
        .join(column(KG.domain, "domain"), on="statement", how="left")
        .join(column(KG.stage, "stage"), on="statement", how="left")
        .sort("statement")
    )
    for name in ("statement", "domain", "stage"):
        statements = labelled(table, statements, name)
    positions = _objects(table, statements["stage"].drop_nulls().unique(), KG.position).select(
        stage="subject", position=pl.col("object").cast(pl.Int64, strict=False)
    )
    statements = statements.join(positions, on="stage", how="left").sort("statement")
    named = labelled(table, pl.DataFrame({"task": tasks}, {"task": pl.String}), "task")
    label = lookup.labels_of(table, [occupation]).get(occupation, occupation)
    return Work(occupation, label, named, statements, _supports(table, statements, named))


def labelled(table: pl.LazyFrame, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return rows with the labels of a column's nodes in another, `<column>_label`."""
    labels = lookup.labels_of(table, rows[column].drop_nulls().to_list())
    label = pl.col(column).replace_strict(labels, default=pl.col(column), return_dtype=pl.String)
    return rows.with_columns(label.alias(f"{column}_label"))


def _objects(table: pl.LazyFrame, subjects: Iterable[str], predicate: str) -> pl.DataFrame:
    wanted = sorted(subjects)
    return (
        table.filter(pl.col("subject").is_in(wanted), pl.col("predicate") == predicate)
        .select("subject", "object")
        .unique()
        .sort("subject", "object")
        .collect()
    )


def _supports(table: pl.LazyFrame, statements: pl.DataFrame, tasks: pl.DataFrame) -> pl.DataFrame:
    said = _objects(table, statements["statement"], KG.supports).rename(
        {"subject": "statement", "object": "task"}
    )
    of_statements = table.filter(
        pl.col("predicate") == OWL.annotatedSource,
        pl.col("object").is_in(statements["statement"].implode()),
    ).collect()
    links = of_statements["subject"].unique()
    facts = table.filter(pl.col("subject").is_in(links.implode())).collect()
    sure = (
        surest(link_nodes(facts.lazy()))
        .filter(pl.col("property") == KG.supports)
        .select(statement="subject", task="object", confidence="sure")
    )
    return (
        said.join(tasks, on="task", how="semi")
        .join(sure, on=["statement", "task"], how="left")
        .sort("statement", "task")
    )
