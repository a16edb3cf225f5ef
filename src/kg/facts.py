"""Facts kept in memory: what a quad table says with some properties, found by subject.

A question about a few nodes costs a search in a sorted column, where the table itself would be read
anew for each.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

__all__ = ["Facts"]


class Facts:
    """The rows of a quad table that fulfil a condition: `subject`, `predicate`, `object`, `kind`.

    They are read once, when the facts are made. `rows` has them in the order of the subjects.
    """

    def __init__(self, table: pl.LazyFrame, condition: pl.Expr) -> None:
        wanted = table.filter(condition).select("subject", "predicate", "object", "kind")
        self.rows = wanted.collect().sort("subject")

    def about(self, nodes: Iterable[str]) -> pl.LazyFrame:
        """Return the rows whose subjects are among some nodes."""
        asked = pl.Series(sorted(set(nodes)), dtype=pl.String)
        subjects = self.rows["subject"]
        first = subjects.search_sorted(asked, side="left")
        last = subjects.search_sorted(asked, side="right")
        parts = [np.arange(a, b) for a, b in zip(first, last, strict=True) if a < b]
        return self.rows[np.concatenate(parts) if parts else []].lazy()

    def __contains__(self, node: str) -> bool:
        at = self.rows["subject"].search_sorted(node)
        return at < self.rows.height and self.rows["subject"][at] == node
