"""Headings of domains: where the number ends and the name begins, and where the name ends."""

from __future__ import annotations

import pytest

from kg.readers.domains import read_domain


@pytest.mark.parametrize(
    ("text", "following", "found", "expected"),
    [
        ("1Communication12 statements", 1, 12, (1, "Communication", 12)),
        ("1Communication12 statements", 1, 2, (1, "Communication", 12)),
        ("10Fortitude8 statements", 1, 8, (10, "Fortitude", 8)),
        ("10Fortitude8 statements", 10, 8, (10, "Fortitude", 8)),
        ("11Patience8 statements", 1, 8, (11, "Patience", 8)),
        ("2Critical Thinking1 statement", 2, 1, (2, "Critical Thinking", 1)),
        ("3Problem-Solving0 statements", 3, 0, (3, "Problem-Solving", 0)),
        ("4Teamwork (remote)12 statements", 4, 2, (4, "Teamwork (remote)", 12)),
        ("13D Thinking8 statements", 1, 8, (1, "3D Thinking", 8)),
        ("521st-Century Literacy8 statements", 5, 8, (5, "21st-Century Literacy", 8)),
        ("13D Thinking8 statements", 13, 8, (13, "D Thinking", 8)),
        ("2Web 2.08 statements", 2, 8, (2, "Web 2.0", 8)),
        ("2Web 2.08 statements", 2, 7, (2, "Web 2.0", 8)),
        ("2Web 2.012 statements", 2, 12, (2, "Web 2.0", 12)),
        ("2Web 2.010 statements", 2, 10, (2, "Web 2.0", 10)),
        ("3Level 28 statements", 3, 8, (3, "Level 2", 8)),
        ("3Covid-198 statements", 3, 8, (3, "Covid-19", 8)),
        ("3ISO 90018 statements", 3, 8, (3, "ISO 9001", 8)),
        ("3Skills etc.12 statements", 3, 12, (3, "Skills etc.", 12)),
        ("7B2B8 statements", 7, 8, (7, "B2B", 8)),
        ("1沟通8 statements", 1, 8, (1, "沟通", 8)),
        ("1मिट्टी12 statements", 1, 2, (1, "मिट्टी", 12)),
        ("1 Communication 12 statements", 1, 3, (1, "Communication", 12)),
        ("1Communication 12 statements", 1, 12, (1, "Communication", 12)),
    ],
)
def test_read_domain(text: str, following: int, found: int, expected: tuple[int, str, int]) -> None:
    """Number, name and declared count are told apart, digits of a name included."""
    heading = read_domain(text, following)
    assert heading is not None
    assert expected == (heading.number, *heading.settle(found))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Communication",
        "Communication12 statements",
        "1Communication",
        "1Communication statements",
        "4 levels in 12 statements",
        "12 statements",
        "9" * 5000 + "a1 statement",
        "1a" + "9" * 5000 + " statements",
    ],
)
def test_no_domain(text: str) -> None:
    """A sentence, and numbers beyond measure, are no heading."""
    assert read_domain(text, 1) is None
