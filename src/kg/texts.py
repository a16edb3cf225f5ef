"""Texts as others have to take them: cut to a length for people, escaped for parsers of RDF."""

from __future__ import annotations

__all__ = ["ESCAPES", "escape", "shorten"]

# What the canonical form escapes, and how (RDF 1.2 N-Triples, "A Canonical form of N-Triples"):
# U+FFFE and U+FFFF are there because XML 1.1 does not have them.
_NAMED = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_NUMBERED = (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)
#: Each character that a literal does not hold as it is, and what stands for it.
ESCAPES = {chr(c): f"\\u{c:04X}" for c in _NUMBERED} | _NAMED
_TRANSLATION = str.maketrans(ESCAPES)


def escape(text: str) -> str:
    r"""Return a text as it stands between the quotation marks of a literal.

    So it does in N-Triples, Turtle and SPARQL alike.

    >>> print(escape('a "b"\x00'))
    a \"b\"\u0000
    """
    return text.translate(_TRANSLATION)


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many characters, the last an ellipsis where it was cut.

    >>> shorten("one two three", 9)
    'one two…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
