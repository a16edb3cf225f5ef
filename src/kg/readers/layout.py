"""How a framework page is laid out: `build/page.toml`, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.resources import folder

__all__ = ["EvidenceBlock", "Layout", "Metric", "fold", "load_layout", "number_word", "shorten"]

_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = rf"\b(?P<number>\d{{1,4}}|(?i:{'|'.join(_NUMBERS)}))\b"


@dataclass(frozen=True, slots=True)
class Metric:
    """A label of the evidence pack: a figure if it has a unit, else a category of a scheme."""

    metric: str
    label: str | None = None
    unit: str | None = None
    scheme: str | None = None
    coded: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceBlock:
    """A block of the evidence pack: labelled values, or one category a line."""

    heading: str
    source: str
    metrics: tuple[Metric, ...]
    category: Metric | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The patterns of a page's lines by name, and what its headings and labels mean."""

    patterns: Mapping[str, re.Pattern[str]]
    headings: Mapping[str, re.Pattern[str]]
    furniture: Mapping[str, re.Pattern[str]]
    evidence: tuple[EvidenceBlock, ...]

    def heading(self, line: str) -> str | None:
        """Return the name of the section that a folded line opens."""
        return next((n for n, p in self.headings.items() if p.fullmatch(line)), None)

    def is_furniture(self, line: str) -> bool:
        """Tell whether a folded line is listed as saying nothing about the occupation."""
        return any(p.fullmatch(line) for p in self.furniture.values())

    def number(self, name: str, text: str | None) -> int | None:
        """Return the number that stands nearest before what a pattern counts."""
        pattern = self.patterns[name]
        match = pattern.search(fold(text or ""))
        # "Ten domains at four levels" has four of them.
        while match and (nearer := pattern.search(match.string, match.end("number"), match.end())):
            match = nearer
        return number_word(match["number"]) if match else None

    def block(self, line: str) -> EvidenceBlock | None:
        """Return the block of the evidence pack that a folded line opens."""
        return next((b for b in self.evidence if b.heading.casefold() == line.casefold()), None)


@cache
def load_layout() -> Layout:
    """Return the layout that ships with the package."""
    data = tomllib.loads((folder("build") / "page.toml").read_text(encoding="utf-8"))
    return Layout(
        patterns={
            n: re.compile(p.replace("%number%", _NUMBER)) for n, p in data["patterns"].items()
        },
        headings={name: re.compile(p) for name, p in data["headings"].items()},
        furniture={entry["name"]: re.compile(entry["pattern"]) for entry in data["furniture"]},
        evidence=tuple(_block(entry) for entry in data["evidence"]),
    )


def _block(entry: dict[str, Any]) -> EvidenceBlock:
    category = entry.get("category")
    return EvidenceBlock(
        heading=entry["heading"],
        source=entry["source"],
        metrics=tuple(Metric(**metric) for metric in entry.get("metrics", ())),
        category=Metric(**category) if category else None,
    )


def fold(line: str) -> str:
    """Return a line with every run of white space as one space, none at its ends."""
    return " ".join(line.split())


def number_word(word: str) -> int | None:
    """Return the number that digits or an English word up to twelve name."""
    if word.isdecimal():
        return int(word)
    return _NUMBERS.index(word.lower()) if word.lower() in _NUMBERS else None


def shorten(text: str, most: int = 80, *, end: bool = False) -> str:
    """Return a text that a message can quote: its beginning, or its end, of at most `most`."""
    if len(text) <= most:
        return text
    return "…" + text[-most:] if end else text[:most] + "…"
