"""Texts and the detailed work activities of a release: how they are scored and ranked."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from commands import kg
from hypothesis import given, settings
from hypothesis import strategies as st
from scripts import script

from kg import RequestError, open
from kg.graph import Graph
from kg.linking import (
    Activity,
    ActivityRanker,
    RankedActivity,
    TaskText,
    activities_of,
    activity_ranker,
    tasks_of,
)
from kg.linking.dwas import EvidenceWeights, ShareCalibration
from kg.linking.terms import terms_of
from kg.namespaces import BASE, ONET

SHORT_QUESTIONS = "4.A.4.a.8.I91.D92"
#: A text of the release's words, one with words it has not, one with a word that comes twice.
TEXTS = [
    "Answer questions of visitors at the desk",
    "Zyx shelves, wrongly ordered",
    "Take items back, take them to their place",
]

Vector = dict[str, float]


@pytest.fixture(scope="module")
def activities(example_graph: Graph) -> list[Activity]:
    """Return the activities of the example's release."""
    return activities_of(example_graph.table)


@pytest.fixture(scope="module")
def tasks(example_graph: Graph) -> list[TaskText]:
    """Return the tasks of the example's release, of all occupations."""
    return [task for of in tasks_of(example_graph.table).values() for task in of]


@pytest.fixture(scope="module")
def ranker(tasks: list[TaskText], activities: list[Activity]) -> ActivityRanker:
    """Return the ranker of the example's release."""
    return activity_ranker(tasks, activities)


# The evidence, written a second time, from its definition and with nothing but arithmetic.


def added(*vectors: Vector) -> Vector:
    """Return the sum of vectors."""
    return {t: sum(v.get(t, 0) for v in vectors) for t in set().union(*vectors)}


def of_length_one(vector: Vector) -> Vector:
    """Return a vector with its length taken out."""
    length = math.sqrt(sum(w * w for w in vector.values())) or 1
    return {term: weight / length for term, weight in vector.items()}


def evidence(text: str, tasks: list[TaskText], activities: list[Activity]) -> list[list[float]]:
    """Return the evidence of each activity for a text."""
    documents = {t.text for t in tasks if t.activities} | {a.title for a in activities}
    having = Counter(term for known in documents for term in set(terms_of(known)))

    def vector(of: str) -> Vector:
        counts = Counter(term for term in terms_of(of) if term in having)
        idf = {t: 1 + math.log((1 + len(documents)) / (1 + having[t])) for t in counts}
        return of_length_one({t: (1 + math.log(n)) * idf[t] for t, n in counts.items()})

    doing = {a: [t.text for t in tasks if a.title in t.activities] for a in activities}
    profiles = {
        a: of_length_one(
            added(
                of_length_one(added(*map(vector, texts))) if texts else {},
                {t: w * (0.5 if texts else 1) for t, w in vector(a.title).items()},
            )
        )
        for a, texts in doing.items()
    }
    counts = {
        a: Counter(dict.fromkeys(set(terms_of(a.title)), 2.0))
        + Counter(term for text in texts for term in set(terms_of(text)))
        for a, texts in doing.items()
    }
    whole = sum(counts.values(), Counter[str]())
    words = vector(text)
    rows = []
    for a in activities:
        same = [other for other in activities if other.iwa == a.iwa]
        alike = [other for other in activities if other.work_activity == a.work_activity]
        cosines = [
            sum(
                w * of_length_one(added(*(profiles[o] for o in of))).get(t, 0)
                for t, w in words.items()
            )
            for of in ([a], same, alike)
        ]
        iwa = sum((counts[other] for other in same), Counter[str]())
        likelihood = 0.0
        for term in words:
            release = whole[term] / whole.total()
            in_iwa = (iwa[term] + 50 * release) / (iwa.total() + 50)
            likelihood += math.log(
                (counts[a][term] + 20 * in_iwa) / (counts[a].total() + 20) / release
            )
        rows.append([*cosines, likelihood, math.log(1 + len(doing[a]))])
    return rows


