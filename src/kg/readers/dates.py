"""Dates as pages and releases write them, in the ISO way."""

from __future__ import annotations

import datetime
import re

__all__ = ["MONTHS", "is_date", "parse_date"]

MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


def is_date(text: str) -> bool:
    """Tell whether a text is a day, month or year of the calendar, written in the ISO way.

    >>> [is_date("2026-02"), is_date("2026-02-30")]
    [True, False]
    """
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def parse_date(text: str) -> str | None:
    """Return `Sept 2025`, `24 March 2026` or an ISO date as YYYY, YYYY-MM or YYYY-MM-DD."""
    words = text.replace(",", " ").replace(".", " ").split()
    if len(words) == 1:
        return words[0] if is_date(words[0]) else None
    year = [w for w in words if re.fullmatch(r"[0-9]{4}", w)]
    month = [n for w in words if (n := _month(w)) is not None]
    day = [w for w in words if re.fullmatch(r"[0-9]{1,2}", w)]
    if len(year) != 1 or len(month) != 1 or len(day) > 1 or len(words) != 2 + len(day):
        return None
    stated = f"{year[0]}-{month[0]:02}" + (f"-{int(day[0]):02}" if day else "")
    return stated if is_date(stated) else None


def _month(word: str) -> int | None:
    """Return the number of a month that a word names in full or cut to three letters or more."""
    start = word.capitalize()
    hits = [n for n, m in enumerate(MONTHS, 1) if len(word) > 2 and m.startswith(start)]
    return hits[0] if hits else None
