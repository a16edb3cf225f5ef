"""How links are compared with labels: the table of labels, the measures, and the command."""

from __future__ import annotations

import json
import math
import random
import re
import shlex
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from commands import kg
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score

from kg import Graph, evaluation, open
from kg.errors import InputError, RequestError
from kg.evaluation import Judged, average_precisions, bins, evaluate, judge, plain_words, read_gold
from kg.linking import StatementText, TaskText
from kg.pipeline import build

GOLD = ROOT / "build/example/library-technicians.gold.tsv"
PAGE = ROOT / "build/example/library-technicians.txt"
HEADER = "framework\tlabel\ttask_id\tgrade\n"


@pytest.fixture(scope="module")
def found(example_graph: Graph) -> evaluation.Evaluation:
    """Return how the links of the example agree with its labels."""
    return example_graph.evaluate_links(GOLD)


# The bundled example, worked out from the scores that `kg link --scores` writes.


def test_precision_at_one_of_the_example(found: evaluation.Evaluation) -> None:
    """Circulation figures is missed, which has no word in common with its task."""
    strict, lenient = found.of(), found.of(grade=1)
    assert (8, 80, 4, 4, 3) == (
        strict.statements,
        strict.pairs,
        strict.with_task,
        strict.positives,
        strict.first,
    )
    assert (6, 7, 5) == (lenient.with_task, lenient.positives, lenient.first)
    assert strict.p1 is not None
    assert 3 / 4 == strict.p1.value
    assert (2, 3) == (found.of("base").first, found.of("base").with_task)
    assert (3, 4) == (found.of("base", 1).first, found.of("base", 1).with_task)


def test_average_precision_of_the_example(found: evaluation.Evaluation) -> None:
    """Right pairs are at 1, 2 and 3, and one is among the last, which all score 0."""
    strict, lenient = found.of().ap, found.of(grade=1).ap
    assert strict is not None
    assert lenient is not None
    assert pytest.approx((1 + 1 + 1 + 4 / 80) / 4) == strict.value
    assert pytest.approx((5 + 6 / 9 + 7 / 80) / 7) == lenient.value


def test_f1_of_the_example(found: evaluation.Evaluation) -> None:
    """Eight pairs reach 0.2, three of grade 2 and five of 1 or 2 among them."""
    strict, lenient = found.of(), found.of(grade=1)
    assert Decimal("0.2") == found.threshold
    assert (3 / 8, 3 / 4) == (strict.precision, strict.recall)
    assert (5 / 8, 5 / 7) == (lenient.precision, lenient.recall)
    assert strict.f1 is not None
    assert lenient.f1 is not None
    assert pytest.approx(6 / 12) == strict.f1.value
    assert pytest.approx(10 / 15) == lenient.f1.value


def test_brier_of_the_example(found: evaluation.Evaluation, example_graph: Graph) -> None:
    """The score is the mean square over 80 pairs; that of the base rate is 4 of 80 by 76 of 80."""
    right = {
        ("Returned items", "900001"),
        ("Shelf-reading rounds", "900006"),
        ("Circulation figures", "900007"),
        ("Guiding a new volunteer", "900008"),
    }
    labels = {label.label for label in read_gold(GOLD)}
    errors = [
        (float(s.confidence) - ((s.label, s.task_id) in right)) ** 2
        for s in example_graph.link_scores()
        if s.label in labels
    ]
    assert 80 == len(errors)
    assert pytest.approx(sum(errors) / 80) == found.of().brier.value
    assert pytest.approx(4 / 80 * 76 / 80) == found.of().base_brier


def test_calibration_of_the_example(found: evaluation.Evaluation) -> None:
    """Eight statements are one bin, in which three best links are right and five of grade 1."""
    best = (0.9911, 0.9718, 0.9495, 0.7334, 0.7164, 0.2637, 0.0920, 0.0)
    (one,) = found.of().calibration
    assert (0.0, 0.9911, 8, 3 / 8) == (one.least, one.most, one.statements, one.right)
    assert pytest.approx(sum(best) / 8) == one.confidence
    assert pytest.approx(abs(sum(best) / 8 - 3 / 8)) == found.of().calibration_error
    assert 5 / 8 == found.of(grade=1).calibration[0].right


def test_gain_of_the_example(found: evaluation.Evaluation) -> None:
    """Plain words find the tasks of Returned items and Shelf-reading rounds, no other."""
    gain = found.of().p1_gain
    assert gain is not None
    assert pytest.approx(3 / 4 - 2 / 4) == gain.value


