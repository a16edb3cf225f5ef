"""Dates as pages and releases write them."""

from __future__ import annotations

import pytest

from kg.readers.dates import is_date, parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sept 2025", "2025-09"),
        ("September 2025", "2025-09"),
        ("Sep. 2025", "2025-09"),
        ("24 March 2026", "2026-03-24"),
        ("March 24, 2026", "2026-03-24"),
        ("1 may 2026", "2026-05-01"),
        ("2025", "2025"),
        ("2025-09", "2025-09"),
        ("2025-09-30", "2025-09-30"),
        ("2025-13", None),
        ("2025-02-30", None),
        ("31 February 2026", None),
        ("0 May 2026", None),
        ("1 2 May 2026", None),
        ("Marble 2025", None),
        ("Ju 2025", None),
        ("spring 2025", None),
        ("May", None),
        ("2025 2026", None),
        ("٢٠٢٥", None),
        ("", None),
    ],
)
def test_parse_date(text: str, expected: str | None) -> None:
    """Dates come out in the ISO way if they are in the calendar, and else not at all."""
    assert expected == parse_date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", True),
        ("2026-02", True),
        ("2024-02-29", True),
        ("2026-02-29", False),
        ("2026-13", False),
        ("0000", False),
        ("2026-2", False),
        ("20260203", False),
        ("٢٠٢٦", False),
        ("2026\n", False),
        ("", False),
    ],
)
def test_is_date(text: str, expected: bool) -> None:
    """A date is one of the calendar, as XML Schema writes it."""
    assert expected == is_date(text)
