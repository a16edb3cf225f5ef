"""Figures of how well confidences agree with grades, with how sure each figure is.

Pairs are all statements that were judged with all tasks of their occupation. A pair is right where
its grade is at least the one asked for. How sure a figure is comes from drawing as many statements
again, with replacement, many times: the middle 95 % of what the draws give is its interval. The
draws are the same in every run, and for the two sides of a difference.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kg.evaluation.gold import Judged
from kg.linking import KINDS, Matrix

__all__ = [
    "ALL",
    "GRADES",
    "RESAMPLES",
    "Bin",
    "Estimate",
    "Evaluation",
    "Measures",
    "average_precisions",
    "bins",
    "evaluate",
]

#: What all frameworks together are called, and which grades are asked for.
ALL = "all"
GRADES = (2, 1)
#: How many draws an interval rests on, and what they start from.
RESAMPLES = 2000
_SEED = 1
_INTERVAL = (2.5, 97.5)
#: There are at most so many bins, and so many statements in each, as far as they go.
_MOST_BINS = 5
_LEAST_IN_BIN = 10
#: So many numbers are held at a time of a table of draws and pairs.
_AT_A_TIME = 4_000_000

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


class Estimate(NamedTuple):
    """A figure, and the interval it is in with 95 %; none where no draw gives one."""

    value: float
    low: float | None
    high: float | None


class Bin(NamedTuple):
    """Some statements whose best links are about as sure, and how many of these are right."""

    least: float
    most: float
    statements: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of a framework (`all`: of all) at a grade; None where nothing is right.

    - `statements`, `pairs`: how many were judged; `with_task`, `positives`: that are right
    - `first`: statements whose best task, ties by task ID, is right; `p1`: their share of those
      that have a right task
    - `ap`: average precision over the pairs by descending confidence
    - `f1`, `precision`, `recall`: of the pairs at or above the working threshold
    - `brier`: mean square of confidence less truth over the pairs; `base_brier`: the same of a
      confidence that is always the share of right pairs
    - `calibration`: best links of all statements in bins of about equally many
    - `calibration_error`: how far confidence and share of right ones are apart in these bins, on
      average over statements
    - `p1_gain`, `ap_gain`: by how much they are above those of TF-IDF of words
    """

    framework: str
    grade: int
    statements: int
    pairs: int
    with_task: int
    positives: int
    first: int
    p1: Estimate | None
    ap: Estimate | None
    f1: Estimate | None
    precision: float | None
    recall: float | None
    brier: Estimate
    base_brier: float
    calibration: tuple[Bin, ...]
    calibration_error: float
    p1_gain: Estimate | None
    ap_gain: Estimate | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a linker: by grade, then framework, that of all at the end."""

    linker: str
    version: str
    threshold: Decimal
    measures: tuple[Measures, ...]

    def of(self, framework: str = ALL, grade: int = 2) -> Measures:
        """Return the figures of a framework at a grade; raises KeyError where there are none."""
        for found in self.measures:
            if (found.framework, found.grade) == (framework, grade):
                return found
        raise KeyError((framework, grade))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it, estimates and bins as objects."""
        return {
            "linker": self.linker,
            "version": self.version,
            "threshold": float(self.threshold),
            "resamples": RESAMPLES,
            "measures": [
                {
                    **asdict(m),
                    **{
                        name: value._asdict() if value else None
                        for name in ("p1", "ap", "f1", "brier", "p1_gain", "ap_gain")
                        for value in [getattr(m, name)]
                    },
                    "calibration": [b._asdict() for b in m.calibration],
                }
                for m in self.measures
            ],
        }


def evaluate(
    judged: Sequence[Judged], scores: Matrix, plain: Matrix, threshold: float
) -> tuple[Measures, ...]:
    """Return the figures of scores, a row for each judged statement, beside those of a plain way.

    Both have a number for each task of a statement, in the order of its tasks: that of equal
    scores the first is the best.
    """
    kinds = [j.statement.kind for j in judged]
    found = []
    for grade in GRADES:
        for kind in (*(k for k in KINDS if k in kinds), ALL):
            chosen = [i for i, k in enumerate(kinds) if kind in (k, ALL)]
            grades = [judged[i].grades for i in chosen]
            ours, theirs = ([rows[i] for i in chosen] for rows in (scores, plain))
            found.append(_measures(kind, grade, grades, ours, theirs, threshold))
    return tuple(found)


