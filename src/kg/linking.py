"""Statements and the tasks they may support: how alike their texts are.

A `Linker` scores every statement against every task. It is made of a release's texts alone, and
scores each pair by itself, so that the links of a page never depend on other pages. What a score
becomes (which pairs are linked, in which order) is the same for every linker: `best_links`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import polars as pl

from kg.model import Quad
from kg.namespaces import DCT, KG, ONET, RDF, SKOS

__all__ = [
    "KINDS",
    "LEAST_CONFIDENCE",
    "LINKER",
    "MOST_LINKS",
    "Link",
    "Linker",
    "Matrix",
    "Score",
    "StatementText",
    "TaskText",
    "best_links",
    "read_linker",
    "scores",
    "statements_of",
    "task_order",
    "tasks_of",
    "text_features",
    "tfidf_linker",
    "write_linker",
]

#: How many links a statement has at most, and below which confidence there is none.
MOST_LINKS = 3
LEAST_CONFIDENCE = Decimal("0.1")
#: What the files begin with that `write_linker` writes, and the name of the last of them.
LINKER = "linker"
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

    def score(self, statements: Sequence[str], tasks: Sequence[str]) -> Matrix:
        """Return how well each statement fits each task; a pair's number depends on it alone."""


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
    """A task as the release words it."""

    iri: str
    task_id: str
    text: str


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
    for index, row in enumerate(linker.score(statements, [t.text for t in tasks])):
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


# The first linker.

# They say nothing of the work. In a whole release their weight is next to nothing anyway, in a
# release of a few occupations it would not be.
_FUNCTION_WORDS = frozenset(
    """
    about after all also an and any are as at be because been before being between both but by can
    could did do does during each either etc every for from had has have he her him his how if in
    into is it its itself may more most must nor of off on once or other others our out over own
    per she should so some such than that the their them themselves then there these they this
    those through to under until up upon via was we were what when where whether which while who
    whom whose will with within without would you your
    """.split()
)
_WORD = re.compile(r"\w\w+")


@dataclass(frozen=True, slots=True)
class _Tfidf:
    """Cosines of TF-IDF vectors: of words, and of character sequences, which endings change less.

    The two count equally, and links support from 0.2 on. Both were settled by pairs of tasks and
    detailed work activities that O*NET itself publishes, not by any page:
    `benchmarks/linking_pairs.py` shows it.
    """

    vectorizers: tuple[Any, ...]
    name: str = "tfidf"
    version: str = "1"
    measure: str = (
        "Mean of two cosines of TF-IDF vectors, one of words and one of sequences of four "
        "characters, without function words; vocabulary and weights are those of all task texts "
        "of the release"
    )
    threshold: Decimal = Decimal("0.2")

    def score(self, statements: Sequence[str], tasks: Sequence[str]) -> Matrix:
        """Return the mean of the cosines of each pair of texts."""
        if not statements or not tasks or not self.vectorizers:
            return [[0.0] * len(tasks) for _ in statements]
        left, right = _content_of(statements), _content_of(tasks)
        cosines = [v.transform(left) @ v.transform(right).T for v in self.vectorizers]
        mean = sum(cosines[1:], cosines[0]) / len(cosines)
        rows: list[list[float]] = mean.toarray().tolist()
        return rows


def tfidf_linker(texts: Iterable[str]) -> Linker:
    """Return the linker whose vocabulary and weights are those of a release's task texts."""
    # A text that several tasks share counts once, and the order of the tasks never.
    known = _content_of(sorted(set(texts)))
    if not any(known):
        return _Tfidf(())  # nothing to compare by
    return _Tfidf(tuple(vectorizer.fit(known) for vectorizer in _vectorizers()))


def write_linker(linker: Linker, folder: Path) -> None:
    """Write what a linker learnt into a folder; OSError where the disk refuses."""
    assert isinstance(linker, _Tfidf)
    for number, vectorizer in enumerate(linker.vectorizers):
        terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
        frame = pl.DataFrame({"term": terms, "idf": vectorizer.idf_})
        frame.write_parquet(folder / f"{LINKER}-{number}.parquet")
    (folder / LINKER).write_text(f"{len(linker.vectorizers)}\n", encoding="ascii")


