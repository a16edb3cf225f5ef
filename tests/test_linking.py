"""Statements and tasks: how they are scored, and which of them are linked."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import linking, quads
from kg.assembly import Assembly, assemble
from kg.linking import (
    LEAST_CONFIDENCE,
    MOST_LINKS,
    Linker,
    Matrix,
    TaskText,
    best_links,
    scores,
    statements_of,
    task_order,
    tasks_of,
    tfidf_linker,
)
from kg.model import Quad
from kg.namespaces import BASE, KG, ONET

TABLE = Path(__file__).resolve().parents[1] / "build/example/onet_30_2_text/Task Statements.txt"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
TEXTS = [text for _, _, text, *_ in ROWS]
TASKS = [TaskText(f"{BASE}task/{i}", i, t) for code, i, t, *_ in ROWS if code == "25-4031.00"]
OCCUPATION = f"{BASE}occupation/25-4031.00"
PLACES = Decimal("0.0001")


class Fixed:
    """A linker that returns given scores."""

    name, version, measure, threshold = "fixed", "1", "None.", Decimal("0.5")

    def __init__(self, rows: Matrix) -> None:
        self.rows = rows

    def score(self, statements: Sequence[str], tasks: Sequence[str]) -> Matrix:
        """Return the given scores."""
        return [row[: len(tasks)] for row in self.rows[: len(statements)]]


@pytest.fixture(scope="module")
def linker() -> Linker:
    """Return the linker of the example's release."""
    return tfidf_linker(TEXTS)


@pytest.fixture(scope="module")
def example() -> Assembly:
    """Return what the bundled example becomes."""
    return assemble()


def page_of(assembly: Assembly) -> list[Quad]:
    """Return the quads of the example's page."""
    return [Quad(*row) for row in assembly.parts[f"{BASE}graph/page/library-technicians"].rows()]


# What TF-IDF is, written a second time, from its definition and with nothing but arithmetic.


def words(text: str) -> list[str]:
    """Return the content words of an English text."""
    found = re.findall(r"[a-z0-9_]{2,}", text.lower())
    return [word for word in found if word not in linking._FUNCTION_WORDS]


def sequences(text: str) -> list[str]:
    """Return every four characters in a row of a text's words, each with a space on both sides."""
    padded = [f" {word} " for word in words(text)]
    return [w[i : i + 4] for w in padded for i in range(max(1, len(w) - 3))]


def cosine(one: str, other: str, split: Callable[[str], list[str]]) -> float:
    """Return the cosine of two texts, weighed by all texts of the example's release."""
    known = [set(split(text)) for text in set(TEXTS)]

    def vector(text: str) -> dict[str, float]:
        often = {t: n for t, n in Counter(split(text)).items() if any(t in k for k in known)}
        weights = {
            term: (1 + math.log(n))
            * (1 + math.log((1 + len(known)) / (1 + sum(term in k for k in known))))
            for term, n in often.items()
        }
        length = math.sqrt(sum(w * w for w in weights.values())) or 1
        return {term: weight / length for term, weight in weights.items()}

    left, right = vector(one), vector(other)
    return sum(weight * right.get(term, 0) for term, weight in left.items())


@pytest.mark.parametrize(
    "statement",
    [
        "Shelf-reading rounds walk each morning without being reminded, putting stray volumes back",
        "Café désk: QUESTIONS, questions and (more) questions at the desk",
        "quick QUICK quick",
    ],
)
def test_scores_follow_the_definition(linker: Linker, statement: str) -> None:
    """A score is the mean of the two cosines, computed here without any library."""
    plain = statement.replace("é", "e")
    expected = [
        (cosine(plain, t.text, words) + cosine(plain, t.text, sequences)) / 2 for t in TASKS
    ]
    assert max(expected) > 0.1
    assert pytest.approx(expected) == linker.score([statement], [t.text for t in TASKS])[0]


def test_the_example(example: Assembly) -> None:
    """The links of the example are those that the arithmetic gives, no more and no fewer."""
    expected = set()
    statements = statements_of(page_of(example))
    for statement in statements:
        pairs = [
            (cosine(statement.words, t.text, words) + cosine(statement.words, t.text, sequences))
            for t in TASKS
        ]
        best = sorted(((round(p / 2, 4), t.task_id) for p, t in zip(pairs, TASKS, strict=True)))
        expected |= {(statement.iri, task, f"{c:.4f}") for c, task in best[-3:] if c >= 0.1}
    linker = tfidf_linker(TEXTS)
    found = best_links(linker, [s.words for s in statements], TASKS)
    assert expected == {
        (statements[k.statement].iri, TASKS[k.task].task_id, str(k.confidence)) for k in found
    }
    assert (77, 41) == (len(found), len([k for k in found if k.confidence >= linker.threshold]))


