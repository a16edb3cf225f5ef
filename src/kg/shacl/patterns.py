"""Regular expressions as XPath has them, as Rust has them, which matches in linear time.

`sh:pattern` means what SPARQL's REGEX does (https://www.w3.org/TR/sparql11-query/#func-regex), and
that is XPath's (https://www.w3.org/TR/xpath-functions-31/#regex-syntax). What has no counterpart
without going back over a text (back-references) is refused by name, and so is what XPath does not
have (look-around, `\\b`, `(?i)`).
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

__all__ = ["FLAGS", "PatternError", "translate"]

#: The flags that XPath has.
FLAGS = frozenset("imsxq")
#: The classes of XML Schema, as what stands between the brackets of a class, and whether they are
#: all others. https://www.w3.org/TR/xmlschema-2/#nt-MultiCharEsc
_NAME_START = (
    ":A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}"
    "\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}"
    "\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}"
)
_CLASSES = {
    "s": ("", " \\t\\n\\r"),
    "d": ("", "\\p{Nd}"),
    "w": ("^", "\\p{P}\\p{Z}\\p{C}"),
    "i": ("", _NAME_START),
    "c": ("", _NAME_START + "\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}"),
}
_SINGLE = {"n": "\\n", "r": "\\r", "t": "\\t"}
_ESCAPABLE = frozenset("\\|.?*+(){}[]-^$/")
#: What Rust gives a meaning to and XPath does not; escaped, it stands for itself.
_META = frozenset("\\.+*?()|[]{}^$#&-~")
_CATEGORY = re.compile(r"\{(\^?)(Is)?([A-Za-z0-9-]+)\}")
_REASON = re.compile(r"^error: (.*)$", re.MULTILINE)
_QUANTITY = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")


class PatternError(ValueError):
    """A regular expression that cannot be run, with the part that is to blame."""


@lru_cache(maxsize=1000)
def translate(pattern: str, flags: str = "") -> str:
    """Return a pattern of XPath in Rust's syntax, with its flags in front.

    >>> translate("^\\\\d+$")
    '^[\\\\p{Nd}]+$'

    Raises PatternError.
    """
    if unknown := sorted(set(flags) - FLAGS):
        raise PatternError(f"the flag {unknown[0]!r} is not one of i, m, q, s and x")
    if "q" in flags:
        body = "".join(f"\\{c}" if c in _META else c for c in pattern)
    else:
        body = _Translator(pattern, is_loose="x" in flags).translate()
    used = "".join(flag for flag in "ims" if flag in flags)
    translated = f"(?{used}){body}" if used else body
    try:
        pl.Series([""]).str.contains(translated)
    except pl.exceptions.PolarsError as error:
        found = _REASON.search(str(error))
        raise PatternError(found[1] if found else "it cannot be compiled") from None
    return translated


class _Translator:
    def __init__(self, pattern: str, *, is_loose: bool) -> None:
        # With the flag x white space is left out, but in classes
        self._text, self._at, self._is_loose = pattern, 0, is_loose

    def translate(self) -> str:
        parts = []
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == "\\":
                parts.append(self._escape())
            elif character == "[":
                parts.append(self._class())
            elif character == "(":
                parts.append(self._group())
            elif character == "{":
                parts.append(self._quantity())
            else:
                self._at += 1
                if self._is_loose and character in " \t\n\r":
                    continue
                if character in "}]":
                    raise PatternError(f"{character!r} stands alone; write \\{character}")
                parts.append("\\" + character if character in "#&-~" else character)
        return "".join(parts)

    def _group(self) -> str:
        self._at += 1
        if not self._text.startswith("?", self._at):
            return "("
        if self._text.startswith("?:", self._at):
            self._at += 2
            return "(?:"
        shown = self._text[self._at - 1 : self._at + 3]
        raise PatternError(f"{shown!r} is not in XPath's regular expressions")

    def _quantity(self) -> str:
        match = _QUANTITY.match(self._text, self._at)
        if not match:
            raise PatternError("'{' stands alone; write \\{")
        self._at = match.end()
        return match[0]

    def _escape(self) -> str:
        sign, inside = self._escaped()
        return f"[{sign}{inside}]" if sign is not None else inside

    def _escaped(self) -> tuple[str | None, str]:
        """Return what an escape stands for: a class with its sign, or one character."""
        character = self._text[self._at + 1 : self._at + 2]
        self._at += 2
        if not character:
            raise PatternError("'\\\\' at the end is not in XPath's regular expressions")
        if character in _SINGLE:
            return None, _SINGLE[character]
        if character in _ESCAPABLE:
            return None, "\\" + character if character != "/" else "/"
        if character.lower() in _CLASSES:
            sign, inside = _CLASSES[character.lower()]
            if character.isupper():
                sign = "" if sign else "^"
            return sign, inside
        if character in ("p", "P"):
            return self._category(character)
        if character.isdigit():
            raise PatternError(f"the back-reference \\{character} cannot be matched in linear time")
        shown = f"\\{character}"
        raise PatternError(f"{shown!r} is not in XPath's regular expressions")

    def _category(self, letter: str) -> tuple[str, str]:
        match = _CATEGORY.match(self._text, self._at)
        if not match or match[1]:
            raise PatternError(f"\\{letter} needs a category in braces")
        self._at = match.end()
        sign = "^" if letter == "P" else ""
        if not match[2]:
            return sign, f"\\p{{{match[3]}}}"
        if match[3] not in _BLOCKS:
            raise PatternError(f"the block \\{letter}{match[0]} is not known here")
        low, high = _BLOCKS[match[3]]
        return sign, f"\\u{{{low:X}}}-\\u{{{high:X}}}"

    def _class(self) -> str:
        """Return a class: https://www.w3.org/TR/xmlschema-2/#nt-charClassExpr"""
        self._at += 1
        parts = ["["]
        if self._text.startswith("^", self._at):
            parts.append("^")
            self._at += 1
        is_first = True
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == "]" and not is_first:
                self._at += 1
                return "".join([*parts, "]"])
            if character == "-" and self._text.startswith("-[", self._at) and not is_first:
                self._at += 1
                return self._subtracted(parts)
            if character == "\\":
                sign, inside = self._escaped()
                parts.append(f"[{sign}{inside}]" if sign is not None else inside)
            elif character == "[":
                raise PatternError("'[' in a class; write \\[")
            elif character == "-" and self._is_range(parts, is_first=is_first):
                self._at += 1
                parts.append("-")
            else:
                self._at += 1
                parts.append("\\" + character if character in _META else character)
            is_first = False
        raise PatternError("a class has no end; add ]")

    def _is_range(self, parts: list[str], *, is_first: bool) -> bool:
        following = self._text[self._at + 1 : self._at + 2]
        return not is_first and bool(following) and following != "]" and parts[-1][-1:] != "]"

    def _subtracted(self, parts: list[str]) -> str:
        taken = self._class()
        if not self._text.startswith("]", self._at):
            raise PatternError("what is taken from a class stands at its end")
        self._at += 1
        start, rest = ("[^", parts[2:]) if parts[1:2] == ["^"] else ("[", parts[1:])
        return f"[{start}{''.join(rest)}]--{taken}]"


#: The blocks that patterns name: https://www.w3.org/TR/xmlschema-2/#charcter-classes
_BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF),
    "SpacingModifierLetters": (0x2B0, 0x2FF),
    "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Devanagari": (0x900, 0x97F),
    "Thai": (0xE00, 0xE7F),
    "HangulJamo": (0x1100, 0x11FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
    "PrivateUse": (0xE000, 0xF8FF),
}
