"""The links of a page to quads, in a graph of their own beside the page's.

What all links of the graph share (method, tool, version, threshold, what they were made from) is
said once, of the graph, which is a mapping set in the sense of SSSOM.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import quads
from kg.linking import Linker, StatementText, TaskText, best_links, statements_of
from kg.mapping.iris import Iris
from kg.mapping.page import MappedPage
from kg.model import Quad
from kg.namespaces import KG, OWL, PROV, RDF, SEMAPV, SSSOM, XSD

__all__ = ["LinkingRelease", "MappedLinks", "map_links"]

_TOOL = "skills-kg"


@dataclass(frozen=True, slots=True)
class LinkingRelease:
    """What links need of a release: its document, its tasks, and the linker made of them."""

    document: str
    tasks: Mapping[str, Sequence[TaskText]]
    linker: Linker


@dataclass(frozen=True, slots=True)
class MappedLinks:
    """The quads of the links of one page."""

    graph: str
    rows: tuple[Quad, ...]


def map_links(page: MappedPage, release: LinkingRelease, iris: Iris) -> MappedLinks | None:
    """Return the links of a page, or none where the release knows no task of its occupation.

    They depend on the page, the release and the linker's version, and on nothing else.
    """
    statements = statements_of(page.rows)
    by_occupation: dict[str, list[StatementText]] = {}
    for statement in statements:
        by_occupation.setdefault(statement.occupation, []).append(statement)
    graph = iris.links_graph(page.graph)
    rows = [
        row
        for occupation, of in by_occupation.items()
        for row in _links(of, release.tasks.get(occupation, ()), release.linker, graph, iris)
    ]
    if not rows:
        return None
    return MappedLinks(graph, (*_mapping_set(graph, page.document, release), *rows))


def _links(
    statements: Sequence[StatementText],
    tasks: Sequence[TaskText],
    linker: Linker,
    graph: str,
    iris: Iris,
) -> Iterator[Quad]:
    justification = SEMAPV.LexicalSimilarityThresholdMatching
    for link in best_links(linker, [s.words for s in statements], tasks):
        statement, task = statements[link.statement].iri, tasks[link.task]
        node, confidence = iris.link(linker.name, statement, task.task_id), str(link.confidence)
        yield quads.iri(node, RDF.type, KG.Link, graph)
        yield quads.iri(node, OWL.annotatedSource, statement, graph)
        yield quads.iri(node, OWL.annotatedProperty, KG.supports, graph)
        yield quads.iri(node, OWL.annotatedTarget, task.iri, graph)
        yield quads.literal(node, SSSOM.confidence, confidence, graph, XSD.decimal)
        yield quads.iri(node, SSSOM.mapping_justification, justification, graph)
        if link.confidence >= linker.threshold:
            yield quads.iri(statement, KG.supports, task.iri, graph)


def _mapping_set(graph: str, document: str, release: LinkingRelease) -> Iterator[Quad]:
    linker = release.linker
    yield quads.iri(graph, RDF.type, SSSOM.MappingSet, graph)
    yield quads.literal(graph, SSSOM.mapping_tool, f"{_TOOL} {linker.name}", graph)
    yield quads.literal(graph, SSSOM.mapping_tool_version, linker.version, graph)
    yield quads.literal(graph, SSSOM.similarity_measure, linker.measure, graph)
    yield quads.literal(graph, KG.threshold, str(linker.threshold), graph, XSD.decimal)
    yield quads.iri(graph, PROV.wasDerivedFrom, document, graph)
    yield quads.iri(graph, PROV.wasDerivedFrom, release.document, graph)
