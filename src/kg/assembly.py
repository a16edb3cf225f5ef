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
from kg.errors import InputError, RequestError
from kg.foreign import Foreign, Place, read_foreign
from kg.mapping.catalog import LICENCE, OWN, GraphEntry, map_catalog
from kg.mapping.concepts import index_concepts, merge_terms
from kg.mapping.iris import Iris, checked_base
from kg.mapping.release import index_release, map_release
from kg.mapping.sources import map_sources
from kg.model import Document, Finding, Page, Quad, SourceRef
from kg.namespaces import BASE
from kg.pages import BuiltPages, BuiltRelease, place_of, read_pages
from kg.readers import Input, files, find_inputs
from kg.readers.onet import read_release
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
    pages = read_pages([i for i in found if i.kind == "page"], catalogue, concepts, onet, iris)
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
    findings.sort(key=place_of)
    documents.sort(key=lambda pair: (pair[0], pair[1].file_name, pair[1].sha256))

    def links(document: Foreign) -> list[Quad]:
        return document.links([iris.release_document(onet.read.version)] if onet else [])

    def catalog(counts: Mapping[str, int], place: Place) -> pl.DataFrame:
        entries = _entries(counts, pages, onet, foreign, catalogue, iris)
        graph = iris.graph("catalog")
        described = [row for document in foreign for row in document.description(graph)]
        repeated = 0
        # What a document says of the catalogue itself may make its own count unsayable.
        for _ in range(3):
            rows = map_catalog(entries, iris, described, repeated)
            table = quads.unique_sorted(quads.from_rows(rows))
            new = place.new(table) if foreign else table
            if table.height - new.height == repeated:
                return new
            repeated = table.height - new.height
        raise InputError(f"an RDF document says how many triples {graph} has; leave that out")

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
) -> BuiltRelease | None:
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
    return BuiltRelease(read, source, index_release(read), map_release(read, source, iris))


def _tables(onet: BuiltRelease) -> dict[str, dict[str, Any]]:
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


def _sources(
    pages: BuiltPages, onet: BuiltRelease | None, catalogue: Catalogue, iris: Iris
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
    pages: BuiltPages,
    onet: BuiltRelease | None,
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
