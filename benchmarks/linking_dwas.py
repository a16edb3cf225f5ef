"""How well texts find their detailed work activities (DWAs), by O*NET's own pairs.

    python benchmarks/linking_dwas.py db_30_2_text.zip

Every task of a release is a text, and the DWAs that O*NET says it does are right. Occupations are
in five folds: a way of ranking learns from the tasks of four of them, and ranks all DWAs for the
tasks of the fifth. What it has to fit it fits within these four. Another way is tried by adding it
to `WAYS`: it takes the tasks that are known, by occupation, and the DWAs, and returns a function
from texts to a row of scores for each, in the order of the DWAs, of equal ones the first the best.

Some tasks have the same text in several occupations, case and punctuation aside. Who knows the one
need only look the other up, so there are two runs: by occupation, where it is told apart which
texts no other fold has; and by text, where occupations that share one are in one fold, and each
text that is asked is new.

Printed are P@1 (the share of tasks whose first DWA is right), R@5 (the share of a task's DWAs among
the first five, averaged over tasks), both by fold and over all tasks, their gain over the
baselines with an interval of 95 % (occupations drawn with replacement), how confidences agree with
what is right, and the weights and the calibration for `kg.linking.dwas`, fitted to all folds by
occupation.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import networkx as nx
import numpy as np
import numpy.typing as npt
from linking_pairs import FOLDS, Numbers, Tasks, folds_of, read, tasks_in
from measure import versions
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from kg.linking import Activity, ActivityRanker, TaskText, activity_ranker
from kg.linking.dwas import EvidenceWeights, ShareCalibration
from kg.linking.terms import terms_of

#: How many texts the weights are fitted to: five numbers need no more.
FITTED = 2000
#: The baseline's: how many nearest tasks vote, and the power of the cosine that they vote with.
NEAREST, POWER = 15, 2
DRAWS, BINS, BATCH = 2000, 5, 500

Truth = npt.NDArray[np.bool_]
Rank = Callable[[Sequence[str]], Numbers]


def activities_in(path: Path) -> list[Activity]:
    """Return the DWAs of a zipped release, in the order of their IDs."""
    rows = read(path, "DWA Reference").select("DWA ID", "DWA Title", "IWA ID", "Element ID")
    return sorted(Activity(dwa, dwa, *rest) for dwa, *rest in rows.iter_rows())


def truth_of(tasks: Sequence[TaskText], activities: Sequence[Activity]) -> Truth:
    """Return a row for each task: which DWAs it does."""
    places = {activity.title: place for place, activity in enumerate(activities)}
    truth = np.zeros((len(tasks), len(activities)), bool)
    for row, task in enumerate(tasks):
        truth[row, [places[title] for title in task.activities]] = True
    return truth


def flat(tasks: Tasks) -> list[TaskText]:
    """Return the tasks of all occupations."""
    return [task for of in tasks.values() for task in of]


def plain(text: str) -> str:
    """Return the words of a text, by which two texts are the same."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def folds_by_text(tasks: Tasks) -> dict[str, int]:
    """Return the fold of each occupation, such that no text of a task stands in two folds.

    Occupations that share texts, over others too, are in one fold: the largest of such groups
    first, each where there are the fewest tasks.
    """
    first: dict[str, str] = {}
    graph = nx.Graph()
    for code, of in tasks.items():
        graph.add_edges_from((code, first.setdefault(plain(task.text), code)) for task in of)
    groups = [sorted(group) for group in nx.connected_components(graph)]
    sizes = {group[0]: sum(len(tasks[code]) for code in group) for group in groups}
    folds: dict[str, int] = {}
    filled = [0] * FOLDS
    for group in sorted(groups, key=lambda group: (-sizes[group[0]], group[0])):
        fold = filled.index(min(filled))
        filled[fold] += sizes[group[0]]
        folds |= dict.fromkeys(group, fold)
    return folds


def folds_by_occupation(tasks: Tasks) -> dict[str, int]:
    """Return the fold of each occupation, drawn at random, the same in every run."""
    return folds_of(sorted(tasks))


SPLITS = {"occupation": folds_by_occupation, "text": folds_by_text}


def sample(tasks: Tasks, most: int) -> list[TaskText]:
    """Return some of the tasks, the same in every run."""
    known = flat(tasks)
    return [known[i] for i in np.random.default_rng(2).permutation(len(known))[:most]]


