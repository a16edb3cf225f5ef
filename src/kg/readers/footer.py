"""The footer of a page: the sources it draws on, their licences, and the page's rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.readers.sources import Catalogue, Named, is_date

__all__ = ["parse_date", "read_names"]

# Possessive, so that a long run of white space or of brackets is looked at once.
_LICENCE = re.compile(r"\s*+\(([^()]*+)\)")
_SEPARATOR = re.compile(r"[\s,;]*+(?:and\s++)?")
_LAST_STOP = re.compile(r"\s*+\.\s*+")
_END = re.compile(r"\s*+(?:[,;]|\.?\s*+$)|\s++and\s")
_UNTIL_COMMA = re.compile(r"(?:[^,;(]++|\([^()]*+\)|\()++")
_MONTHS = (
    "january february march april may june july august september october november december".split()
)


def read_names(names: str, catalogue: Catalogue) -> Iterator[tuple[Named, str | None] | str]:
    """Yield each source that the footer lists with its licence, and each name not known."""
    text = names.strip()
    position = _skip(text, 0)
    while position < len(text):
        found = catalogue.name_at(text, position)
        licence = _LICENCE.match(text, found[1]) if found else None
        end = licence.end() if licence else found[1] if found else position
        if found and _END.match(text, end):
            yield found[0], licence[1] if licence else None
        else:
            unknown = _UNTIL_COMMA.match(text, position)
            end = unknown.end() if unknown else len(text)
            if name := text[position:end].strip().rstrip("."):
                yield name
        position = _skip(text, end)


def _skip(text: str, position: int) -> int:
    match = _SEPARATOR.match(text, position)
    assert match is not None
    return len(text) if _LAST_STOP.fullmatch(text, match.end()) else match.end()


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
    hits = [n for n, m in enumerate(_MONTHS, 1) if len(word) > 2 and m.startswith(word.lower())]
    return hits[0] if hits else None
