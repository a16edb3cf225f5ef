"""Statements and the tasks they may support: how alike their texts are.

A `Linker` scores every statement against every task of its occupation. It is made of a release
alone, and scores each statement by itself, so that the links of a page never depend on other pages.
What a score becomes (which pairs are linked, in which order) is the same for every linker:
`best_links`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

import polars as pl

from kg.model import Quad
from kg.namespaces import DCT, KG, ONET, RDF, SKOS

__all__ = [
    "KINDS",
    "LEAST_CONFIDENCE",
    "MOST_LINKS",
    "Link",
    "Linker",
    "Matrix",
    "Score",
    "StatementText",
    "TaskText",
    "best_links",
    "scores",
    "statements_of",
    "task_order",
    "tasks_of",
]

#: How many links a statement has at most, and below which confidence there is none.
MOST_LINKS = 3
LEAST_CONFIDENCE = Decimal("0.1")
#: The kinds of frameworks, in the order that their statements are listed in.
KINDS = ("base", "ai", "durable")

#: A row for each statement, in it a number from 0 to 1 for each task.
Matrix = Sequence[Sequence[float]]


class Linker(Protocol):
    """What makes links: a method with a version, and the confidence from which links count.

    Another version may give other scores for the same texts; the same one never does.
    """

    @property
    def name(self) -> str:
        """The method, a word that IRIs of links contain."""

    @property
    def version(self) -> str:
        """The version of the method."""

    @property
    def measure(self) -> str:
        """What a score is, in a sentence."""

    @property
    def threshold(self) -> Decimal:
        """The working threshold: the confidence from which a statement is said to support."""

    def score(self, statements: Sequence[str], tasks: Sequence[TaskText]) -> Matrix:
        """Return how well each statement fits each task of an occupation.

        `tasks` are all that the occupation has. The row of a statement depends on it, on them and
        on what the linker is made of, never on the other statements.
        """


class StatementText(NamedTuple):
    """A statement as its page words it, and which kind of framework it is of."""

    iri: str
    occupation: str
    kind: str
    label: str
    text: str
    line: int

    @property
    def words(self) -> str:
        """Everything that the statement says."""
        return f"{self.label} {self.text}".strip()


class TaskText(NamedTuple):
    """A task as the release words it, and the titles of the activities that it does, sorted."""

    iri: str
    task_id: str
    text: str
    activities: tuple[str, ...] = ()


class Link(NamedTuple):
    """A statement and a task that fit, by their places in what was given, and how well."""

    statement: int
    task: int
    confidence: Decimal


class Score(NamedTuple):
    """The confidence of one statement and one task of its occupation."""

    framework: str
    label: str
    task_id: str
    confidence: Decimal
    statement: str


def task_order(task_id: str) -> tuple[int, str]:
    """Return what task IDs are ordered by: they are numbers, of which some have more digits."""
    return len(task_id), task_id


def best_links(linker: Linker, statements: Sequence[str], tasks: Sequence[TaskText]) -> list[Link]:
    """Return the links of statements: for each its best tasks, ties by task ID."""
    order = sorted(range(len(tasks)), key=lambda i: task_order(tasks[i].task_id))
    links = []
    for index, row in enumerate(linker.score(statements, tasks)):
        # Most pairs are far from being linked, and need no exact number.
        near = [(_confidence(row[i]), i) for i in order if row[i] > _NEAR]
        found = [(confidence, i) for confidence, i in near if confidence >= LEAST_CONFIDENCE]
        found.sort(key=lambda pair: -pair[0])  # stable: equal ones stay in the order of their IDs
        links += [Link(index, task, confidence) for confidence, task in found[:MOST_LINKS]]
    return links


_NEAR = float(LEAST_CONFIDENCE) - 0.001


def _confidence(score: float) -> Decimal:
    """Return a score as a confidence of four places, since more would be noise."""
    return Decimal(f"{min(max(score, 0.0), 1.0):.4f}")


# What is scored, from quads.


def tasks_of(release: pl.DataFrame | pl.LazyFrame) -> dict[str, list[TaskText]]:
    """Return the tasks of each occupation in a release's quad table, in the order of their IDs.

    Of a lazy table only what is said of tasks and activities is read. A task with several texts
    has the least.
    """
    wanted = [ONET.hasTask, KG.taskId, ONET.task, ONET.linkedTo, ONET.elementName]
    known = release.lazy().filter(pl.col("predicate").is_in(wanted))
    said = known.select("subject", "predicate", "object").collect()

    def one(predicate: str, name: str) -> pl.DataFrame:
        rows = said.filter(predicate=predicate)
        return rows.group_by(task="subject").agg(pl.col("object").min().alias(name))

    titles = (
        said.filter(predicate=ONET.linkedTo)
        .select(task="subject", element="object")
        .join(one(ONET.elementName, "title"), left_on="element", right_on="task")
        .group_by("task")
        .agg(pl.col("title").unique().sort())
    )
    rows = (
        said.filter(predicate=ONET.hasTask)
        .select(occupation="subject", task="object")
        .unique()
        .join(one(KG.taskId, "task_id"), on="task")
        .join(one(ONET.task, "text"), on="task")
        .join(titles, on="task", how="left")
        .select("occupation", "task", "task_id", "text", "title")
    )
    tasks: dict[str, list[TaskText]] = {}
    for occupation, iri, task_id, text, activities in rows.iter_rows():
        task = TaskText(iri, task_id, text, tuple(activities or ()))
        tasks.setdefault(occupation, []).append(task)
    for of in tasks.values():
        of.sort(key=lambda t: (task_order(t.task_id), t.iri))
    return dict(sorted(tasks.items()))


def statements_of(page: Iterable[Quad]) -> list[StatementText]:
    """Return the statements in the quads of a page, in the order of its lines."""
    wanted = {DCT.type, KG.framework, KG.line, KG.occupation, SKOS.definition, SKOS.prefLabel}
    values: dict[str, dict[str, str]] = {}
    found: set[str] = set()
    for subject, predicate, value, *_ in page:
        if predicate in wanted:
            values.setdefault(subject, {})[predicate] = value
        elif predicate == RDF.type and value == KG.Statement:
            found.add(subject)
    statements = []
    for iri in found:
        of = values.get(iri, {})
        kind = values.get(of.get(KG.framework, ""), {}).get(DCT.type, "")
        statements.append(
            StatementText(
                iri=iri,
                occupation=of.get(KG.occupation, ""),
                kind=kind.rpartition("/")[2],
                label=of.get(SKOS.prefLabel, ""),
                text=of.get(SKOS.definition, ""),
                line=int(of.get(KG.line, 0)),
            )
        )
    return sorted(statements, key=lambda s: (s.line, s.iri))


def scores(
    pages: Iterable[Iterable[Quad]], tasks: Mapping[str, Sequence[TaskText]], linker: Linker
) -> Iterator[Score]:
    """Yield the score of every statement with every task of its occupation.

    They come page by page, in each by framework (base, AI, durable), line, and task ID.
    """
    for page in pages:
        by_occupation: dict[str, list[StatementText]] = {}
        for statement in sorted(statements_of(page), key=lambda s: _kind_order(s.kind)):
            by_occupation.setdefault(statement.occupation, []).append(statement)
        for occupation, statements in by_occupation.items():
            of = tasks.get(occupation, ())
            rows = linker.score([s.words for s in statements], of)
            for statement, row in zip(statements, rows, strict=True):
                for task, score in zip(of, row, strict=True):
                    confidence = _confidence(score)
                    yield Score(
                        statement.kind, statement.label, task.task_id, confidence, statement.iri
                    )


def _kind_order(kind: str) -> tuple[int, str]:
    known = KINDS.index(kind) if kind in KINDS else len(KINDS)
    return known, kind
