"""Triples of two tables compared: pure functions on tables, the same on every engine.

The tables have the columns of `TRIPLE`, `match` and `tag`, all strings without nulls: what is not
there (the datatype of an IRI, a language) is the empty string. When triples are compared `match`
stands for the object, which it is itself but for blank nodes, and `tag`, in lower case, for the
language (RDF 1.1 Concepts, section 3.3).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar, cast

import narwhals as nw
from narwhals.typing import IntoFrame

from kg.diff.names import Names
from kg.lookup import LABELS
from kg.namespaces import KG, ONET, RDF

__all__ = ["CHANGES", "NO_CLASS", "TRIPLE", "changes", "prepared"]

Table = TypeVar("Table", bound=IntoFrame)
#: A table of any engine, in the hands of narwhals.
Frame = nw.DataFrame[Any]

TRIPLE = ("subject", "predicate", "object", "kind", "datatype", "language")
#: The columns of changes: the node with its class, and triples that are gone (-), new (+) or,
#: to tell what a changed node is, kept (=).
CHANGES = ("subject", "status", "class", "predicate", "sign", *TRIPLE[2:])
#: The class of a node that has none.
NO_CLASS = ""

_MATCHED = ("subject", "predicate", "match", "kind", "datatype", "tag")
_KEPT = (RDF.type, *LABELS)


def prepared(table: Table, names: Names, predicates: Collection[str]) -> Table:
    """Return quads as triples, with `tag`, without those of some predicates.

    IRIs are read as `names` say.
    """
    rows = _frame(table).filter(~nw.col("predicate").is_in(list(predicates)))
    is_iri = nw.col("kind") == "iri"
    value = nw.when(is_iri).then(names.read("object")).otherwise(nw.col("object"))
    found = rows.select(
        names.read("subject").alias("subject"),
        nw.col("predicate"),
        (value if names.pairs else nw.col("object")).alias("object"),
        nw.col("kind"),
        nw.col("datatype").fill_null(""),
        nw.col("language").fill_null(""),
        nw.col("language").fill_null("").str.to_lowercase().alias("tag"),
    )
    return cast(Table, found.to_native())


def changes(old: Table, new: Table, generic: Sequence[str]) -> Table:
    """Return the nodes that two tables do not describe alike, as `CHANGES`, by subject.

    Each node has its triples in one table, whole or not at all. `generic` are classes that have
    subclasses: a node is counted under another one, if it has one.
    """
    before, after = _frame(old), _frame(new)
    gone = _only_in(before, after).with_columns(sign=nw.lit("-"))
    come = _only_in(after, before).with_columns(sign=nw.lit("+"))
    rows = nw.concat([gone, come])
    nodes = rows.select("subject").unique()
    kept = after.filter(nw.col("predicate").is_in(list(_KEPT)))
    kept = kept.join(nodes, on="subject", how="semi").select(*TRIPLE, "match", "tag").unique()
    kept = kept.join(come.select(*_MATCHED), on=list(_MATCHED), how="anti")
    rows = nw.concat([rows, kept.with_columns(sign=nw.lit("="))])
    in_old = before.join(nodes, on="subject", how="semi").select("subject").unique()
    in_new = after.join(nodes, on="subject", how="semi").select("subject").unique()
    marks = [
        in_old.join(in_new, on="subject", how="anti").with_columns(status=nw.lit("removed")),
        in_new.join(in_old, on="subject", how="anti").with_columns(status=nw.lit("added")),
        in_old.join(in_new, on="subject", how="semi").with_columns(status=nw.lit("changed")),
    ]
    rows = rows.join(nw.concat(marks), on="subject", how="inner")
    rows = rows.join(_classes(rows, generic), on="subject", how="left")
    # A minus sorts after a plus: what is gone shall come first.
    order = ["subject", "predicate", "sign", "kind", "object", "datatype", "language"]
    descending = [column == "sign" for column in order]
    named = rows.with_columns(nw.col("class").fill_null(NO_CLASS))
    found = named.sort(order, descending=descending).select(*CHANGES)
    return cast(Table, found.to_native())


def _frame(table: IntoFrame) -> Frame:
    # A lazy one would do as well; Polars is faster, and takes less memory, with one that is not.
    return cast(Frame, nw.from_native(table))


def _only_in(one: Frame, other: Frame) -> Frame:
    """Return the triples that one table has and another has not, each once."""
    there = other.select(*_MATCHED)
    return one.join(there, on=list(_MATCHED), how="anti").select(*TRIPLE, "match", "tag").unique()


def _classes(rows: Frame, generic: Sequence[str]) -> Frame:
    """Return the class that each node is counted under.

    What it is now goes before what it was, a class of ours before one of O*NET's and any other, a
    subclass before the class it belongs to; then the first of the alphabet.
    """
    name = nw.col("object")
    types = rows.filter(nw.col("predicate") == RDF.type, nw.col("kind") == "iri")
    rank = (
        nw.when(name.str.starts_with(KG.iri) & ~name.is_in(list(generic)))
        .then(nw.lit("0"))
        .when(name.str.starts_with(KG.iri))
        .then(nw.lit("1"))
        .when(name.str.starts_with(ONET.iri))
        .then(nw.lit("2"))
        .otherwise(nw.lit("3"))
    )
    was = nw.when(nw.col("sign") == "-").then(nw.lit("1")).otherwise(nw.lit("0"))
    ranked = types.select("subject", best=nw.concat_str(was, rank, name))
    best = ranked.group_by("subject").agg(nw.col("best").min())
    return best.select("subject", nw.col("best").str.slice(2).alias("class"))
