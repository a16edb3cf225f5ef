"""What a comparison tells: changed nodes, tasks, statements and documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "STATUSES",
    "Counts",
    "DocumentChange",
    "DocumentState",
    "NodeChange",
    "PropertyChange",
    "StatementChange",
    "StatementKind",
    "StatementState",
    "Status",
    "TaskChange",
    "TaskKind",
    "TaskState",
    "Value",
    "Version",
]

Status = Literal["added", "removed", "changed"]
STATUSES: tuple[Status, ...] = ("added", "removed", "changed")
TaskKind = Literal["added", "dropped", "reworded", "retyped", "moved"]
StatementKind = Literal[
    "added",
    "dropped",
    "reworded",
    "moved-domain",
    "moved-stage",
    "citations-gained",
    "citations-lost",
]


@dataclass(frozen=True, slots=True)
class Version:
    """One side of a comparison: a generation, and the O*NET release in it, if there is one."""

    generation: str
    quads: int
    release: str | None


@dataclass(slots=True)
class Counts:
    """How many nodes of a class were added, removed and changed."""

    added: int = 0
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """The object of a triple; `kind`, `datatype` and `language` are as in `kg.quads`."""

    value: str
    kind: str
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """The values of a property that only the old graph has, and those that only the new one has."""

    predicate: str
    removed: tuple[Value, ...]
    added: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node that only one graph describes, or that both describe, but not alike.

    `type` is the class it is counted under, None for a node without one.
    """

    iri: str
    type: str | None
    status: Status
    label: str | None
    properties: tuple[PropertyChange, ...]


@dataclass(frozen=True, slots=True)
class TaskState:
    """What one graph says of a task; its occupations are pairs of code and title."""

    task: str
    task_id: str | None
    text: str | None
    type: str | None
    occupations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What became of a task: `old` is None for one that was added, `new` for one dropped.

    A task is moved where other occupations have it. `renumbered` is the task, dropped or added,
    that says the same for the same occupation.
    """

    kinds: tuple[TaskKind, ...]
    old: TaskState | None
    new: TaskState | None
    renumbered: str | None = None


@dataclass(frozen=True, slots=True)
class StatementState:
    """What one graph says of a statement; `domain`, `stage` and `cites` are IRIs."""

    statement: str
    framework: str | None
    label: str | None
    text: str | None
    domain: str | None
    stage: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementChange:
    """What became of a statement: `old` is None for one that was added, `new` for one dropped."""

    kinds: tuple[StatementKind, ...]
    old: StatementState | None
    new: StatementState | None

    @property
    def gained(self) -> tuple[str, ...]:
        """The sources that only the new one cites."""
        return _without(self.new, self.old)

    @property
    def lost(self) -> tuple[str, ...]:
        """The sources that only the old one cites."""
        return _without(self.old, self.new)


def _without(one: StatementState | None, other: StatementState | None) -> tuple[str, ...]:
    if one is None or other is None:
        return ()
    return tuple(source for source in one.cites if source not in other.cites)


@dataclass(frozen=True, slots=True)
class DocumentState:
    """An input as it was read."""

    document: str
    file: str | None
    sha256: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """An input that only one graph was made from, or that was not the same, byte for byte."""

    status: Status
    old: DocumentState | None
    new: DocumentState | None
