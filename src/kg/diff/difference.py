"""The difference of two generations, to be asked, and told in any of the formats."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from html import escape
from itertools import groupby
from operator import itemgetter

import polars as pl

from kg import lookup
from kg.diff.changes import Changes, find_changes
from kg.diff.model import (
    Counts,
    DocumentChange,
    NodeChange,
    PropertyChange,
    StatementChange,
    Status,
    TaskChange,
    Value,
    Version,
)
from kg.diff.sides import Side, open_sides
from kg.diff.statements import statement_changes
from kg.diff.tasks import task_changes
from kg.export.attribution import attributions_of, read_catalogue
from kg.export.selection import Selection
from kg.generations import Generation
from kg.lookup import LABELS
from kg.namespaces import compact

__all__ = ["Diff", "compare", "node_changes"]


class Diff:
    """What differs between two graphs; made by `compare`.

    Triples are compared whatever the graph they stand in; what describes the generation itself is
    left out (`kg.diff.sides`). Names of nodes are those of the new graph.
    """

    def __init__(self, old: Side, new: Side, changes: Changes) -> None:
        self._old, self._new, self._changes = old, new, changes

    @property
    def old(self) -> Version:
        """The generation that is compared."""
        return self._old.version

    @property
    def new(self) -> Version:
        """The generation it is compared with."""
        return self._new.version

    @property
    def base(self) -> str:
        """Where the IRIs of both graphs' data start."""
        return self._new.iris.base

    @property
    def differs(self) -> bool:
        """Whether any triple is in one graph only."""
        return bool(self._changes.counts)

    @property
    def counts(self) -> dict[str, Counts]:
        """How many nodes of each class changed, by the IRI of the class ("" for none), sorted."""
        return dict(sorted(self._changes.counts.items()))

    def tables(self) -> Iterator[pl.DataFrame]:
        """Yield the changes as tables of limited size, one after the other, sorted by node.

        Columns: subject; status (added, removed, changed); class ("" for none); predicate; sign
        (- for a triple that is gone, + for a new one, = for one that tells the class or label of
        a changed node); object, kind, datatype and language as in `kg.quads`, "" for none.
        """
        yield from self._changes

    def nodes(self, kind: str | None = None, status: Status | None = None) -> Iterator[NodeChange]:
        """Yield the changed nodes, sorted, all or those of a class, or of a status."""
        for table in self._changes:
            if kind is not None:
                table = table.filter(pl.col("class") == kind)
            if status is not None:
                table = table.filter(pl.col("status") == status)
            yield from node_changes(table)

    @cached_property
    def tasks(self) -> tuple[TaskChange, ...]:
        """What became of tasks, by occupation and ID."""
        return tuple(task_changes(self._old, self._new, self._changes))

    @cached_property
    def statements(self) -> tuple[StatementChange, ...]:
        """What became of statements, by framework and IRI."""
        return tuple(statement_changes(self._old, self._new, self._changes))

    @cached_property
    def documents(self) -> tuple[DocumentChange, ...]:
        """The inputs that are not the same, byte for byte; they are not part of the content."""
        names = self._old.names
        before = {names(d): state for d, state in self._old.documents.items()}
        after = self._new.documents
        found = []
        for document in sorted(before.keys() | after.keys()):
            old, new = before.get(document), after.get(document)
            status: Status = "added" if old is None else "removed" if new is None else "changed"
            if old is None or new is None or (old.file, old.sha256) != (new.file, new.sha256):
                found.append(DocumentChange(status, old, new))
        return tuple(found)

    @cached_property
    def graphs(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The named graphs that only the old graph has, and those that only the new one has."""
        # A blank node that names a graph names another one in every graph.
        before = {self._old.names(g): g for g in self._old.graphs if not g.startswith("_:")}
        after = {g for g in self._new.graphs if not g.startswith("_:")}
        gone = tuple(sorted(g for name, g in before.items() if name not in after))
        return gone, tuple(sorted(after - before.keys()))

    @cached_property
    def attributions(self) -> list[str]:
        """Whom to name when the difference is passed on: what either catalogue says, sorted."""
        found: set[str] = set()
        for side in (self._old, self._new):
            selection = Selection(side.generation.parts, self.base)
            found.update(attributions_of(read_catalogue(selection), side.graphs))
        return sorted(found)

    def labels(self, nodes: set[str]) -> dict[str, str]:
        """Return the label of each node that one of the graphs has one for, the new one first."""
        found = lookup.labels_of(self._new.scan(), nodes)
        if missing := nodes - found.keys():
            found |= lookup.labels_of(self._old.scan(), missing)
        return found

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(compact(kind) or 'no class')}</td><td>{of.added:,}</td>"
            f"<td>{of.removed:,}</td><td>{of.changed:,}</td></tr>"
            for kind, of in self.counts.items()
        )
        head = "".join(f"<th>{word}</th>" for word in ("class", "added", "removed", "changed"))
        names = f"{escape(self.old.generation)} to {escape(self.new.generation)}"
        return (
            f"<p><b>Changes from {names}</b></p><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def compare(old: Generation, new: Generation) -> Diff:
    """Return what differs between two generations.

    Raises RequestError for graphs whose data have different bases.
    """
    before, after = open_sides(old, new)
    same = before.digests == after.digests
    return Diff(before, after, Changes() if same else find_changes(before, after))


def node_changes(table: pl.DataFrame) -> Iterator[NodeChange]:
    """Yield the nodes of a table as `Diff.tables` yields them."""
    for (iri, status, kind), rows in groupby(table.iter_rows(), key=itemgetter(0, 1, 2)):
        properties: dict[str, tuple[list[Value], list[Value]]] = {}
        labels: list[tuple[bool, int, str]] = []
        for _, _, _, predicate, sign, value, of, datatype, language in rows:
            if predicate in LABELS:
                labels.append((sign == "-", LABELS.index(predicate), value))
            if sign != "=":
                removed, added = properties.setdefault(predicate, ([], []))
                found = Value(value, of, datatype or None, language or None)
                (removed if sign == "-" else added).append(found)
        yield NodeChange(
            iri,
            kind or None,
            status,
            min(labels)[2] if labels else None,
            tuple(PropertyChange(p, tuple(r), tuple(a)) for p, (r, a) in properties.items()),
        )