def test_a_framework_without_right_tasks_has_no_share(found: evaluation.Evaluation) -> None:
    """No AI statement has a task of grade 2: what would divide by nothing is not given."""
    ai = found.of("ai")
    assert (0, None, None, None, None, None) == (
        ai.with_task,
        ai.p1,
        ai.ap,
        ai.f1,
        ai.p1_gain,
        ai.ap_gain,
    )
    assert 0 == ai.base_brier
    with pytest.raises(KeyError):
        found.of("chess")


def test_every_group_is_there(found: evaluation.Evaluation) -> None:
    """There are both grades of each framework and of all, and of each an interval that holds it."""
    expected = [(k, g) for g in (2, 1) for k in ("base", "ai", "durable", "all")]
    assert expected == [(m.framework, m.grade) for m in found.measures]
    for m in found.measures:
        for estimate in (m.p1, m.ap, m.f1, m.brier, m.p1_gain, m.ap_gain):
            if estimate is not None:
                assert estimate.low is not None
                assert estimate.high is not None
                assert estimate.low <= estimate.value <= estimate.high


def test_the_order_of_the_labels_does_not_matter(
    found: evaluation.Evaluation, example_graph: Graph, tmp_path: Path
) -> None:
    """Another order, line ends as Windows has them, and a mark at the beginning change nothing."""
    header, *rows = GOLD.read_text(encoding="utf-8").splitlines()
    random.Random(3).shuffle(rows)
    other = tmp_path / "gold.tsv"
    other.write_bytes(("\ufeff" + "\r\n".join([header, *rows, "", ""])).encode())
    assert found == example_graph.evaluate_links(other)


# The measures, against their definitions.


def judged_of(grades: Sequence[Sequence[int]], kinds: Sequence[str] = ()) -> list[Judged]:
    """Return statements with these grades of their tasks."""
    return [
        Judged(
            StatementText(f"s:{n}", "o:1", kinds[n] if kinds else "base", f"s{n}", "", n),
            [TaskText(f"t:{i}", str(i), "") for i in range(len(of))],
            tuple(of),
        )
        for n, of in enumerate(grades)
    ]


some_grades = st.integers(1, 4).flatmap(
    lambda tasks: st.lists(
        st.lists(
            st.tuples(
                st.sampled_from([0, 0, 1, 2]), st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.7, 1.0])
            ),
            min_size=tasks,
            max_size=tasks,
        ),
        min_size=1,
        max_size=6,
    )
)


@settings(deadline=None, max_examples=40)
@given(pairs=some_grades, grade=st.sampled_from([1, 2]))
def test_measures_follow_their_definitions(
    pairs: list[list[tuple[int, float]]], grade: int
) -> None:
    """P@1, AP, F1 and Brier score are what they are when counted one by one."""
    grades = [[g for g, _ in row] for row in pairs]
    scores = [[s for _, s in row] for row in pairs]
    (m,) = (
        m
        for m in evaluate(judged_of(grades), scores, scores, 0.2)
        if (m.framework, m.grade) == ("all", grade)
    )
    flat = [(s, g >= grade) for row in pairs for g, s in row]
    right = sum(r for _, r in flat)
    said = [r for s, r in flat if s >= 0.2]
    assert pytest.approx(sum((s - r) ** 2 for s, r in flat) / len(flat)) == m.brier.value
    assert pytest.approx(right / len(flat) * (1 - right / len(flat))) == m.base_brier
    if not right:
        assert (None, None, None) == (m.p1, m.ap, m.f1)
        return
    assert m.p1 is not None
    assert m.ap is not None
    assert m.f1 is not None
    has = [row for row in pairs if any(g >= grade for g, _ in row)]
    first = sum(next(g for g, s in row if s == max(s for _, s in row)) >= grade for row in has)
    assert pytest.approx(first / len(has)) == m.p1.value
    assert pytest.approx(2 * sum(said) / (len(said) + right)) == m.f1.value
    steps = [[r for s, r in flat if s >= least] for least in {s for s, r in flat if r}]
    added = [sum(r and s == least for s, r in flat) for least in {s for s, r in flat if r}]
    expected = sum(sum(x) / len(x) * n for x, n in zip(steps, added, strict=True)) / right
    assert pytest.approx(expected) == m.ap.value
    assert m.p1_gain is not None
    assert (0, 0, 0) == m.p1_gain  # beside itself, in every draw


