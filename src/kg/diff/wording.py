"""Words for what became of nodes, tasks and statements."""

from __future__ import annotations

from kg.diff.model import StatementKind, TaskKind

__all__ = ["STATEMENTS", "TASKS"]

TASKS: dict[TaskKind, str] = {
    "added": "added",
    "dropped": "dropped",
    "reworded": "reworded",
    "retyped": "retyped",
    "moved": "moved to other occupations",
}
STATEMENTS: dict[StatementKind, str] = {
    "added": "added",
    "dropped": "dropped",
    "reworded": "reworded",
    "moved-domain": "moved to another domain",
    "moved-stage": "moved to another stage",
    "citations-gained": "with citations gained",
    "citations-lost": "with citations lost",
}
