"""Statements that a framework lost and got, told as one where they are the same competency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from kg.diff.model import StatementState
from kg.mapping.iris import text_key

__all__ = ["THRESHOLD", "likeness", "pair"]

#: From which likeness on a text counts as another wording: most of its words, in their order.
THRESHOLD = 0.7
#: Texts are compared word by word where that is at most so many comparisons.
_MOST_COMPARISONS = 250_000
_WORD = re.compile(r"\w+")

_States = list[StatementState]
_Pairs = list[tuple[StatementState, StatementState]]
_Key = Callable[[StatementState], tuple[str, ...]]


def pair(
    dropped: Sequence[StatementState], added: Sequence[StatementState]
) -> list[tuple[StatementState | None, StatementState | None]]:
    """Return dropped and added statements of one framework, those that belong together in pairs.

    Such have the same label and text, else the same label (the most alike texts first), else the
    same text, else the most alike texts above `THRESHOLD`. Each is in one pair; what is left
    stands alone. The order in which they are given does not matter.
    """
    lost, got = (sorted(of, key=lambda s: s.statement) for of in (dropped, added))
    found: _Pairs = []
    for key in (_label_and_text, _label, _text):
        for olds, news in _groups(lost, got, key):
            found += _closest(olds, news, 0.0)
        lost, got = _left(lost, got, found)
    found += _closest(lost, got, THRESHOLD)
    lost, got = _left(lost, got, found)
    return [*found, *((old, None) for old in lost), *((None, new) for new in got)]


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1.

    That is twice the number of words in common, in their order, over the number of all; case and
    punctuation do not count.

    >>> likeness("Sort the returned items.", "Sort all returned items")
    0.75
    """
    return _likeness(_words(one), _words(other), 0.0)


def _likeness(one: list[str], other: list[str], least: float) -> float:
    """Return how alike words are; 0 where that is less than asked for."""
    most = 2 * (Counter(one) & Counter(other)).total()
    if not most or most < least * (len(one) + len(other)):
        return 0.0
    # The matcher may find less in another order of its arguments.
    first, second = sorted((one, other))
    found = SequenceMatcher(None, first, second, autojunk=False).ratio()
    return found if found >= least else 0.0


def _words(text: str | None) -> list[str]:
    return _WORD.findall((text or "").casefold())


def _label(state: StatementState) -> tuple[str, ...]:
    return _keys(state.label)


def _text(state: StatementState) -> tuple[str, ...]:
    return _keys(state.text)


def _label_and_text(state: StatementState) -> tuple[str, ...]:
    return _keys(state.label, state.text)


def _keys(*texts: str | None) -> tuple[str, ...]:
    """Return texts as they are compared; nothing where one of them is missing."""
    keys = tuple(text_key(text or "") for text in texts)
    return keys if all(keys) else ()


def _groups(lost: _States, got: _States, key: _Key) -> Iterator[tuple[_States, _States]]:
    """Yield the statements of both sides that have a key in common."""
    groups: dict[tuple[str, ...], tuple[_States, _States]] = {}
    for index, states in enumerate((lost, got)):
        for state in states:
            groups.setdefault(key(state), ([], []))[index].append(state)
    yield from (group for key_, group in groups.items() if key_ and all(group))


def _closest(olds: _States, news: _States, least: float) -> _Pairs:
    """Return pairs of at least a likeness, the most alike first, then the first by their IRIs."""
    if len(olds) * len(news) > _MOST_COMPARISONS:
        return [] if least else list(zip(olds, news, strict=False))
    words = [[_words(state.text) for state in states] for states in (olds, news)]
    ranked = sorted(
        (-alike, i, j)
        for i, one in enumerate(words[0])
        for j, other in enumerate(words[1])
        if (alike := _likeness(one, other, least)) >= least
    )
    used: tuple[set[int], set[int]] = set(), set()
    found: _Pairs = []
    for _, i, j in ranked:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            found.append((olds[i], news[j]))
    return found


def _left(lost: _States, got: _States, found: _Pairs) -> tuple[_States, _States]:
    olds, news = {old.statement for old, _ in found}, {new.statement for _, new in found}
    return [s for s in lost if s.statement not in olds], [s for s in got if s.statement not in news]