@settings(deadline=None, max_examples=60)
@given(pairs=some_grades, data=st.data())
def test_average_precision_of_a_draw(
    pairs: list[list[tuple[int, float]]], data: st.DataObject
) -> None:
    """That of a draw is that of its statements written down as often as they are in it."""
    draw = data.draw(
        st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs)).filter(any)
    )
    truth = np.array([g == 2 for row in pairs for g, _ in row])
    score = np.array([s for row in pairs for _, s in row])
    owner = np.repeat(np.arange(len(pairs)), len(pairs[0]))
    (found,) = average_precisions(truth, score, np.array([draw]), owner)
    again = [p for row, often in zip(pairs, draw, strict=True) for p in row * often]
    if any(g == 2 for g, _ in again):
        expected = average_precision_score([g == 2 for g, _ in again], [s for _, s in again])
        assert pytest.approx(expected) == found
    else:
        assert math.isnan(found)


def test_an_interval_is_that_of_drawn_statements() -> None:
    """Half of 100 statements right: the middle 95 % are two standard deviations of 0.05 wide."""
    grades = [[2, 0]] * 100
    scores = [[1.0, 0.0]] * 50 + [[0.0, 1.0]] * 50
    p1 = evaluate(judged_of(grades), scores, scores, 0.5)[0].p1
    assert p1 is not None
    assert p1.low is not None
    assert p1.high is not None
    assert 0.5 == p1.value
    assert pytest.approx(0.5 - 1.96 * 0.05, abs=0.015) == p1.low
    assert pytest.approx(0.5 + 1.96 * 0.05, abs=0.015) == p1.high


def test_a_difference_is_paired() -> None:
    """Where one way is always right and the other never, no draw sees another difference."""
    grades = [[2, 0]] * 7
    m = evaluate(judged_of(grades), [[1.0, 0.0]] * 7, [[0.0, 1.0]] * 7, 0.5)[0]
    assert (1.0, 1.0, 1.0) == m.p1_gain
    assert (0.5, 0.5, 0.5) == m.ap_gain


@given(data=st.data(), size=st.integers(2, 5))
def test_bins_are_those_of_equal_mass(data: st.DataObject, size: int) -> None:
    """Of different confidences each bin has as many, as scikit-learn's by quantile have."""
    count = 10 * size
    values = np.array(
        data.draw(st.lists(st.integers(0, 9999), min_size=count, max_size=count, unique=True))
    )
    right = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    found = bins(values / 10_000, right)
    assert [10] * size == [b.statements for b in found]
    shares, means = calibration_curve(right, values / 10_000, n_bins=size, strategy="quantile")
    assert pytest.approx(list(shares)) == [b.right for b in found]
    assert pytest.approx(list(means)) == [b.confidence for b in found]


@pytest.mark.parametrize(
    ("expected", "values"),
    [([1], [0.5]), ([19], [0.1] * 19), ([60], [0.0] * 60), ([15, 5], [0.1] * 15 + [0.2] * 5)],
)
def test_equal_confidences_share_a_bin(expected: list[int], values: list[float]) -> None:
    """Few statements are one bin, and equal ones are never divided."""
    found = bins(np.array(values), np.zeros(len(values), dtype=bool))
    assert expected == [b.statements for b in found]


@pytest.mark.parametrize("texts", [[], ["? !"]])
def test_plain_words_of_nothing(texts: list[str]) -> None:
    """Without words to compare by, nothing is alike."""
    assert [[0.0]] == plain_words(texts)(["Desk"], ["Desk"])


def test_plain_words_are_cosines() -> None:
    """The same text scores 1, one without a word in common 0."""
    score = plain_words(["open the desk", "close a shelf"])
    assert [pytest.approx([1, 0])] == [
        list(r) for r in score(["open the desk"], ["open the desk", "close a shelf"])
    ]
    assert [] == score([], ["open"])


# Tables of labels that are wrong.


