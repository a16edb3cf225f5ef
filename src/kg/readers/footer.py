"""The footer of a page: the sources it draws on, their licences, and the page's rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Mention
from kg.readers.sources import Catalogue

__all__ = ["parse_date", "read_names"]

_LICENCE = re.compile(r"\s*\(([^()]*)\)")
_SEPARATOR = re.compile(r"[\s,;]*(?:and\s+)?")
_END = re.compile(r"\s*(?:[,;]|\.?\s*$)")
_UNTIL_COMMA = re.compile(r"(?:[^,;(]|\([^()]*\)|\()+")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def read_names(names: str, line: int, catalogue: Catalogue) -> Iterator[Mention | str]:
    """Yield each source that the footer lists, and each name that the catalogue lacks."""
    text = names.strip()
    position = _skip(text, 0)
    while position < len(text):
        found = catalogue.name_at(text, position)
        licence = _LICENCE.match(text, found[1]) if found else None
        end = licence.end() if licence else found[1] if found else position
        if found and _END.match(text, end):
            named = found[0]
            stated = parse_date(named.date) if named.date else None
            yield Mention(
                "footer", named.source, line, named.version, stated, licence[1] if licence else None
            )
        else:
            unknown = _UNTIL_COMMA.match(text, position)
            end = unknown.end() if unknown else len(text)
            if name := text[position:end].strip().rstrip("."):
                yield name
        position = _skip(text, end)


def _skip(text: str, position: int) -> int:
    match = _SEPARATOR.match(text, position)
    assert match is not None
    return len(text) if text[match.end() :].strip() == "." else match.end()


def parse_date(text: str) -> str | None:
    """Return `Sept 2025`, `24 March 2026` or an ISO date as YYYY, YYYY-MM or YYYY-MM-DD."""
    words = text.replace(",", " ").replace(".", " ").split()
    if len(words) == 1 and re.fullmatch(r"\d{4}(-\d{2}){0,2}", words[0]):
        return words[0]
    year = [w for w in words if re.fullmatch(r"\d{4}", w)]
    month = [w for w in words if w[:3].lower() in _MONTHS and w.isalpha()]
    day = [w for w in words if re.fullmatch(r"\d{1,2}", w)]
    if len(year) != 1 or len(month) != 1 or len(words) != 2 + len(day):
        return None
    number = _MONTHS.index(month[0][:3].lower()) + 1
    return f"{year[0]}-{number:02}" + (f"-{int(day[0]):02}" if day else "")
