"""Statements and tasks: how they are scored, and which of them are linked."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
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
    LINKER,
    MOST_LINKS,
    ActivityLinker,
    Matrix,
    TaskText,
    activity_linker,
    best_links,
    read_linker,
    scores,
    statements_of,
    task_order,
    tasks_of,
    write_linker,
)
from kg.linking.activities import Calibration
from kg.linking.terms import terms_of
from kg.model import Quad
from kg.namespaces import BASE, KG, ONET

RELEASE = Path(__file__).resolve().parents[1] / "build/example/onet_30_2_text"


def rows_of(table: str) -> list[list[str]]:
    """Return the rows of a table of the example's release."""
    lines = (RELEASE / f"{table}.txt").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


TITLES = {row[2]: row[3] for row in rows_of("DWA Reference")}
DONE = [(row[1], TITLES[row[2]]) for row in rows_of("Tasks to DWAs")]
KNOWN = [
    (code, TaskText(f"{BASE}task/{i}", i, text, tuple(sorted(d for t, d in DONE if t == i))))
    for code, i, text, *_ in rows_of("Task Statements")
]
ALL = [task for _, task in KNOWN]
TASKS = [task for code, task in KNOWN if code == "25-4031.00"]
OCCUPATION = f"{BASE}occupation/25-4031.00"
PLACES = Decimal("0.0001")


class Fixed:
    """A linker that returns given scores."""

    name, version, measure, threshold = "fixed", "1", "None.", Decimal("0.5")

    def __init__(self, rows: Matrix) -> None:
        self.rows = rows

    def score(self, statements: Sequence[str], tasks: Sequence[TaskText]) -> Matrix:
        """Return the given scores."""
        return [row[: len(tasks)] for row in self.rows[: len(statements)]]


@pytest.fixture(scope="module")
def linker() -> ActivityLinker:
    """Return the linker of the example's release."""
    return activity_linker(ALL)


@pytest.fixture(scope="module")
def example() -> Assembly:
    """Return what the bundled example becomes."""
    return assemble()


def page_of(assembly: Assembly) -> list[Quad]:
    """Return the quads of the example's page."""
    return [Quad(*row) for row in assembly.parts[f"{BASE}graph/page/library-technicians"].rows()]


# What a similarity is, written a second time, from its definition and with nothing but arithmetic.

Vector = dict[str, float]
DOCUMENTS = {t.text for t in ALL} | {title for t in ALL for title in t.activities}


def of_length_one(vector: Vector) -> Vector:
    """Return a vector with its length taken out."""
    length = math.sqrt(sum(w * w for w in vector.values())) or 1
    return {term: weight / length for term, weight in vector.items()}


def added(*vectors: Vector) -> Vector:
    """Return the sum of vectors."""
    return {t: sum(v.get(t, 0) for v in vectors) for t in set().union(*vectors)}


def vector_of(text: str) -> Vector:
    """Return the TF-IDF vector of a text, weighed by the texts of the example's release."""
    having = Counter(term for known in DOCUMENTS for term in set(terms_of(known)))
    return of_length_one(
        {
            term: (1 + math.log(n)) * (1 + math.log((1 + len(DOCUMENTS)) / (1 + having[term])))
            for term, n in Counter(terms_of(text)).items()
            if term in having
        }
    )


def profiles() -> list[Vector]:
    """Return what each task of the example's occupation is compared by."""
    doing = {
        title: of_length_one(added(*(vector_of(t.text) for t in ALL if title in t.activities)))
        for title in TITLES.values()
    }
    said, others = [], []
    for task in TASKS:
        titles = of_length_one(added(*map(vector_of, task.activities)))
        said.append(added(vector_of(task.text), {t: w / 4 for t, w in titles.items()}))
        others.append(of_length_one(added(*(doing[title] for title in task.activities))))
    having = Counter(term for vector in said for term in vector)
    return [
        of_length_one(
            {
                term: weight * math.log((len(TASKS) + 1) / (having[term] + 0.5)) ** 1.5
                for term, weight in added(one, other).items()
            }
        )
        for one, other in zip(said, others, strict=True)
    ]


PROFILES = profiles()


def similarities(statement: str) -> list[float]:
    """Return how alike a statement and each task are."""
    words = vector_of(statement)
    return [sum(w * profile.get(t, 0) for t, w in words.items()) for profile in PROFILES]


