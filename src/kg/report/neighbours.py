"""Near occupations, and what the change to one of them needs."""

from __future__ import annotations

import polars as pl

from kg.analyses import Analysis
from kg.report.markup import Markup, join, listed, table, tag
from kg.report.numbers import number
from kg.report.section import Section, charts, drawn

__all__ = ["change", "nearest"]


def nearest(found: Analysis) -> Section:
    """Return the nearest occupations."""
    return charts(
        "nearest",
        "Nearest occupations",
        "Occupations whose skills, abilities and knowledge are rated most alike in importance.",
        found,
        {"occupation_label": "Occupation", "distance": "Distance", "elements": "Rated on both"},
    )


def change(found: Analysis) -> Markup:
    """Return what the change to another occupation needs."""
    widest = found.table.filter(pl.col("weighted_gap") > 0).head(20)
    rows = [
        (label, number(a), number(b), number(gap), number(weighted, 3))
        for label, a, b, gap, weighted in widest.select(
            "label", "level_from", "level_to", "gap", "weighted_gap"
        ).iter_rows()
    ]
    columns = ("Skill or knowledge", "Level here", "Level there", "Gap", "Weighted by importance")
    said = [
        tag("h3", found.title),
        listed([note[:1].upper() + note[1:] + "." for note in found.notes]),
    ]
    if rows:
        said.append(drawn(found.picture, ()))
        said.append(table(f"{found.title}: the widest gaps", columns, rows))
    else:
        said.append(tag("p", "No level there is higher than here."))
    return join(said)