@pytest.mark.parametrize(
    ("line", "said", "text"),
    [
        (1, "no column framework, label, task_id, grade", ""),
        (1, "no column grade", "framework\tlabel\ttask_id\tconfidence\nbase\tA\t1\t0.4\n"),
        (1, "has no rows", HEADER),
        (2, "3 cells where there are 4 columns", HEADER + "base\tReturned items\t900001\n"),
        (3, "framework 'soft'", HEADER + "\nsoft\tReturned items\t900001\t2\n"),
        (2, "grade '3'", HEADER + "base\tReturned items\t900001\t3\n"),
        (2, "grade 1 of task 'none'", HEADER + "base\tReturned items\tnone\t1\n"),
        (2, "may not be empty", HEADER + "base\t\t900001\t2\n"),
        (2, "with the label 'No such thing'", HEADER + "base\tNo such thing\t900001\t2\n"),
        (2, "no ai statement", HEADER + "ai\tReturned items\t900001\t2\n"),
        (2, "task '1' is none of 25-4031.00", HEADER + "base\tReturned items\t1\t2\n"),
        (2, "task '900101' is none of", HEADER + "base\tReturned items\t900101\t2\n"),
        (3, "what line 2 says", HEADER + "base\tReturned items\t900001\t2\n" * 2),
        (
            3,
            "says 'none' where line 2 names a task",
            HEADER + "base\tReturned items\t900001\t2\nbase\tReturned items\tnone\t0\n",
        ),
        (
            3,
            "names a task where line 2 says 'none'",
            HEADER + "base\tReturned items\tnone\t0\nbase\tReturned items\t900001\t2\n",
        ),
        (
            2,
            "statement of 43-4121.00",
            "occupation\t" + HEADER + "43-4121.00\tbase\tReturned items\tnone\t0\n",
        ),
        (2, "is not UTF-8", HEADER.encode() + b"base\tCaf\xe9\t1\t2\n"),
    ],
)
def test_a_wrong_table_is_named_by_line(
    line: int, said: str, text: str | bytes, example_folder: Path, tmp_path: Path
) -> None:
    """What is wrong with labels is said in one line, with file and line, and exit code 2."""
    gold = tmp_path / "gold.tsv"
    gold.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = kg("link", "--evaluate", gold, "--graph", example_folder)
    assert (2, "", 1) == (result.returncode, result.stdout, len(result.stderr.splitlines()))
    assert result.stderr.startswith(f"kg: {gold}:{line}: ")
    assert said in result.stderr


def statement(occupation: str, label: str = "Same", line: int = 1) -> StatementText:
    """Return a base statement."""
    return StatementText(f"s:{occupation}/{line}", f"o:/{occupation}", "base", label, "", line)


OF_TWO = {"o:/A": [TaskText("t:1", "1", "")], "o:/B": [TaskText("t:2", "2", "")]}


def judge_text(text: str, statements: Sequence[StatementText], tmp_path: Path) -> list[Judged]:
    """Return what a table becomes that has these rows."""
    path = tmp_path / "gold.tsv"
    path.write_text(text, encoding="utf-8")
    return judge(read_gold(path), statements, OF_TWO, "gold.tsv")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([("o:/A", (2,))], HEADER + "base\tSame\t1\t2\n"),
        ([("o:/B", (0,))], HEADER + "base\tSame\tnone\t0\nbase\tOther\t2\t1\n"),
        (
            [("o:/A", (1,)), ("o:/B", (0,))],
            "occupation\t" + HEADER + "A\tbase\tSame\t1\t1\nB\tbase\tSame\tnone\t0\n",
        ),
    ],
)
def test_a_label_of_several_pages(
    expected: list[tuple[str, tuple[int, ...]]], text: str, tmp_path: Path
) -> None:
    """Which of several statements is meant is told by their tasks, or by the occupation."""
    statements = [statement("A"), statement("B"), statement("B", "Other", 2)]
    found = judge_text(text, statements, tmp_path)
    same = [(j.statement.occupation, j.grades) for j in found if j.statement.label == "Same"]
    assert expected == same


@pytest.mark.parametrize(
    ("said", "statements"),
    [
        (
            "gold.tsv:2: 2 base statements .*add a column occupation: A, B",
            [statement("A"), statement("B")],
        ),
        ("nothing tells them apart", [statement("A"), statement("A", line=2)]),
        ("no tasks of C, the occupation of 'Same'", [statement("C")]),
    ],
)
def test_a_label_that_says_too_little(
    said: str, statements: list[StatementText], tmp_path: Path
) -> None:
    """A label of several statements, or of one without tasks, is an error that says what to do."""
    with pytest.raises(InputError, match=said):
        judge_text(HEADER + "base\tSame\tnone\t0\n", statements, tmp_path)


# The command.


def test_kg_link_evaluate(example_folder: Path) -> None:
    """The figures are printed by grade and framework, the same in every run."""
    result = kg("link", "--evaluate", GOLD, "--graph", example_folder)
    assert (0, "") == (result.returncode, result.stderr)
    lines = result.stdout.splitlines()
    assert lines[0].startswith("activities 1: 8 statements, 80 pairs")
    assert re.search(r"^all +3/4 = 0\.750 \[0\.\d{3}, 1\.000\] +0\.762 \[", result.stdout, re.M)
    assert re.search(r"^all +5/6 = 0\.833 \[.* 0\.8\d\d \[", result.stdout, re.M)
    assert re.search(r"^ai +- +- +- +0\.02\d", result.stdout, re.M)
    assert result == kg("link", "--evaluate", GOLD, "--graph", example_folder)


