"""Examples of paths in a report: to the tasks that are linked most surely, and from skills."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kg.analyses.work import Work
from kg.analysis import FORMATS, Paths
from kg.analysis.diagram import to_svg
from kg.report.asked import Asked
from kg.report.markup import Markup, figure, join, tag
from kg.report.section import Section

__all__ = ["paths"]

_MOST = 3
_SKILLS = 5


def paths(graph: Asked, work: Work) -> Section:
    """Return the best path from each of a few domains and from a skill, told and drawn."""
    found = [*_from_domains(graph, work), *_from_skills(graph, work)]
    heading = "How skills lead to the work"
    if not found:
        return Section(
            "paths", heading, tag("p", "No path leads from a domain or skill to a task.")
        )
    said = (
        "Examples of the best paths in the graph. A solid arrow is asserted by an input, a dashed "
        "one is a link with its confidence; confidences of several links are multiplied as if they "
        "were independent."
    )
    blocks = [_drawn(one, number) for number, one in enumerate(found, 1)]
    return Section("paths", heading, join([tag("p", said), *blocks]))


def _from_domains(graph: Asked, work: Work) -> Iterator[Paths]:
    surest = (
        work.linked.filter(pl.col("domain").is_not_null(), pl.col("confidence").is_not_null())
        .sort("confidence", "statement", "task", descending=[True, False, False])
        .unique("domain", keep="first", maintain_order=True)
        .head(_MOST)
    )
    for domain, task in surest.select("domain", "task").iter_rows():
        yield from _best(graph, domain, task)


def _from_skills(graph: Asked, work: Work) -> Iterator[Paths]:
    """Yield the path from the most important skill that one leads from, over asserted hops."""
    rated = (
        graph.ratings.of(work.occupation)
        .drop_nulls("importance")
        .sort("importance", "element", descending=[True, False])
    )
    for element in rated["element"].head(_SKILLS):
        for task in work.tasks["task"]:
            for found in _best(graph, element, task, "asserted"):
                yield found
                return


def _best(graph: Asked, start: str, end: str, projection: str = "linked") -> Iterator[Paths]:
    nodes = graph.project(projection).nodes["iri"]
    if not pl.Series([start, end]).is_in(nodes.implode()).all():
        return  # an end that paths do not lead from
    found = graph.paths(f"<{start}>", f"<{end}>", 1, projection=projection)
    if found.paths:
        yield found


def _drawn(found: Paths, number: int) -> Markup:
    told = FORMATS["text"](found).split("\n\n", 1)[-1].strip()
    lines = [line.strip() for line in told.splitlines()]
    title = lines[0].partition(". ")[2] or lines[0]
    return join(
        [
            tag("h3", title),
            tag("ol", *(tag("li", line) for line in lines[1:])),
            figure(to_svg(found), f"Path {number}: {title}."),
            *(
                tag(
                    "details",
                    tag("summary", f"Path {number} as text for {name}"),
                    tag("pre", FORMATS[form](found)),
                )
                for form, name in (("mermaid", "Mermaid"), ("dot", "Graphviz"))
            ),
        ]
    )
