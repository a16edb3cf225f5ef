"""The lines of an evidence pack: labelled numbers and categories, run together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Classification, Figure, SourceRef
from kg.readers.layout import EvidenceBlock, Metric, fold

__all__ = ["read_evidence"]

# ASCII digits alone make a decimal; one that goes on (`3,2405`, `12 500`) is not read by half.
_NUMBER = r"(?P<number>-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|-?[0-9]+(?:\.[0-9]+)?)(?! ?[.,]?\d)"
_UNITS = {
    "count": re.compile(_NUMBER),
    "percent": re.compile(_NUMBER + r" ?%"),
    "points-of-100": re.compile(_NUMBER + r" ?/ ?100(?![.,]?\d)"),
    "one": re.compile(_NUMBER),
}
#: The letters of codes; a label's other characters are one underscore between them.
_CODE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def read_evidence(
    line: str, number: int, block: EvidenceBlock, source: SourceRef
) -> Iterator[Figure | Classification | str]:
    """Yield what a line of a block holds, and each part that was not understood as a text."""
    text = fold(line)
    if block.category is not None:
        yield _coded_label(text, number, block.category, source)
        return
    labels = {m.label: m for m in block.metrics if m.label}
    # Labels follow values without a space between, so only known labels tell where one ends.
    parts = re.split("(" + "|".join(map(re.escape, labels)) + "): ?", text)
    if parts[0].strip():
        yield parts[0].strip()
    for label, value in zip(parts[1::2], parts[2::2], strict=True):
        yield from _value(labels[label], value.strip(), number, source)


def _value(
    metric: Metric, value: str, line: int, source: SourceRef
) -> Iterator[Figure | Classification | str]:
    if metric.unit is not None:
        match = _UNITS[metric.unit].match(value)
        if match is None:
            yield f"{metric.label}: {value}"
            return
        lexical = match["number"].replace(",", "")
        yield Figure(metric.metric, lexical, metric.unit, source, line)
        value = value[match.end() :].strip()
        if value:
            yield value
    elif not value or ":" in value:
        yield f"{metric.label}: {value}"
    else:
        assert metric.scheme is not None
        label, code = (None, value) if metric.coded else (value, None)
        yield Classification(metric.metric, metric.scheme, label, code, source, line)


def _coded_label(text: str, line: int, metric: Metric, source: SourceRef) -> Classification:
    """Split `Data Sciencedata_science` where the code spells the label before it."""
    assert metric.scheme is not None
    cut = _label_end(text)
    label, code = text[:cut], text[cut:]
    if not code or _spelled(label) != code:
        label, code = text, ""
    return Classification(metric.metric, metric.scheme, label, code or None, source, line)


def _spelled(label: str) -> str:
    """Return the code that spells a label."""
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def _label_end(text: str) -> int:
    """Return where a label ends whose spelling would be as long as the rest of the text.

    With every character the spelling grows or stays, and the rest shrinks: no other end can be.
    """
    length, is_apart = 0, False
    for end, character in enumerate(text, 1):
        for spelled in character.lower():
            if spelled in _CODE:
                length += 2 if is_apart and length else 1
                is_apart = False
            else:
                is_apart = True
        if length >= len(text) - end:
            return end
    return len(text)