def test_the_same_text_scores_one(linker: Linker) -> None:
    """A statement that says what a task says fits it wholly, and best."""
    for index, task in enumerate(TASKS):
        (first, *_) = best_links(linker, [task.text.upper()], TASKS)
        assert (0, index, Decimal("1.0000")) == first


@pytest.mark.parametrize("text", ["", "   ", "and of the", "?!", "zyx", "日本語", "a"])
def test_a_text_with_nothing_in_common(linker: Linker, text: str) -> None:
    """What shares neither word nor sequence with the release has no links."""
    assert [[0.0] * len(TASKS)] == linker.score([text], [t.text for t in TASKS])
    assert [] == best_links(linker, [text], TASKS)


@pytest.mark.parametrize("texts", [[], [""], ["the", "of and"], ["?"]])
def test_a_release_without_words(texts: list[str]) -> None:
    """A linker can be made of a release that says nothing; it links nothing."""
    assert [[0.0], [0.0]] == tfidf_linker(texts).score(["Desk", "Shelf"], ["Desk"])


def test_nothing_to_score(linker: Linker) -> None:
    """Without statements or without tasks there are no links."""
    assert [] == linker.score([], ["Desk"])
    assert [[]] == linker.score(["Desk"], [])
    assert [] == best_links(linker, [], TASKS)
    assert [] == best_links(linker, ["Desk"], [])


def test_the_order_of_the_release_does_not_matter(linker: Linker) -> None:
    """Neither the order of a release's tasks nor a text that two of them share changes a score."""
    tasks = [t.text for t in TASKS]
    other = tfidf_linker([*reversed(TEXTS), *TEXTS])
    assert linker.score(tasks, tasks) == other.score(tasks, tasks)


some_words = st.sampled_from(sorted({w for t in TEXTS for w in t.split()} | {"Ünïcode", "the"}))
some_texts = st.lists(some_words, max_size=25).map(" ".join) | st.text(max_size=30)
some_scores = st.lists(
    st.lists(st.floats(0, 1.0000001) | st.sampled_from([0.1, 0.2, 0.09995]), min_size=9, max_size=9)
)


@settings(deadline=None)
@given(statements=st.lists(some_texts, max_size=8))
def test_any_statements(linker: Linker, statements: list[str]) -> None:
    """At most three links each, none below 0.1, of four places, the surest first."""
    links = best_links(linker, statements, TASKS)
    check(links, len(statements))


def check(links: Sequence[linking.Link], count: int) -> None:
    """Assert what holds of the links of any linker."""
    assert sorted(k.statement for k in links) == [k.statement for k in links]
    for statement in range(count):
        of = [k for k in links if k.statement == statement]
        assert len(of) <= MOST_LINKS
        assert len({k.task for k in of}) == len(of)
        assert sorted(of, key=lambda k: -k.confidence) == of
    for link in links:
        assert LEAST_CONFIDENCE <= link.confidence <= 1
        assert link.confidence.quantize(PLACES) == link.confidence
        assert re.fullmatch(r"[01]\.\d{4}", str(link.confidence))


@given(rows=some_scores, ids=st.permutations(["7", "8", "9", "10", "11", "99", "100", "101", "9a"]))
def test_any_linker(rows: Matrix, ids: list[str]) -> None:
    """The rules hold for any scores; what is not linked is no surer than what is."""
    tasks = [TaskText(f"t:{i}", i, i) for i in ids]
    links = best_links(Fixed(rows), ["s"] * len(rows), tasks)
    check(links, len(rows))
    for number, row in enumerate(rows):
        confidences = [Decimal(f"{min(value, 1.0):.4f}") for value in row]
        ranked = sorted(
            (-confidence, task_order(tasks[i].task_id), i)
            for i, confidence in enumerate(confidences)
            if confidence >= LEAST_CONFIDENCE
        )
        assert [i for *_, i in ranked[:3]] == [k.task for k in links if k.statement == number]


def test_ties_go_by_task_id() -> None:
    """Of equal tasks the one with the lower number comes first, wherever it stands."""
    tasks = [TaskText(f"t:{i}", i, "same") for i in ("15204", "1297", "1286", "900")]
    links = best_links(Fixed([[0.5, 0.5, 0.50004, 0.49996]]), ["s"], tasks)
    assert ["900", "1286", "1297"] == [tasks[k.task].task_id for k in links]


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ([], 0.0),
        ([], 0.09994),
        (["0.1000"], 0.09996),
        (["0.1000"], 0.1),
        (["1.0000"], 1.0000000002),
        ([], -0.0),
    ],
)
def test_the_least_confidence(expected: list[str], value: float) -> None:
    """What reads as 0.1000 is a link, what reads as less is none, and none is above one."""
    tasks = [TaskText("t:1", "1", "x")]
    assert expected == [str(k.confidence) for k in best_links(Fixed([[value]]), ["s"], tasks)]


