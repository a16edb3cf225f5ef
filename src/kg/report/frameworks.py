"""What the frameworks of an occupation say: their statements, stages, and the tasks they reach."""

from __future__ import annotations

import polars as pl

from kg.analyses import Analysis
from kg.analyses.work import Work
from kg.namespaces import DCT, KG, PROV, SKOS
from kg.pictures import HeatMap, to_svg
from kg.report.markup import Markup, figure, join, listed, table, tag
from kg.report.numbers import confidence
from kg.report.part import Part
from kg.report.section import Section

__all__ = ["coverage", "domains_and_stages", "statements"]

_FRAMEWORKS = {"base": "Base", "ai": "AI", "durable": "Durable skills"}


def coverage(part: Part, found: Analysis) -> Section:
    """Return which tasks each framework reaches, how surely, and which none does."""
    frameworks = found.table["framework"].unique().sort().to_list()
    frameworks.sort(key=_rank)
    cells = {(f, task): row for f, task, *row in found.table.iter_rows()}
    tasks = found.table.select("task", "task_label").unique().sort("task").rows()
    rows, gaps = [], []
    for task, label in tasks:
        row: list[str] = [part.code(task) or "", label]
        is_reached = False
        for framework in frameworks:
            _, reached, many, stage, sure = cells[framework, task]
            is_reached = is_reached or reached
            said = f"{many} from {stage}" if stage else f"{many}"
            row.append(f"{said} ({confidence(sure)})" if reached else "not reached")
        rows.append(row)
        if not is_reached:
            gaps.append(f"{part.code(task) or ''} {label}".strip())
    columns = ("Task", "What it is", *(_FRAMEWORKS.get(f, f) for f in frameworks))
    content = [
        tag(
            "p",
            "A task is reached by a framework where at least one of its statements supports it. "
            "The cells say how many do, the first stage at which one does, and in brackets the "
            "confidence of the surest link.",
        ),
        figure(to_svg(found.picture), "; ".join(found.notes) + "."),
        table("Tasks and the frameworks that reach them", columns, rows),
        tag("h3", "Gaps"),
    ]
    if not gaps:
        content.append(tag("p", "Every task is reached by some framework."))
    else:
        content += [tag("p", f"No statement supports {len(gaps)} of the {len(tasks)} tasks:")]
        content.append(listed(gaps))
    return Section("coverage", "Coverage of tasks", join(content))


def statements(part: Part, work: Work) -> Section:
    """Return the statements of each framework, by domain and in the order of the page."""
    supports = _supports(part, work)
    blocks: list[Markup] = []
    described = part.to(part.occupation, KG.occupation)
    frameworks = [node for node in described if part.is_a(node, KG.Framework)]
    for node in sorted(frameworks, key=lambda n: _rank(_kind(part, n))):
        kind = _kind(part, node)
        of = [s for s in part.to(node, KG.framework) if part.is_a(s, KG.Statement)]
        blocks.append(tag("h3", _FRAMEWORKS.get(kind, kind) + f" framework: {part.label(node)}"))
        if description := part.one(node, DCT.description):
            blocks.append(tag("p", description))
        groups: dict[str, list[str]] = {}
        for statement in sorted(of, key=lambda s: _order(part, s)):
            domain = part.one(statement, KG.domain)
            groups.setdefault(part.label(domain) if domain else "", []).append(statement)
        for domain, members in groups.items():
            rows = [_statement(part, statement, supports) for statement in members]
            caption = f"{domain or _FRAMEWORKS.get(kind, kind)}: {len(members)} statements"
            columns = ("Stage", "Statement", "Cites", "Supports task (confidence)", "Line")
            blocks.append(table(caption, columns, rows, head=1))
    if not blocks:
        blocks = [tag("p", "The graph holds no framework page of this occupation.")]
    return Section("statements", "Statements", join(blocks))


def domains_and_stages(part: Part, work: Work) -> Section:
    """Return how many statements each domain has at each stage, as a heat map and a table."""
    staged = work.statements.filter(pl.col("position").is_not_null()).with_columns(
        group=pl.coalesce("domain_label", pl.format("{} framework", "framework"))
    )
    heading = "Domains and stages"
    if staged.is_empty():
        return Section("stages", heading, tag("p", "No statement has a stage."))
    # The stages of one framework stand together.
    order = pl.col("framework").map_elements(_rank, return_dtype=pl.Int64).alias("rank")
    stages = (
        staged.select(order, "position", "stage_label")
        .sort("rank", "position", "stage_label")
        .unique("stage_label", keep="first", maintain_order=True)
    )
    counts = {
        (group, label): many
        for group, label, many in staged.group_by("group", "stage_label").len().iter_rows()
    }
    groups = sorted(staged["group"].unique())
    columns = tuple(stages["stage_label"])
    picture = HeatMap(
        f"Statements of {work.label} by domain and stage",
        "number of statements",
        tuple(groups),
        columns,
        tuple(tuple(counts.get((g, c)) for c in columns) for g in groups),
    )
    rows = [(g, *(f"{counts.get((g, c), 0):,}" for c in columns)) for g in groups]
    caption = "Statements by domain and stage"
    return Section(
        "stages",
        heading,
        join(
            [
                figure(to_svg(picture), "The darker a cell, the more statements."),
                table(caption, ("Domain", *columns), rows),
            ]
        ),
    )


def _statement(
    part: Part, node: str, supports: dict[str, list[tuple[str, str]]]
) -> tuple[str, ...]:
    stage = part.one(node, KG.stage)
    basis = part.one(node, KG.stageBasis)
    derived = " (by\u00a0order)" if basis and basis.endswith("/order") else ""
    text = part.one(node, SKOS.definition)
    document = part.one(node, PROV.wasDerivedFrom)
    file = part.one(document, KG.fileName) if document else None
    said = [f"{task} ({sure})" if sure else task for task, sure in supports.get(node, [])]
    return (
        part.label(stage) + derived if stage else "none",
        join([part.label(node), tag("div", text, class_="text") if text else None]),
        ", ".join(part.label(source) for source in part.all(node, KG.cites)) or "nothing",
        ", ".join(said) or "none",
        part.one(node, KG.line) or file or "",
    )


def _supports(part: Part, work: Work) -> dict[str, list[tuple[str, str]]]:
    """Return the task IDs that each statement supports, with the confidence of each."""
    found: dict[str, list[tuple[str, str]]] = {}
    ordered = work.supports.sort("confidence", "task", descending=[True, False], nulls_last=True)
    for statement, task, sure in ordered.iter_rows():
        found.setdefault(statement, []).append((part.code(task) or task, confidence(sure)))
    return found


def _kind(part: Part, framework: str) -> str:
    return (part.one(framework, DCT.type) or framework).rpartition("/")[2]


def _rank(kind: str) -> int:
    return list(_FRAMEWORKS).index(kind) if kind in _FRAMEWORKS else len(_FRAMEWORKS)


def _order(part: Part, statement: str) -> tuple[int, int, str]:
    line, position = (_whole(part.one(statement, p)) for p in (KG.line, KG.position))
    return line, position, statement


def _whole(text: str | None) -> int:
    """Return a whole number, 0 for what is none: others may say anything of a statement."""
    return int(text) if text and text.isdecimal() else 0
