"""How well links agree with labelled pairs, beside simpler ways of making them.

    python benchmarks/linking.py GOLD.tsv PAGE RELEASE

GOLD.tsv and the figures are those of `kg link --evaluate`, which `docs/links.md` explains. Another
way of linking is tried by adding it to `ways`: it takes statements and tasks and returns a row of
scores for each statement, in which of equal ones the first is the best.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from measure import versions

from kg.assembly import assemble
from kg.evaluation import Judged, evaluate, judge, plain_words, read_gold
from kg.linking import (
    Linker,
    Matrix,
    StatementText,
    TaskText,
    activity_linker,
    statements_of,
    tasks_of,
)

Way = Callable[[Sequence[StatementText], Sequence[TaskText]], Matrix]


def of_words(texts: Sequence[str]) -> Way:
    """Return cosines of scikit-learn's TF-IDF of words as it comes, over the same texts."""
    score = plain_words(texts)
    return lambda statements, tasks: score([s.words for s in statements], [t.text for t in tasks])


def commonest(judged: Sequence[Judged]) -> Way:
    """Return how often each task is labelled 2, whatever the statement: it has seen the answers."""
    often = Counter(
        task.task_id
        for j in judged
        for task, grade in zip(j.tasks, j.grades, strict=True)
        if grade == 2
    )
    most = max(often.values(), default=1)
    return lambda statements, tasks: [[often[t.task_id] / most for t in tasks] for _ in statements]


def of_linker(linker: Linker) -> Way:
    """Return the confidences of a linker, of four places as links have them."""

    def way(statements: Sequence[StatementText], tasks: Sequence[TaskText]) -> Matrix:
        rows = linker.score([s.words for s in statements], tasks)
        return [[round(value, 4) for value in row] for row in rows]

    return way


def main() -> None:
    """Score the three ways and print them side by side."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("gold", type=Path, metavar="GOLD.tsv")
    parser.add_argument("inputs", type=Path, nargs="+", metavar="PAGE|RELEASE")
    arguments = parser.parse_args()
    labels = read_gold(arguments.gold)
    parts = assemble(arguments.inputs).parts
    tasks = next(tasks_of(part) for graph, part in parts.items() if "/graph/onet/" in graph)
    pages = [part.rows() for graph, part in parts.items() if "/graph/page/" in graph]
    statements = (s for rows in pages for s in statements_of(rows))
    judged = judge(labels, statements, tasks, str(arguments.gold))

    texts = [task.text for several in tasks.values() for task in several]
    started = time.perf_counter()
    linker = activity_linker(t for of in tasks.values() for t in of)
    made = time.perf_counter() - started
    ways = {
        f"kg {linker.name} {linker.version}": of_linker(linker),
        "TF-IDF of words": of_words(texts),
        "always the commonest task": commonest(judged),
    }
    # Statement by statement, since each may be of another occupation.
    scores = {name: [way([j.statement], j.tasks)[0] for j in judged] for name, way in ways.items()}
    plain = scores["TF-IDF of words"]
    results = {}
    for name, rows in scores.items():
        found = evaluate(judged, rows, plain, float(linker.threshold))
        strict, lenient = (
            next(m for m in found if (m.framework, m.grade) == ("all", g)) for g in (2, 1)
        )
        if strict.ap is None or lenient.ap is None:
            raise SystemExit(f"{arguments.gold}: no task has grade 2, so there is nothing to find")
        results[name] = (strict.first, strict.with_task, strict.ap.value, lenient.ap.value)

    print(versions("skills-kg", "scikit-learn"))
    print(f"{len(judged)} statements, {sum(len(j.tasks) for j in judged)} pairs")
    print(f"linker made of {len(set(texts)):,} task texts in {made:.1f} s\n")
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
