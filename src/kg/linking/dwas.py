"""Any text, and the detailed work activities (DWAs) of a release that it may tell of.

O*NET says which DWAs a task does, so what the tasks of a DWA have in common tells what it is. A DWA
is part of an intermediate work activity (IWA), and that of a work activity: what the others of the
same IWA or work activity are like is evidence too, above all of a DWA that few tasks do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import polars as pl

from kg.linking.model import TaskText
from kg.linking.vectors import Floats, Integers, Vector, Vocabulary, sum_of, vocabulary_of
from kg.namespaces import KG, ONET, RDF, SKOS

__all__ = [
    "Activity",
    "ActivityRanker",
    "EvidenceWeights",
    "RankedActivity",
    "ShareCalibration",
    "activities_of",
    "activity_ranker",
]

# How much the title of a DWA counts where its tasks, together, count 1; and as how many tasks where
# words are counted.
_TITLE, _TITLE_TASKS = 0.5, 2.0
# How many words an IWA's word frequencies count as beside the words of a DWA, and those of the
# release beside the words of an IWA: Dirichlet priors.
_IWA_WORDS, _RELEASE_WORDS = 20.0, 50.0


class Activity(NamedTuple):
    """A DWA, and the IRIs of the IWA and the work activity that it is part of ("" for none)."""

    iri: str
    activity_id: str
    title: str
    iwa: str
    work_activity: str


class RankedActivity(NamedTuple):
    """A DWA, and how likely it is that a task with the words of a text does it."""

    iri: str
    activity_id: str
    title: str
    confidence: Decimal


class EvidenceWeights(NamedTuple):
    """How much the evidence of a DWA counts.

    - `profile`: the cosine of the text and the tasks and title of the DWA
    - `iwa`, `work_activity`: the same of all DWAs of its IWA and of its work activity
    - `words`: the log-likelihood of the text's words, the DWA's against the release's
    - `tasks`: the logarithm of one more than the number of tasks that do it

    Its numbers are those that `benchmarks/linking_dwas.py` fits to the pairs of O*NET 30.2.
    """

    profile: float = 10.45
    iwa: float = 2.08
    work_activity: float = 7.16
    words: float = 0.114
    tasks: float = 0.547


class ShareCalibration(NamedTuple):
    """The logistic function from the log-odds of a DWA's share; fitted as the weights are."""

    constant: float = -0.066
    log_odds: float = 0.946


_WEIGHTS, _CALIBRATION = EvidenceWeights(), ShareCalibration()


class _Entries(NamedTuple):
    """A sparse matrix: its values, by row and then term, and how many rows there are."""

    rows: Integers
    terms: Integers
    values: Floats
    height: int


class _Index(NamedTuple):
    """A sparse matrix by term: those of the term t stand from `starts[t]` to `starts[t + 1]`."""

    starts: Integers
    rows: Integers
    values: Floats
    height: int

    def product(self, vector: Vector) -> Floats:
        """Return the product of each row and a vector, added up in the order of its terms."""
        total = np.zeros(self.height)
        for term, weight in zip(vector.terms, vector.weights, strict=True):
            start, stop = self.starts[term], self.starts[term + 1]
            total[self.rows[start:stop]] += weight * self.values[start:stop]
        return total