def fit(evidence: Numbers, truth: Truth) -> tuple[EvidenceWeights, ShareCalibration]:
    """Return the weights and calibration for evidence (text by DWA by kind) and what is right.

    The weights are those with which the shares of the DWAs that are right are most likely: a
    conditional logit (McFadden 1974), where a text with several counts as one.
    """
    scale = evidence.std(axis=(0, 1))
    wanted = truth / truth.sum(axis=1, keepdims=True)
    mean = np.einsum("td,tdk->k", wanted, evidence)

    def shares(scores: Numbers) -> tuple[Numbers, float]:
        best = scores.max(axis=1, keepdims=True)
        grown = np.exp(scores - best)
        sums = grown.sum(axis=1, keepdims=True)
        return grown / sums, float((np.log(sums) + best).sum())

    def loss(scaled: Numbers) -> tuple[float, Numbers]:
        weights = scaled / scale
        share, normal = shares(evidence @ weights)
        slope = np.einsum("td,tdk->k", share, evidence) - mean
        return normal - float(mean @ weights), slope / scale

    found = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B")
    weights = EvidenceWeights(*(found.x / scale).tolist())
    share, _ = shares(evidence @ np.array(weights))
    odds = np.log(np.clip(share, 1e-300, 1 - 1e-9)) - np.log1p(-np.minimum(share, 1 - 1e-9))
    model = LogisticRegression(C=1e6).fit(odds.reshape(-1, 1), truth.ravel())
    return weights, ShareCalibration(float(model.intercept_[0]), float(model.coef_[0, 0]))


def evidence_of(ranker: ActivityRanker, tasks: Sequence[TaskText]) -> Numbers:
    """Return the evidence of all DWAs for the texts of tasks."""
    return np.stack([ranker.evidence(task.text) for task in tasks])


def fitted(tasks: Tasks, activities: Sequence[Activity]) -> ActivityRanker:
    """Return the ranker of known tasks, with weights fitted to tasks that another did not know."""
    folds = folds_by_occupation(tasks)
    first = {code: of for code, of in tasks.items() if folds[code]}
    held = sample({code: of for code, of in tasks.items() if not folds[code]}, FITTED)
    inner = activity_ranker(flat(first), activities)
    weights, calibration = fit(evidence_of(inner, held), truth_of(held, activities))
    ranker = activity_ranker(flat(tasks), activities)
    return replace(ranker, weights=weights, calibration=calibration)


def ours(tasks: Tasks, activities: Sequence[Activity]) -> Rank:
    """Rank by `kg.linking`: the scores are its confidences."""
    ranker = fitted(tasks, activities)
    return lambda texts: np.stack([ranker.confidences(ranker.scores(text)) for text in texts])


def cosines(known: Sequence[str], others: Sequence[str], words: int) -> tuple[Rank, Rank]:
    """Return TF-IDF cosines, of terms or terms and pairs of them, with known texts and others."""
    vectors = TfidfVectorizer(
        analyzer=lambda text: grams(text, words), min_df=words, sublinear_tf=True
    ).fit([*known, *others])
    ways: list[Rank] = []
    for of in (known, others):
        rows = vectors.transform(of).T.tocsr()
        ways.append(lambda texts, rows=rows: (vectors.transform(texts) @ rows).toarray())
    return ways[0], ways[1]


def grams(text: str, most: int) -> list[str]:
    """Return the sequences of up to so many terms of a text."""
    terms = terms_of(text)
    return [
        " ".join(terms[start : start + length])
        for length in range(1, most + 1)
        for start in range(len(terms) - length + 1)
    ]


def direct(tasks: Tasks, activities: Sequence[Activity]) -> Rank:
    """Rank by the TF-IDF cosine of the text and the title."""
    return cosines([t.text for t in flat(tasks)], [a.title for a in activities], 1)[1]


def nearest(tasks: Tasks, activities: Sequence[Activity]) -> Rank:
    """Rank by how many of the nearest tasks do a DWA, and add the cosine with its title.

    Tasks are compared by the mean of the cosines of terms and of terms with pairs of them.
    """
    known = flat(tasks)
    texts, titles = [t.text for t in known], [a.title for a in activities]
    (by_term, by_title), (by_pair, _) = (cosines(texts, titles, words) for words in (1, 2))
    truth = truth_of(known, activities)

    def rank(asked: Sequence[str]) -> Numbers:
        alike = (by_term(asked) + by_pair(asked)) / 2
        best = np.argsort(-alike, axis=1, kind="stable")[:, :NEAREST]
        votes = np.take_along_axis(alike, best, axis=1) ** POWER
        votes /= np.maximum(votes.sum(axis=1, keepdims=True), 1e-9)
        return np.einsum("tn,tnd->td", votes, truth[best].astype(float)) + by_title(asked)

    return rank


WAYS = {"kg": ours, "nearest tasks and title": nearest, "title alone": direct}


def judged(rank: Rank, tasks: Sequence[TaskText], activities: Sequence[Activity]) -> Numbers:
    """Return a row for each task: its P@1, its R@5 and its greatest score."""
    rows = []
    for batch in batches(tasks):
        scores = rank([task.text for task in batch])
        truth = truth_of(batch, activities)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :5]
        found = np.take_along_axis(truth, best, axis=1)
        rows.append(
            np.column_stack(
                [found[:, 0], found.sum(axis=1) / truth.sum(axis=1), scores.max(axis=1)]
            )
        )
    return np.concatenate(rows)


def batches(tasks: Sequence[TaskText]) -> Iterator[Sequence[TaskText]]:
    """Yield so many tasks at a time, for the memory that rows of all DWAs take."""
    for start in range(0, len(tasks), BATCH):
        yield tasks[start : start + BATCH]


