"""From inputs to the quads of every graph, before anything is published."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import polars as pl

from kg import quads, rdf
from kg.errors import InputError, RefusedError, RequestError
from kg.foreign import Foreign, Place, read_foreign
from kg.linking import tasks_of, tfidf_linker
from kg.mapping.catalog import LICENCE, OWN, GraphEntry, map_catalog
from kg.mapping.concepts import Concepts, index_concepts, merge_terms
from kg.mapping.iris import Iris, checked_base
from kg.mapping.links import LinkingRelease, map_links
from kg.mapping.page import MappedPage, map_page
from kg.mapping.release import MappedRelease, ReleaseIndex, index_release, map_release
from kg.mapping.sources import map_sources
from kg.model import Document, Finding, Page, Quad, SourceRef
from kg.namespaces import BASE
from kg.readers import Input, files, find_inputs
from kg.readers.layout import shorten
from kg.readers.onet import OnetRelease, read_release
from kg.readers.page import read_page
from kg.readers.sources import Catalogue, load_catalogue
from kg.resources import folder

__all__ = ["Assembly", "assemble", "example_inputs", "vocabulary"]

Chunks = Callable[[], Iterator[pl.DataFrame]]
DocumentKind = Literal["page", "release", "rdf", "sources"]


@dataclass(frozen=True)
class Assembly:
    """What inputs become: the quads of each graph, unique and sorted, and the findings.

    `inputs` are the documents that were read, the extension of the source catalogue too.
    """

    _findings: tuple[Finding, ...]
    inputs: tuple[tuple[DocumentKind, Document], ...]
    pages: tuple[Page, ...]
    #: What became of each table of the release: rows read, mapped and left out, nodes, quads.
    tables: Mapping[str, Mapping[str, Any]]
    #: The RDF documents of others, in the order in which they are streamed.
    foreign: tuple[Foreign, ...]
    _chunks: Mapping[str, Chunks]
    _links: Callable[[Foreign], list[Quad]]
    _catalog: Callable[[Mapping[str, int], Place], pl.DataFrame]
    iris: Iris

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed; of RDF documents only after they were streamed."""
        return (*self._findings, *(f for document in self.foreign for f in document.findings()))

    def stream(self, place: Place) -> Iterator[tuple[str, Iterator[pl.DataFrame]]]:
        """Yield each graph with its quad table in chunks; read the one before going on.

        `place` is where they are written. RDF documents come after the graphs that are ours, so
        that a triple of both is ours; the catalogue comes last, since it says how many quads the
        others have. Raises InputError for an RDF document that cannot be read.
        """
        counts: Counter[str] = Counter()

        def counted(graph: str, chunks: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
            for chunk in chunks:
                counts[graph] += chunk.height
                yield chunk

        for graph in sorted(self._chunks):
            yield graph, counted(graph, self._chunks[graph]())
        named: dict[str, Foreign] = {}
        for document in self.foreign:
            for graph, chunks in document.stream(place):
                if (other := named.setdefault(graph, document)) is not document:
                    raise InputError(
                        f"two inputs name the graph {graph}: {other.path} and {document.path}; "
                        "put them into one zip archive"
                    )
                yield graph, counted(graph, chunks)
            links = place.new(quads.unique_sorted(quads.from_rows(self._links(document))))
            if links.height:
                graph = links.item(0, "graph")
                yield graph, counted(graph, [links])
        yield self.iris.graph("catalog"), iter([self._catalog(counts, place)])

    @cached_property
    def parts(self) -> dict[str, pl.DataFrame]:
        """The quad table of each graph that has quads, whole; InputError for an IRI of none."""
        with tempfile.TemporaryDirectory() as folder:
            held = _Held(Path(folder))
            for graph, chunks in self.stream(held):
                table = quads.concat(chunks)
                quads.check_iris(table, graph)
                if table.height:
                    held.parts[graph] = table
        return held.parts


@dataclass(slots=True)
class _Held:
    """Graphs in memory."""

    scratch: Path
    parts: dict[str, pl.DataFrame] = field(default_factory=dict)

    def new(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a sorted table whose triples stand in no part so far."""
        return quads.without(table, quads.concat(self.parts.values()).lazy())


@dataclass(frozen=True, slots=True)
class _Release:
    read: OnetRelease
    source: SourceRef
    index: ReleaseIndex
    mapped: MappedRelease


@dataclass(slots=True)
class _Pages:
    """The pages of a build, what the catalogue says of them, and their quads by graph."""

    pages: list[Page] = field(default_factory=list)
    graphs: dict[str, Page] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    terms: list[Quad] = field(default_factory=list)
    sources: set[SourceRef] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def example_inputs() -> list[Path]:
    """Return the inputs of the bundled example."""
    example = folder("build") / "example"
    return sorted([*example.glob("*.txt"), *(p for p in example.iterdir() if p.is_dir())])


def assemble(
    inputs: Sequence[Path] = (),
    *,
    sources: Path | None = None,
    base: str = BASE,
    release: str | None = None,
    lenient: bool = False,
) -> Assembly:
    """Read and map inputs (none: the bundled example), without publishing anything.

    `release` is the number of an O*NET release that does not say so itself; with `lenient` its
    wrong rows and tables are left out. RDF documents are read only when they are streamed. Raises
    InputError for what cannot be read, RefusedError with the findings where several things are
    wrong.
    """
    iris = Iris(checked_base(base))
    found = [i for path in inputs or example_inputs() for i in find_inputs(path)]
    catalogue = load_catalogue(sources)
    shipped = vocabulary(iris)
    concepts = index_concepts(shipped[iris.graph("schemes")])
    onet = _read_release(
        [i for i in found if i.kind == "release"], catalogue, iris, release, lenient=lenient
    )
    pages = _read_pages([i for i in found if i.kind == "page"], catalogue, concepts, onet, iris)
    tables = {graph: quads.from_rows(rows) for graph, rows in shipped.items()} | pages.tables
    tables[iris.graph("sources")] = quads.from_rows(_sources(pages, onet, catalogue, iris))
    tables[iris.graph("page-terms")] = merge_terms(pages.terms)
    chunks: dict[str, Chunks] = {g: _whole(t) for g, t in tables.items() if t.height}
    codes = onet.read.tables["Occupation Data"]["O*NET-SOC Code"].drop_nulls() if onet else ()
    foreign = read_foreign([i for i in found if i.kind == "rdf"], frozenset(codes), iris)
    documents: list[tuple[DocumentKind, Document]] = [("page", p.document) for p in pages.pages]
    documents += [("rdf", document.read.document) for document in foreign]
    findings = list(pages.findings)
    if onet:
        chunks[onet.mapped.graph] = onet.mapped.chunks
        documents.append(("release", onet.read.document))
        findings += onet.read.findings
    if catalogue.extension:
        documents.append(("sources", catalogue.extension))
    findings.sort(key=_place)
    documents.sort(key=lambda pair: (pair[0], pair[1].file_name, pair[1].sha256))

    def links(document: Foreign) -> list[Quad]:
        return document.links([iris.release_document(onet.read.version)] if onet else [])

    def catalog(counts: Mapping[str, int], place: Place) -> pl.DataFrame:
        entries = _entries(counts, pages, onet, foreign, catalogue, iris)
        graph = iris.graph("catalog")
        described = [row for document in foreign for row in document.description(graph)]
        repeated = 0
        while True:
            rows = map_catalog(entries, iris, described, repeated)
            table = quads.unique_sorted(quads.from_rows(rows))
            new = place.new(table) if foreign else table
            if table.height - new.height == repeated:
                return new
            repeated = table.height - new.height

    return Assembly(
        tuple(findings),
        tuple(documents),
        tuple(pages.pages),
        _tables(onet) if onet else {},
        tuple(foreign),
        chunks,
        links,
        catalog,
        iris,
    )


def _whole(table: pl.DataFrame) -> Chunks:
    return lambda: iter([quads.unique_sorted(table)])


def vocabulary(iris: Iris) -> dict[str, list[Quad]]:
    """Return the shipped ontology and schemes as quads by graph."""
    ontology, schemes = iris.graph("ontology"), iris.graph("schemes")
    return {
        ontology: [q for n in _VOCABULARY for q in _shipped(f"{n}.ttl", ontology)],
        schemes: _shipped("schemes.ttl", schemes),
    }


_VOCABULARY = ("core", "onet", "alignments")


def _shipped(name: str, graph: str) -> list[Quad]:
    path = folder("ontology") / name
    return list(rdf.parse(files.read_bytes(path), rdf.format_of(path), str(path), graph))


def _read_release(
    inputs: Sequence[Input],
    catalogue: Catalogue,
    iris: Iris,
    number: str | None,
    *,
    lenient: bool,
) -> _Release | None:
    if not inputs:
        if number:
            raise RequestError(f"no input is an O*NET release, to be of the number {number}")
        return None
    if len(inputs) > 1:
        raise InputError(
            f"a graph holds one O*NET release; two were given: {inputs[0]} and {inputs[1]}"
        )
    read = read_release(inputs[0].path, number, lenient=lenient)
    source = catalogue.refer([catalogue.sources["onet"]], read.version)
    return _Release(read, source, index_release(read), map_release(read, source, iris))


def _tables(onet: _Release) -> dict[str, dict[str, Any]]:
    """Return what became of each table of a release, of those that are left out too."""
    mapped = {table.name: table for table in onet.mapped.tables}
    result = {}
    for name, count in sorted(onet.read.counts.items()):
        table = mapped.get(name)
        result[name] = {
            "read": count.read,
            "mapped": len(table.frame) if table else 0,
            "left_out": dict(count.left_out),
            "unread": count.unread,
            "nodes": table.nodes if table else 0,
            "quads": table.count() if table else 0,
        }
    return result


def _read_pages(
    inputs: Sequence[Input],
    catalogue: Catalogue,
    concepts: Concepts,
    onet: _Release | None,
    iris: Iris,
) -> _Pages:
    """Read, map and link every page; one that cannot be used stops it after all are read."""
    result = _Pages()
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
        findings = sorted(result.findings, key=_place)
        raise RefusedError(f"{number} cannot be used", [*errors, *findings])
    return result


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return finding.file or "", finding.line or 0, finding.severity, finding.message


def _keep(
    result: _Pages, page: Page, mapped: MappedPage, linking: LinkingRelease | None, iris: Iris
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


def _linking(onet: _Release, iris: Iris) -> LinkingRelease:
    """Return what pages are linked by, made once: weighing all texts of a release takes long."""
    tasks = tasks_of(quads.concat(onet.mapped.chunks(["occupation", "task"])))
    linker = tfidf_linker(task.text for of in tasks.values() for task in of)
    return LinkingRelease(iris.release_document(onet.read.version), tasks, linker)


def _sources(
    pages: _Pages, onet: _Release | None, catalogue: Catalogue, iris: Iris
) -> Iterable[Quad]:
    refs = set(pages.sources)
    dates: dict[SourceRef, str] = {}
    if onet:
        refs.add(onet.source)
        if onet.read.issued:
            dates[onet.source] = onet.read.issued
    return map_sources(refs, catalogue.sources, dates, iris)


def _entries(
    counts: Mapping[str, int],
    pages: _Pages,
    onet: _Release | None,
    foreign: Sequence[Foreign],
    catalogue: Catalogue,
    iris: Iris,
) -> list[GraphEntry]:
    """Return what the catalogue says of each graph."""
    source = catalogue.sources["onet"]
    version = onet.read.version if onet else ""
    cite = (source.cite or source.title).replace("{version}", version)
    of_foreign = {graph: document for document in foreign for graph in document.counts}
    foreign_links = {iris.links_graph(document.graph): document for document in foreign}
    entries = []
    for graph, count in sorted(counts.items()):
        if graph in of_foreign:
            entry = of_foreign[graph].entry(graph, count)
        elif graph in foreign_links:
            entry = foreign_links[graph].links_entry(graph, count, cite)
        elif graph in pages.graphs:
            rights = pages.graphs[graph].rights
            entry = GraphEntry(
                graph,
                count,
                document=pages.documents[graph],
                rights=rights,
                attribution=rights,
            )
        elif onet and graph == onet.mapped.graph:
            entry = GraphEntry(
                graph,
                count,
                document=iris.release_document(version),
                licence=source.licence,
                attribution=cite,
            )
        elif graph in pages.links:
            # The graph says itself what it was made from; here that would stand twice.
            rights = pages.graphs[pages.links[graph]].rights
            entry = GraphEntry(
                graph,
                count,
                kind="inferred",
                rights=rights,
                attribution="; ".join(filter(None, (rights, cite))),
            )
        else:
            entry = GraphEntry(graph, count, licence=LICENCE, attribution=OWN)
        entries.append(entry)
    return entries
