"""What became of tasks: added, dropped, reworded, retyped, moved to other occupations."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from kg.diff.changes import Changes
from kg.diff.facts import facts_of, first, touched
from kg.diff.model import TaskChange, TaskKind, TaskState
from kg.diff.sides import Side
from kg.mapping.iris import text_key
from kg.namespaces import KG, ONET, RDF, SKOS

__all__ = ["TASK_PROPERTIES", "task_changes"]

#: What is told of a task that both graphs have.
TASK_PROPERTIES = (ONET.task, KG.taskType)


def task_changes(old: Side, new: Side, changes: Changes) -> list[TaskChange]:
    """Return the tasks that only one graph has, or that are not alike, by occupation and ID.

    A task is known by its IRI, which is made from its ID.
    """
    tasks = touched(changes, KG.Task, TASK_PROPERTIES) | _moved(changes)
    before, after = _states(old, tasks), _states(new, tasks)
    renumbered = _renumbered(before, after)
    found = []
    for task in tasks & (before.keys() | after.keys()):
        was, now = before.get(task), after.get(task)
        if kinds := _kinds(was, now):
            found.append(TaskChange(kinds, was, now, renumbered.get(task)))
    return sorted(found, key=_order)


def _moved(changes: Changes) -> set[str]:
    """Return the tasks that an occupation has no longer, or has now."""
    is_moved = (pl.col("predicate") == ONET.hasTask) & (pl.col("kind") == "iri")
    return {task for table in changes for task in table.filter(is_moved)["object"]}


def _states(side: Side, tasks: Collection[str]) -> dict[str, TaskState]:
    """Return the state of each of the tasks that a graph has."""
    facts = facts_of(side, tasks, (RDF.type, KG.taskId, *TASK_PROPERTIES))
    has = (pl.col("predicate") == ONET.hasTask) & pl.col("object").is_in(list(tasks))
    rows = side.scan().filter(has).select("object", "subject").unique().sort(pl.all()).collect()
    titles = facts_of(side, set(rows["subject"]), (SKOS.notation, SKOS.prefLabel))
    occupations: dict[str, list[tuple[str, str]]] = {}
    for task, occupation in rows.iter_rows():
        of = titles.get(occupation, {})
        code = first(of, SKOS.notation) or occupation.rpartition("/")[2]
        occupations.setdefault(task, []).append((code, first(of, SKOS.prefLabel) or ""))
    return {
        task: TaskState(
            task=task,
            task_id=first(of, KG.taskId),
            text=first(of, ONET.task),
            type=first(of, KG.taskType),
            occupations=tuple(occupations.get(task, ())),
        )
        for task, of in facts.items()
        if KG.Task in of.get(RDF.type, ())
    }


def _kinds(old: TaskState | None, new: TaskState | None) -> tuple[TaskKind, ...]:
    if old is None:
        return ("added",)
    if new is None:
        return ("dropped",)
    kinds: list[TaskKind] = []
    if old.text != new.text:
        kinds.append("reworded")
    if old.type != new.type:
        kinds.append("retyped")
    if _codes(old) != _codes(new):
        kinds.append("moved")
    return tuple(kinds)


def _codes(state: TaskState) -> set[str]:
    return {code for code, _ in state.occupations}


def _renumbered(before: Mapping[str, TaskState], after: Mapping[str, TaskState]) -> dict[str, str]:
    """Return dropped and added tasks, either by the other, that say the same for an occupation."""
    dropped: dict[tuple[str, str], str] = {}
    for task in sorted(before.keys() - after.keys(), reverse=True):
        state = before[task]
        dropped |= {(text_key(state.text or ""), code): task for code in _codes(state)}
    found: dict[str, str] = {}
    for task in sorted(after.keys() - before.keys()):
        state = after[task]
        for code in sorted(_codes(state)):
            other = dropped.get((text_key(state.text or ""), code))
            if other is not None and other not in found and task not in found:
                found |= {task: other, other: task}
    return found


def _order(change: TaskChange) -> tuple[str, int, str, str]:
    state = change.new or change.old
    assert state is not None
    code = state.occupations[0][0] if state.occupations else ""
    task_id = state.task_id or ""
    return code, len(task_id), task_id, state.task
