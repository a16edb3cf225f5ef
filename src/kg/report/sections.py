"""The sections of a report: each a heading with what the graph says under it.

A section whose matter is not in the graph says so in a sentence, so that nothing is missing
silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import polars as pl

from kg.analyses import Analysis
from kg.analyses.work import Work
from kg.export.attribution import Catalogue
from kg.namespaces import DCT, ESCO, FOAF, KG, NEGATED, OWL, PROV, SKOS, SSSOM
from kg.pictures import HeatMap, Picture, to_svg
from kg.report.markup import Markup, external, figure, join, listed, table, tag
from kg.report.part import Part

__all__ = [
    "Section",
    "change",
    "charts",
    "coverage",
    "crosswalks",
    "domains_and_stages",
    "evidence",
    "inputs",
    "links",
    "nearest",
    "number",
    "sources",
    "statements",
]

_Row = tuple[str, ...]
_FRAMEWORKS = {"base": "Base", "ai": "AI", "durable": "Durable skills"}


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its anchor, its heading and its content."""

    anchor: str
    heading: str
    content: Markup


def number(value: str | float | None, places: int = 2) -> str:
    """Return a number as people read it, with at most so many places; other texts as they are."""
    if value is None:
        return ""
    try:
        rounded = round(Decimal(str(value)), places)
    except InvalidOperation:
        return str(value)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def confidence(value: float | None) -> str:
    """Return a confidence with two places, so that several of them compare at a glance."""
    return "" if value is None else f"{round(Decimal(str(value)), 2):f}"


def _confidence_of(part: Part, link: str) -> float | None:
    """Return the confidence of a link, None where it has none that is a number from 0 to 1."""
    try:
        value = float(part.one(link, SSSOM.confidence) or "")
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _denies(part: Part, link: str) -> bool:
    """Tell whether a link says that its triple is not so, as `kg.lookup.denials` has it."""
    return any(m.lower() == NEGATED.lower() for m in part.all(link, SSSOM.predicate_modifier))


def _by_confidence(found: Iterable[tuple[float | None, _Row]]) -> list[_Row]:
    """Return rows, those with the highest confidence first; of equal ones in their own order."""
    ordered = sorted(found, key=lambda pair: (-(pair[0] or 0), pair[1]))
    return [row for _, row in ordered]


def inputs(part: Part, catalogue: Catalogue) -> Section:
    """Return which documents the graph's part comes from, and under which terms."""
    rows = []
    for graph in part.graphs:
        said = catalogue.get(graph, {})
        documents = part.all(graph, PROV.wasDerivedFrom)
        named = [part.one(d, KG.fileName) or part.label(d) for d in documents]
        kind = part.one(graph, KG.graphKind)
        terms = [*said.get(DCT.license, []), *said.get(DCT.rights, [])]
        rows.append(
            (
                _breakable(graph.partition("/graph/")[2] or graph),
                _breakable(", ".join(named)),
                part.label(kind) if kind else "",
                join(_separated(external(term, term) for term in terms)),
            )
        )
    credit = sorted({a for g in part.graphs for a in catalogue.get(g, {}).get(KG.attribution, [])})
    columns = ("Graph", "Read from", "Kind", "Terms of use")
    return Section(
        "inputs",
        "What this is built from",
        join(
            [
                tag(
                    "p",
                    "Asserted is what an input says; inferred is what the builder of the graph "
                    "concluded from it, and curated what a person decided.",
                ),
                table("Graphs that this report draws on", columns, rows),
                tag("h3", "Credit"),
                listed(credit),
            ]
        ),
    )


def _separated(items: Iterable[Markup]) -> list[Markup]:
    """Return pieces with a comma between them."""
    return [piece for item in items for piece in (Markup(", "), item)][1:]


def _breakable(name: str) -> Markup:
    """Return a name of a graph or file that may go on in the next line where its parts end."""
    pieces = re.split(r"(?<=[/_-])", name)
    return join([piece for p in pieces for piece in (Markup("<wbr>"), p)][1:])


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