def read_linker(folder: Path) -> Linker:
    """Read what `write_linker` wrote; OSError or ValueError where it cannot be read."""
    number = int((folder / LINKER).read_text(encoding="ascii"))
    return _Tfidf(
        tuple(
            _learnt(vectorizer, folder / f"{LINKER}-{index}.parquet")
            for index, vectorizer in enumerate(_vectorizers()[:number])
        )
    )


def _learnt(vectorizer: Any, path: Path) -> Any:
    try:
        frame = pl.read_parquet(path, glob=False)
        # Terms are numbered in their order, as fitting does it.
        vectorizer.vocabulary = dict(zip(frame["term"], range(frame.height), strict=True))
        vectorizer.idf_ = frame["idf"].to_numpy()
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{path}: holds no linker: {error}") from None
    return vectorizer


def _vectorizers() -> tuple[Any, ...]:
    """Return the two ways of taking texts apart, not fitted yet."""
    vectorizer = text_features().TfidfVectorizer
    return tuple(
        vectorizer(lowercase=False, sublinear_tf=True, analyzer=analyzer)
        for analyzer in (str.split, _sequences)
    )


def _sequences(text: str) -> list[str]:
    """Return the sequences of four characters of the words of a text, ends of words included."""
    return [sequence for word in text.split() for sequence in _sequences_of(word)]


@lru_cache(maxsize=2**16)
def _sequences_of(word: str) -> tuple[str, ...]:
    # Kept, since the words of an occupation are few; scikit-learn's own does it text by text.
    padded = f" {word} "
    return tuple(padded[i : i + 4] for i in range(max(1, len(padded) - 3)))


def _content_of(texts: Iterable[str]) -> list[str]:
    """Return the words of each text that have a content, in lower case and without accents."""
    plain = text_features().strip_accents_unicode
    found = (_WORD.findall(plain(text.lower())) for text in texts)
    return [" ".join(w for w in words if w not in _FUNCTION_WORDS) for words in found]


def text_features() -> Any:
    """Return scikit-learn's module for texts, loaded when first needed: it takes a second."""
    with warnings.catch_warnings():
        # Of a part that is not used here, where a full disk or a strict machine has no semaphores.
        warnings.filterwarnings("ignore", message=".*joblib will operate in serial mode")
        from sklearn.feature_extraction import text
    return text


# What is scored, from quads.


def tasks_of(release: pl.DataFrame | pl.LazyFrame) -> dict[str, list[TaskText]]:
    """Return the tasks of each occupation in a release's quad table, in the order of their IDs.

    Of a lazy table only what is said of tasks is read. A task with several texts has the least.
    """
    wanted = [ONET.hasTask, KG.taskId, ONET.task]
    known = release.lazy().filter(pl.col("predicate").is_in(wanted))
    said = known.select("subject", "predicate", "object").collect()

    def one(predicate: str, name: str) -> pl.DataFrame:
        rows = said.filter(predicate=predicate)
        return rows.group_by(task="subject").agg(pl.col("object").min().alias(name))

    rows = (
        said.filter(predicate=ONET.hasTask)
        .select(occupation="subject", task="object")
        .unique()
        .join(one(KG.taskId, "task_id"), on="task")
        .join(one(ONET.task, "text"), on="task")
        .select("occupation", "task", "task_id", "text")
    )
    tasks: dict[str, list[TaskText]] = {}
    for occupation, *task in rows.iter_rows():
        tasks.setdefault(occupation, []).append(TaskText(*task))
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
            rows = linker.score([s.words for s in statements], [t.text for t in of])
            for statement, row in zip(statements, rows, strict=True):
                for task, score in zip(of, row, strict=True):
                    confidence = _confidence(score)
                    yield Score(
                        statement.kind, statement.label, task.task_id, confidence, statement.iri
                    )


def _kind_order(kind: str) -> tuple[int, str]:
    known = KINDS.index(kind) if kind in KINDS else len(KINDS)
    return known, kind
