"""Statements and the tasks they may support, texts and the activities they may tell of: scores."""

from __future__ import annotations

from kg.linking.activities import (
    LINKER,
    ActivityLinker,
    activity_linker,
    read_linker,
    write_linker,
)
from kg.linking.dwas import (
    Activity,
    ActivityRanker,
    RankedActivity,
    activities_of,
    activity_ranker,
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
    "Activity",
    "ActivityLinker",
    "ActivityRanker",
    "Link",
    "Linker",
    "Matrix",
    "RankedActivity",
    "Score",
    "StatementText",
    "TaskText",
    "activities_of",
    "activity_linker",
    "activity_ranker",
    "best_links",
    "read_linker",
    "scores",
    "statements_of",
    "task_order",
    "tasks_of",
    "write_linker",
]