@given(statements=st.lists(some_texts, min_size=1, max_size=6), data=st.data())
def test_a_pair_is_scored_by_itself(
    linker: Linker, statements: list[str], data: st.DataObject
) -> None:
    """What else is scored at the same time changes nothing, to the last bit."""
    tasks = [t.text for t in TASKS]
    whole = linker.score(statements, tasks)
    row = data.draw(st.integers(0, len(statements) - 1))
    column = data.draw(st.integers(0, len(tasks) - 1))
    assert [[whole[row][column]]] == linker.score([statements[row]], [tasks[column]])
    assert whole[::-1] == linker.score(statements[::-1], tasks)


def test_every_process_gives_the_same() -> None:
    """Another process, with hashes of its own, gives the same scores to the last bit."""
    script = (
        "from kg.linking import tfidf_linker\nimport sys\n"
        "texts = sys.argv[1:]\nprint(tfidf_linker(texts).score(texts[::3], texts))"
    )
    expected = f"{tfidf_linker(TEXTS).score(TEXTS[::3], TEXTS)}\n"
    run = subprocess.run(
        [sys.executable, "-c", script, *TEXTS],
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert expected == run.stdout


# What is scored.


def test_tasks_of_a_release(example: Assembly) -> None:
    """Each occupation has its tasks, by ID, with the texts of the release."""
    tasks = tasks_of(example.parts[f"{BASE}graph/onet/30.2"])
    assert [f"{BASE}occupation/{c}" for c in ("25-4022.00", "25-4031.00", "43-4121.00")] == list(
        tasks
    )
    assert TASKS == tasks[OCCUPATION]
    assert 18 == sum(map(len, tasks.values()))


def test_a_task_of_two_texts_has_one(example: Assembly) -> None:
    """A task that is worded or numbered twice has the least of both, whatever comes first."""
    task, other = f"{BASE}task/1", f"{BASE}task/2"
    rows = [
        quads.iri(f"{BASE}occupation/o", ONET.hasTask, node, None) for node in (task, other, task)
    ] + [
        quads.text(task, ONET.task, "Walk.", None),
        quads.text(task, ONET.task, "Run.", None),
        quads.literal(task, KG.taskId, "12", None),
        quads.literal(task, KG.taskId, "11", None),
        quads.text(other, ONET.task, "Sit.", None),
        quads.literal(other, KG.taskId, "9", None),
    ]
    expected = {f"{BASE}occupation/o": [TaskText(other, "9", "Sit."), TaskText(task, "11", "Run.")]}
    for table in (quads.from_rows(rows), quads.from_rows(rows[::-1]).lazy()):
        assert expected == tasks_of(table)


def test_a_text_of_two_tasks_is_of_both(example: Assembly) -> None:
    """Tasks of two occupations that share a text are two tasks."""
    tasks = tasks_of(example.parts[f"{BASE}graph/onet/30.2"])
    shared = [t.task_id for of in tasks.values() for t in of if "borrower accounts" in t.text]
    assert ["900002", "900202"] == sorted(shared)


def test_statements_of_a_page(example: Assembly) -> None:
    """Statements come in the order of their lines, with kind, label and text."""
    statements = statements_of(page_of(example))
    assert 57 == len(statements)
    assert ["base"] * 8 + ["ai"] * 5 + ["durable"] * 44 == [s.kind for s in statements]
    assert sorted(s.line for s in statements) == [s.line for s in statements]
    assert {OCCUPATION} == {s.occupation for s in statements}
    assert ("Searching on", 81) == (statements[-3].label, statements[-3].line)
    assert statements[-3].words.startswith("Searching on follows a faint reference")


def test_the_order_of_quads_does_not_matter(example: Assembly) -> None:
    """A page's quads are a set: in another order they hold the same statements."""
    page = page_of(example)
    assert statements_of(page) == statements_of(page[::-1])


def test_a_statement_that_lacks_things() -> None:
    """A statement with nothing but its type is one with empty texts."""
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    row = Quad("s:1", kind, f"{BASE}ontology#Statement", "iri", None, None, "g:")
    assert [("s:1", "", "", "", "", 0)] == statements_of([row])


def test_all_scores(example: Assembly, linker: Linker) -> None:
    """Every statement is scored with every task of its occupation, by framework, line and task."""
    found = list(scores([page_of(example)], {OCCUPATION: TASKS}, linker))
    assert 57 * 10 == len(found)
    assert ["base", "ai", "durable"] == list(dict.fromkeys(s.framework for s in found))
    assert [t.task_id for t in TASKS] == [s.task_id for s in found[:10]]
    kept = Counter(s.label for s in found if s.confidence >= LEAST_CONFIDENCE)
    assert 40 == len(kept)
    assert all(s.confidence == s.confidence.quantize(PLACES) for s in found)


def test_no_scores_without_tasks(example: Assembly, linker: Linker) -> None:
    """A page whose occupation has no tasks is passed over."""
    assert [] == list(scores([page_of(example)], {}, linker))
    assert {} == tasks_of(pl.DataFrame(schema=example.parts[f"{BASE}graph/onet/30.2"].schema))
