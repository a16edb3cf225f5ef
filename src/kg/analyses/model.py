"""What every analysis returns."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kg.pictures import Picture

__all__ = ["IRI_COLUMNS", "Analysis"]

#: The columns of tables that hold IRIs; others hold texts, even such as look like IRIs.
IRI_COLUMNS = frozenset({"domain", "node", "occupation", "source", "statement", "task"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer of an analysis.

    `table` has the columns that the function documents, in a fixed order of rows; `notes` are
    sentences that a reader of the table needs; `picture` shows the table, and `empty` says why
    where it has no rows.
    """

    name: str
    title: str
    table: pl.DataFrame
    picture: Picture
    notes: tuple[str, ...] = ()
    empty: str = ""
