"""Figures and classifications of an occupation, its group and its tasks."""

from __future__ import annotations

from collections.abc import Sequence

from kg.namespaces import DCT, KG, PROV
from kg.report.markup import join, table, tag
from kg.report.numbers import number
from kg.report.part import Part
from kg.report.section import Section

__all__ = ["evidence"]


def evidence(part: Part, tasks: Sequence[str]) -> Section:
    """Return figures and classifications of the page, and those of an index."""
    groups = part.all(part.occupation, KG.socGroup)
    of_page = part.about([part.occupation], KG.Figure)
    categories = part.about([part.occupation], KG.Classification)
    tables = [
        (
            "Figures about the occupation",
            ("Figure", "Value", "Source", "Place"),
            [(_metric(part, f), _value(part, f), *_origin(part, f)) for f in of_page],
        ),
        (
            "Classifications of the occupation",
            ("Classification", "Category", "Source", "Place"),
            [(_metric(part, c), _categories(part, c), *_origin(part, c)) for c in categories],
        ),
        (
            "Figures about its SOC group, that is all occupations in the group",
            ("Figure", "Value", "Source", "Place"),
            [
                (_metric(part, f), _value(part, f), *_origin(part, f))
                for f in part.about(groups, KG.Figure)
            ],
        ),
        (
            "Figures about its tasks; one that several tasks share counts once",
            ("Task", "What it is", "Figure", "Value"),
            [
                (part.code(task) or "", part.label(task), _metric(part, f), _value(part, f))
                for task in tasks
                for f in part.about([task], KG.Figure)
            ],
        ),
    ]
    made = [table(caption, columns, rows) for caption, columns, rows in tables if rows]
    if not made:
        made = [tag("p", "The graph holds no figures about this occupation.")]
    return Section("evidence", "Evidence", join(made))


def _categories(part: Part, node: str) -> str:
    return ", ".join(part.label(category) for category in part.all(node, KG.category))


def _metric(part: Part, node: str) -> str:
    metric = part.one(node, KG.metric)
    kind = part.one(node, KG.interactionType)
    return (part.label(metric) if metric else "") + (f": {part.label(kind)}" if kind else "")


def _value(part: Part, node: str) -> str:
    unit = (part.one(node, KG.unit) or "").rpartition("/")[2]
    value = number(part.one(node, KG.value), 4)
    shown = {"percent": f"{value} %", "one": value, "count": value}
    return shown.get(unit, f"{value} {unit.replace('-', ' ')}".strip())


def _origin(part: Part, node: str) -> tuple[str, str]:
    source, document = part.one(node, DCT.source), part.one(node, PROV.wasDerivedFrom)
    file = part.one(document, KG.fileName) if document else None
    line = part.one(node, KG.line)
    place = f"{file}:{line}" if file and line else file or ""
    return part.source(source) if source else "", place