def probabilities(row: Sequence[float]) -> list[float]:
    """Return the similarities of a statement as probabilities."""
    constant, similarity, below = Calibration()
    return [
        1 / (1 + math.exp(-constant - similarity * value - below * (value - max(row))))
        if value
        else 0
        for value in row
    ]


SAID = [
    "Shelf-reading rounds walk each morning without being reminded, putting stray volumes back",
    "Café désk: QUESTIONS, questions and (more) questions at the desk",
    "quick QUICK quick",
]


@pytest.mark.parametrize("statement", SAID)
def test_scores_follow_the_definition(linker: ActivityLinker, statement: str) -> None:
    """A score is the calibrated cosine, computed here without any library."""
    expected = similarities(statement)
    assert max(expected) > 0.1
    assert pytest.approx(expected) == linker.similarities([statement], TASKS)[0].tolist()
    assert pytest.approx(probabilities(expected)) == linker.score([statement], TASKS)[0]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["plan", "plan", "plan"], "Planning the plans, planned"),
        (["cafe", "desk"], "CAFÉS at a désk"),
        (["a1", "2024"], "A1 (2024) _ x"),
        ([], "日"),
    ],
)
def test_terms(expected: list[str], text: str) -> None:
    """Terms are words without accents, endings and words that say nothing."""
    assert expected == terms_of(text)


def test_the_example(example: Assembly, linker: ActivityLinker) -> None:
    """The links of the example are those that the arithmetic gives, no more and no fewer."""
    expected = set()
    statements = statements_of(page_of(example))
    for statement in statements:
        row = probabilities(similarities(statement.words))
        best = sorted((-round(p, 4), t.task_id) for p, t in zip(row, TASKS, strict=True))
        expected |= {(statement.iri, task, f"{-p:.4f}") for p, task in best[:3] if p <= -0.1}
    found = best_links(linker, [s.words for s in statements], TASKS)
    assert expected == {
        (statements[k.statement].iri, TASKS[k.task].task_id, str(k.confidence)) for k in found
    }
    assert (75, 65) == (len(found), len([k for k in found if k.confidence >= linker.threshold]))


def test_the_same_text_is_the_best(linker: ActivityLinker) -> None:
    """A statement that says what a task says fits it best, and surely."""
    for index, task in enumerate(TASKS):
        (first, *_) = best_links(linker, [task.text.upper()], TASKS)
        assert (0, index) == first[:2]
        assert first.confidence > linker.threshold


def test_a_task_is_found_by_what_others_say_of_its_activities(linker: ActivityLinker) -> None:
    """Words of a task of another occupation that does the same lead to a task without them."""
    other = next(t for code, t in KNOWN if code == "43-4121.00" and t.activities)
    same = [i for i, t in enumerate(TASKS) if set(t.activities) & set(other.activities)]
    bare = [t._replace(activities=()) for t in TASKS]
    with_them, without = (linker.similarities([other.text], of)[0] for of in (TASKS, bare))
    assert int(with_them.argmax()) in same
    assert with_them[same].max() > without[same].max()


@pytest.mark.parametrize("text", ["", "   ", "and of the", "?!", "zyx", "日本語", "a"])
def test_a_text_with_nothing_in_common(linker: ActivityLinker, text: str) -> None:
    """What shares neither word nor sequence with the release has no links."""
    assert [[0.0] * len(TASKS)] == linker.score([text], TASKS)
    assert [] == best_links(linker, [text], TASKS)


@pytest.mark.parametrize("texts", [[], [""], ["the", "of and"], ["?"]])
def test_a_release_without_words(texts: list[str]) -> None:
    """A linker can be made of a release that says nothing; it links nothing."""
    tasks = [TaskText(f"t:{i}", f"{i}", text) for i, text in enumerate(texts)]
    assert [[0.0], [0.0]] == activity_linker(tasks).score(
        ["Desk", "Shelf"], [TaskText("t:9", "9", "Desk", ("Desks",))]
    )


def test_nothing_to_score(linker: ActivityLinker) -> None:
    """Without statements or without tasks there are no links."""
    assert [] == linker.score([], TASKS)
    assert [[]] == linker.score(["Desk"], [])
    assert [] == best_links(linker, [], TASKS)
    assert [] == best_links(linker, ["Desk"], [])


