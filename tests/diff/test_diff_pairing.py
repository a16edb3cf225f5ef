"""Statements that were lost and got, paired."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.diff import pairing
from kg.diff.model import StatementState
from kg.diff.pairing import likeness, pair


def state(name: str, label: str | None, text: str | None) -> StatementState:
    """Return a statement."""
    return StatementState(name, "f", label, text, None, None, ())


def paired(dropped: list[StatementState], added: list[StatementState]) -> set[tuple[str, str]]:
    """Return the names of pairs, an empty one for a statement that stands alone."""
    return {(o.statement if o else "", n.statement if n else "") for o, n in pair(dropped, added)}


def test_the_docstring_runs() -> None:
    """The example gives what is shown."""
    assert (0, 1) == doctest.testmod(pairing)


@pytest.mark.parametrize(
    ("expected", "one", "other"),
    [
        (1.0, "Sort the items", "sort the items."),
        (0.0, "Sort the items", "Walk every morning"),
        (0.0, "", ""),
        (0.0, "", "x"),
        (0.5, "a b", "b a"),
        (0.8, "a b c d e", "a b x d e"),
    ],
)
def test_likeness(expected: float, one: str, other: str) -> None:
    """It counts the words in common, in their order, and does not mind which comes first."""
    assert expected == likeness(one, other) == likeness(other, one)


def test_a_label_goes_before_a_text() -> None:
    """A statement is paired with its label, though another one has its text."""
    old = [state("o", "Shelving", "puts books back")]
    new = [state("n1", "Shelf order", "puts books back"), state("n2", "Shelving", "walks the rows")]
    assert {("o", "n2"), ("", "n1")} == paired(old, new)


def test_label_and_text_go_before_a_label() -> None:
    """Of statements with one label, those with one text belong together."""
    old = [state("o1", "Rota", "plans weeks"), state("o2", "Rota", "plans days")]
    new = [state("n1", "Rota", "plans days"), state("n2", "Rota", "plans all of the weeks")]
    assert {("o2", "n1"), ("o1", "n2")} == paired(old, new)


def test_of_one_label_the_most_alike_belong_together() -> None:
    """Where labels repeat, texts decide."""
    old = [state("o1", "Rota", "a b c d"), state("o2", "Rota", "w x y z")]
    new = [state("n1", "Rota", "w x y q"), state("n2", "Rota", "a b c q")]
    assert {("o1", "n2"), ("o2", "n1")} == paired(old, new)


def test_a_text_with_another_label_is_found() -> None:
    """Case, white space and a final full stop do not make another text."""
    old = [state("o", "Rota", "Plans  the weeks.")]
    assert {("o", "n")} == paired(old, [state("n", "Duty plan", "plans the weeks")])


def test_a_close_text_is_found() -> None:
    """Most of the words in their order are enough; half of them are not."""
    old = [state("o", "Rota", "plans the weeks of the whole branch")]
    close = state("n1", "Duty plan", "plans the days of the whole branch")
    far = state("n2", "Duty plans", "plans the days of all the staff")
    assert {("o", "n1"), ("", "n2")} == paired(old, [far, close])
    assert {("o", ""), ("", "n2")} == paired(old, [far])


@pytest.mark.parametrize(("label", "text"), [(None, None), ("", ""), (" ", ".")])
def test_nothing_is_not_in_common(label: str | None, text: str | None) -> None:
    """Statements without label or text are not paired for that."""
    assert {("o", ""), ("", "n")} == paired([state("o", label, text)], [state("n", label, text)])


def test_large_frameworks_are_not_compared_word_by_word() -> None:
    """Beyond a number of comparisons labels and equal texts still pair; close texts do not."""
    old = [state(f"o{i:04}", "Rota", f"text {i}") for i in range(600)]
    new = [state(f"n{i:04}", "Rota", f"text {i} {i}") for i in range(600)]
    assert {(f"o{i:04}", f"n{i:04}") for i in range(600)} == paired(old, new)
    old = [state(f"o{i:04}", f"l{i}", f"a b c d e f g {i}") for i in range(600)]
    new = [state(f"n{i:04}", f"m{i}", f"a b c d e f g x{i}") for i in range(599)]
    new.append(state("n", "m", "A B C D E F G 7."))
    assert 1 == sum(bool(o and n) for o, n in paired(old, new))
    assert ("o0007", "n") in paired(old, new)


WORDS = st.lists(st.sampled_from("abcd"), max_size=4).map(" ".join)
STATES = st.lists(st.tuples(st.sampled_from(["x", "y", ""]), WORDS), max_size=5)


@given(STATES, STATES, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(
    old: list[tuple[str, str]], new: list[tuple[str, str]], chance: object
) -> None:
    """Each statement is in one pair, and the pairs are the same in whatever order they come."""
    dropped = [state(f"o{i}", *words) for i, words in enumerate(old)]
    added = [state(f"n{i}", *words) for i, words in enumerate(new)]
    found = pair(dropped, added)
    for states in (dropped, added):
        chance.shuffle(states)

    assert sorted(s.statement for s in dropped) == sorted(o.statement for o, _ in found if o)
    assert sorted(s.statement for s in added) == sorted(n.statement for _, n in found if n)
    assert found == pair(dropped, added)
