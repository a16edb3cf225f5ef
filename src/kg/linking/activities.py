"""The linker of `kg build`: a task is what it says, and what the activities say that it does.

O*NET says which detailed work activities a task does. A statement that words a task otherwise often
has the words of these activities, or of tasks of other occupations that do them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from kg.linking.model import Matrix, TaskText
from kg.linking.vectors import (
    NOTHING,
    Floats,
    Integers,
    Vector,
    Vocabulary,
    sum_of,
    vocabulary_of,
)

__all__ = [
    "LINKER",
    "ActivityLinker",
    "Calibration",
    "Weights",
    "activity_linker",
    "read_linker",
    "write_linker",
]

#: What the names of all files begin with that `write_linker` writes; the last one is called so.
LINKER = "linker"
_TERMS, _ACTIVITIES = f"{LINKER}-terms.parquet", f"{LINKER}-activities.parquet"


class Weights(NamedTuple):
    """How much the parts of a task count.

    - `titles`: the titles of its activities, where its own words count 1
    - `others`: the tasks, of any occupation, that do the same activities
    - `rarity`: the power of the weight of a term by how few tasks of the occupation have it
    """

    titles: float = 0.25
    others: float = 1.0
    rarity: float = 1.5


class Calibration(NamedTuple):
    """The logistic function from a similarity, and from how far it is below the statement's best.

    Its numbers are those that `benchmarks/linking_pairs.py` fits.
    """

    constant: float = -4.1
    similarity: float = 16.2
    below_best: float = 3.8


_WEIGHTS, _CALIBRATION = Weights(), Calibration()


@dataclass(frozen=True, slots=True)
class ActivityLinker:
    """Cosines of a statement and its occupation's tasks, as probabilities.

    `benchmarks/linking_pairs.py` shows what the weights, the calibration and the threshold rest on:
    pairs of tasks and activities that O*NET itself publishes, not any page.
    """

    #: The place of each term of the release, in their order, and its inverse document frequency.
    places: Mapping[str, int]
    idf: Floats
    #: Of each activity, by its title, all tasks that do it.
    tasks_of_activity: Mapping[str, Vector]
    weights: Weights = _WEIGHTS
    calibration: Calibration = _CALIBRATION
    name: str = "activities"
    version: str = "1"
    measure: str = (
        "Estimated probability that the statement is a way of doing the task or a clear part of "
        "it: a logistic function of the cosine of their TF-IDF vectors, where a task also has the "
        "words of its detailed work activities and of the other tasks that do these, and of how "
        "far the cosine is below that of the statement's best task"
    )
    threshold: Decimal = Decimal("0.2")
    _vectors: dict[str, Vector] = field(default_factory=dict, repr=False, compare=False)

    def score(self, statements: Sequence[str], tasks: Sequence[TaskText]) -> Matrix:
        """Return the probabilities; 0 where a statement and a task have nothing in common."""
        constant, similarity, below_best = self.calibration
        cosines = self.similarities(statements, tasks)
        best = cosines.max(axis=1, initial=0.0, keepdims=True)
        logits = constant + similarity * cosines + below_best * (cosines - best)
        rows: list[list[float]] = np.where(cosines > 0, 1 / (1 + np.exp(-logits)), 0.0).tolist()
        return rows

    def similarities(self, statements: Sequence[str], tasks: Sequence[TaskText]) -> Floats:
        """Return the cosines of each statement (a row) and all tasks."""
        cosines = np.zeros((len(statements), len(tasks)))
        vectors = [self.vector(statement) for statement in statements]
        filled = [row for row, vector in enumerate(vectors) if len(vector.terms)]
        if not filled or not tasks:
            return cosines
        places, profiles = self._profiles(tasks)
        terms = np.concatenate([vectors[row].terms for row in filled])
        weights = np.concatenate([vectors[row].weights for row in filled])
        # A last row of zeros stands for the terms that no task has.
        at = np.searchsorted(places, terms)
        at = np.where(np.append(places, -1)[at] == terms, at, len(places))
        products = np.vstack([profiles, np.zeros(len(tasks))])[at] * weights[:, None]
        # Each statement is added up by itself, so that no other one changes a bit of it.
        lengths = [len(vectors[row].terms) for row in filled]
        starts = np.concatenate([[0], np.cumsum(lengths[:-1])]).astype(np.int64)
        cosines[filled] = np.add.reduceat(products, starts, axis=0)
        return cosines

    def vector(self, text: str) -> Vector:
        """Return the TF-IDF vector of a text."""
        return Vocabulary(self.places, self.idf).vector(text)

    def _profiles(self, tasks: Sequence[TaskText]) -> tuple[Integers, Floats]:
        """Return which terms any of the tasks has, and a row for each with its weight in each."""
        own = [[self._kept(t.text)] for t in tasks]
        titles = [[self._kept(title) for title in t.activities] for t in tasks]
        others = [
            [self.tasks_of_activity.get(title, NOTHING) for title in t.activities] for t in tasks
        ]
        blocks = (own, titles, others)
        terms = [v.terms for block in blocks for vectors in block for v in vectors]
        places, columns = np.unique(np.concatenate(terms), return_inverse=True)
        shape = len(tasks), len(places)
        parts = []
        start = 0
        for block in blocks:
            task = np.repeat(
                np.arange(len(tasks)), [sum(len(v.terms) for v in vectors) for vectors in block]
            )
            stop = start + len(task)
            weights = [v.weights for vectors in block for v in vectors]
            flat = np.zeros(shape[0] * shape[1])
            at = task * shape[1] + columns[start:stop]
            np.add.at(flat, at, np.concatenate([NOTHING.weights, *weights]))
            parts.append(_of_length_one(flat.reshape(shape)))
            start = stop
        said = parts[0] + self.weights.titles * parts[1]
        having = (said > 0).sum(axis=0)
        rarity = np.log((len(tasks) + 1) / (having + 0.5)) ** self.weights.rarity
        whole = (said + self.weights.others * parts[2]) * rarity
        return places, np.ascontiguousarray(_of_length_one(whole).T)

    def _kept(self, text: str) -> Vector:
        """Return the vector of a text of the release, which several occupations may share."""
        vector = self._vectors.get(text)
        if vector is None:
            vector = self._vectors[text] = self.vector(text)
        return vector


def _of_length_one(rows: Floats) -> Floats:
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return rows / np.where(lengths > 0, lengths, 1)


def activity_linker(tasks: Iterable[TaskText]) -> ActivityLinker:
    """Return the linker that learns from all tasks of a release, of whatever occupation."""
    # In an order of their own, since sums depend on it; a text that several share is one document.
    known = sorted(set(tasks), key=lambda t: (t.text, t.task_id, t.iri))
    titles = sorted({title for task in known for title in task.activities})
    texts = dict.fromkeys(chain((task.text for task in known), titles))
    places, idf = vocabulary_of(texts)
    blank = ActivityLinker(places, idf, {})
    doing: dict[str, list[Vector]] = {title: [] for title in titles}
    vectors = {text: blank.vector(text) for text in dict.fromkeys(task.text for task in known)}
    for task in known:
        for title in task.activities:
            doing[title].append(vectors[task.text])
    return ActivityLinker(places, idf, {title: sum_of(of) for title, of in doing.items()})


def write_linker(linker: ActivityLinker, folder: Path, key: str) -> None:
    """Write what a linker learnt into a folder; OSError where the disk refuses.

    `key` tells apart the code that learnt it: what other code learnt is not to be read.
    """
    terms = pl.DataFrame({"term": list(linker.places), "idf": linker.idf})
    known = linker.tasks_of_activity
    activities = pl.DataFrame(
        {
            "title": [title for title, vector in known.items() for _ in vector.terms],
            "term": np.concatenate([NOTHING.terms, *(v.terms for v in known.values())]),
            "weight": np.concatenate([NOTHING.weights, *(v.weights for v in known.values())]),
        },
        schema={"title": pl.String(), "term": pl.Int64(), "weight": pl.Float64()},
    )
    terms.cast({"term": pl.String(), "idf": pl.Float64()}).write_parquet(folder / _TERMS)
    activities.write_parquet(folder / _ACTIVITIES)
    (folder / LINKER).write_text(f"{linker.name} {key}\n", encoding="ascii")


def read_linker(folder: Path, key: str) -> ActivityLinker:
    """Read what `write_linker` wrote with that key; OSError or ValueError if it cannot be read."""
    blank = ActivityLinker({}, np.empty(0), {})
    if (folder / LINKER).read_text(encoding="ascii") != f"{blank.name} {key}\n":
        raise ValueError(f"{folder}: holds another linker")
    try:
        terms = pl.read_parquet(folder / _TERMS, glob=False)
        activities = pl.read_parquet(folder / _ACTIVITIES, glob=False)
        places = {term: place for place, term in enumerate(terms["term"])}
        titles = activities["title"].rle()
        ends = np.cumsum(titles.struct.field("len").to_numpy())
        values = activities["term"].to_numpy(), activities["weight"].to_numpy()
        known = {
            title: Vector(*(v[start:stop] for v in values))
            for title, (start, stop) in zip(
                titles.struct.field("value"), pairwise([0, *ends.tolist()]), strict=True
            )
        }
        return ActivityLinker(places, terms["idf"].to_numpy(), known)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{folder}: holds no linker: {error}") from None