def gain(one: Numbers, other: Numbers, codes: Sequence[str]) -> list[tuple[float, float, float]]:
    """Return the mean difference of each column and its interval, drawn by occupation."""
    _, groups = np.unique(codes, return_inverse=True)
    sizes = np.bincount(groups)
    drawn = np.random.default_rng(3).integers(len(sizes), size=(DRAWS, len(sizes)))
    found = []
    for column in (one - other).T:
        sums = np.bincount(groups, column)
        means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
        low, high = np.quantile(means, (0.025, 0.975))
        found.append((float(column.mean()), float(low), float(high)))
    return found


@dataclass(frozen=True)
class Run:
    """All tasks, each ranked by what the other folds say.

    `rows` are those of `judged`, by way; `codes` and `is_new` say of each the occupation, and
    whether no other fold has its text. `weights` and `calibration` are fitted to all folds.
    """

    rows: dict[str, Numbers]
    codes: list[str]
    is_new: Truth
    weights: EvidenceWeights
    calibration: ShareCalibration


def run(tasks: Tasks, activities: Sequence[Activity], folds: dict[str, int]) -> Run:
    """Judge all ways fold by fold, and print the figures of each."""
    print(f"{'fold':6}{'way':26}{'P@1':>7}{'R@5':>7}{'seconds':>9}")
    rows: dict[str, list[Numbers]] = {name: [] for name in WAYS}
    codes: list[str] = []
    is_new: list[bool] = []
    evidence, truth = [], []
    for fold in range(FOLDS):
        known = {code: of for code, of in tasks.items() if folds[code] != fold}
        asked = {code: of for code, of in tasks.items() if folds[code] == fold}
        codes += [code for code, of in asked.items() for _ in of]
        texts = {plain(task.text) for task in flat(known)}
        is_new += [plain(task.text) not in texts for task in flat(asked)]
        for name, way in WAYS.items():
            started = time.process_time()
            found = judged(way(known, activities), flat(asked), activities)
            rows[name].append(found)
            first, recall, _ = found.mean(axis=0)
            spent = time.process_time() - started
            print(f"{fold:<6}{name:26}{first:7.3f}{recall:7.3f}{spent:9.0f}", flush=True)
        held = sample(asked, FITTED // FOLDS)
        evidence.append(evidence_of(activity_ranker(flat(known), activities), held))
        truth.append(truth_of(held, activities))
    fitted_to_all = fit(np.concatenate(evidence), np.concatenate(truth))
    pooled = {name: np.concatenate(of) for name, of in rows.items()}
    return Run(pooled, codes, np.array(is_new), *fitted_to_all)


def tell(found: Run, which: Truth) -> None:
    """Print the figures of some of the tasks, and how far `kg` is above the others there."""
    codes = [code for code, is_in in zip(found.codes, which, strict=True) if is_in]
    mine = found.rows["kg"][which]
    for name, of in found.rows.items():
        rows = of[which]
        first, recall, _ = rows.mean(axis=0)
        line = f"{name:26}{first:8.4f}{recall:8.4f}"
        if name != "kg":
            gains = gain(mine[:, :2], rows[:, :2], codes)
            shown = (f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]" for mean, low, high in gains)
            line += f"   kg is above by {'  '.join(shown)}"
        print(line)
    print("first DWAs, confidence   mean   right")
    for rows in np.array_split(mine[np.argsort(mine[:, 2], kind="stable")], BINS):
        least, most = rows[0, 2], rows[-1, 2]
        print(f"{least:.3f}-{most:.3f}{rows[:, 2].mean():18.3f}{rows[:, 0].mean():8.3f}")


def main() -> None:
    """Run the folds and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", type=Path, metavar="RELEASE.zip")
    path = parser.parse_args().release
    activities = activities_in(path)
    every = {code: [t for t in of if t.activities] for code, of in tasks_in(path).items()}
    tasks = {code: of for code, of in every.items() if of}
    print(versions("skills-kg", "numpy", "scikit-learn"))
    print(
        f"{len(tasks):,} occupations, {len(flat(tasks)):,} tasks, {len(activities):,} DWAs, "
        f"{sum(len(t.activities) for t in flat(tasks)):,} pairs",
        flush=True,
    )
    runs = {}
    for name, split in SPLITS.items():
        print(f"\nfolds by {name}\n")
        runs[name] = found = run(tasks, activities, split(tasks))
        parts = {"all": np.ones_like(found.is_new)}
        if not found.is_new.all():
            parts |= {"text in another fold": ~found.is_new, "text in no other": found.is_new}
        for part, which in parts.items():
            print(f"\n{part}: {which.sum():,} tasks")
            tell(found, which)
    print("\nfitted to all folds by occupation:")
    shipped = runs["occupation"]
    for key, value in (shipped.weights._asdict() | shipped.calibration._asdict()).items():
        print(f"{key:14}{value:8.3f}")


if __name__ == "__main__":
    main()
