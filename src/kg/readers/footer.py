"""The footer of a page: the sources it draws on, their licences, and the page's rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.readers.sources import Catalogue, Named

__all__ = ["read_names"]

# Possessive, so that a long run of white space or of brackets is looked at once.
_LICENCE = re.compile(r"\s*+\(([^()]*+)\)")
_SEPARATOR = re.compile(r"[\s,;]*+(?:and\s++)?")
_LAST_STOP = re.compile(r"\s*+\.\s*+")
_END = re.compile(r"\s*+(?:[,;]|\.?\s*+$)|\s++and\s")
_UNTIL_COMMA = re.compile(r"(?:[^,;(]++|\([^()]*+\)|\()++")


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
