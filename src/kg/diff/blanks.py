"""Blank nodes: they have no names that two graphs share, so they are compared by what they say.

The content of a blank node is the set of its triples, where another blank node stands for the
content of that one. Two are the same if their contents are: found, as graphs are told apart by
refining colours, by hashing contents over and over, each time with those of the round before,
until no round tells more nodes apart. What refers to a node is no part of it: blank nodes that
say the same are taken as the same, each as often as it occurs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

__all__ = ["EMPTY", "Blanks", "index_blanks"]

#: The content of a blank node that says nothing.
EMPTY = 0
_MOST_ROUNDS = 100


@dataclass(frozen=True)
class Blanks:
    """The blank nodes of a side that say something: `name` and `content`, sorted by name."""

    contents: pl.DataFrame

    def matched(self, table: pl.DataFrame) -> pl.DataFrame:
        """Add what triples are compared by: the object, or the content of a blank node.

        Where a subject has several values of the same content, they are numbered.
        """
        is_blank = pl.col("kind") == "blank"
        if not table.select(is_blank.any()).item():
            return table.with_columns(match="object")
        named = table.filter(~is_blank).with_columns(match="object")
        blank = table.filter(is_blank).unique()
        blank = blank.join(self.contents, left_on="object", right_on="name", how="left")
        blank = blank.with_columns(pl.col("content").fill_null(EMPTY))
        number = pl.int_range(pl.len()).over("subject", "predicate", "content")
        match = pl.format("_:{}-{}", "content", number)
        return pl.concat([named, blank.with_columns(match=match).drop("content")])

    def unlike(self, other: Blanks) -> pl.Series:
        """Return the names, sorted, of those that the other side has not, or has fewer of."""
        counted = other.contents.group_by("content").agg(there=pl.len())
        number = pl.int_range(1, pl.len() + 1).over("content")
        numbered = self.contents.with_columns(number=number)
        found = numbered.join(counted, on="content", how="left")
        return found.filter(pl.col("number") > pl.col("there").fill_null(0))["name"].sort()


def index_blanks(old: Iterable[pl.DataFrame], new: Iterable[pl.DataFrame]) -> tuple[Blanks, Blanks]:
    """Return the blank nodes of two sides, from the triples whose subjects are blank nodes.

    The tables are those of `kg.diff.triples.prepared`, each node whole in one of them.
    """
    hashed = [_hashed(table, side) for side, tables in enumerate((old, new)) for table in tables]
    nodes = pl.concat([n for n, _ in hashed])
    links = pl.concat([link for _, link in hashed])
    contents = nodes.with_columns(content=pl.col("ground").hash())
    classes = 0
    for _ in range(_MOST_ROUNDS):
        found = contents["content"].n_unique()
        if found == classes or links.is_empty():
            break
        classes = found
        targets = contents.select("side", "content", target="name")
        below = links.join(targets, on=["side", "target"], how="left")
        each = pl.struct("said", pl.col("content").fill_null(EMPTY)).hash()
        sums = below.group_by("side", "name").agg(linked=each.sum())
        contents = nodes.join(sums, on=["side", "name"], how="left").with_columns(
            content=pl.struct("ground", pl.col("linked").fill_null(0)).hash()
        )
    contents = contents.sort("name")
    first, second = (
        Blanks(contents.filter(pl.col("side") == side).select("name", "content"))
        for side in range(2)
    )
    return first, second


def _hashed(table: pl.DataFrame, side: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return nodes with the hash of what they say but for blank nodes, and links to these."""
    is_blank = pl.col("kind") == "blank"
    value = pl.when(is_blank).then(pl.lit("")).otherwise("object")
    rows = (
        table.drop("language")
        .unique()
        .select(
            side=pl.lit(side),
            name="subject",
            target=pl.when(is_blank).then("object"),
            said=pl.struct("predicate", value, "kind", "datatype", "tag").hash(),
        )
    )
    is_ground = pl.col("target").is_null()
    # A sum that may run over: the hash of a set, whatever the order of its members.
    ground = pl.col("said").filter(is_ground).sum()
    return rows.group_by("side", "name").agg(ground=ground), rows.filter(~is_ground)
