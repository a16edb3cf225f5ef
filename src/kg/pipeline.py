"""From inputs to a published generation: read, map, check, publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Literal

import polars as pl

from kg import __version__, generations, quads, rdf
from kg.errors import InputError, RefusedError
from kg.linking import tasks_of, tfidf_linker
from kg.mapping.catalog import LICENCE, OWN, GraphEntry, map_catalog
from kg.mapping.concepts import Concepts, index_concepts, merge_terms
from kg.mapping.iris import Iris, checked_base
from kg.mapping.links import LinkingRelease, MappedLinks, map_links
from kg.mapping.page import MappedPage, map_page
from kg.mapping.release import ReleaseIndex, index_release, map_release
from kg.mapping.sources import map_sources
from kg.model import Document, Finding, Page, Quad, SourceRef
from kg.namespaces import BASE
from kg.readers import Input, files, find_inputs
from kg.readers.layout import shorten
from kg.readers.onet import OnetRelease, read_release
from kg.readers.page import read_page
from kg.readers.sources import Catalogue, load_catalogue
from kg.resources import folder

__all__ = ["Assembly", "BuildReport", "assemble", "build", "example_inputs", "refuse", "vocabulary"]


DocumentKind = Literal["page", "release", "sources"]


@dataclass(frozen=True, slots=True)
class Assembly:
    """What inputs become: a quad table for each graph, unique and sorted, and the findings.

    `inputs` are the documents that were read, the extension of the source catalogue too.
    """

    parts: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    inputs: tuple[tuple[DocumentKind, Document], ...]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A build's result: the generation, whether it is a new one, and what was noticed."""

    generation: generations.Generation
    is_new: bool
    assembly: Assembly


@dataclass(frozen=True, slots=True)
class _Release:
    tables: OnetRelease
    source: SourceRef
    index: ReleaseIndex


def build(
    inputs: Sequence[Path] = (),
    out: Path = Path("graph"),
    *,
    sources: Path | None = None,
    strict: bool = False,
    base: str = BASE,
) -> BuildReport:
    """Build a graph from inputs (none: the bundled example) and publish it in a folder.

    Raises InputError for an input that cannot be read, RefusedError where findings forbid to
    publish (errors; with `strict` warnings too), OutputError where the folder cannot be written.
    """
    assembly = assemble(inputs, sources=sources, base=base)
    refuse(assembly.findings, strict)
    facts = {
        "base": checked_base(base),
        "inputs": [
            {"kind": kind, "file": d.file_name, "sha256": d.sha256} for kind, d in assembly.inputs
        ],
        "versions": {
            "skills-kg": __version__,
            **{name: version_of(name) for name in ("polars", "pyoxigraph", "scikit-learn")},
        },
    }
    generation, is_new = generations.publish(out, assembly.parts, facts)
    return BuildReport(generation, is_new, assembly)


def example_inputs() -> list[Path]:
    """Return the inputs of the bundled example."""
    example = folder("build") / "example"
    return sorted([*example.glob("*.txt"), *(p for p in example.iterdir() if p.is_dir())])


def assemble(
    inputs: Sequence[Path] = (), *, sources: Path | None = None, base: str = BASE
) -> Assembly:
    """Read and map inputs (none: the bundled example), without publishing anything."""
    iris = Iris(checked_base(base))
    found = [i for path in inputs or example_inputs() for i in find_inputs(path)]
    if unread := [i for i in found if i.kind == "rdf"]:
        raise InputError("RDF files are not built into a graph; validate them", str(unread[0]))
    catalogue = load_catalogue(sources)
    shipped = vocabulary(iris)
    concepts = index_concepts(shipped[iris.graph("schemes")])
    release = _read_release([i for i in found if i.kind == "release"], catalogue)
    pages, mapped = _read_pages(
        [i for i in found if i.kind == "page"], catalogue, concepts, release, iris
    )
    tables = {graph: quads.from_rows(rows) for graph, rows in shipped.items()}
    if release:
        graph = iris.graph(f"onet/{release.tables.version}")
        tables[graph] = map_release(release.tables, release.source, iris)
    tables[iris.graph("sources")] = quads.from_rows(_sources(mapped, release, catalogue, iris))
    tables[iris.graph("page-terms")] = merge_terms(t for page in mapped for t in page.terms)
    links = _link(mapped, release, tables, iris)
    for page in mapped:
        tables[page.graph] = quads.from_rows(page.rows)
    for found_links in links.values():
        tables[found_links.graph] = quads.from_rows(found_links.rows)
    parts = {g: quads.unique_sorted(t) for g, t in tables.items() if t.height}
    catalog = map_catalog(_entries(parts, pages, mapped, links, release, catalogue, iris), iris)
    parts[iris.graph("catalog")] = quads.unique_sorted(quads.from_rows(catalog))
    for graph, table in parts.items():
        quads.check_iris(table, graph)
    documents: list[tuple[DocumentKind, Document]] = [("page", p.document) for p in pages]
    if release:
        documents.append(("release", release.tables.document))
    if catalogue.extension:
        documents.append(("sources", catalogue.extension))
    documents.sort(key=lambda pair: (pair[0], pair[1].file_name, pair[1].sha256))
    return Assembly(parts, _findings(pages, mapped), tuple(documents), tuple(pages))


def vocabulary(iris: Iris) -> dict[str, list[Quad]]:
    """Return the shipped ontology and schemes as quads by graph."""
    ontology, schemes = iris.graph("ontology"), iris.graph("schemes")
    return {
        ontology: [q for n in ("core", "alignments") for q in _shipped(f"{n}.ttl", ontology)],
        schemes: _shipped("schemes.ttl", schemes),
    }


