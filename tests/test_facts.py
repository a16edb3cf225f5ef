"""Facts kept in memory."""

from __future__ import annotations

import polars as pl
import pytest

from kg import quads
from kg.facts import Facts

TITLE = "https://x/title"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], []),
        (["https://x/b", "https://x/a", "https://x/b"], ["A", "A again", "B"]),
        (["https://x/0", "https://x/aa", "https://x/z"], []),
    ],
)
def test_facts_are_found_by_subject(asked: list[str], expected: list[str]) -> None:
    """Each row about a node that was asked for is given once, and no other one."""
    rows = [
        quads.literal(f"https://x/{node}", predicate, text, None, "https://x/string")
        for node, predicate, text in [
            ("c", TITLE, "C"),
            ("b", TITLE, "B"),
            ("a", TITLE, "A"),
            ("a", "https://x/other", "not wanted"),
            ("a", TITLE, "A again"),
        ]
    ]
    facts = Facts(quads.from_rows(rows).lazy(), pl.col("predicate") == TITLE)
    assert expected == sorted(facts.about(asked).collect()["object"])
    assert [node in facts for node in asked] == [
        any(node == row.subject and row.predicate == TITLE for row in rows) for node in asked
    ]