@dataclass(frozen=True, slots=True)
class ActivityRanker:
    """The DWAs of a release, ranked for any text; made by `activity_ranker`.

    What a text gets depends on it and on the release, never on other texts.
    """

    #: In the order of their IDs, as the rows of all evidence.
    activities: Sequence[Activity]
    vocabulary: Vocabulary
    #: Of each DWA, the place of its IWA and of its work activity.
    iwas: Integers
    work_activities: Integers
    #: Vectors of DWAs, of IWAs and of work activities.
    profiles: _Index
    iwa_profiles: _Index
    work_activity_profiles: _Index
    #: What a word adds to the log-likelihood of a DWA that has it, and of all DWAs of an IWA that
    #: has it; and what it adds to any DWA, whether it has it or not.
    words: _Index
    iwa_words: _Index
    any_word: Floats
    #: The logarithm of one more than the number of tasks of each DWA.
    tasks: Floats
    weights: EvidenceWeights = _WEIGHTS
    calibration: ShareCalibration = _CALIBRATION

    def rank(self, text: str, most: int = 5) -> list[RankedActivity]:
        """Return the DWAs that fit a text best, at most so many, ties by ID.

        None where the release has no word of the text.
        """
        if not len(self.vocabulary.vector(text).terms):
            return []
        scores = self.scores(text)
        confidences = self.confidences(scores)
        # Activities are in the order of their IDs, in which a stable sort leaves equal ones.
        best = np.argsort(-scores, kind="stable")[: max(most, 0)]
        return [
            RankedActivity(a.iri, a.activity_id, a.title, Decimal(f"{confidence:.4f}"))
            for a, confidence in ((self.activities[i], confidences[i]) for i in best)
        ]

    def scores(self, text: str) -> Floats:
        """Return a number for each DWA: the greater, the better it fits. They are no shares."""
        # Column by column, since a product of matrices may add up in another order elsewhere.
        return np.asarray(np.sum(self.evidence(text) * np.array(self.weights), axis=1))

    def confidences(self, scores: Floats) -> Floats:
        """Return the scores of a text as probabilities.

        They suppose that some DWA of the release fits: each is that of its share of all DWAs.
        """
        shares = np.exp(scores - scores.max(initial=-np.inf))
        shares = np.minimum(shares / shares.sum(), 1 - 1e-9)
        constant, log_odds = self.calibration
        # The share of one that is far from fitting may be 0.
        with np.errstate(divide="ignore"):
            logits = constant + log_odds * (np.log(shares) - np.log1p(-shares))
        return np.asarray(1 / (1 + np.exp(-np.maximum(logits, -700))))

    def evidence(self, text: str) -> Floats:
        """Return a row for each DWA, with a column for each of `EvidenceWeights`."""
        vector = self.vocabulary.vector(text)
        each = vector._replace(weights=np.ones(len(vector.terms)))
        words = (
            self.words.product(each)
            + self.iwa_words.product(each)[self.iwas]
            + len(vector.terms) * self.any_word
        )
        return np.column_stack(
            [
                self.profiles.product(vector),
                self.iwa_profiles.product(vector)[self.iwas],
                self.work_activity_profiles.product(vector)[self.work_activities],
                words,
                self.tasks,
            ]
        )


def activity_ranker(tasks: Iterable[TaskText], activities: Iterable[Activity]) -> ActivityRanker:
    """Return the ranker that learns from the tasks of a release which DWAs they do, by title."""
    ranked = sorted(set(activities), key=lambda a: (a.activity_id, a.iri))
    titles = {activity.title for activity in ranked}
    # In an order of their own, since sums depend on it.
    known = sorted(
        {task for task in tasks if not titles.isdisjoint(task.activities)},
        key=lambda t: (t.text, t.task_id, t.iri),
    )
    vocabulary = vocabulary_of({task.text for task in known} | titles)
    doing: dict[str, list[Vector]] = {title: [] for title in titles}
    for task in known:
        vector = vocabulary.vector(task.text)
        for title in titles.intersection(task.activities):
            doing[title].append(vector)

    named = [vocabulary.vector(activity.title) for activity in ranked]
    done = [doing[activity.title] for activity in ranked]
    size, count = len(vocabulary.places), len(ranked)
    iwas, iwa_count = _groups([activity.iwa for activity in ranked])
    general, general_count = _groups([activity.work_activity for activity in ranked])

    said = [
        sum_of([_scaled(title, _TITLE), sum_of(of)]) if of else title
        for title, of in zip(named, done, strict=True)
    ]
    profiles = _entries(said, range(count), count, size)
    iwa_profiles = _of_length_one(_entries(said, iwas, iwa_count, size))
    general_profiles = _of_length_one(_entries(said, general, general_count, size))

    # How many tasks of a DWA have each word.
    having = [_scaled(_present(title), _TITLE_TASKS) for title in named]
    having += [_present(vector) for of in done for vector in of]
    owners = np.concatenate([np.arange(count), np.repeat(np.arange(count), list(map(len, done)))])
    counts = _entries(having, owners, count, size)
    iwa_counts = _entries(having, iwas[owners], iwa_count, size)
    of_release = np.bincount(counts.terms, counts.values, size)
    release = of_release / max(of_release.sum(), 1.0)
    words, iwa_words, any_word = _likelihoods(counts, iwa_counts, release, iwas)
    return ActivityRanker(
        activities=ranked,
        vocabulary=vocabulary,
        iwas=iwas,
        work_activities=general,
        profiles=_index(profiles, size),
        iwa_profiles=_index(iwa_profiles, size),
        work_activity_profiles=_index(general_profiles, size),
        words=_index(words, size),
        iwa_words=_index(iwa_words, size),
        any_word=any_word,
        tasks=np.log1p([len(of) for of in done]),
    )


