"""What a section of a report is, and what most of them are made of.

A section whose matter is not in the graph says so in a sentence, so that nothing is missing
silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.analyses import Analysis
from kg.pictures import Picture, to_svg
from kg.report.markup import Markup, figure, join, table, tag
from kg.report.numbers import number

__all__ = ["Section", "charts", "drawn", "separated"]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its anchor, its heading and its content."""

    anchor: str
    heading: str
    content: Markup


def charts(
    anchor: str, heading: str, said: str, found: Analysis, columns: dict[str, str]
) -> Section:
    """Return an analysis as its picture and, of its table, some columns by their headings."""
    if found.table.is_empty():
        return Section(anchor, heading, tag("p", f"{found.empty[:1].upper()}{found.empty[1:]}."))
    content = [tag("p", said), drawn(found.picture, found.notes)]
    if columns:
        rows = [
            tuple(_shown(value) for value in row)
            for row in found.table.select(list(columns)).iter_rows()
        ]
        content.append(table(found.title, tuple(columns.values()), rows))
    return Section(anchor, heading, join(content))


def drawn(picture: Picture, notes: Sequence[str]) -> Markup:
    caption = "; ".join(notes)
    return figure(to_svg(picture), f"{caption}." if caption else f"In {picture.unit}.")


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value, 3) if isinstance(value, float) else str(value)


def separated(items: Iterable[Markup]) -> list[Markup]:
    """Return pieces with a comma between them."""
    return [piece for item in items for piece in (Markup(", "), item)][1:]
