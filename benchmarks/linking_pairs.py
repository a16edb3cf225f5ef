"""What the weights, the calibration and the threshold of the linker rest on: O*NET's own pairs.

    python benchmarks/linking_pairs.py db_30_2_text.zip

`Tasks to DWAs` says which tasks do a detailed work activity. In five folds, two kinds of texts take
the place of a statement: the title of an activity, which the linker does not know of then, and a
task of another occupation, whose activities the linker does not know then. The tasks of an
occupation are ranked; those that do the activity, or one of the task's, are right. No framework
page is looked at.

Printed are P@1 and average precision for several weights, the calibration that the weights in use
give, and, with the calibration of the other four folds, Brier score and F1 by threshold. A
statement may have no right task, but each of these texts has one: for the calibration each also
stands a second time without its right tasks, so that half of all have none.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from measure import versions
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from kg.linking import ActivityLinker, TaskText, activity_linker, task_order
from kg.linking.activities import Weights

FOLDS = 5
#: How many occupations are ranked in each fold, and by how many texts of each kind.
OCCUPATIONS, TEXTS = 100, 3
#: Single parts first, then all around the weights in use.
TRIED = (
    Weights(0, 0, 0),
    Weights(1, 0, 0),
    Weights(0, 1, 0),
    Weights(0, 0, 1),
    Weights(0, 1.5, 1.5),
    *(Weights(0.25, others, 1.5) for others in (0.5, 1, 1.5, 2, 3)),
    *(Weights(0.5, others, 1.5) for others in (1, 1.5, 2, 3)),
    *(Weights(0.25, others, 2) for others in (1, 1.5, 2, 3)),
    Weights(0.25, 1.5, 1),
)
Numbers = npt.NDArray[np.float64]
Tasks = dict[str, list[TaskText]]


class Case(NamedTuple):
    """A text in the place of a statement, the tasks that are ranked, and which are right."""

    fold: int
    kind: str
    text: str
    tasks: Sequence[TaskText]
    right: npt.NDArray[np.bool_]


def read(path: Path, name: str) -> pl.DataFrame:
    """Return a table of a zipped release in the text layout."""
    with zipfile.ZipFile(path) as archive:
        (member,) = (n for n in archive.namelist() if n.endswith(f"/{name}.txt"))
        data = archive.read(member).replace(b"\r\n", b"\n")
    return pl.read_csv(io.BytesIO(data), separator="\t", quote_char=None, infer_schema=False)


def tasks_in(path: Path) -> Tasks:
    """Return the tasks of each occupation of a release, with the titles of their activities."""
    titles = dict(read(path, "DWA Reference").select("DWA ID", "DWA Title").iter_rows())
    doing: dict[str, set[str]] = {}
    for task_id, activity in read(path, "Tasks to DWAs").select("Task ID", "DWA ID").iter_rows():
        doing.setdefault(task_id, set()).add(titles[activity])
    tasks: Tasks = {}
    statements = read(path, "Task Statements").select("O*NET-SOC Code", "Task ID", "Task")
    for code, task_id, text in statements.iter_rows():
        task = TaskText(task_id, task_id, text, tuple(sorted(doing.get(task_id, ()))))
        tasks.setdefault(code, []).append(task)
    return {
        code: sorted(of, key=lambda t: task_order(t.task_id)) for code, of in sorted(tasks.items())
    }


def folds_of(names: Sequence[str]) -> dict[str, int]:
    """Return the fold of each name, the same in every run."""
    order = np.random.default_rng(0).permutation(len(names))
    return {name: int(fold) for name, fold in zip(names, order % FOLDS, strict=True)}


def cases(tasks: Tasks) -> Iterator[tuple[ActivityLinker, list[Case]]]:
    """Yield linkers that do not know the answers of some texts, and these texts."""
    rng = np.random.default_rng(1)
    linked = {code: of for code, of in tasks.items() if sum(bool(t.activities) for t in of) >= 8}
    by_title: dict[str, list[tuple[str, TaskText]]] = {}
    for code, of in tasks.items():
        for task in of:
            for title in task.activities:
                by_title.setdefault(title, []).append((code, task))
    fold_of_title, fold_of_code = folds_of(sorted(by_title)), folds_of(sorted(tasks))
    for fold in range(FOLDS):
        titles, others = [], []
        hidden = {
            code: [
                t._replace(activities=tuple(a for a in t.activities if fold_of_title[a] != fold))
                for t in of
            ]
            for code, of in tasks.items()
        }
        unknown = {
            code: [t._replace(activities=()) for t in of] if fold_of_code[code] == fold else of
            for code, of in tasks.items()
        }
        for code in rng.permutation(sorted(linked))[:OCCUPATIONS]:
            done = sorted({a for t in tasks[code] for a in t.activities})
            asked = [a for a in done if fold_of_title[a] == fold]
            for title in rng.permutation(asked)[:TEXTS]:
                right = np.array([title in t.activities for t in tasks[code]])
                titles.append(Case(fold, "title", title, hidden[code], right))
            if fold_of_code[code] == fold:
                continue
            texts = {t.text for t in tasks[code]}
            alike = {
                task
                for title in done
                for other, task in by_title[title]
                if fold_of_code[other] == fold and task.text not in texts
            }
            chosen = sorted(alike)
            for at in rng.permutation(len(chosen))[:TEXTS]:
                task = chosen[at]
                right = np.array(
                    [not set(task.activities).isdisjoint(t.activities) for t in tasks[code]]
                )
                others.append(Case(fold, "task", task.text, tasks[code], right))
        yield activity_linker(t for of in hidden.values() for t in of), titles
        yield activity_linker(t for of in unknown.values() for t in of), others


def logits_of(row: Numbers) -> Numbers:
    """Return what the calibration of a statement's similarities goes by."""
    return np.column_stack([row, row - row.max(initial=0.0)])