@pytest.mark.parametrize("text", TEXTS)
def test_evidence_follows_the_definition(
    ranker: ActivityRanker, tasks: list[TaskText], activities: list[Activity], text: str
) -> None:
    """Evidence, scores and confidences are those that plain arithmetic gives."""
    expected = evidence(text, tasks, activities)
    assert max(row[0] for row in expected) > 0.1
    assert pytest.approx(np.array(expected)) == ranker.evidence(text)

    scores = [sum(w * e for w, e in zip(EvidenceWeights(), row, strict=True)) for row in expected]
    shares = [math.exp(s) / sum(map(math.exp, scores)) for s in scores]
    constant, log_odds = ShareCalibration()
    probabilities = [1 / (1 + math.exp(-constant) * ((1 - s) / s) ** log_odds) for s in shares]
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], activities[i].activity_id))
    assert [
        (activities[i].iri, activities[i].activity_id, f"{probabilities[i]:.4f}") for i in order
    ] == [(a.iri, a.activity_id, str(a.confidence)) for a in ranker.rank(text, len(scores))]


def test_a_task_finds_its_activity(ranker: ActivityRanker, tasks: list[TaskText]) -> None:
    """The activity of a task that does one is the first for its text."""
    one = [task for task in tasks if len(task.activities) == 1]
    assert len(one) >= 5
    assert [t.activities[0] for t in one] == [ranker.rank(t.text, 1)[0].title for t in one]


@pytest.mark.parametrize(("expected", "most"), [(0, -1), (0, 0), (2, 2), (7, 7), (7, 100)])
def test_at_most_so_many(ranker: ActivityRanker, expected: int, most: int) -> None:
    """There are as many as are asked for, as far as there are."""
    found = ranker.rank(TEXTS[0], most)
    assert expected == len(found)
    assert ranker.rank(TEXTS[0], 7)[:expected] == found


@pytest.mark.parametrize("text", ["", "  ", "and of the", "?!", "zyx", "日本語"])
def test_a_text_with_nothing_in_common(ranker: ActivityRanker, text: str) -> None:
    """A text of whose words the release has none has no activities."""
    assert [] == ranker.rank(text)


def test_equal_ones_go_by_id() -> None:
    """Activities that nothing tells apart are in the order of their IDs, with one confidence."""
    alike = [Activity(f"a:{i}", f"4.A.{i}", "Shelve books", "i", "w") for i in (3, 1, 2)]
    found = activity_ranker([TaskText("t:1", "1", "Books", ("Shelve books",))], alike).rank("books")
    assert ["4.A.1", "4.A.2", "4.A.3"] == [a.activity_id for a in found]
    assert 1 == len({a.confidence for a in found})


@pytest.mark.parametrize(
    ("tasks", "activities"),
    [
        ([], []),
        ([TaskText("t:1", "1", "Books", ("Shelve books",))], []),
        ([], [Activity("a:1", "1", "Shelve books", "", "")]),
        ([], [Activity("a:1", "1", "", "", ""), Activity("a:2", "2", "the", "i", "w")]),
        (
            [TaskText("t:1", "1", "the", ("Books",)), TaskText("t:2", "2", "Books")],
            [Activity("a:1", "1", "Books", "", "w"), Activity("a:2", "2", "Pens", "", "")],
        ),
    ],
)
def test_a_release_that_says_little(tasks: list[TaskText], activities: list[Activity]) -> None:
    """A release that lacks tasks, words or what activities are part of gives finite numbers."""
    ranker = activity_ranker(tasks, activities)
    known = any("book" in a.title.lower() for a in activities)
    found = ranker.rank("Books")
    assert (len(activities) if known else 0) == len(found)
    assert (len(activities), 5) == ranker.evidence("Books").shape
    assert np.isfinite(ranker.evidence("Books")).all()
    assert all(0 <= a.confidence <= 1 for a in found)


def test_a_far_activity_has_no_confidence(ranker: ActivityRanker) -> None:
    """Scores however far apart give probabilities, and no warning."""
    found = ranker.confidences(np.array([0.0, -5000.0, 3.0]))
    assert found[2] > found[0] > found[1] >= 0
    assert np.isfinite(found).all()


def test_an_activity_is_known_by_the_others_of_its_kind() -> None:
    """Of two activities that a text fits alike, that whose relatives have its words is first."""
    activities = [
        Activity("a:1", "1", "Check devices", "pumps", "w"),
        Activity("a:2", "2", "Check equipment", "printers", "w"),
        Activity("a:3", "3", "Mend pumps", "pumps", "w"),
        Activity("a:4", "4", "Mend printers", "printers", "w"),
    ]
    tasks = [
        TaskText("t:1", "1", "Seal leaking pumps", ("Mend pumps",)),
        TaskText("t:2", "2", "Clear jammed printers", ("Mend printers",)),
    ]
    ranker = activity_ranker(tasks, activities)
    for text, expected in (("Check leaking", "1"), ("Check jammed", "2")):
        checks = [a.activity_id for a in ranker.rank(text) if a.activity_id in "12"]
        assert expected == checks[0]


