"""A report on one occupation: all that a graph says of it, as one HTML document.

The document needs nothing but itself: no script, no font, no picture from elsewhere. It is the
same, byte for byte, for the same graph.
"""

from __future__ import annotations

from dataclasses import replace

from kg import __version__
from kg.analyses.work import Work, work_of
from kg.export import Selection
from kg.export.attribution import read_catalogue
from kg.namespaces import DCT, KG, ONET, SKOS
from kg.report import figures, frameworks, links, neighbours, origins
from kg.report.asked import Asked
from kg.report.markup import Markup, external, join, tag
from kg.report.part import Part, read_part
from kg.report.section import Section, charts
from kg.report.style import STYLE
from kg.report.ways import paths

__all__ = ["report"]

#: Nothing may be loaded, even if a text were taken for more than a text.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report(graph: Asked, occupation: str, to: str | None = None) -> str:
    """Return the report on an occupation, given by name, as an HTML document.

    `to` names the occupation that a change is told of; without it, it is the nearest. Raises
    NotFoundError as `Graph.resolve` does, RequestError for an occupation without tasks, and for a
    change that `kg.analyses.transition` does not tell of.
    """
    iri = graph.resolve(occupation, "occupation")
    end = graph.resolve(to, "occupation") if to is not None else None
    selection = Selection(graph.parts_around(iri), graph.base, occupation=iri)
    part, work = read_part(selection), work_of(graph.around(iri), iri)
    # Ratings come before paths, which then take the room that reading them has left.
    near = _neighbours(graph, iri, end)
    made = [
        frameworks.coverage(part, graph.analyze("coverage", f"<{iri}>")),
        frameworks.statements(part, work),
        frameworks.domains_and_stages(part, work),
        charts(
            "progression",
            "What each stage adds",
            "Tasks that the statements of a stage support, and those that no earlier stage does.",
            graph.analyze("progression", f"<{iri}>"),
            {
                "framework": "Framework",
                "stage_label": "Stage",
                "statements": "Statements",
                "tasks": "Tasks",
                "tasks_added": "Added",
                "tasks_so_far": "So far",
            },
        ),
        charts(
            "domains-tasks",
            "Domains and tasks",
            "How many statements of each domain support each task.",
            graph.analyze("crosswalk", f"<{iri}>"),
            {},
        ),
        paths(graph, work),
        links.links(part, work),
        origins.sources(part, work),
        figures.evidence(part, work.tasks["task"].to_list()),
        near,
        links.crosswalks(part),
        origins.inputs(part, read_catalogue(selection)),
    ]
    return _document(part, work, made, graph.generation.name)


def _neighbours(graph: Asked, iri: str, to: str | None) -> Section:
    if graph.ratings.of(iri).drop_nulls("importance").is_empty():
        said = "It has no ratings in the graph, which nearness rests on."
        near = Section("nearest", "Nearest occupations", tag("p", said))
    else:
        found = graph.analyze("nearest", f"<{iri}>")
        near = neighbours.nearest(found)
        if to is None and found.table.height:
            to = found.table["occupation"][0]
    if to is None:
        return near
    change = neighbours.change(graph.analyze("transition", f"<{iri}>", f"<{to}>"))
    return replace(near, content=join([near.content, change]))


def _document(part: Part, work: Work, made: list[Section], generation: str) -> str:
    code = part.one(part.occupation, SKOS.notation)
    title = part.label(part.occupation)
    head = tag(
        "head",
        Markup('<meta charset="utf-8">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{title} {code or ''}".strip()),
        tag("style", Markup(STYLE)),
    )
    body = tag(
        "body",
        tag("a", "Skip to the content", class_="skip", href="#content"),
        _header(part, work, title, code, made),
        tag(
            "main",
            *(
                tag("section", tag("h2", one.heading, id=f"{one.anchor}-heading"), one.content,
                    id=one.anchor, aria_labelledby=f"{one.anchor}-heading")
                for one in made
            ),
            id="content",
        ),
        tag(
            "footer",
            tag("p", f"Made by skills-kg {__version__} from generation {generation}. ",
                "IRI of the occupation: ", external(part.occupation, part.occupation), "."),
        ),
    )  # fmt: skip
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _header(part: Part, work: Work, title: str, code: str | None, made: list[Section]) -> Markup:
    described = part.one(part.occupation, ONET.description)
    zone = part.one(part.occupation, KG.jobZone)
    reached = work.linked["task"].n_unique()
    cited = {s for n in work.statements["statement"] for s in part.all(n, KG.cites)}
    facts = [
        ("statements", f"{work.statements.height:,}"),
        ("tasks", f"{work.tasks.height:,}"),
        ("tasks that a statement supports", f"{reached:,}"),
        ("sources cited", f"{len(cited):,}"),
        *([("job zone", zone)] if zone else []),
    ]
    documents = [
        node for node in part.forward if part.is_a(node, KG.Document)
        and (part.one(node, DCT.type) or "").endswith("/page")
    ]  # fmt: skip
    context = next((part.one(d, DCT.description) for d in sorted(documents)), None)
    return tag(
        "header",
        tag("p", f"Occupation {code}" if code else "Occupation", class_="kicker"),
        tag("h1", title),
        *(tag("p", text, class_="lead") for text in (described, context) if text),
        tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in facts),
            class_="facts"),
        tag(
            "nav",
            tag("ol", *(tag("li", tag("a", one.heading, href=f"#{one.anchor}")) for one in made)),
            aria_label="Contents",
        ),
    )  # fmt: skip