def _supports(part: Part, work: Work) -> dict[str, list[tuple[str, str]]]:
    """Return the task IDs that each statement supports, with the confidence of each."""
    found: dict[str, list[tuple[str, str]]] = {}
    ordered = work.supports.sort("confidence", "task", descending=[True, False], nulls_last=True)
    for statement, task, sure in ordered.iter_rows():
        found.setdefault(statement, []).append((part.code(task) or task, confidence(sure)))
    return found


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


def charts(
    anchor: str, heading: str, said: str, found: Analysis, columns: dict[str, str]
) -> Section:
    """Return an analysis as its picture and, of its table, some columns by their headings."""
    if found.table.is_empty():
        return Section(anchor, heading, tag("p", f"{found.empty[:1].upper()}{found.empty[1:]}."))
    content = [tag("p", said), _drawn(found.picture, found.notes)]
    if columns:
        rows = [
            tuple(_shown(value) for value in row)
            for row in found.table.select(list(columns)).iter_rows()
        ]
        content.append(table(found.title, tuple(columns.values()), rows))
    return Section(anchor, heading, join(content))


def _drawn(picture: Picture, notes: Sequence[str]) -> Markup:
    caption = "; ".join(notes)
    return figure(to_svg(picture), f"{caption}." if caption else f"In {picture.unit}.")


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value, 3) if isinstance(value, float) else str(value)


def links(part: Part, work: Work) -> Section:
    """Return all links between statements and tasks, those below the threshold too."""
    found = []
    for statement, label in work.statements.select("statement", "statement_label").iter_rows():
        of_statement = part.to(statement, OWL.annotatedSource)
        of_support = [k for k in of_statement if part.one(k, OWL.annotatedProperty) == KG.supports]
        denials = [link for link in of_support if _denies(part, link)]
        rejected = {part.one(link, OWL.annotatedTarget) for link in denials}
        for link in of_support:
            task = part.one(link, OWL.annotatedTarget)
            if task is None:
                continue
            says = task in part.all(statement, KG.supports)
            why = _words((part.one(link, SSSOM.mapping_justification) or "").rpartition("/")[2])
            sure = _confidence_of(part, link)
            verdict = _verdict(says, link in denials, task in rejected)
            row = (label, part.code(task) or "", confidence(sure), verdict, why)
            found.append((sure, row))
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
        said.append(_drawn(found.picture, ()))
        said.append(table(f"{found.title}: the widest gaps", columns, rows))
    else:
        said.append(tag("p", "No level there is higher than here."))
    return join(said)


def crosswalks(part: Part) -> Section:
    """Return what links join the occupation to in other classifications."""
    found, blocks = [], []
    for link in part.to(part.occupation, OWL.annotatedTarget):
        partner = part.one(link, OWL.annotatedSource)
        if partner is None or _denies(part, link):
            continue
        former = part.one(link, KG.formerCode)
        change = part.one(link, KG.codeChange)
        carried = (
            f"from {former}" + (f" ({part.label(change)})" if change else "") if former else ""
        )
        match = (part.one(link, OWL.annotatedProperty) or "").rpartition("#")[2]
        sure = _confidence_of(part, link)
        row = (external(part.label(partner), partner), match, confidence(sure), carried)
        found.append((sure, row))
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


def sources(part: Part, work: Work) -> Section:
    """Return the sources that statements cite, with how often, and their terms."""
    counts: dict[str, int] = {}
    for statement in work.statements["statement"]:
        for source in part.all(statement, KG.cites):
            counts[source] = counts.get(source, 0) + 1
    rows = []
    for source, many in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        terms = [*part.all(source, DCT.license), *part.all(source, DCT.rights)]
        unknown = part.one(source, KG.rightsUnknown) is not None
        rows.append(
            (
                external(part.source(source), part.one(source, FOAF.page)),
                f"{many:,}",
                part.one(source, DCT.publisher) or "",
                join(_separated(external(term, term) for term in terms))
                or ("not known" if unknown else ""),
            )
        )
    heading = "Citations"
    if not rows:
        return Section("citations", heading, tag("p", "No statement cites a source."))
    columns = ("Source", "Statements", "Publisher", "Terms of use")
    caption = "Sources that statements cite, the most cited first"
    return Section("citations", heading, table(caption, columns, rows))
