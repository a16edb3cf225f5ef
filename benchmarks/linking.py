"""How well links agree with labelled pairs, beside simpler ways of making them.

    python benchmarks/linking.py GOLD.tsv PAGE RELEASE

GOLD.tsv has the columns framework, label, task_id, grade: 2 where a statement is a way of doing a
task or a clear part of it, 1 where it supports the task, 0 (task `none`) where it is of no task.
Every statement that GOLD names is scored with every task of its occupation; a pair that GOLD does
not name has grade 0.

P@1 is the share of statements with a task of grade 2 whose best task, ties by task ID, is one.
AP is the average precision over all pairs by descending confidence, of grade 2 and of 1 or 2.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from measure import versions
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score

from kg.assembly import assemble
from kg.linking import Linker, StatementText, TaskText, statements_of, tasks_of, tfidf_linker

Grades = dict[tuple[str, str], dict[str, int]]
Scores = Sequence[Sequence[float]]
Way = Callable[[Sequence[StatementText], Sequence[TaskText]], Scores]

# What others call the frameworks.
KINDS = {"pathsmith": "durable"}


def read_gold(path: Path) -> Grades:
    """Return the grade of each labelled task by framework and label."""
    grades: Grades = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind = KINDS.get(row["framework"], row["framework"])
            of = grades.setdefault((kind, row["label"]), {})
            of[row["task_id"]] = int(row["grade"])
    return grades


def plain_words(texts: Iterable[str]) -> Way:
    """Return cosines of scikit-learn's TF-IDF of words as it comes, over the same texts."""
    vectorizer = TfidfVectorizer().fit(sorted(set(texts)))

    def way(statements: Sequence[StatementText], tasks: Sequence[TaskText]) -> Scores:
        left = vectorizer.transform([s.words for s in statements])
        return (left @ vectorizer.transform([t.text for t in tasks]).T).toarray().tolist()

    return way


def commonest(grades: Grades) -> Way:
    """Return how often each task is labelled 2, whatever the statement: it has seen the answers."""
    often = Counter(t for of in grades.values() for t, grade in of.items() if grade == 2)
    return lambda statements, tasks: [[float(often[t.task_id]) for t in tasks] for _ in statements]


def of_linker(linker: Linker) -> Way:
    """Return the confidences of a linker, of four places as links have them."""

    def way(statements: Sequence[StatementText], tasks: Sequence[TaskText]) -> Scores:
        rows = linker.score([s.words for s in statements], [t.text for t in tasks])
        return [[round(value, 4) for value in row] for row in rows]

    return way


def measures(scores: Scores, wanted: Sequence[Sequence[int]]) -> tuple[int, int, float, float]:
    """Return right ones at rank 1, of how many, and the average precisions."""
    right = total = 0
    for row, grades in zip(scores, wanted, strict=True):
        if 2 in grades:
            total += 1
            right += grades[max(range(len(row)), key=lambda i: row[i])] == 2
    flat = [value for row in scores for value in row]
    grades = [grade for row in wanted for grade in row]
    strict, lenient = ([g >= least for g in grades] for least in (2, 1))
    return (
        right,
        total,
        average_precision_score(strict, flat),
        average_precision_score(lenient, flat),
    )


def main() -> None:
    """Score the three ways and print them side by side."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("gold", type=Path, metavar="GOLD.tsv")
    parser.add_argument("inputs", type=Path, nargs="+", metavar="PAGE|RELEASE")
    arguments = parser.parse_args()
    grades = read_gold(arguments.gold)
    parts = assemble(arguments.inputs).parts
    tasks = next(tasks_of(part) for graph, part in parts.items() if "/graph/onet/" in graph)
    rows = [row for graph, part in parts.items() if "/graph/page/" in graph for row in part.rows()]
    labelled = [s for s in statements_of(rows) if (s.kind, s.label) in grades]
    (occupation,) = {s.occupation for s in labelled}
    of = tasks[occupation]
    if lost := grades.keys() - {(s.kind, s.label) for s in labelled}:
        raise SystemExit(f"no statement on the pages for: {sorted(lost)}")

    texts = [task.text for several in tasks.values() for task in several]
    started = time.perf_counter()
    linker = tfidf_linker(texts)
    made = time.perf_counter() - started
    ways = {
        f"kg {linker.name} {linker.version}": of_linker(linker),
        "TF-IDF of words": plain_words(texts),
        "always the commonest task": commonest(grades),
    }
    wanted = [[grades[s.kind, s.label].get(t.task_id, 0) for t in of] for s in labelled]
    results = {name: measures(way(labelled, of), wanted) for name, way in ways.items()}

    print(versions("skills-kg", "scikit-learn"))
    print(f"{len(labelled)} statements x {len(of)} tasks of {occupation}")
    print(f"linker made of {len(set(texts)):,} texts in {made:.1f} s\n")
    ours = next(iter(results.values()))
    print(f"{'':28}{'P@1':>14}{'ratio':>7}{'AP (2)':>8}{'ratio':>7}{'AP (1, 2)':>11}{'ratio':>7}")
    for name, (right, total, strict, lenient) in results.items():
        at_one = f"{right}/{total} = {right / total:.3f}"
        ratios = [
            f"{mine / theirs:.2f}" if theirs else "-"
            for mine, theirs in zip((ours[0], *ours[2:]), (right, strict, lenient), strict=True)
        ]
        print(
            f"{name:28}{at_one:>14}{ratios[0]:>7}{strict:>8.3f}{ratios[1]:>7}"
            f"{lenient:>11.3f}{ratios[2]:>7}"
        )


if __name__ == "__main__":
    main()