def test_the_order_of_the_release_does_not_matter(
    ranker: ActivityRanker, tasks: list[TaskText], activities: list[Activity]
) -> None:
    """Neither the order of tasks and activities nor one that comes twice changes a bit."""
    other = activity_ranker([*reversed(tasks), *tasks], [*reversed(activities), *activities])
    for text in TEXTS:
        assert ranker.scores(text).tolist() == other.scores(text).tolist()


def test_every_process_gives_the_same(
    ranker: ActivityRanker, tasks: list[TaskText], activities: list[Activity]
) -> None:
    """Another process, with hashes of its own, gives the same scores to the last bit."""
    lines = (
        "import sys",
        "from kg.linking import Activity, TaskText, activity_ranker",
        "tasks, activities = eval(sys.argv[1])",
        "made = activity_ranker([TaskText(*t) for t in tasks], [Activity(*a) for a in activities])",
        "print([made.scores(text).tolist() for text in sys.argv[2:]])",
    )
    known = [tuple(t) for t in tasks], [tuple(a) for a in activities]
    run = subprocess.run(
        [sys.executable, "-c", "\n".join(lines), repr(known), *TEXTS],
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{[ranker.scores(text).tolist() for text in TEXTS]}\n" == run.stdout


@settings(deadline=None)
@given(texts=st.lists(st.text(max_size=30) | st.sampled_from(TEXTS), max_size=4))
def test_any_texts(ranker: ActivityRanker, texts: list[str]) -> None:
    """Whatever was asked before, a text has at most five, of four places, the surest first."""
    once = [ranker.rank(text) for text in texts]
    assert once[::-1] == [ranker.rank(text) for text in texts[::-1]]
    for found in once:
        assert len(found) in (0, 5)
        assert all(-4 == a.confidence.as_tuple().exponent for a in found)
        assert all(0 <= a.confidence <= 1 for a in found)
        assert all(one.confidence >= other.confidence for one, other in pairwise(found))


# What is ranked.


def test_activities_of_a_release(activities: list[Activity], example_graph: Graph) -> None:
    """All activities of a release come in the order of their IDs, with what they are part of."""
    assert 7 == len(activities)
    assert [a.activity_id for a in activities] == sorted(a.activity_id for a in activities)
    element = f"{BASE}element/{SHORT_QUESTIONS}"
    iwa, work_activity = f"{BASE}element/4.A.4.a.8.I91", f"{BASE}element/4.A.4.a.8"
    title = "Answer the short questions of visitors."
    assert Activity(element, SHORT_QUESTIONS, title, iwa, work_activity) in activities
    shuffled = example_graph.table.collect().sample(fraction=1, shuffle=True, seed=1)
    assert activities == activities_of(shuffled)


def test_an_activity_of_two_titles_has_the_least(
    activities: list[Activity], example_graph: Graph
) -> None:
    """An activity that has no title is none, and what it is part of may be missing."""
    table = example_graph.table.collect()
    iri = f"{BASE}element/{SHORT_QUESTIONS}"
    of_it = (pl.col("subject") == iri) & (pl.col("predicate") == ONET.elementName)
    again = table.filter(of_it).with_columns(object=pl.lit("A title"))
    (found,) = (a for a in activities_of(pl.concat([table, again])) if a.iri == iri)
    assert "A title" == found.title
    untitled = activities_of(table.filter(~of_it))
    assert [a for a in activities if a.iri != iri] == untitled
    bare = table.filter(~pl.col("predicate").str.contains("broader|workActivity"))
    assert [a._replace(iwa="", work_activity="") for a in activities] == activities_of(bare)


# From Python and on the command line.


def test_activities_for_a_text(example_graph: Graph, ranker: ActivityRanker) -> None:
    """A graph ranks the activities of its release, best first."""
    found = example_graph.activities_for("Short questions that visitors ask", 2)
    assert ranker.rank("Short questions that visitors ask", 2) == found
    assert isinstance(found[0], RankedActivity)
    assert SHORT_QUESTIONS == found[0].activity_id
    assert 5 == len(example_graph.activities_for("desk"))


def test_kg_link_dwa(example_folder: Path, ranker: ActivityRanker) -> None:
    """The command shows the activities as a table, and says all of them as JSON."""
    expected = ranker.rank(TEXTS[0], 3)
    options = ("link", "--dwa", TEXTS[0], "--most", "3", "--graph", example_folder)
    result = kg(*options)
    assert (0, "") == (result.returncode, result.stderr)
    rows = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert ["confidence", "activity", "title"] == rows[0]
    assert [[str(a.confidence), a.activity_id, a.title] for a in expected] == rows[-3:]

    rows = json.loads(kg(*options, "--json").stdout)
    assert [{**a._asdict(), "confidence": float(a.confidence)} for a in expected] == rows
    assert 5 == len(json.loads(kg(*options[:3], "--json", *options[5:]).stdout))


@pytest.mark.parametrize(("expected", "options"), [("", ()), ("[]\n", ("--json",))])
def test_kg_link_dwa_finds_nothing(
    example_folder: Path, expected: str, options: tuple[str, ...]
) -> None:
    """A text of which the release has no word is answered with no."""
    result = kg("link", "--dwa", "zyx", *options, "--graph", example_folder)
    assert (1, expected) == (result.returncode, result.stdout)
    assert "the release has no word of the text" in result.stderr


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("--most and --json only", ("--dwa", "desk", "--scores", "s.tsv")),
        ("--most and --json only", ("--dwa", "desk", "--evaluate", "g.tsv")),
        ("--most and --json only", ("--dwa", "desk", "--min-p1", "0.5")),
        ("--most is for --dwa", ("--most", "3", "--scores", "s.tsv")),
        ("--most 0: it has to be 1 or more", ("--dwa", "desk", "--most", "0")),
    ],
)
def test_kg_link_dwa_refuses(
    example_folder: Path, tmp_path: Path, expected: str, arguments: tuple[str, ...]
) -> None:
    """Options that do not go together are named, and nothing is written."""
    result = kg("link", *arguments, "--graph", example_folder, cwd=tmp_path)
    assert (2, "") == (result.returncode, result.stdout)
    assert expected in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_a_graph_without_activities(tmp_path: Path) -> None:
    """A graph without a release says what it lacks."""
    page = Path(__file__).resolve().parents[1] / "build/example/library-technicians.txt"
    assert 0 == kg("build", page, "--graph", tmp_path).returncode
    with pytest.raises(RequestError, match="no detailed work activities that tasks do"):
        open(tmp_path).activities_for("desk")
    result = kg("link", "--dwa", "desk", "--graph", tmp_path)
    assert (2, "") == (result.returncode, result.stdout)
    assert "Tasks to DWAs" in result.stderr


