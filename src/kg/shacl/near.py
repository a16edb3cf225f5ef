"""What of a graph is read to check what changed: the triples near to the change.

One scan takes what the shapes that are concerned could look at. Of that, paths are walked back from
the change to the focus nodes that it can affect, and forward to what the shapes look at from
there. Nodes are told apart by hashes for it: where two have the same, a triple too many is kept,
and none is lost.
"""

from __future__ import annotations

import polars as pl

from kg.namespaces import RDFS
from kg.shacl.affected import Affected
from kg.shacl.encoding import ID
from kg.shacl.origins import Origins, reached, together
from kg.shacl.paths import PropertyPath
from kg.shacl.relevant import IS_OF_BLANK, is_relevant

__all__ = ["select_near"]

_PAIRS = pl.Schema({"subject": ID, "object": ID, "row": ID})


def select_near(table: pl.LazyFrame, part: Affected) -> pl.DataFrame:
    """Return the rows of a quad table that are needed to check what changed, in their order.

    Triples of blank nodes are kept where a row that may be needed has such a node.
    """
    if part.relevance.predicates is None:
        return table.collect()
    if not part.plan.shapes:
        return table.head(0).collect()
    is_wanted = is_relevant(table, part.relevance) | pl.col("subject").is_in(sorted(part.nodes))
    found = table.filter(is_wanted).collect()
    if found.select(IS_OF_BLANK.any()).item():
        found = table.filter(is_wanted | IS_OF_BLANK).collect()
    if not part.views:
        return found
    always = is_relevant(found.lazy(), part.whole) | IS_OF_BLANK
    kept = found.select((always | (pl.col("predicate") == RDFS.subClassOf)).arg_true()).to_series()
    rows = pl.concat([kept.cast(ID), _near(found, part)]).unique().sort()
    return found[rows]


def _near(table: pl.DataFrame, part: Affected) -> pl.Series:
    """Return the numbers of the rows that views lead to from nodes that the changes can affect."""
    pairs = _Pairs(table, part)
    origins = Origins(pairs.both, _hashed(part.changes.quads))
    starts: dict[PropertyPath, list[pl.DataFrame]] = {}
    for views in part.views:
        affected = together(origins.of(path) for path in views)
        for path in views:
            starts.setdefault(path, []).append(affected)
    rows = [pl.Series(dtype=ID)]
    for path, nodes in starts.items():
        rows += pairs.on(path, together(nodes))
    return pl.concat(rows)


class _Pairs:
    """The triples of a table by property, with the numbers of their rows."""

    def __init__(self, table: pl.DataFrame, part: Affected) -> None:
        rows = _hashed(table).with_row_index("row").cast({"row": ID})
        self._now = _by_predicate(rows)
        self._gone = _by_predicate(_hashed(part.changes.removed))

    def now(self, predicate: str) -> pl.DataFrame:
        return self._now.get(predicate, _PAIRS.to_frame())

    def both(self, predicate: str) -> pl.DataFrame:
        """Return what is and what was, of one property."""
        now = self.now(predicate).select("subject", "object")
        gone = self._gone.get(predicate)
        return now if gone is None else pl.concat([now, gone.select("subject", "object")])

    def on(self, path: PropertyPath, nodes: pl.DataFrame) -> list[pl.Series]:
        """Return the numbers of the rows that lie on a path from some nodes."""
        rows: list[pl.Series] = []
        reached(self.now, path, nodes, seen=lambda found: rows.append(found["row"]))
        return rows


def _hashed(table: pl.DataFrame) -> pl.DataFrame:
    # A literal counts by its text alone, which is all that is lost.
    number = (pl.col("subject", "object").hash() % 2**32).cast(ID)
    return table.select("predicate", number)


def _by_predicate(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    parts = table.partition_by("predicate", as_dict=True, include_key=False)
    return {str(predicate): rows for (predicate,), rows in parts.items()}
