"""Headings of domains: number, name and declared count, run together.

Names may begin or end in digits: `13D Printing8 statements` is the first domain, `2Web 2.08
statements` the second. So where one part ends is told from what stands around it: the number
that is next, the end of a word, and in doubt the number of statements that follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["DomainHeading", "read_domain"]

_MOST_DIGITS = 9
# Looked for from the end of a heading, where a long run of digits is looked at once.
_TAIL = re.compile(r"(?<!\d)(?P<declared>\d+) statements?\Z")
# What a name may go on with after a digit that opens it: `3D Printing`, `360-degree feedback`.
_NAME_BY_DIGIT = re.compile(r"[1-9]\d*+(?![^\W\d_]{3})")
# What a name hardly ends with: digits that follow may be part of it.
_JOINTS = (" ", "-", "–", ".", "/", ":")


@dataclass(frozen=True, slots=True)
class DomainHeading:
    """A domain's number, and its name and declared count in each way of reading them."""

    number: int
    readings: tuple[tuple[str, int], ...]

    def settle(self, found: int) -> tuple[str, int]:
        """Return name and declared count; where both can be, the count that was found."""
        return next((r for r in self.readings if r[1] == found), self.readings[0])


def read_domain(text: str, following: int) -> DomainHeading | None:
    """Read a folded line that has the form of a heading; None if it is rather a sentence.

    `following` is the number that comes next: a sentence such as "4 levels in 12 statements"
    has a space after its number, and a heading that has one begins with that number.
    """
    digits = re.match(r"\d+", text)
    if digits is None:
        return None
    number, rest = digits[0], text[digits.end() :]
    if number != str(following) and number.startswith(str(following)):
        opening = number.removeprefix(str(following))
        if _NAME_BY_DIGIT.match(opening + rest):
            number, rest = str(following), opening + rest
    tail = _TAIL.search(rest)
    if tail is None or max(len(number), len(tail["declared"])) > _MOST_DIGITS:
        return None
    name = rest[: tail.start()]
    if rest.startswith(" "):
        reading = (name.strip(), int(tail["declared"]))
        is_heading = int(number) == following and reading[0]
        return DomainHeading(int(number), (reading,)) if is_heading else None
    readings = tuple(_readings(name, tail["declared"]))
    return DomainHeading(int(number), readings) if readings else None


def _readings(name: str, digits: str) -> list[tuple[str, int]]:
    """Return the ways in which digits can be the end of a name and the number after it."""
    starts = [cut for cut in range(len(digits)) if digits[cut] != "0" or digits[cut:] == "0"]
    if not name.endswith(_JOINTS):
        starts = [0]
    ways = [((name + digits[:cut]).strip(), int(digits[cut:])) for cut in starts]
    # Where nothing else decides, a joint belongs to a name with its digits: `Web 2.0`.
    ways = [*ways[1:], *ways[:1]]
    return [way for way in ways if way[0]]
