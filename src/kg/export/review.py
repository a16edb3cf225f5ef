"""Links to be reviewed: the undecided ones of the linker as SSSOM/TSV, the most useful first.

Useful is what a decision can be expected to change: the chance that what the graph says of a link
is wrong (of what it says directly, 1 less the confidence; of what it does not, the confidence),
times what hangs on it. That is 1, and 1 more for each end that the link alone gives, or would be
the first to give, something at the other end. So of the links on either side of the threshold the
nearest come first.

In a row that somebody decides, the justification becomes `semapv:ManualMappingCuration`; then the
file is an input of a build, see `kg.mapping.curation`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import polars as pl

from kg.export.sssom import Curies, cell, scalar
from kg.link_nodes import PROPERTIES, link_nodes
from kg.lookup import labels_of
from kg.namespaces import KG, SKOS, SSSOM

__all__ = ["review", "uncertain"]

#: What a graph of links says of all of them; only a linker's has a threshold.
_SET = {
    "threshold": KG.threshold,
    "tool": SSSOM.mapping_tool,
    "version": SSSOM.mapping_tool_version,
}
_PAIR = ("statement", "task")
_SLOTS = {
    "subject_id": "statement",
    "subject_label": "statement_label",
    "predicate_id": "property",
    "predicate_modifier": None,
    "object_id": "task",
    "object_label": "task_label",
    "mapping_justification": "justification",
    "author_label": None,
    "mapping_date": None,
    "confidence": "confidence",
    "mapping_tool": "tool",
    "mapping_tool_version": "version",
    "comment": None,
}
_HOW = (
    "Decide the rows that you are sure of: set their mapping_justification to "
    "semapv:ManualMappingCuration, fill in author_label and mapping_date (2026-01-31), "
    "and set predicate_modifier to Not where the statement does not support the task. "
    "The other rows are not read."
)


def uncertain(table: pl.LazyFrame) -> pl.DataFrame:
    """Return the links of a graph's linker that nobody decided or denied, the most useful first.

    Columns: `statement`, `property`, `task`, `justification`, `confidence` (as written), `tool`,
    `version`, `is_said` (whether the graph says directly what the link is about) and `use`, what a
    decision can be expected to change. Ties are in the order of statement and task.
    """
    wanted = [*PROPERTIES, *_SET.values(), KG.supports]
    said = (
        table.filter(pl.col("predicate").is_in(wanted))
        .select("subject", "predicate", "object", "graph")
        .collect()
    )

    def of(predicate: str, subject: str, name: str) -> pl.DataFrame:
        rows = said.filter(pl.col("predicate") == predicate)
        return rows.select(pl.col("subject").alias(subject), pl.col("object").alias(name), "graph")

    links = link_nodes(said.lazy()).rename({"subject": "statement", "object": "task"})
    is_undecided = pl.col("counts") & ~pl.col("is_decision") & ~pl.col("is_denied")
    links = links.filter(pl.col("property") == KG.supports, is_undecided)
    links = links.drop_nulls(["sure", "justification"])
    for name, predicate in _SET.items():
        links = links.join(of(predicate, "graph_", name).drop("graph_"), on="graph")
    supports = of(KG.supports, "statement", "task").drop("graph").unique()
    return (
        links.join(supports.with_columns(is_said=True), on=_PAIR, how="left")
        .join(supports.group_by("statement").agg(tasks=pl.len()), on="statement", how="left")
        .join(supports.group_by("task").agg(statements=pl.len()), on="task", how="left")
        .with_columns(pl.col("is_said").fill_null(value=False))
        .with_columns(use=_use())
        .sort(
            pl.col("use").round(9),
            "statement",
            pl.col("task").str.len_bytes(),
            "task",
            descending=[True, False, False, False],
        )
        .select(
            *("statement", "property", "task", "justification", "confidence"),
            *("tool", "version", "is_said", "use"),
        )
    )


def _use() -> pl.Expr:
    is_wrong = pl.when("is_said").then(1 - pl.col("sure")).otherwise("sure")
    alone = pl.col("is_said").cast(pl.Int64)  # it is the only one, or would be
    hangs = [pl.col(name).fill_null(0) == alone for name in ("tasks", "statements")]
    return is_wrong * (1 + hangs[0].cast(pl.Int64) + hangs[1].cast(pl.Int64))


def review(links: pl.DataFrame, table: pl.LazyFrame, base: str) -> Iterator[str]:
    """Yield uncertain links of a graph, as `uncertain` gives them, as lines of SSSOM/TSV.

    The columns to be filled in are there, empty. The label of a statement is all that it says.
    """
    ends = pl.concat([links["statement"], links["task"]]).unique().sort()
    labels = labels_of(table, ends)
    definitions = table.filter(
        pl.col("predicate") == SKOS.definition,
        pl.col("subject").is_in(links["statement"].unique().implode()),
    )
    texts = dict(definitions.select("subject", "object").sort(pl.all()).collect().iter_rows())
    curies = Curies(base)
    lines = []
    for row in links.iter_rows(named=True):
        label = labels.get(row["statement"], "")
        row["statement_label"] = ": ".join(filter(None, (label, texts.get(row["statement"]))))
        row["task_label"] = labels.get(row["task"], "")
        lines.append([cell([row[of]] if of else [], slot, curies) for slot, of in _SLOTS.items()])
    yield from curies.declared()
    yield f"#mapping_set_id: {base}export/review.sssom.tsv\n"
    yield '#mapping_set_title: "Reviewed links of statements and tasks"\n'
    yield "#license: https://w3id.org/sssom/license/unspecified\n"
    yield f"#comment: {scalar(_HOW)}\n"
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows([list(_SLOTS), *lines])
    yield out.getvalue()