def test_the_order_of_the_release_does_not_matter(linker: ActivityLinker) -> None:
    """Neither the order of a release's tasks nor one that comes twice changes a score."""
    other = activity_linker([*reversed(ALL), *ALL])
    assert linker.score(SAID, TASKS) == other.score(SAID, TASKS)


def test_a_linker_is_read_as_it_was_written(linker: ActivityLinker, tmp_path: Path) -> None:
    """What is read gives the same scores to the last bit."""
    write_linker(linker, tmp_path, "a key")
    read = read_linker(tmp_path, "a key")
    assert linker.score(SAID, TASKS) == read.score(SAID, TASKS)
    assert linker.tasks_of_activity.keys() == read.tasks_of_activity.keys()


@pytest.mark.parametrize("name", [LINKER, "linker-terms.parquet", "linker-activities.parquet"])
def test_a_broken_linker_is_not_read(linker: ActivityLinker, tmp_path: Path, name: str) -> None:
    """A file that holds something else or is gone is an error, and no other linker."""
    write_linker(linker, tmp_path, "a key")
    (tmp_path / name).write_bytes(b"tfidf 1\n")
    with pytest.raises(ValueError, match="holds"):
        read_linker(tmp_path, "a key")
    (tmp_path / name).unlink()
    with pytest.raises(OSError, match=name):
        read_linker(tmp_path, "a key")


def test_what_other_code_learnt_is_not_read(linker: ActivityLinker, tmp_path: Path) -> None:
    """A linker is read with the key that it was written with, and with no other."""
    write_linker(linker, tmp_path, "a key")
    with pytest.raises(ValueError, match="holds another linker"):
        read_linker(tmp_path, "another key")


some_words = st.sampled_from(sorted({w for t in ALL for w in t.text.split()} | {"Ünïcode", "the"}))
some_texts = st.lists(some_words, max_size=25).map(" ".join) | st.text(max_size=30)
some_scores = st.lists(
    st.lists(st.floats(0, 1.0000001) | st.sampled_from([0.1, 0.2, 0.09995]), min_size=9, max_size=9)
)


@settings(deadline=None)
@given(statements=st.lists(some_texts, max_size=8))
def test_any_statements(linker: ActivityLinker, statements: list[str]) -> None:
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


@settings(deadline=None)
@given(statements=st.lists(some_texts, min_size=1, max_size=6))
def test_a_statement_is_scored_by_itself(linker: ActivityLinker, statements: list[str]) -> None:
    """What else is scored at the same time changes nothing, to the last bit."""
    whole = linker.score(statements, TASKS)
    assert whole == [linker.score([statement], TASKS)[0] for statement in statements]
    assert whole[::-1] == linker.score(statements[::-1], TASKS)


def test_every_process_gives_the_same(linker: ActivityLinker) -> None:
    """Another process, with hashes of its own, gives the same scores to the last bit."""
    script = (
        "from kg.linking import TaskText, activity_linker\nimport sys\n"
        "known = [TaskText(*task) for task in eval(sys.argv[1])]\n"
        "print(activity_linker(known).score(sys.argv[2:], known))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, repr([tuple(task) for task in ALL]), *SAID],
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{linker.score(SAID, ALL)}\n" == run.stdout


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


def test_all_scores(example: Assembly, linker: ActivityLinker) -> None:
    """Every statement is scored with every task of its occupation, by framework, line and task."""
    found = list(scores([page_of(example)], {OCCUPATION: TASKS}, linker))
    assert 57 * 10 == len(found)
    assert ["base", "ai", "durable"] == list(dict.fromkeys(s.framework for s in found))
    assert [t.task_id for t in TASKS] == [s.task_id for s in found[:10]]
    kept = Counter(s.label for s in found if s.confidence >= LEAST_CONFIDENCE)
    assert 49 == len(kept)
    assert all(s.confidence == s.confidence.quantize(PLACES) for s in found)


def test_no_scores_without_tasks(example: Assembly, linker: ActivityLinker) -> None:
    """A page whose occupation has no tasks is passed over."""
    assert [] == list(scores([page_of(example)], {}, linker))
    assert {} == tasks_of(pl.DataFrame(schema=example.parts[f"{BASE}graph/onet/30.2"].schema))