def _likelihoods(
    counts: _Entries, iwa_counts: _Entries, release: Floats, iwas: Integers
) -> tuple[_Entries, _Entries, Floats]:
    """Return the log-likelihood ratio of each word in three summands, two of them mostly 0.

    The frequency of a word in a DWA is smoothed by that in its IWA, and this by that in the release
    (Dirichlet priors; Zhai and Lafferty, doi:10.1145/984321.984322).
    """
    size = len(release)
    total = np.bincount(counts.rows, counts.values, counts.height)
    iwa_total = np.bincount(iwa_counts.rows, iwa_counts.values, iwa_counts.height)
    frequency = (iwa_counts.values + _RELEASE_WORDS * release[iwa_counts.terms]) / (
        iwa_total[iwa_counts.rows] + _RELEASE_WORDS
    )
    # An IWA has every word that its DWAs have; its entries are in this order.
    at = np.searchsorted(
        iwa_counts.rows * size + iwa_counts.terms, iwas[counts.rows] * size + counts.terms
    )
    words = np.log1p(counts.values / (_IWA_WORDS * frequency[at]))
    iwa_words = np.log1p(iwa_counts.values / (_RELEASE_WORDS * release[iwa_counts.terms]))
    any_word = np.log(_IWA_WORDS / (total + _IWA_WORDS)) + np.log(
        _RELEASE_WORDS / (iwa_total[iwas] + _RELEASE_WORDS)
    )
    return counts._replace(values=words), iwa_counts._replace(values=iwa_words), any_word


def _groups(names: Sequence[str]) -> tuple[Integers, int]:
    """Return the place of each name among the different ones, and how many these are."""
    places = {name: place for place, name in enumerate(sorted(set(names)))}
    return np.array([places[name] for name in names], np.int64), len(places)


def _scaled(vector: Vector, factor: float) -> Vector:
    return vector._replace(weights=vector.weights * factor)


def _present(vector: Vector) -> Vector:
    return vector._replace(weights=np.ones(len(vector.terms)))


def _entries(vectors: Sequence[Vector], rows: Collection[int], count: int, size: int) -> _Entries:
    """Return the sums of the vectors of each row."""
    lengths = [len(vector.terms) for vector in vectors]
    keys = np.repeat(np.fromiter(rows, np.int64, len(rows)), lengths) * size
    keys += np.concatenate([np.empty(0, np.int64), *(v.terms for v in vectors)])
    found, at = np.unique(keys, return_inverse=True)
    weights = np.concatenate([np.empty(0), *(v.weights for v in vectors)])
    values = np.bincount(at, weights).astype(np.float64)
    return _Entries(found // max(size, 1), found % max(size, 1), values, count)


def _of_length_one(entries: _Entries) -> _Entries:
    lengths = np.sqrt(np.bincount(entries.rows, entries.values**2, entries.height))
    return entries._replace(values=entries.values / lengths[entries.rows])


def _index(entries: _Entries, size: int) -> _Index:
    order = np.argsort(entries.terms, kind="stable")
    starts = np.searchsorted(entries.terms[order], np.arange(size + 1))
    return _Index(starts, entries.rows[order], entries.values[order], entries.height)


def activities_of(release: pl.DataFrame | pl.LazyFrame) -> list[Activity]:
    """Return the DWAs in a release's quad table, in the order of their IDs.

    Of a lazy table only what is said of activities is read. Of several values the least counts.
    """
    columns = {
        "activity_id": ONET.elementID,
        "title": ONET.elementName,
        "iwa": SKOS.broader,
        "work_activity": KG.workActivity,
    }
    wanted = pl.col("predicate").is_in([RDF.type, *columns.values()])
    said = release.lazy().filter(wanted).select("subject", "predicate", "object").collect()
    rows = said.filter(predicate=RDF.type, object=KG.DetailedWorkActivity).select("subject")
    for name, predicate in columns.items():
        values = said.filter(predicate=predicate).group_by("subject")
        rows = rows.unique().join(
            values.agg(pl.col("object").min().alias(name)), on="subject", how="left"
        )
    complete = rows.drop_nulls(["activity_id", "title"]).fill_null("")
    return [Activity(*row) for row in complete.sort("activity_id", "subject").iter_rows()]
