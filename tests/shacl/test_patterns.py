"""Regular expressions of XPath, as Rust has them."""

from __future__ import annotations

import polars as pl
import pytest

from kg.shacl.patterns import PatternError, translate

MATCHES = [
    (r"^\d{2}-\d{4}\.\d{2}$", "", "12-3456.00", True),
    (r"^\d{2}-\d{4}\.\d{2}$", "", "12-3456.0x", False),
    (r"b", "", "abc", True),
    (r"^B$", "i", "b", True),
    (r"^b$", "", "a\nb", False),
    (r"^b$", "m", "a\nb", True),
    (r"a.b", "", "a\nb", False),
    (r"a.b", "s", "a\nb", True),
    (r"a b # c", "x", "ab#c", True),
    (r"a.b", "q", "axb", False),
    (r"a.b", "q", "a.b", True),
    (r"^[a-z-[aeiou]]+$", "", "xyz", True),
    (r"^[a-z-[aeiou]]+$", "", "axe", False),
    (r"^[^a-z-[0-9]]+$", "", "AB", True),
    (r"^[^a-z-[0-9]]+$", "", "A1", False),
    (r"^\w+$", "", "a_b", False),  # the low line is punctuation, which no \w of XML Schema is
    (r"^[\w_]+$", "", "a_b", True),
    (r"^\W$", "", "-", True),
    (r"^\s$", "", "\u00a0", False),  # white space is four characters there
    (r"^\i\c*$", "", "a-1", True),
    (r"^\i\c*$", "", "1a", False),
    (r"^\p{Lu}\p{Ll}+$", "", "École", True),
    (r"^\P{Lu}$", "", "a", True),
    (r"^\p{IsGreek}+$", "", "λόγος", True),
    (r"^[&&~~#-]+$", "", "&~#-", True),
    (r"^[\-\]\[]+$", "", "-[]", True),
    (r"^a{2,3}$", "", "aa", True),
    (r"^(?:ab)+$", "", "abab", True),
    (r"^[-a]+$", "", "-a", True),
    (r"^[a-]+$", "", "-a", True),
    (r"\n", "", "a\nb", True),
    (r"", "", "", True),
]
REFUSED = [
    (r"(a)\1", "back-reference"),
    (r"(?=a)", "not in XPath"),
    (r"(?i)a", "not in XPath"),
    (r"\bword\b", "not in XPath"),
    (r"a{x}", "'{' stands alone"),
    (r"a}", "'}' stands alone"),
    (r"[a", "no end"),
    (r"(a", "unclosed group"),
    (r"\p{IsKlingon}", "not known"),
    (r"[a[b]]", "write"),
    (r"*a", "repetition"),
    ("a\\", "not in XPath"),
]


@pytest.mark.parametrize(("pattern", "flags", "text", "matches"), MATCHES)
def test_translated(pattern: str, flags: str, text: str, matches: bool) -> None:
    """A pattern finds what XPath's finds."""
    assert matches == pl.Series([text]).str.contains(translate(pattern, flags))[0]


@pytest.mark.parametrize(("pattern", "reason"), REFUSED)
def test_refused(pattern: str, reason: str) -> None:
    """What cannot be run in linear time, or is not XPath's, is named."""
    with pytest.raises(PatternError, match=reason):
        translate(pattern)


def test_unknown_flag() -> None:
    """A flag that XPath does not have is named."""
    with pytest.raises(PatternError, match="'u'"):
        translate("a", "u")