def test_kg_link_evaluate_as_json(example_folder: Path, found: evaluation.Evaluation) -> None:
    """The same figures, whole, for programs."""
    result = kg("link", "--evaluate", GOLD, "--json", "--graph", example_folder)
    data = json.loads(result.stdout)
    assert found.to_dict() == data
    assert {"activities", "1", 0.2} == {data["linker"], data["version"], data["threshold"]}
    whole = data["measures"][3]
    assert ("all", 2, 0.75) == (whole["framework"], whole["grade"], whole["p1"]["value"])
    assert {"value", "low", "high"} == set(whole["ap_gain"])
    assert 8 == whole["calibration"][0]["statements"]


@pytest.mark.parametrize(
    ("code", "options", "said"),
    [
        (0, ("--min-p1", "0.75", "--min-ap", "0.76"), ""),
        (1, ("--min-p1", "0.76"), "P@1 at grade 2 is 0.7500; at least 0.76 was asked for"),
        (1, ("--min-ap", "0.8", "--json"), "AP at grade 2 is 0.7625; at least 0.8"),
        (2, ("--min-ap", "7"), "--min-ap"),
    ],
)
def test_least_figures(code: int, options: Sequence[str], said: str, example_folder: Path) -> None:
    """Below what was asked for the answer is no, after the figures."""
    result = kg("link", "--evaluate", GOLD, *options, "--graph", example_folder)
    assert code == result.returncode
    assert said in result.stderr
    assert bool(result.stdout) == (code != 2)


def test_least_figures_of_nothing(example_folder: Path, tmp_path: Path) -> None:
    """Labels without a task of grade 2 reach no least figure, and say why."""
    gold = tmp_path / "gold.tsv"
    gold.write_text(HEADER + "base\tReturned items\tnone\t0\n", encoding="utf-8")
    result = kg("link", "--evaluate", gold, "--min-p1", "0", "--graph", example_folder)
    assert 1 == result.returncode
    assert "no task has grade 2" in result.stderr


def test_scores_and_figures_together(example_folder: Path, tmp_path: Path) -> None:
    """Both may be asked for at once, the scores in a file."""
    out = tmp_path / "scores.tsv"
    result = kg("link", "--scores", out, "--evaluate", GOLD, "--graph", example_folder)
    assert (0, True) == (result.returncode, out.is_file())


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("for --evaluate", ("--json", "--scores", "s.tsv")),
        ("for --evaluate", ("--min-p1", "0", "--scores", "s.tsv")),
        ("not -", ("--scores", "-", "--evaluate", str(GOLD))),
        ("none.tsv", ("--evaluate", "none.tsv")),
        ("--evaluate gold.tsv", ()),
    ],
)
def test_wrong_requests(
    said: str, arguments: Sequence[str], example_folder: Path, tmp_path: Path
) -> None:
    """Options that do not belong together, and a table that is not there: one line each."""
    result = kg("link", *arguments, "--graph", example_folder, cwd=tmp_path)
    assert (2, "", 1) == (result.returncode, result.stdout, len(result.stderr.splitlines()))
    assert said in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_nothing_to_compare(tmp_path: Path) -> None:
    """A graph without tasks has nothing to compare labels with."""
    build([PAGE], tmp_path / "bare")
    with pytest.raises(RequestError, match="no statements to score"):
        open(tmp_path / "bare").evaluate_links(GOLD)


def test_commands_of_the_document(example_folder: Path, tmp_path: Path) -> None:
    """Every command that docs/links.md shows on the example prints what is shown there."""
    from test_readme import calls, matches

    (tmp_path / "build").symlink_to(ROOT / "build")
    shown = calls((ROOT / "docs/links.md").read_text(encoding="utf-8"))
    assert shown
    for command, answer in shown:
        program, *words = shlex.split(command)
        assert "kg" == program
        result = kg(*words, cwd=tmp_path, KG_GRAPH=str(example_folder))
        assert matches(answer, result.stdout or result.stderr), f"{command}\n{result.stdout}"


@pytest.mark.slow
def test_real_labels(
    shared: Callable[[str], Path], real_inputs: list[Path], tmp_path: Path
) -> None:
    """Half a real page: what the first linker is known to reach, P@1 and AP of both grades."""
    build(real_inputs, tmp_path / "graph")
    found = open(tmp_path / "graph").evaluate_links(shared("gold/statement_task_dev.tsv"))
    strict, lenient = found.of(), found.of(grade=1)
    assert (69, 69 * 16, 34, 63) == (
        strict.statements,
        strict.pairs,
        strict.with_task,
        lenient.with_task,
    )
    assert strict.ap is not None
    assert strict.first >= 14
    assert strict.ap.value > 0.33