# How texts are told apart, and the weights fitted.


def test_no_text_stands_in_two_folds() -> None:
    """Occupations that share a text, over others too, are in one fold; the others fill up."""
    texts = {"a": ["Wind it.", "One"], "b": ["wind  it", "Two!"], "c": ["two"], "d": ["Four"],
             "e": ["Five"], "f": ["Six"], "g": ["Seven"]}  # fmt: skip
    tasks = {code: [TaskText(t, t, t, ()) for t in of] for code, of in texts.items()}
    folds = script("linking_dwas").folds_by_text(tasks)
    assert sorted(tasks) == sorted(folds)
    assert [folds["a"]] * 2 == [folds["b"], folds["c"]]
    assert 5 == len({folds[code] for code in "adefg"})


def test_weights_are_found_again() -> None:
    """What was drawn with some weights is fitted with nearly these, and is calibrated."""
    weights = np.array([2.0, 1.0, 0.5, 0.25, 1.0])
    rng = np.random.default_rng(4)
    evidence = rng.normal(size=(4000, 6, 5))
    shares = np.exp(evidence @ weights)
    drawn = (rng.random(4000) < np.cumsum(shares, axis=1).T / shares.sum(axis=1)).argmax(axis=0)
    found, calibration = script("linking_dwas").fit(evidence, drawn[:, None] == np.arange(6))
    assert pytest.approx(weights, abs=0.15) == np.array(found)
    assert pytest.approx((0, 1), abs=0.15) == tuple(calibration)
