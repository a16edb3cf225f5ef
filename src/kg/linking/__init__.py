"""Statements and the tasks they may support: scores, and which of them become links."""

from __future__ import annotations

from kg.linking.activities import (
    LINKER,
    ActivityLinker,
    activity_linker,
    read_linker,
    write_linker,
)
from kg.linking.model import (
    KINDS,
    LEAST_CONFIDENCE,
    MOST_LINKS,
    Link,
    Linker,
    Matrix,
    Score,
    StatementText,
    TaskText,
    best_links,
    scores,
    statements_of,
    task_order,
    tasks_of,
)

__all__ = [
    "KINDS",
    "LEAST_CONFIDENCE",
    "LINKER",
    "MOST_LINKS",
    "ActivityLinker",
    "Link",
    "Linker",
    "Matrix",
    "Score",
    "StatementText",
    "TaskText",
    "activity_linker",
    "best_links",
    "read_linker",
    "scores",
    "statements_of",
    "task_order",
    "tasks_of",
    "write_linker",
]
