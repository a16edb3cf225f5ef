"""The links of a page to quads, in a graph of their own beside the page's.

What all links of the graph share (method, tool, version, threshold, what they were made from) is
said once, of the graph, which is a mapping set in the sense of SSSOM.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from kg import quads
from kg.linking import Linker, StatementText, TaskText, best_links, statements_of
from kg.mapping.iris import Iris
from kg.mapping.page import MappedPage
from kg.model import Quad
from kg.namespaces import KG, OWL, PROV, RDF, SEMAPV, SSSOM, TOOL, XSD

__all__ = ["LinkRow", "LinkingRelease", "MappedLinks", "links_table", "map_links"]


@dataclass(frozen=True, slots=True)
class LinkingRelease:
    """What links need of a release: its document, its tasks, and the linker made of them."""

    document: str
    tasks: Mapping[str, Sequence[TaskText]]
    linker: Linker


class LinkRow(NamedTuple):
    """A link: its node, and whether it is also said directly."""

    graph: str
    link: str
    statement: str
    task: str
    confidence: str
    supports: bool


@dataclass(frozen=True, slots=True)
class MappedLinks:
    """The links of one page, and what all of them share."""

    graph: str
    links: tuple[LinkRow, ...]
    shared: tuple[Quad, ...]


def map_links(
    page: MappedPage,
    release: LinkingRelease,
    iris: Iris,
    decided: Collection[tuple[str, str]] = frozenset(),
) -> MappedLinks | None:
    """Return the links of a page, or none where the release knows no task of its occupation.

    What is sure enough is said directly, but for the pairs of statement and task that somebody has
    `decided`. The links depend on the page, the release, the linker's version and these pairs, and
    on nothing else.
    """
    statements = statements_of(page.rows)
    by_occupation: dict[str, list[StatementText]] = {}
    for statement in statements:
        by_occupation.setdefault(statement.occupation, []).append(statement)
    graph = iris.links_graph(page.graph)
    links = tuple(
        link
        for occupation, of in by_occupation.items()
        for link in _links(of, release.tasks.get(occupation, ()), release.linker, graph, iris)
    )
    links = tuple(
        link._replace(supports=link.supports and (link.statement, link.task) not in decided)
        for link in links
    )
    if not links:
        return None
    return MappedLinks(graph, links, tuple(_mapping_set(graph, page.document, release)))


def _links(
    statements: Sequence[StatementText],
    tasks: Sequence[TaskText],
    linker: Linker,
    graph: str,
    iris: Iris,
) -> Iterator[LinkRow]:
    for link in best_links(linker, [s.words for s in statements], tasks):
        statement, task = statements[link.statement].iri, tasks[link.task]
        node = iris.link(linker.name, statement, task.task_id)
        supports = link.confidence >= linker.threshold
        yield LinkRow(graph, node, statement, task.iri, str(link.confidence), supports)


def links_table(links: Iterable[LinkRow]) -> pl.DataFrame:
    """Return the quads of links, of any graphs, as a quad table in no order."""
    schema = [*((name, pl.String()) for name in LinkRow._fields[:-1]), ("supports", pl.Boolean())]
    rows = pl.DataFrame(list(links), schema=schema, orient="row")
    link, justification = pl.col("link"), SEMAPV.LexicalSimilarityThresholdMatching
    direct = rows.filter("supports")
    return quads.concat(
        [
            _quads(rows, link, RDF.type, pl.lit(KG.Link)),
            _quads(rows, link, OWL.annotatedSource, pl.col("statement")),
            _quads(rows, link, OWL.annotatedProperty, pl.lit(KG.supports)),
            _quads(rows, link, OWL.annotatedTarget, pl.col("task")),
            _quads(rows, link, SSSOM.confidence, pl.col("confidence"), XSD.decimal),
            _quads(rows, link, SSSOM.mapping_justification, pl.lit(justification)),
            _quads(direct, pl.col("statement"), KG.supports, pl.col("task")),
        ]
    )


def _quads(
    rows: pl.DataFrame,
    subject: pl.Expr,
    predicate: str,
    value: pl.Expr,
    datatype: str | None = None,
) -> pl.DataFrame:
    return rows.select(
        subject=subject,
        predicate=pl.lit(predicate),
        object=value,
        kind=pl.lit("literal" if datatype else "iri"),
        datatype=pl.lit(datatype, dtype=pl.String()),
        language=pl.lit(None, dtype=pl.String()),
        graph="graph",
    )


def _mapping_set(graph: str, document: str, release: LinkingRelease) -> Iterator[Quad]:
    linker = release.linker
    yield quads.iri(graph, RDF.type, SSSOM.MappingSet, graph)
    yield quads.literal(graph, SSSOM.mapping_tool, f"{TOOL} {linker.name}", graph)
    yield quads.literal(graph, SSSOM.mapping_tool_version, linker.version, graph)
    yield quads.literal(graph, SSSOM.similarity_measure, linker.measure, graph)
    yield quads.literal(graph, KG.threshold, str(linker.threshold), graph, XSD.decimal)
    yield quads.iri(graph, PROV.wasDerivedFrom, document, graph)
    yield quads.iri(graph, PROV.wasDerivedFrom, release.document, graph)
