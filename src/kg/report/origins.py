"""Where a report comes from: the inputs of the graph, and the sources that statements cite."""

from __future__ import annotations

import re

from kg.analyses.work import Work
from kg.export.attribution import Catalogue
from kg.namespaces import DCT, FOAF, KG, PROV
from kg.report.markup import Markup, external, join, listed, table, tag
from kg.report.part import Part
from kg.report.section import Section, separated

__all__ = ["inputs", "sources"]


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
                join(separated(external(term, term) for term in terms)),
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
                join(separated(external(term, term) for term in terms))
                or ("not known" if unknown else ""),
            )
        )
    heading = "Citations"
    if not rows:
        return Section("citations", heading, tag("p", "No statement cites a source."))
    columns = ("Source", "Statements", "Publisher", "Terms of use")
    caption = "Sources that statements cite, the most cited first"
    return Section("citations", heading, table(caption, columns, rows))


def _breakable(name: str) -> Markup:
    """Return a name of a graph or file that may go on in the next line where its parts end."""
    pieces = re.split(r"(?<=[/_-])", name)
    return join([piece for p in pieces for piece in (Markup("<wbr>"), p)][1:])