def _measures(
    kind: str,
    grade: int,
    grades: Sequence[Sequence[int]],
    scores: Matrix,
    plain: Matrix,
    threshold: float,
) -> Measures:
    draws = _draws(len(grades))
    owner = np.repeat(np.arange(len(grades)), [len(of) for of in grades])
    truth = np.array([g >= grade for of in grades for g in of], dtype=bool)
    score = np.array([value for row in scores for value in row], dtype=float)
    other = np.array([value for row in plain for value in row], dtype=float)
    has = np.array([any(g >= grade for g in of) for of in grades])
    first, their_first = (_first(rows, grades, grade) for rows in (scores, plain))

    def per_statement(values: npt.NDArray[Any]) -> Floats:
        sums = np.bincount(owner, weights=values.astype(float), minlength=len(grades))
        return sums.astype(float)

    said = score >= threshold
    hits, selected, positives = map(per_statement, (said & truth, said, truth))
    errors, sizes = per_statement((score - truth) ** 2), per_statement(np.ones_like(score))
    best = np.array([max(row) for row in scores], dtype=float)
    found = bins(best, first)
    any_right = bool(truth.any())
    p1 = ap = f1 = p1_gain = ap_gain = None
    if any_right:
        firsts, their_firsts = (_ratio(draws @ f, draws @ has) for f in (first, their_first))
        value, other_value = (float(f.sum() / has.sum()) for f in (first, their_first))
        p1 = _estimate(value, firsts)
        p1_gain = _estimate(value - other_value, firsts - their_firsts)
        value, other_value = (_average_precision(truth, s) for s in (score, other))
        precisions, their_precisions = (
            average_precisions(truth, s, draws, owner) for s in (score, other)
        )
        ap = _estimate(value, precisions)
        ap_gain = _estimate(value - other_value, precisions - their_precisions)
        f1 = _estimate(
            float(2 * hits.sum() / (selected.sum() + positives.sum())),
            _ratio(2 * (draws @ hits), draws @ selected + draws @ positives),
        )
    share = float(truth.mean())
    return Measures(
        framework=kind,
        grade=grade,
        statements=len(grades),
        pairs=len(truth),
        with_task=int(has.sum()),
        positives=int(truth.sum()),
        first=int(first.sum()),
        p1=p1,
        ap=ap,
        f1=f1,
        precision=float(hits.sum() / selected.sum()) if said.any() else None,
        recall=float(hits.sum() / positives.sum()) if any_right else None,
        brier=_estimate(_brier(truth, score), _ratio(draws @ errors, draws @ sizes)),
        base_brier=share * (1 - share),
        calibration=found,
        calibration_error=sum(b.statements * abs(b.confidence - b.right) for b in found)
        / len(grades),
        p1_gain=p1_gain,
        ap_gain=ap_gain,
    )


def _first(rows: Matrix, grades: Sequence[Sequence[int]], grade: int) -> Bools:
    """Tell of each statement whether its best task is right; of equal ones the first is best."""
    return np.array(
        [
            of[max(range(len(row)), key=row.__getitem__)] >= grade
            for row, of in zip(rows, grades, strict=True)
        ],
        dtype=bool,
    )


def bins(confidence: Floats, right: Bools) -> tuple[Bin, ...]:
    """Return links by confidence in at most five bins of equally many, ten or more.

    Equal confidences are in one bin, so that some may hold more than others.
    """
    order = np.argsort(confidence, kind="stable")
    ranked, truth = confidence[order], right[order]
    number = max(1, min(_MOST_BINS, len(ranked) // _LEAST_IN_BIN))
    # A bin ends behind all that are as sure as the last of it.
    ends = {
        int(np.searchsorted(ranked, ranked[round(len(ranked) * k / number) - 1], side="right"))
        for k in range(1, number + 1)
    }
    found, start = [], 0
    for end in sorted(ends):
        part = ranked[start:end]
        found.append(
            Bin(
                float(part[0]),
                float(part[-1]),
                len(part),
                float(part.mean()),
                float(truth[start:end].mean()),
            )
        )
        start = end
    return tuple(found)


def average_precisions(truth: Bools, score: Floats, draws: Integers, owner: Integers) -> Floats:
    """Return the average precision of each draw; not a number where nothing drawn is right.

    `draws` has a row for each, with how often each statement is in it; `owner` is the statement of
    each pair. It is the sum, over the distinct scores from the highest, of the precision down to
    it times the recall it adds.
    """
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    ends = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)
    found = []
    step = max(1, _AT_A_TIME // len(score))
    for start in range(0, len(draws), step):
        weights = draws[start : start + step][:, owner[order]]
        drawn = weights.cumsum(axis=1)[:, ends]
        right = (weights * truth[order]).cumsum(axis=1)[:, ends]
        gained = np.diff(right, axis=1, prepend=0)
        precision = np.divide(right, drawn, out=np.zeros(right.shape), where=drawn > 0)
        found.append(_ratio((precision * gained).sum(axis=1), right[:, -1]))
    return np.concatenate(found)


def _draws(statements: int) -> Integers:
    """Return how often each statement is in each draw: a row for each draw."""
    drawn = np.random.default_rng(_SEED).integers(statements, size=(RESAMPLES, statements))
    rows = np.arange(RESAMPLES)[:, None]
    counts = np.bincount((rows * statements + drawn).ravel(), minlength=RESAMPLES * statements)
    return counts.reshape(RESAMPLES, statements)


def _ratio(above: npt.NDArray[Any], below: npt.NDArray[Any]) -> Floats:
    """Return quotients, not a number where there is none."""
    found: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return found


def _estimate(value: float, drawn: Floats) -> Estimate:
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return Estimate(value, None, None)
    low, high = np.percentile(known, _INTERVAL)
    return Estimate(value, float(low), float(high))


def _average_precision(truth: Bools, score: Floats) -> float:
    return float(_metric("average_precision_score")(truth, score))


def _brier(truth: Bools, score: Floats) -> float:
    return float(_metric("brier_score_loss")(truth, np.clip(score, 0, 1), pos_label=True))


def _metric(name: str) -> Callable[..., float]:
    """Return a measure of scikit-learn, which is loaded when first needed: it takes a second."""
    with warnings.catch_warnings():
        # Of a part that is not used here, as in `kg.linking`.
        warnings.filterwarnings("ignore", message=".*joblib will operate in serial mode")
        from sklearn import metrics
    found: Callable[..., float] = getattr(metrics, name)
    return found
