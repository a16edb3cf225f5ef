"""The framework pages of a build: read, mapped, and linked to the tasks of a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from kg import quads
from kg.errors import InputError, RefusedError
from kg.linking import tasks_of, tfidf_linker
from kg.mapping.concepts import Concepts
from kg.mapping.iris import Iris
from kg.mapping.links import LinkingRelease, map_links
from kg.mapping.page import MappedPage, map_page
from kg.mapping.release import MappedRelease, ReleaseIndex
from kg.model import Finding, Page, Quad, SourceRef
from kg.readers import Input
from kg.readers.layout import shorten
from kg.readers.onet import OnetRelease
from kg.readers.page import read_page
from kg.readers.sources import Catalogue

__all__ = ["BuiltPages", "BuiltRelease", "place_of", "read_pages"]


@dataclass(frozen=True, slots=True)
class BuiltRelease:
    """An O*NET release in a build: as it was read, what pages look up in it, and its quads."""

    read: OnetRelease
    source: SourceRef
    index: ReleaseIndex
    mapped: MappedRelease


@dataclass(slots=True)
class BuiltPages:
    """The pages of a build, what the catalogue says of them, and their quads by graph."""

    pages: list[Page] = field(default_factory=list)
    graphs: dict[str, Page] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    terms: list[Quad] = field(default_factory=list)
    sources: set[SourceRef] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def read_pages(
    inputs: Sequence[Input],
    catalogue: Catalogue,
    concepts: Concepts,
    onet: BuiltRelease | None,
    iris: Iris,
) -> BuiltPages:
    """Read, map and link every page; one that cannot be used stops it after all are read."""
    result = BuiltPages()
    unread: list[InputError] = []
    twice: list[InputError] = []
    seen: dict[str, Input] = {}
    linking = _linking(onet, iris) if onet and inputs else None
    for item in inputs:
        try:
            page = read_page(item.read(), str(item), catalogue)
        except InputError as error:
            unread.append(error)
            continue
        mapped = map_page(page, concepts, onet.index if onet else None, iris, str(item))
        if (other := seen.get(mapped.graph)) is not None:
            twice.append(
                InputError(
                    f"two inputs give the frameworks of {shorten(page.title)!r}: {other} and {item}"
                )
            )
            continue
        seen[mapped.graph] = item
        _keep(result, page, mapped, linking, iris)
    broken = [*unread, *twice]
    # Two inputs for one framework are a wrong request; what else they hold can wait.
    if len(broken) == 1 and (twice or all(f.severity == "info" for f in result.findings)):
        raise broken[0]
    if broken:
        errors = [Finding("error", e.message, e.file, e.line) for e in broken]
        number = f"{len(broken)} of {len(inputs)} framework pages"
        findings = sorted(result.findings, key=place_of)
        raise RefusedError(f"{number} cannot be used", [*errors, *findings])
    return result


def place_of(finding: Finding) -> tuple[str, int, str, str]:
    """Return what findings are ordered by: file and line, then how they are worded."""
    return finding.file or "", finding.line or 0, finding.severity, finding.message


def _keep(
    result: BuiltPages, page: Page, mapped: MappedPage, linking: LinkingRelease | None, iris: Iris
) -> None:
    """Keep of a page what the build goes on with: tables, which take less room than quads do."""
    result.pages.append(page)
    result.graphs[mapped.graph] = page
    result.documents[mapped.graph] = mapped.document
    result.tables[mapped.graph] = quads.from_rows(mapped.rows)
    result.terms += mapped.terms
    result.sources |= mapped.sources
    result.findings += [*page.findings, *mapped.findings]
    if linking and (links := map_links(mapped, linking, iris)):
        result.links[links.graph] = mapped.graph
        result.tables[links.graph] = quads.from_rows(links.rows)


def _linking(onet: BuiltRelease, iris: Iris) -> LinkingRelease:
    """Return what pages are linked by, made once: weighing all texts of a release takes long."""
    tasks = tasks_of(quads.concat(onet.mapped.chunks(["occupation", "task"])))
    linker = tfidf_linker(task.text for of in tasks.values() for task in of)
    return LinkingRelease(iris.release_document(onet.read.version), tasks, linker)