def calibrated(
    rows: Sequence[Numbers], right: Sequence[npt.NDArray[np.bool_]]
) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Return what a calibration is fitted to: all rows, and all again without what is right."""
    without = [row[~truth] for row, truth in zip(rows, right, strict=True)]
    values = [logits_of(row) for row in [*rows, *without] if len(row)]
    truth = np.concatenate([*right, np.zeros(sum(map(len, without)), bool)])
    return np.concatenate(values), truth


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", type=Path, metavar="RELEASE.zip")
    tasks = tasks_in(parser.parse_args().release)
    groups = list(cases(tasks))
    known = [case for _, of in groups for case in of]

    print(versions("skills-kg", "numpy", "scikit-learn"))
    print(f"{len(known):,} texts, {sum(len(c.right) for c in known):,} pairs\n")
    print("                        titles          tasks")
    print("titles others rarity  P@1     AP     P@1     AP   mean")
    rows: dict[Weights, list[Numbers]] = {}
    for weights in dict.fromkeys((*TRIED, Weights())):
        rows[weights] = [
            replace(linker, weights=weights).similarities([case.text], case.tasks)[0]
            for linker, of in groups
            for case in of
        ]
        figures = []
        for kind in ("title", "task"):
            of = [(r, c) for r, c in zip(rows[weights], known, strict=True) if c.kind == kind]
            figures.append(float(np.mean([c.right[r.argmax()] for r, c in of])))
            truth, values = (
                np.concatenate(v) for v in ([c.right for _, c in of], [r for r, _ in of])
            )
            figures.append(float(average_precision_score(truth, values)))
        numbers = " ".join(f"{f:6.3f}" for f in (*figures, float(np.mean(figures))))
        print(f"{weights.titles:6} {weights.others:6} {weights.rarity:6} {numbers}")

    chosen = rows[Weights()]
    values, truth = calibrated(chosen, [c.right for c in known])
    fitted = LogisticRegression(C=1e6).fit(values, truth)
    numbers = (float(fitted.intercept_[0]), *map(float, fitted.coef_[0]))
    print("\ncalibration: " + ", ".join(f"{n:.1f}" for n in numbers))

    tested: list[tuple[Numbers, npt.NDArray[np.bool_]]] = []
    for fold in range(FOLDS):
        inside, outside = (
            [i for i, c in enumerate(known) if (c.fold == fold) == out] for out in (False, True)
        )
        fit = calibrated([chosen[i] for i in inside], [known[i].right for i in inside])
        test = calibrated([chosen[i] for i in outside], [known[i].right for i in outside])
        model = LogisticRegression(C=1e6).fit(*fit)
        tested.append((model.predict_proba(test[0])[:, 1], test[1]))
    found, truth = (np.concatenate(part) for part in zip(*tested, strict=True))
    share = float(truth.mean())
    ratio = float(((found - truth) ** 2).mean()) / (share * (1 - share))
    print(f"Brier score, of the base rate's, by the other folds' calibration: {ratio:.3f}")
    print("\nthreshold  pairs  precision  recall     F1")
    for threshold in (0.1, 0.15, 0.175, 0.2, 0.225, 0.25, 0.3, 0.35, 0.4, 0.5):
        above = found >= threshold
        hits = int(truth[above].sum())
        precision, recall = hits / above.sum(), hits / truth.sum()
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{threshold:9.3f} {above.sum():6} {precision:10.3f} {recall:7.3f} {f1:6.3f}")


if __name__ == "__main__":
    main()
