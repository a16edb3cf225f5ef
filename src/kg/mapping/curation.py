"""What maintainers decided of statements and tasks: mappings of sets, whose word beats a linker's.

A mapping of `kg:supports` that is justified by `semapv:ManualMappingCuration` is a decision: it
adds or confirms a link, with `predicate_modifier` `Not` it rejects one. The linker's links stay as
they are, but what is decided they do not say directly: that is said in a graph of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import polars as pl

from kg import quads
from kg.mapping.iris import Iris
from kg.model import Finding
from kg.namespaces import KG, SEMAPV, TOOL
from kg.readers.sssom import MappingTable

__all__ = [
    "Curation",
    "Decision",
    "decisions_of",
    "is_decision",
    "is_undecided",
    "said",
    "with_own_words",
]

_OF_LINKER = ("confidence", "mapping_tool", "mapping_tool_version")


class Decision(NamedTuple):
    """What somebody decided of a statement and a task, and where that is written."""

    statement: str
    task: str
    supports: bool
    is_signed: bool
    place: str
    line: int


def is_decision() -> pl.Expr:
    """Tell of mappings, by `predicate_id` and `mapping_justification`, which are decisions."""
    is_curated = pl.col("mapping_justification") == SEMAPV.ManualMappingCuration
    return (pl.col("predicate_id") == KG.supports) & is_curated


def is_undecided(mappings: MappingTable) -> pl.Expr:
    """Tell which mappings are links of our own linker that nobody has decided.

    A graph says itself what the linker says of it; from a file it would be said twice, or be old.
    """
    return _is_ours(mappings) & (pl.col("predicate_id") == KG.supports) & ~is_decision()


def with_own_words(mappings: MappingTable) -> MappingTable:
    """Return a mapping set whose decisions do not repeat what our own linker says of its links.

    A review states the linker and its confidence; who decides a row says neither.
    """
    linkers = [s for s in _OF_LINKER if s in mappings.rows.columns]
    is_theirs = is_decision() & _is_ours(mappings)
    rows = mappings.rows.with_columns(
        pl.when(is_theirs).then(None).otherwise(pl.col(slot)).alias(slot) for slot in linkers
    )
    return replace(mappings, rows=rows)


def _is_ours(mappings: MappingTable) -> pl.Expr:
    if "mapping_tool" not in mappings.rows.columns:
        return pl.lit(value=False)
    return pl.col("mapping_tool").str.starts_with(f"{TOOL} ").fill_null(value=False)


def decisions_of(mappings: MappingTable, place: str) -> tuple[Decision, ...]:
    """Return the decisions of a mapping set that is read from a place, in the order of lines."""
    found = []
    for row in mappings.rows.filter(is_decision()).iter_rows(named=True):
        is_signed = any(row.get(slot) for slot in ("author_id", "author_label"))
        is_so = row.get("predicate_modifier") is None
        found.append(
            Decision(row["subject_id"], row["object_id"], is_so, is_signed, place, row["line"])
        )
    return tuple(found)


def said(
    decisions: Iterable[Decision], statements: Collection[str], tasks: Collection[str], graph: str
) -> pl.DataFrame:
    """Return what decisions say directly of the statements and tasks that there are."""
    return quads.unique_sorted(
        quads.from_rows(
            quads.iri(d.statement, KG.supports, d.task, graph)
            for d in decisions
            if d.supports and d.statement in statements and d.task in tasks
        )
    )


@dataclass(frozen=True)
class Curation:
    """The decisions of a build."""

    iris: Iris = field(default_factory=Iris)
    decisions: tuple[Decision, ...] = ()

    def of_page(self, title: str) -> list[list[str]]:
        """Return the pairs of statement and task that are decided of a page, sorted."""
        return self._by_page.get(self.iris.frameworks(title), [])

    @cached_property
    def _by_page(self) -> Mapping[str, list[list[str]]]:
        start = f"{self.iris.base}framework/"
        found: dict[str, list[list[str]]] = {}
        for statement, task in sorted({(d.statement, d.task) for d in self.decisions}):
            page = statement.removeprefix(start).partition("/")[0]
            found.setdefault(f"{start}{page}/", []).append([statement, task])
        return found

    def contradictions(self) -> Iterator[Finding]:
        """Yield an error for each decision that is the contrary of one before it."""
        first: dict[tuple[str, str], Decision] = {}
        for one in self.decisions:
            other = first.setdefault((one.statement, one.task), one)
            if one.supports != other.supports:
                verbs = ("confirms", "rejects") if one.supports else ("rejects", "confirms")
                message = (
                    f"{verbs[0]} what {other.place}:{other.line} {verbs[1]}, {one.statement} "
                    f"supports {one.task}; take one of them out"
                )
                yield Finding("error", message, one.place, one.line)

    def unsigned(self) -> Iterator[Finding]:
        """Yield a warning for each decision that names nobody."""
        for one in self.decisions:
            if not one.is_signed:
                message = "a decision of nobody; name its author_label or author_id"
                yield Finding("warning", message, one.place, one.line)

    def unknown(self, statements: Collection[str], tasks: Collection[str]) -> Iterator[Finding]:
        """Yield a warning for each decision about what the graph does not have."""
        for one in self.decisions:
            lacking = [
                f"{noun} {iri}"
                for noun, iri, there in (
                    ("statement", one.statement, statements),
                    ("task", one.task, tasks),
                )
                if iri not in there
            ]
            if lacking:
                message = (
                    f"decides about what the graph does not have, {' and '.join(lacking)}; "
                    "nothing follows from it"
                )
                yield Finding("warning", message, one.place, one.line)
