"""A difference as text for people: counts first, then some of each kind of change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import polars as pl

from kg.diff.difference import Diff, node_changes
from kg.diff.model import (
    STATUSES,
    DocumentChange,
    NodeChange,
    StatementChange,
    StatementKind,
    StatementState,
    TaskChange,
    TaskKind,
    TaskState,
    Value,
    Version,
)
from kg.diff.statements import STATEMENT_PROPERTIES
from kg.diff.tasks import TASK_PROPERTIES
from kg.diff.wording import STATEMENTS, TASKS
from kg.export.turtle import Terms
from kg.namespaces import KG, compact
from kg.texts import number_of

__all__ = ["MOST", "as_text"]

#: How many changes of a kind are shown, and how many values of a node.
MOST = 20

Change = TypeVar("Change")
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "dropped": "-"}
_NONE = "(none)"


def as_text(diff: Diff, most: int = MOST) -> Iterator[str]:
    """Yield the text, with at most so many changes of each kind, and the number of the rest."""
    yield f"old: {_version(diff.old)}\nnew: {_version(diff.new)}\n"
    if diff.differs:
        yield "\n"
        yield from _counts(diff)
        yield from _tasks(diff.tasks, most)
        yield from _statements(diff, most)
        yield from _nodes(diff, most)
    else:
        yield "no difference in content\n"
    yield from _documents(diff, most)
    for word, graphs in zip(("old", "new"), diff.graphs, strict=True):
        if graphs:
            yield f"\ngraphs of the {word} one only ({len(graphs):,})\n"
            yield from _some(graphs, most, lambda graph: f"  {_short(diff, graph)}\n")


def _version(version: Version) -> str:
    release = f", O*NET {version.release}" if version.release else ""
    return f"{version.generation}, {number_of(version.quads, 'quad')}{release}"


def _counts(diff: Diff) -> Iterator[str]:
    rows = [("class", *STATUSES)]
    for kind, counts in sorted(diff.counts.items(), key=lambda item: _class(item[0])):
        numbers = (counts.added, counts.removed, counts.changed)
        rows.append((_class(kind), *(f"{number:,}" for number in numbers)))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for name, *counted in rows:
        cells = (cell.rjust(width) for cell, width in zip(counted, widths[1:], strict=True))
        yield f"{name.ljust(widths[0])}  {'  '.join(cells)}\n"


def _class(kind: str | None) -> str:
    return compact(kind) if kind else "(no class)"


def _some(
    changes: Sequence[Change], most: int, say: Callable[[Change], str], total: int | None = None
) -> Iterator[str]:
    if not most:
        return
    for change in changes[:most]:
        yield say(change)
    left = (len(changes) if total is None else total) - min(most, len(changes))
    if left > 0:
        yield f"  … and {left:,} more\n"


def _lines(sign: str, *texts: str | None) -> str:
    return "".join(f"      {sign} {text if text is not None else _NONE}\n" for text in texts)


# Tasks


def _tasks(tasks: Sequence[TaskChange], most: int) -> Iterator[str]:
    if not tasks:
        return
    of_kind = {kind: [t for t in tasks if kind in t.kinds] for kind in TASKS}
    summary = ", ".join(f"{len(of_kind[kind]):,} {word}" for kind, word in TASKS.items())
    yield f"\ntasks: {summary}\n"
    for kind, found in of_kind.items():
        if found and most:
            yield f"\ntasks {TASKS[kind]} ({len(found):,})\n"
            yield from _some(found, most, lambda task, kind=kind: _task(task, kind))  # type: ignore[misc]


def _task(change: TaskChange, kind: TaskKind) -> str:
    state = change.new or change.old
    assert state is not None
    name = state.task_id or state.task.rpartition("/")[2]
    head = f"  {_SIGNS.get(kind, '~')} {name}  {_occupations(state)}".rstrip() + "\n"
    old, new = change.old, change.new
    if old is None or new is None:
        end = "" if change.renumbered is None else f" (as {change.renumbered.rpartition('/')[2]})"
        return f"{head}      {state.text or _NONE}{end}\n"
    if kind == "reworded":
        return head + _lines("-", old.text) + _lines("+", new.text)
    head += f"      {state.text or _NONE}\n"
    if kind == "retyped":
        return head + _lines("-", old.type) + _lines("+", new.type)
    return head + _lines("-", _occupations(old)) + _lines("+", _occupations(new))


def _occupations(state: TaskState) -> str:
    return ", ".join(f"{code} {title}".rstrip() for code, title in state.occupations)


# Statements


def _statements(diff: Diff, most: int) -> Iterator[str]:
    statements = diff.statements
    if not statements:
        return
    of_kind = {kind: [s for s in statements if kind in s.kinds] for kind in STATEMENTS}
    summary = ", ".join(f"{len(of_kind[kind]):,} {word}" for kind, word in STATEMENTS.items())
    yield f"\nstatements: {summary}\n"
    shown = {kind: found[:most] for kind, found in of_kind.items()}
    labels = diff.labels(set(_named(shown)))
    for kind, found in of_kind.items():
        if found and most:
            yield f"\nstatements {STATEMENTS[kind]} ({len(found):,})\n"
            yield from _some(
                found,
                most,
                lambda change, kind=kind: _statement(diff, change, kind, labels),  # type: ignore[misc]
            )


def _named(shown: dict[StatementKind, list[StatementChange]]) -> Iterator[str]:
    """Yield the nodes whose labels are shown."""
    for kind, found in shown.items():
        for change in found:
            for state in (change.old, change.new):
                if state is not None and kind == "moved-domain" and state.domain:
                    yield state.domain
                if state is not None and kind == "moved-stage" and state.stage:
                    yield state.stage
            yield from (*change.gained, *change.lost)


def _statement(
    diff: Diff, change: StatementChange, kind: StatementKind, labels: dict[str, str]
) -> str:
    state = change.new or change.old
    assert state is not None
    framework = _short(diff, state.framework or "").removeprefix("framework/")
    head = f"  {_SIGNS.get(kind, '~')} {framework}  {state.label or _NONE}\n"
    old, new = change.old, change.new
    if old is None or new is None:
        return head + (f"      {state.text}\n" if state.text else "")

    def name(node: str | None) -> str | None:
        return labels.get(node, _short(diff, node)) if node else None

    if kind == "reworded":
        return head + _lines("-", _wording(old)) + _lines("+", _wording(new))
    if kind == "moved-domain":
        return head + _lines("-", name(old.domain)) + _lines("+", name(new.domain))
    if kind == "moved-stage":
        return head + _lines("-", name(old.stage)) + _lines("+", name(new.stage))
    if kind == "citations-gained":
        return head + _lines("+", *map(name, change.gained))
    return head + _lines("-", *map(name, change.lost))


def _wording(state: StatementState) -> str:
    return " — ".join(part for part in (state.label, state.text) if part) or _NONE


# Nodes


def _nodes(diff: Diff, most: int) -> Iterator[str]:
    """Yield the nodes of each class, without what is told of tasks and statements."""
    if not most:
        return
    totals: dict[tuple[str, str], int] = {}
    kept: list[pl.DataFrame] = []
    for table in diff.tables():
        shown = table.filter(_is_shown())
        nodes = shown.filter(pl.col("sign") != "=").select("subject", "class", "status")
        nodes = nodes.unique(maintain_order=True)
        for kind, status, number in nodes.group_by("class", "status").len().iter_rows():
            totals[kind, status] = totals.get((kind, status), 0) + number
        first = nodes.filter(pl.int_range(pl.len()).over("class", "status") < most)
        kept.append(shown.join(first.select("subject"), on="subject", how="semi"))
    found: dict[tuple[str, str], list[NodeChange]] = {}
    for table in kept:
        for node in node_changes(table):
            found.setdefault((node.type or "", node.status), []).append(node)
    for kind in sorted({kind for kind, _ in totals}, key=_class):
        for status in STATUSES:
            if total := totals.get((kind, status)):
                yield f"\n{_class(kind)} {status} ({total:,})\n"
                nodes_ = found[kind, status][:most]
                yield from _some(nodes_, most, lambda node: _node(diff, node, most), total)


def _is_shown() -> pl.Expr:
    told = {KG.Task: TASK_PROPERTIES, KG.Statement: (*STATEMENT_PROPERTIES, KG.stageBasis)}
    shown = pl.lit(True)
    for kind, properties in told.items():
        is_told = (pl.col("status") != "changed") | pl.col("predicate").is_in(list(properties))
        shown = shown & ~((pl.col("class") == kind) & is_told & (pl.col("sign") != "="))
    return shown


def _node(diff: Diff, node: NodeChange, most: int) -> str:
    label = f" “{node.label}”" if node.label else ""
    head = f"  {_SIGNS[node.status]} {_short(diff, node.iri)}{label}\n"
    if node.status != "changed" and not node.iri.startswith("_:"):
        return head  # kg show tells the rest; of a blank node nothing else can
    lines = [
        f"      {sign} {compact(change.predicate)} {_term(diff, value)}\n"
        for change in node.properties
        for sign, values in (("-", change.removed), ("+", change.added))
        for value in values
    ]
    more = f"      … and {len(lines) - most:,} more\n" if len(lines) > most else ""
    return head + "".join(lines[:most]) + more


def _term(diff: Diff, value: Value) -> str:
    if value.kind != "literal":
        return _short(diff, value.value)
    return Terms().literal(value.value, value.datatype or "", value.language)


def _short(diff: Diff, iri: str) -> str:
    """Return an IRI without the base of the graphs, or with a known prefix."""
    shown = iri.removeprefix(diff.base)
    return shown if shown != iri and "#" not in shown else compact(iri)


# What is not compared


def _documents(diff: Diff, most: int) -> Iterator[str]:
    if diff.documents:
        yield f"\ndocuments that are not the same ({len(diff.documents):,})\n"
        yield from _some(diff.documents, most, lambda change: _document(diff, change))


def _document(diff: Diff, change: DocumentChange) -> str:
    state = change.new or change.old
    assert state is not None
    files = [s.file or _NONE for s in (change.old, change.new) if s is not None]
    shown = " → ".join(dict.fromkeys(files))
    return f"  {_SIGNS[change.status]} {_short(diff, state.document)}  {shown}\n"
