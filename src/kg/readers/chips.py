"""Citation chips: a short label, at once followed by its tooltip and "Opens in new tab."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.model import Source
from kg.readers.sources import Catalogue, Named, template_pattern

__all__ = ["ChipReader", "Chips"]

_CLOSING = "Opens in new tab"
#: No chip is longer, cut or whole, so no more is searched for one: what patterns take on a run
#: that is like their own beginnings grows with the square of its length.
_LONGEST = 1000
# It begins where white space begins, so that a long run of that is looked at once.
_MARK = re.compile(r"(?<!\s)\s*Opens\s+in\s+new\s+tab(?:\s*\.)?")
_PLACEHOLDER = re.compile(r"\{(?:version|date)\}")


@dataclass(frozen=True, slots=True)
class Chips:
    """A line without its chips, what the chips name, and what could not be read.

    `unknown` holds the text of chips that no catalogue entry describes, and the words before
    them: where such a chip begins is not known, so a first one stays in the text. `cut` is the
    beginning of a chip that the text breaks off in; `between` says that words stand after a chip.
    `unlike` holds the labels that state another version than their tooltip, which is the one taken.
    """

    text: str
    named: tuple[Named, ...]
    unknown: tuple[str, ...] = ()
    cut: str | None = None
    between: bool = False
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChipReader:
    """Reads the chips of the sources of a catalogue."""

    catalogue: Catalogue

    @cached_property
    def _patterns(self) -> list[tuple[Source, re.Pattern[str]]]:
        # What says most by itself first: a tooltip of its own goes before one with any version.
        sources = [s for s in self.catalogue.sources.values() if s.tooltip]
        sources.sort(key=lambda s: -len(_PLACEHOLDER.sub("", s.tooltip or "")))
        return [
            (s, re.compile(rf"(?P<label>{_label(s)}){template_pattern(s.tooltip or '')}\.?\s*$"))
            for s in sources
        ]

    @cached_property
    def _beginnings(self) -> list[tuple[str, re.Pattern[str]]]:
        # A label may end in a version: it does so where the tooltip begins.
        return [
            (s.tooltip, re.compile(f"{_label(s)}(?={_first(s.tooltip)})"))
            for s in self.catalogue.sources.values()
            if s.tooltip
        ]

    def read(self, line: str) -> Chips:
        """Take the chips out of a line."""
        pieces: list[str] = []
        named: list[Named] = []
        unknown: list[str] = []
        unlike: list[str] = []
        start = 0
        for mark in _MARK.finditer(line):
            segment = line[start : mark.start()]
            start = mark.end()
            words, chip, other = self._split(segment)
            if chip is None:
                unknown.append(segment.strip().strip("."))
            else:
                named.append(chip)
                unlike += other
            # The full stops between chips, and one that ends the sentence after them, are theirs.
            if not pieces:
                pieces.append(words)
            elif chip is not None:
                pieces.append(words.strip().strip("."))
        rest, cut = self._cut(line[start:])
        if not pieces:
            return Chips(rest.strip(), (), cut=cut)
        trailing = [p.strip() for p in (*pieces[1:], rest.strip().strip("."))]
        text = " ".join(p for p in (pieces[0].rstrip(), *trailing) if p.strip())
        chips = (tuple(named), tuple(unknown), cut, any(trailing), tuple(unlike))
        return Chips(text.strip(), *chips)

    def _split(self, segment: str) -> tuple[str, Named | None, list[str]]:
        """Separate the words of a segment from its chip, and from a label unlike the tooltip."""
        start = max(0, len(segment) - _LONGEST)
        hits = [(m, s) for s, p in self._patterns if (m := p.search(segment, start))]
        if not hits:
            return segment, None, []
        start = min(m.start() for m, _ in hits)
        longest = [(m, s) for m, s in hits if m.start() == start]
        groups = longest[0][0].groupdict()
        version = groups.get("version")
        source = self.catalogue.refer([s for _, s in longest], version)
        expected = (longest[0][1].label or "").replace("{version}", version or "{version}")
        is_like = re.fullmatch(template_pattern(expected, whole=False), groups["label"])
        unlike = [] if is_like else [groups["label"]]
        return segment[:start], Named(source, version, groups.get("date")), unlike

    def _cut(self, rest: str) -> tuple[str, str | None]:
        """Separate a chip that the line breaks off in from the words before it."""
        for tooltip, label in self._beginnings:
            for match in label.finditer(rest, max(0, len(rest) - _LONGEST)):
                tail = rest[match.end() :]
                if any(_begins(f"{tooltip}{end} {_CLOSING}.", tail) for end in (".", "")):
                    return rest[: match.start()], rest[match.start() :]
        return rest, None


def _label(source: Source) -> str:
    # The label's own version is not captured: the tooltip's is the one that counts.
    assert source.label is not None
    return template_pattern(source.label, whole=False)


def _first(tooltip: str) -> str:
    return "." if tooltip.startswith("{") else re.escape(tooltip[0])


def _begins(template: str, text: str) -> bool:
    """Tell whether a filled template can begin with `text`, and go on after it."""
    text = re.sub(r"\s+", " ", text)
    literals: Iterator[str] = iter(_PLACEHOLDER.split(template))
    literal = next(literals)
    while True:
        if len(text) <= len(literal):
            return literal.startswith(text)
        if not text.startswith(literal):
            return False
        text = text[len(literal) :]
        following = next(literals, None)
        if following is None:
            return False
        end = text.find(following)
        if end < 0:  # still inside the placeholder, or at the beginning of what follows it
            return len(text) <= 80 and "(" not in text.split(following[:1] or " ")[0]
        text, literal = text[end:], following