def _shipped(name: str, graph: str) -> list[Quad]:
    path = folder("ontology") / name
    return list(rdf.parse(files.read_bytes(path), rdf.format_of(path), str(path), graph))


def _read_release(inputs: Sequence[Input], catalogue: Catalogue) -> _Release | None:
    if not inputs:
        return None
    if len(inputs) > 1:
        raise InputError(
            f"a graph holds one O*NET release; two were given: {inputs[0]} and {inputs[1]}"
        )
    tables = read_release(inputs[0].path)
    source = catalogue.refer([catalogue.sources["onet"]], tables.version)
    return _Release(tables, source, index_release(tables))


def _read_pages(
    inputs: Sequence[Input],
    catalogue: Catalogue,
    concepts: Concepts,
    release: _Release | None,
    iris: Iris,
) -> tuple[list[Page], list[MappedPage]]:
    """Read and map every page; one that cannot be used stops the build after all are read."""
    pages: list[Page] = []
    mapped: list[MappedPage] = []
    unread: list[InputError] = []
    twice: list[InputError] = []
    seen: dict[str, Input] = {}
    for item in inputs:
        try:
            page = read_page(item.read(), str(item), catalogue)
        except InputError as error:
            unread.append(error)
            continue
        result = map_page(page, concepts, release.index if release else None, iris, str(item))
        if (other := seen.get(result.graph)) is not None:
            title = repr(shorten(page.title))
            twice.append(
                InputError(f"two inputs give the frameworks of {title}: {other} and {item}")
            )
            continue
        seen[result.graph] = item
        pages.append(page)
        mapped.append(result)
    findings = _findings(pages, mapped)
    broken = [*unread, *twice]
    # Two inputs for one framework are a wrong request; what else they hold can wait.
    if len(broken) == 1 and (twice or all(f.severity == "info" for f in findings)):
        raise broken[0]
    if broken:
        errors = [Finding("error", e.message, e.file, e.line) for e in broken]
        number = f"{len(broken)} of {len(inputs)} framework pages"
        raise RefusedError(f"{number} cannot be used", [*errors, *findings])
    return pages, mapped


def _findings(pages: Iterable[Page], mapped: Iterable[MappedPage]) -> tuple[Finding, ...]:
    """Return what was noticed of pages, by file and line."""
    found = [f for page in pages for f in page.findings]
    found += [f for page in mapped for f in page.findings]
    return tuple(sorted(found, key=lambda f: (f.file or "", f.line or 0, f.severity, f.message)))


def _link(
    mapped: Sequence[MappedPage],
    release: _Release | None,
    tables: Mapping[str, pl.DataFrame],
    iris: Iris,
) -> dict[str, MappedLinks]:
    """Return the links of each page that has some, by the graph of the page."""
    if release is None or not mapped:
        return {}
    version = release.tables.version
    tasks = tasks_of(tables[iris.graph(f"onet/{version}")])
    # Made once, since weighing all texts of a release takes longer than linking many pages.
    linker = tfidf_linker(task.text for of in tasks.values() for task in of)
    linking = LinkingRelease(iris.release_document(version), tasks, linker)
    found = {page.graph: map_links(page, linking, iris) for page in mapped}
    return {graph: links for graph, links in found.items() if links is not None}


def _sources(
    mapped: Iterable[MappedPage], release: _Release | None, catalogue: Catalogue, iris: Iris
) -> Iterable[Quad]:
    refs = {ref for page in mapped for ref in page.sources}
    dates: dict[SourceRef, str] = {}
    if release:
        refs.add(release.source)
        if release.tables.issued:
            dates[release.source] = release.tables.issued
    return map_sources(refs, catalogue.sources, dates, iris)


def _entries(
    parts: Mapping[str, pl.DataFrame],
    pages: Sequence[Page],
    mapped: Sequence[MappedPage],
    links: Mapping[str, MappedLinks],
    release: _Release | None,
    catalogue: Catalogue,
    iris: Iris,
) -> list[GraphEntry]:
    """Return what the catalogue says of each graph."""
    by_graph = {m.graph: (p, m) for p, m in zip(pages, mapped, strict=True)}
    rights = {links[g].graph: p.rights for g, (p, _) in by_graph.items() if g in links}
    onet = iris.graph(f"onet/{release.tables.version}") if release else None
    source = catalogue.sources["onet"]
    version = release.tables.version if release else ""
    cite = (source.cite or source.title).replace("{version}", version)
    entries = []
    for graph, table in sorted(parts.items()):
        if graph in by_graph:
            page, result = by_graph[graph]
            entry = GraphEntry(
                graph,
                table.height,
                document=result.document,
                rights=page.rights,
                attribution=page.rights,
            )
        elif graph == onet and release:
            entry = GraphEntry(
                graph,
                table.height,
                document=iris.release_document(release.tables.version),
                licence=source.licence,
                attribution=cite,
            )
        elif graph in rights:
            # The graph says itself what it was made from; here that would stand twice.
            entry = GraphEntry(
                graph,
                table.height,
                kind="inferred",
                rights=rights[graph],
                attribution="; ".join(filter(None, (rights[graph], cite))),
            )
        else:
            entry = GraphEntry(graph, table.height, licence=LICENCE, attribution=OWN)
        entries.append(entry)
    return entries


def refuse(findings: Sequence[Finding], strict: bool = False) -> None:
    """Raise RefusedError where findings forbid to go on: errors; with `strict` warnings too."""
    severities = ("error", "warning") if strict else ("error",)
    bad = [f for f in findings if f.severity in severities]
    if bad:
        number, verb = (f"{len(bad)} findings", "") if len(bad) > 1 else ("1 finding", "s")
        why = "errors under --strict" if strict else "errors"
        raise RefusedError(f"{number} that count{verb} as {why}; the inputs are refused", findings)
