"""Links of statements to tasks, and of the occupation to other classifications."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from kg.analyses.work import Work
from kg.namespaces import ESCO, KG
from kg.report.markup import external, join, table, tag
from kg.report.numbers import confidence
from kg.report.part import Part
from kg.report.section import Section

__all__ = ["crosswalks", "links"]

_Row = tuple[str, ...]


def links(part: Part, work: Work) -> Section:
    """Return all links between statements and tasks, those below the threshold too."""
    found = []
    labels = dict(work.statements.select("statement", "statement_label").iter_rows())
    of_support = part.links.filter(
        pl.col("property") == KG.supports, pl.col("subject").is_in(list(labels))
    )
    for link in of_support.iter_rows(named=True):
        statement, task = link["subject"], link["object"]
        says = task in part.all(statement, KG.supports)
        why = _words((link["justification"] or "").rpartition("/")[2])
        verdict = _verdict(says, link["is_denial"], link["is_denied"])
        row = (labels[statement], part.code(task) or "", confidence(link["sure"]), verdict, why)
        found.append((link["sure"], row))
    rows = _by_confidence(found)
    columns = ("Statement", "Task", "Confidence", "Supports", "Justification (SEMAPV)")
    heading = "Links"
    if not rows:
        return Section(
            "links", heading, tag("p", "There are no links between statements and tasks.")
        )
    said = (
        "Pages do not say which task a statement is about. These links are inferred or curated, "
        "and kept apart from what pages say; each has its confidence."
    )
    caption = f"{len(rows):,} links, the surest first"
    return Section("links", heading, join([tag("p", said), table(caption, columns, rows)]))


def crosswalks(part: Part) -> Section:
    """Return what links join the occupation to in other classifications."""
    found, blocks = [], []
    to_occupation = (pl.col("object") == part.occupation) & ~pl.col("is_denied")
    for row in part.links.filter(to_occupation).iter_rows(named=True):
        link, partner = row["link"], row["subject"]
        former = part.one(link, KG.formerCode)
        change = part.one(link, KG.codeChange)
        carried = (
            f"from {former}" + (f" ({part.label(change)})" if change else "") if former else ""
        )
        match = row["property"].rpartition("#")[2]
        cells = (external(part.label(partner), partner), match, confidence(row["sure"]), carried)
        found.append((row["sure"], cells))
        for property, what in (
            (ESCO.relatedEssentialSkill, "essential"),
            (ESCO.relatedOptionalSkill, "optional"),
        ):
            if skills := sorted(part.label(skill) for skill in part.all(partner, property)):
                told = f"{part.label(partner)}: {len(skills)} {what} skills"
                blocks += [tag("h3", told), tag("p", "; ".join(skills) + ".")]
    heading = "Crosswalks"
    if not found:
        return Section(
            "crosswalks",
            heading,
            tag("p", "No crosswalk leads from here to another classification."),
        )
    columns = ("ESCO occupation", "Match", "Confidence", "Carried over")
    made = table("Links to other classifications", columns, _by_confidence(found))
    return Section("crosswalks", heading, join([made, *blocks]))


def _by_confidence(found: Iterable[tuple[float | None, _Row]]) -> list[_Row]:
    """Return rows, those with the highest confidence first; of equal ones in their own order."""
    ordered = sorted(found, key=lambda pair: (-(pair[0] or 0), pair[1]))
    return [row for _, row in ordered]


def _verdict(says: bool, denies: bool, rejected: bool) -> str:
    """Return whether a statement supports a task, in view of a link and of what others deny."""
    if denies:
        return "denied"
    if says:
        return "yes"
    return "no, rejected" if rejected else "no, below the threshold"


def _words(name: str) -> str:
    """Return a name like `ManualMappingCuration` in words, which can be put on several lines."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
