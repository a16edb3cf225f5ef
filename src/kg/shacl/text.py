"""The report for people: counts first, then the findings of each shape together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rdflib import Graph, Literal, URIRef

from kg.shacl.locations import Location, label, locate
from kg.shacl.model import SEVERITIES, ValidationReport, ValidationResult, severity_name
from kg.shacl.paths import path_text
from kg.shacl.terms import compact, one_line

__all__ = ["text"]

#: How many findings of one shape are listed.
_LISTED = 100

_PLURALS = {"other": "others"}


def text(report: ValidationReport, data: Graph) -> str:
    """Return the report for people."""
    return "\n".join(_lines(report, data)) + "\n"


def _lines(report: ValidationReport, data: Graph) -> Iterator[str]:
    if report.conforms:
        yield "conforms: nothing found"
    else:
        counts = ", ".join(_counted(number, name) for name, number in report.counts.items())
        yield f"does not conform: {counts}"
    if report.known:
        yield f"left out: {_counted(report.known, 'finding')} that the baseline has"
    yield from (f"note: {note}" for note in report.notes)
    for group in _groups(report):
        yield ""
        yield _heading(group)
        placed = sorted(
            ((locate(data, result), result) for result in group), key=lambda pair: _order(*pair)
        )
        for place, result in placed[:_LISTED]:
            yield f"  {_line(place, result, data)}"
        if len(group) > _LISTED:
            yield f"  … and {len(group) - _LISTED:,} more"


def _groups(report: ValidationReport) -> list[list[ValidationResult]]:
    """Return the results by shape: by severity, then the most frequent first, then by name."""

    def shape(result: ValidationResult) -> tuple[str, str]:
        return str(result.severity), _name(result)

    def weight(group: list[ValidationResult]) -> tuple[int, int, str]:
        severity = severity_name(group[0].severity)
        order = [*SEVERITIES].index(severity) if severity in SEVERITIES else -1
        return order, -len(group), _name(group[0])

    by_shape = groupby(sorted(report.results, key=shape), key=shape)
    return sorted((list(group) for _, group in by_shape), key=weight)


def _heading(group: list[ValidationResult]) -> str:
    first = group[0]
    parts = [_counted(len(group), severity_name(first.severity)), _name(first)]
    if first.messages:
        parts.append(one_line(_in_english(first.messages), 300))
    return " · ".join(parts)


def _line(place: Location, result: ValidationResult, data: Graph) -> str:
    focus, where = result.focus_node, one_line(str(place), 200)
    name = one_line(label(data, focus))
    if not where and isinstance(focus, URIRef) and name != compact(focus):
        name = f"{name} <{one_line(focus, 200)}>"  # nothing else says which one it is
    more = (_value(result, data), one_line(_in_english(result.details), 200))
    return "  ".join(filter(None, (where, " · ".join(filter(None, (name, *more))))))


def _value(result: ValidationResult, data: Graph) -> str:
    if result.value is None or result.value == result.focus_node:
        return ""
    if isinstance(result.value, Literal):
        # A detail puts a value into words, if it matters.
        return "" if result.details else f'"{one_line(result.value)}"'
    return one_line(label(data, result.value))


def _order(place: Location, result: ValidationResult) -> tuple[bool, str, int]:
    # The sort is stable, so what has no place keeps the report's own order.
    return place.file is None, place.file or "", place.line or 0


def _name(result: ValidationResult) -> str:
    """Return the shape's name; what it constrains where it has none."""
    if isinstance(result.source_shape, URIRef):
        name = str(result.source_shape).rstrip("/#")
        return one_line(name.rpartition("#")[2] if "#" in name else name.rpartition("/")[2])
    component = str(result.component).rpartition("#")[2].removesuffix("ConstraintComponent")
    path = f" of {path_text(result.path, compact)}" if result.path else ""
    return one_line(f"{component}{path}")


def _in_english(messages: tuple[Literal, ...]) -> str:
    """Return the English messages, or those without a language, or all."""
    for wanted in ("en", ""):
        chosen = [m for m in messages if (m.language or "").split("-")[0].lower() == wanted]
        if chosen:
            return "; ".join(chosen)
    return "; ".join(messages)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {_PLURALS.get(noun, noun + 's')}"
