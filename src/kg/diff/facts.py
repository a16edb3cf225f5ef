"""What a side says of a few nodes: looked up in its quad table, for people to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from kg.diff.changes import Changes
from kg.diff.sides import Side

__all__ = ["Facts", "facts_of", "first", "touched"]

#: By node, then property: the values, sorted.
Facts = dict[str, dict[str, list[str]]]


def facts_of(side: Side, nodes: Collection[str], predicates: Iterable[str]) -> Facts:
    """Return the values of some properties of those nodes that have any of them."""
    found: Facts = {}
    if not nodes:
        return found
    rows = (
        side.scan()
        .filter(pl.col("predicate").is_in(list(predicates)), pl.col("subject").is_in(list(nodes)))
        .select("subject", "predicate", "object")
        .unique()
        .sort("subject", "predicate", "object")
        .collect()
    )
    for subject, predicate, value in rows.iter_rows():
        found.setdefault(subject, {}).setdefault(predicate, []).append(value)
    return found


def first(values: Mapping[str, Sequence[str]], predicate: str) -> str | None:
    """Return the first value of a property of a node, None where it has none."""
    found = values.get(predicate)
    return found[0] if found else None


def touched(changes: Changes, kind: str, predicates: Iterable[str]) -> set[str]:
    """Return the nodes of a class that came, went, or changed in some properties."""
    is_shown = pl.col("predicate").is_in(list(predicates)) & (pl.col("sign") != "=")
    is_touched = (pl.col("class") == kind) & ((pl.col("status") != "changed") | is_shown)
    return {s for table in changes for s in table.filter(is_touched)["subject"].unique()}
