"""What of a graph is read to check what changed: the triples near to the change.

From the change paths are walked back to the focus nodes that it can affect, and forward to what
the shapes look at from there; what loose patterns match is read beside. Each walk goes as far as
what is known leads; what it asks for beyond is read in one scan, and then all walks go further,
until they ask for nothing more. A scan reads the named graphs only that have it, where somebody can
tell. Nodes are told apart by hashes: where two have the same, a triple too many is read, and none
is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import NamedTuple, Protocol

import polars as pl

from kg import quads
from kg.namespaces import RDFS
from kg.shacl.affected import Affected, matched_by
from kg.shacl.encoding import ID
from kg.shacl.origins import NODES, WITNESSED, Origins, Triples, reached, together
from kg.shacl.paths import PathExpression, PropertyPath
from kg.shacl.relevant import IS_OF_BLANK, NOTHING, is_relevant
from kg.shacl.views import ANY
from kg.store import Pattern

__all__ = ["Index", "select_near"]


class Index(Protocol):
    """What tells where in a table some triples stand."""

    def where(
        self, patterns: Iterable[Pattern], witnessed: Iterable[Pattern]
    ) -> pl.LazyFrame | None:
        """Return a table that has all triples of some patterns, or None for the whole one.

        Of each that is `witnessed` it has one, if there is any.
        """

    def has_few(self, predicate: str, value: str) -> bool:
        """Tell whether few triples have a property and an IRI for its value."""


#: So many scans read what was asked for; then it is all triples of the properties.
_MOST_SCANS = 6
_ENDS = ("subject", "object")
_PAIRS = pl.Schema({"subject": ID, "object": ID, "row": ID})


def select_near(table: pl.LazyFrame, part: Affected, index: Index | None = None) -> pl.DataFrame:
    """Return the rows of a quad table that are needed to check what changed.

    Triples of blank nodes are all kept where one of the rows has such a node. An `index` may tell
    where in the table some triples stand.
    """
    if not part.plan.shapes:
        return table.head(0).collect()
    if part.whole.predicates is None:
        return table.collect()
    return _Reading(table, part, index).rows()


class _Asked(NamedTuple):
    """What is asked for of some nodes: triples with a property, at one of whose ends they stand."""

    predicate: str
    end: str
    is_one_enough: bool = False


class _Reading:
    """Rows of a table, read as walks ask for them."""

    def __init__(self, table: pl.LazyFrame, part: Affected, index: Index | None) -> None:
        self._table, self._part, self._index = table, part, index
        self._known = _numbered(part.changes.around)
        self._gone = _by_predicate(_numbered(part.changes.removed))
        self._by_predicate = _by_predicate(self._known)
        #: The nodes of which the triples with a property are known, by what was asked.
        self._read: dict[_Asked, pl.DataFrame] = {}
        self._asked: dict[_Asked, list[pl.DataFrame]] = defaultdict(list)
        self._named: set[str] = set()
        self._told: pl.DataFrame | None = None
        #: The properties of which all triples are known.
        self._complete: set[str] = set()
        self._used: list[pl.DataFrame] = []

    def rows(self) -> pl.DataFrame:
        """Return the rows that walks from the change come to."""
        always = (pl.col("predicate") == RDFS.subClassOf) | matched_by(self._part.loose)
        if self._part.whole != NOTHING:
            always |= is_relevant(self._table, self._part.whole)
        self._walk()
        kept = self._scan(self._table_of(is_first=True), [always])
        for number in count(1):
            self._used.clear()
            self._walk()
            if not self._asked:
                break
            if number < _MOST_SCANS:
                self._scan(self._table_of(is_first=False), [])
            else:  # long ways: whatever they may lead to, in one scan
                fresh = {key.predicate for key in self._asked} - {str(ANY)}
                self._complete |= fresh
                self._scan(self._table, [pl.col("predicate").is_in(sorted(fresh))])
        used = pl.concat([_PAIRS.to_frame(), *self._used]).select("row").unique()
        near = self._known.join(used, on="row", how="semi").select(quads.COLUMNS)
        found = pl.concat([near, kept.filter(always)]).unique()
        if found.select(IS_OF_BLANK.any()).item():
            found = pl.concat([found, self._table.filter(IS_OF_BLANK).collect()]).unique()
        return found.sort(quads.COLUMNS)

    def _scan(self, table: pl.LazyFrame, wanted: list[pl.Expr]) -> pl.DataFrame:
        """Read from a table what was asked for, beside what is wanted."""
        for end in _ENDS:
            asked = {key: tables for key, tables in self._asked.items() if key.end == end}
            if not asked:
                continue
            nodes = together(table for tables in asked.values() for table in tables)["node"]
            is_asked = _number(end).is_in(nodes.implode())
            if end == "object":  # many nodes may have one object; of one subject, all is read
                is_asked &= pl.col("predicate").is_in(sorted({key.predicate for key in asked}))
            wanted.append(is_asked)
        found = table.filter(pl.any_horizontal(wanted)).collect()
        for key, tables in self._asked.items():
            self._read[key] = together([*tables, self._read.get(key, NODES.to_frame())])
        self._asked.clear()
        every = pl.concat([self._known.select(quads.COLUMNS), found]).unique()
        self._known = _numbered(every)
        self._by_predicate, self._told = _by_predicate(self._known), None
        return found

    def _table_of(self, *, is_first: bool) -> pl.LazyFrame:
        """Return a table that has what was asked for, and at first what is wanted besides."""
        if self._index is None or (is_first and self._part.whole != NOTHING):
            return self._table
        patterns, witnessed = set[Pattern](), set[Pattern]()
        if is_first:
            patterns |= {(None, str(RDFS.subClassOf), None), *self._part.loose}
        for key, tables in self._asked.items():
            asked = together(tables).join(self._terms, on="node")
            # A literal has no triples of its own; of what has one, an index knows another form.
            if key.end == "subject":
                asked = asked.filter(~pl.col("is_literal"))
            if not asked["is_iri"].all():
                return self._table
            if key.end == "subject":
                patterns.update((text, None, None) for text in asked["text"])
                continue
            wanted = witnessed if key.is_one_enough else patterns
            wanted.update((None, key.predicate, text) for text in asked["text"])
        found = self._index.where(patterns, witnessed)
        return self._table if found is None else found

    @property
    def _terms(self) -> pl.DataFrame:
        """What is known of nodes by their numbers, of which several may have one."""
        if self._told is None:
            self._told = pl.concat(
                part
                for rows in (self._known, _numbered(self._part.changes.quads))
                for part in (
                    rows.select(
                        node="s", text="subject", is_iri=~_is_blank("subject"), is_literal=False
                    ),
                    rows.select(
                        node="o",
                        text="object",
                        is_iri=pl.col("kind") == "iri",
                        is_literal=pl.col("kind") == "literal",
                    ),
                )
            ).unique()
        names = pl.DataFrame({"text": sorted(self._named)}, schema={"text": pl.String})
        named = names.select(node=_number("text"), text="text", is_iri=True, is_literal=False)
        return pl.concat([self._told, named]).unique()

    def _walk(self) -> None:
        """Walk from the change to what is looked at, as far as what is known leads."""
        changed = _numbered(self._part.changes.quads).select("predicate", subject="s", object="o")
        of_any = changed.with_columns(predicate=pl.lit(str(ANY)))
        both = Triples(self._both, self._all_both, self._number_of, self._has_few)
        origins = Origins(both, pl.concat([changed, of_any]))
        starts: dict[PropertyPath, list[pl.DataFrame]] = {}
        for views in self._part.views:
            affected = together(origins.of(path) for path in views)
            for path in views:
                starts.setdefault(path, []).append(affected)
        for path, nodes in starts.items():
            is_witnessed = isinstance(path, PathExpression) and path.kind == WITNESSED
            follow = self._witness if is_witnessed else self._follow
            forward = both._replace(follow=follow, edges=self._all_known)
            reached(forward, path, together(nodes))

    def _has_few(self, predicate: str, value: str) -> bool:
        return self._index is not None and self._index.has_few(predicate, value)

    def _number_of(self, iri: str) -> int:
        self._named.add(iri)
        return int(pl.select(node=pl.lit(iri)).select(_number("node")).item())

    def _follow(self, predicate: str, end: str, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the triples with a property at one of whose ends the nodes stand."""
        self._ask(_Asked(predicate, end), nodes)
        rows = self._all_known(predicate)
        found = rows.join(nodes, left_on=end, right_on="node", how="semi")
        self._used.append(found)
        return found.select(_ENDS)

    def _witness(self, predicate: str, end: str, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return one such triple of each node that has one; of literals (see `_number`) all."""
        terms = self._terms.join(nodes, on="node")
        literals = terms.filter(pl.col("is_literal")).select("node").unique()
        terms = terms.join(literals, on="node", how="anti")
        rows = self._all_known(predicate).join(
            terms.select("node").unique(), left_on=end, right_on="node", how="semi"
        )
        found = rows.join(self._known.select("row", text=end), on="row")
        missing = terms.join(found, on="text", how="anti").select("node").unique()
        self._ask(_Asked(predicate, end, is_one_enough=True), missing)
        self._used.append(
            found.unique("text", keep="first", maintain_order=True).select(rows.columns)
        )
        return pl.concat([self._follow(predicate, end, literals), rows.select(_ENDS)])

    def _ask(self, key: _Asked, nodes: pl.DataFrame) -> None:
        """Ask for what is not known of some nodes."""
        if key.predicate in self._complete:
            return
        known = self._read.get(key)
        new = nodes if known is None else nodes.join(known, on="node", how="anti")
        if new.height:
            self._asked[key].append(new)

    def _both(self, predicate: str, end: str, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return such triples of before and after."""
        gone = self._gone.get(predicate, _PAIRS.to_frame())
        was = gone.join(nodes, left_on=end, right_on="node", how="semi").select(_ENDS)
        return pl.concat([self._follow(predicate, end, nodes), was])

    def _all_known(self, predicate: str) -> pl.DataFrame:
        return self._by_predicate.get(predicate, _PAIRS.to_frame())

    def _all_both(self, predicate: str) -> pl.DataFrame:
        gone = self._gone.get(predicate, _PAIRS.to_frame())
        return pl.concat([self._all_known(predicate), gone])


def _is_blank(column: str) -> pl.Expr:
    return pl.col(column).str.starts_with("_:")


def _number(end: str) -> pl.Expr:
    # A literal counts by its text alone, so that more than one may have a number.
    return (pl.col(end).hash() % 2**32).cast(ID)


def _numbered(table: pl.DataFrame) -> pl.DataFrame:
    """Return quads with the numbers of subject and object as `s` and `o`, and of the `row`."""
    ends = table.with_columns(s=_number("subject"), o=_number("object"))
    return ends.with_row_index("row").cast({"row": ID})


def _by_predicate(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    pairs = table.select("predicate", "row", subject="s", object="o")
    parts = pairs.partition_by("predicate", as_dict=True, include_key=False)
    found = {str(key): rows.select(list(_PAIRS)) for (key,), rows in parts.items()}
    return found | {str(ANY): pairs.select(list(_PAIRS))}
