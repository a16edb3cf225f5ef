"""Texts as others have to take them: cut to a length, escaped for RDF, safe wherever they stand.

Labels are strangers' texts. What may steer a terminal, hide a part of a line, turn its order or end
it is told apart here, once for all that shows texts: `printable` writes it by number, `harmless`
and `one_line` put U+FFFD in its place, and `for_xml` does so with what XML cannot hold at all.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "ESCAPES",
    "NOT_XML",
    "escape",
    "for_xml",
    "harmless",
    "number_of",
    "one_line",
    "printable",
    "shorten",
]

# What the canonical form escapes, and how (RDF 1.2 N-Triples, "A Canonical form of N-Triples"):
# U+FFFE and U+FFFF are there because XML 1.1 does not have them.
_NAMED = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_NUMBERED = (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)
#: Each character that a literal does not hold as it is, and what stands for it.
ESCAPES = {chr(c): f"\\u{c:04X}" for c in _NUMBERED} | _NAMED
#: The characters that XML 1.0 has no way to write, not even as a reference (clause 2.2, Char).
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")
# Controls, formats, halves of characters, and the ends of lines and paragraphs.
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Words of some scripts and some emoji fall apart without these formats.
_JOINERS = "\u200c\u200d"
_TRANSLATION = str.maketrans(ESCAPES)


def escape(text: str) -> str:
    r"""Return a text as it stands between the quotation marks of a literal.

    So it does in N-Triples, Turtle and SPARQL alike.

    >>> print(escape('a "b"\x00'))
    a \"b\"\u0000
    """
    return text.translate(_TRANSLATION)


def number_of(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with what it counts, of which there may be one.

    >>> number_of(1, "page"), number_of(1200, "row"), number_of(0, "history", "histories")
    ('1 page', '1,200 rows', '0 histories')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many characters, the last an ellipsis where it was cut.

    >>> shorten("one two three", 9)
    'one two…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def printable(text: str, keep: str = "\t\n") -> str:
    r"""Return a text that cannot steer a terminal, hide a part of a line or turn its order.

    The characters that could are written as JSON writes them, so that JSON stays what it is: all
    control characters but those to `keep`, and what is there for layout alone, such as the marks
    of the direction of writing. A return that ends a line is left out.

    >>> print(printable("a\x1b[2J\rb\u202e"))
    a\u001b[2J\u000db\u202e
    """
    plain = text.replace("\r\n", "\n") if "\n" in keep else text
    return _NOT_PLAIN.sub(lambda m: m[0] if _is_harmless(m[0], keep) else _numbered(m[0]), plain)


def harmless(text: str, keep: str = "\t\n") -> str:
    r"""Return a text with U+FFFD for each character that `printable` would write by number.

    >>> harmless("a\x1b[2J")
    'a\ufffd[2J'
    """
    return _NOT_PLAIN.sub(lambda m: m[0] if _is_harmless(m[0], keep) else _REPLACEMENT, text)


def one_line(text: str) -> str:
    """Return a text on one line, with single spaces and U+FFFD for what could do harm in it."""
    return harmless(" ".join(text.split()), keep="")


def for_xml(text: str) -> str:
    """Return a text with U+FFFD for each character that XML 1.0 cannot write."""
    return NOT_XML.sub(_REPLACEMENT, text)


def _is_harmless(character: str, keep: str) -> bool:
    if character in keep + _JOINERS:
        return True
    return unicodedata.category(character) not in _STEERING and not _is_noncharacter(character)


def _is_noncharacter(character: str) -> bool:
    """Tell whether Unicode keeps a code point from ever being a character (clause 23.7)."""
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _numbered(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
