"""From inputs to the quads of every graph: read, mapped, linked, and put where they belong.

What an input becomes is kept in a record, by which the next build knows what it need not read.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import polars as pl

from kg import quads, rdf
from kg.additions import Addition, Planned, plan
from kg.errors import InputError, RequestError
from kg.foreign import Foreign, read_foreign
from kg.mapping.catalog import LICENCE, OWN, GraphEntry, map_catalog
from kg.mapping.concepts import index_concepts, merge_terms
from kg.mapping.contribution import ContributionKind, merge_shared
from kg.mapping.curation import Curation, said
from kg.mapping.iris import Iris, checked_base
from kg.mapping.sources import map_sources
from kg.model import Document, Finding, Quad, Severity, SourceRef
from kg.namespaces import BASE, KG
from kg.pages import (
    PageContext,
    Pages,
    place_of,
    sources_of,
    statements_of,
    tasks_of,
    terms_of,
)
from kg.places import Held, Place
from kg.progress import Progress, silent
from kg.readers import Input, files, find_inputs, passed_over
from kg.readers.sources import Catalogue, load_catalogue
from kg.records import Record
from kg.releases import BuiltRelease, the_release
from kg.resources import folder

__all__ = [
    "Assembly",
    "Request",
    "assemble",
    "assemble_into",
    "example_inputs",
    "vocabulary",
]

DocumentKind = Literal["page", "release", "rdf", "sources"] | ContributionKind


@dataclass(frozen=True, slots=True)
class Request:
    """What a build is asked for.

    `inputs` are files, folders and archives, or what was found in such; None is the bundled
    example. `sources` extends the catalogue of sources, `release` is the number of an O*NET
    release that does not say so itself; with `lenient` its wrong rows and tables are left out.
    """

    inputs: Sequence[Path | Input] | None = None
    sources: Path | None = None
    base: str = BASE
    release: str | None = None
    lenient: bool = False


@dataclass(frozen=True)
class Assembly:
    """What became of inputs: records of them, the findings, and how many quads each graph has.

    `inputs` are the documents that were read, the extension of the source catalogue too.
    """

    iris: Iris
    findings: tuple[Finding, ...]
    inputs: tuple[tuple[DocumentKind, Document], ...]
    pages: tuple[Record, ...]
    release: BuiltRelease | None
    #: What the index, ESCO, crosswalks and mappings contributed.
    additions: tuple[Addition, ...]
    #: The RDF documents of others, in the order in which they were put.
    foreign: tuple[Foreign, ...]
    counts: Mapping[str, int]
    #: The quad table of each graph that has quads, where it was kept in memory.
    parts: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """What became of each table: rows read, mapped and left out, nodes.

        Those of other inputs than the release have a slash in their names.
        """
        tables: dict[str, dict[str, Any]] = self.release.tables if self.release else {}
        return tables | {n: t for addition in self.additions for n, t in addition.tables.items()}


def example_inputs() -> list[Path]:
    """Return the inputs of the bundled example: the page, the release, then the others by name."""
    example = folder("build") / "example"
    first = [*sorted(example.glob("*.txt")), example / "onet_30_2_text"]
    tables = [*example.glob("*.csv"), *example.glob("*.sssom.tsv")]
    folders = [path for path in example.iterdir() if path.is_dir()]
    return [*first, *sorted({*tables, *folders} - {*first})]


def assemble(
    inputs: Sequence[Path] | None = None,
    *,
    sources: Path | None = None,
    base: str = BASE,
    release: str | None = None,
    lenient: bool = False,
) -> Assembly:
    """Read and map inputs in memory, without publishing anything; see `Request`.

    Raises RequestError for inputs that are none, InputError for what cannot be read, RefusedError
    with the findings where several things are wrong.
    """
    with tempfile.TemporaryDirectory() as scratch:
        held = Held(Path(scratch))
        assembly = assemble_into(held, Request(inputs, sources, base, release, lenient))
    return replace(assembly, parts=held.parts)


def assemble_into(
    place: Place,
    request: Request,
    check: Callable[[Sequence[Finding]], None] = lambda _: None,
    progress: Progress = silent,
) -> Assembly:
    """Read and map what a build is asked for, and put every graph into a place.

    `check` gets the findings as soon as there are some, and may raise to stop it. Raises what
    `assemble` raises, and what the place raises.
    """
    iris = Iris(checked_base(request.base))
    if request.inputs is not None and not request.inputs:
        raise RequestError("there is nothing to build from: the list of inputs is empty")
    found, noticed = _found(example_inputs() if request.inputs is None else request.inputs)
    catalogue = load_catalogue(request.sources)
    shipped = vocabulary(iris)
    wanted = the_release(
        [i for i in found if i.kind == "release"],
        request.release,
        catalogue,
        iris,
        lenient=request.lenient,
    )
    states = {i: files.state(i.path) for i in found if i.kind in ("release", "rdf")}
    onet = place.release(wanted) if wanted else None
    if wanted:
        _check_unchanged(wanted.item, states)
    run = _Run(place, iris, catalogue, onet, progress, states)
    concepts = index_concepts(shipped[iris.graph("schemes")])
    context = PageContext(
        catalogue,
        concepts,
        iris,
        onet.index if onet else None,
        onet.record.key if onet else None,
        lambda: onet.linking if onet else None,
    )
    others = [i for i in found if i.kind != "release"]
    return run.all(others, shipped, context, check, noticed)


def _found(given: Sequence[Path | Input]) -> tuple[list[Input], list[Finding]]:
    """Return what is given as inputs, and which files beside them are not read."""
    found: list[Input] = []
    noticed = []
    for item in given:
        here = [item] if isinstance(item, Input) else list(find_inputs(item))
        found += here
        if isinstance(item, Input):
            continue
        for over in passed_over(item, here):
            more = f" and {len(over.names) - 1:,} more" if len(over.names) > 1 else ""
            message = f"{over.names[0]}{more} not read: {over.reason}"
            severity: Severity = "warning" if over.is_weighty else "info"
            noticed.append(Finding(severity, message, files.shown(item)))
    return found, noticed


@dataclass
class _Run:
    """One assembly, step by step."""

    place: Place
    iris: Iris
    catalogue: Catalogue
    onet: BuiltRelease | None
    progress: Progress
    #: What the files of inputs were like before they were read.
    states: Mapping[Input, object]
    #: How many quads each graph has.
    counts: Counter[str] = field(default_factory=Counter)
    #: What the catalogue says of the graphs of additions.
    said: dict[str, GraphEntry] = field(default_factory=dict)
    #: The RDF document that names a graph.
    named: dict[str, Foreign] = field(default_factory=dict)

    def all(
        self,
        inputs: Sequence[Input],
        shipped: Mapping[str, Sequence[Quad]],
        context: PageContext,
        check: Callable[[Sequence[Finding]], None],
        noticed: Sequence[Finding],
    ) -> Assembly:
        """Put everything; the order is that in which a triple of two graphs is the first's."""
        onet, page_inputs = self.onet, [i for i in inputs if i.kind == "page"]
        codes = frozenset(onet.index.codes.values()) if onet else frozenset()
        planned = plan(inputs, self.catalogue, onet, self.iris)
        curation = Curation(self.iris, tuple(d for of in planned for d in of.decisions))
        # Now: a release that is read lets go of its tables when they are put.
        tasks = _tasks_in(onet) if curation.decisions else set()
        context = replace(context, curation=curation)
        foreign = read_foreign([i for i in inputs if i.kind == "rdf"], codes, self.iris)
        self.place.expect(planned, foreign)
        pages = Pages(len(page_inputs))
        ending = self.place.put_pages(page_inputs, context, pages, self.progress)
        of_inputs = (
            *(onet.findings if onet else ()),
            *noticed,
            *curation.contradictions(),
            *curation.unsigned(),
        )
        if pages.is_whole:  # else they are being read beside what follows
            check([*pages.end(), *of_inputs])
        if onet:
            self.put_release(onet)
        self.counts.update(ending())
        statements, tasks = statements_of(pages.records), tasks | tasks_of(pages.records)
        found = [*pages.end(), *of_inputs, *curation.unknown(statements, tasks)]
        findings = sorted(found, key=place_of)
        check(findings)
        additions = self._additions(planned, statements, tasks)
        del planned  # and what inputs looked up in one another
        of_additions = (found for addition in additions for found in addition.record.findings)
        findings = sorted([*findings, *of_additions], key=place_of)
        check(findings)
        for graph, rows in shipped.items():
            self.put_rows(graph, rows)
        self.put_rows(self.iris.graph("sources"), self._sources(pages.records, additions))
        self.put(self.iris.graph("page-terms"), [merge_terms(terms_of(pages.records))])
        for document in foreign:
            self._foreign(document)
        for item in inputs:  # whose digests were taken first, and contents read afterwards
            _check_unchanged(item, self.states)
        findings += [f for document in foreign for f in document.findings()]
        check(findings)
        self._catalog(pages.records, foreign)
        return Assembly(
            self.iris,
            tuple(findings),
            self._documents(pages.records, additions, foreign),
            tuple(pages.records),
            onet,
            additions,
            tuple(foreign),
            dict(+self.counts),
        )

    def put_release(self, onet: BuiltRelease) -> None:
        if (count := self.place.keep_release(onet)) is not None:
            self.counts[onet.graph] += count
        else:
            self.put(onet.graph, self._told("release", onet.chunks(None)))
            onet.forget()

    def _told(self, stage: str, chunks: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        done = 0
        for chunk in chunks:
            yield chunk
            done += chunk.height
            self.progress(stage, done, None, "quads")

    def put(self, graph: str, chunks: Iterable[pl.DataFrame]) -> None:
        self.counts[graph] += self.place.put(graph, chunks)

    def put_rows(self, graph: str, rows: Iterable[Quad]) -> None:
        self.put(graph, [quads.unique_sorted(quads.from_rows(rows))])

    def _additions(
        self, planned: Sequence[Planned], statements: Collection[str], tasks: Collection[str]
    ) -> tuple[Addition, ...]:
        """Put what inputs of other kinds contribute, then what several of them share.

        What decisions say of the statements and tasks that there are is shared too.
        """
        additions: list[Addition] = []
        places: dict[str, str] = {}
        decided: list[_Decided] = []
        curation = self.iris.graph("curation")
        for number, item in enumerate(planned, 1):
            addition = self.place.addition(item)
            for graph in addition.record.graphs:
                if (other := places.setdefault(graph, item.place)) != item.place:
                    raise InputError(f"{item.place}: gives {graph}, as {other} does; rename one")
                if (contribution := addition.contribution) is None:
                    self.counts[graph] += self.place.keep(graph)
                else:
                    self.put(graph, contribution.chunks(graph))
                self.said[graph] = addition.entries[graph]
            # Its tables have been written, and are not needed any more.
            additions.append(replace(addition, contribution=None))
            if item.decisions:
                entry = addition.entries[addition.record.graphs[0]]
                decided.append(
                    _Decided(
                        {curation: said(item.decisions, statements, tasks, curation)},
                        {curation: replace(entry, graph=curation, document=None)},
                    )
                )
            self.progress("additions", number, len(planned), "inputs")
        for graph, (table, entry) in merge_shared([*additions, *decided]).items():
            self.put(graph, [table])
            self.said[graph] = entry
        return tuple(additions)

    def _foreign(self, document: Foreign) -> None:
        if not self.place.put_foreign(document):
            for graph, chunks in document.stream(self.place):
                self._name(graph, document)
                self.put(graph, chunks)
        else:
            for graph in document.counts:
                self._name(graph, document)
            self.counts.update(document.counts)
        documents = [self.iris.release_document(self.onet.version)] if self.onet else []
        links = quads.unique_sorted(quads.from_rows(document.links(documents)))
        if links.height:
            self.put(links.item(0, "graph"), [self.place.new(links)])

    def _name(self, graph: str, document: Foreign) -> None:
        if (other := self.named.setdefault(graph, document)) is not document:
            raise InputError(
                f"two inputs name the graph {graph}: {other.path} and {document.path}; "
                "put them into one zip archive"
            )

    def _sources(self, pages: Sequence[Record], additions: Sequence[Addition]) -> Iterable[Quad]:
        refs = sources_of(pages)
        dates: dict[SourceRef, str] = {}
        for addition in additions:
            refs |= addition.sources.keys()
            dates |= {ref: date for ref, date in addition.sources.items() if date}
        if self.onet:
            refs.add(self.onet.source)
            if self.onet.issued:
                dates[self.onet.source] = self.onet.issued
        return map_sources(refs, self.catalogue.sources, dates, self.iris)

    def _documents(
        self,
        pages: Sequence[Record],
        additions: Sequence[Addition],
        foreign: Sequence[Foreign],
    ) -> tuple[tuple[DocumentKind, Document], ...]:
        documents: list[tuple[DocumentKind, Document]] = [("page", p.document) for p in pages]
        documents += [pair for addition in additions for pair in addition.documents]
        documents += [("rdf", document.read.document) for document in foreign]
        if self.onet:
            documents.append(("release", self.onet.record.document))
        if self.catalogue.extension:
            documents.append(("sources", self.catalogue.extension))
        documents.sort(key=lambda pair: (pair[0], pair[1].file_name, pair[1].sha256))
        return tuple(documents)

    def _catalog(self, pages: Sequence[Record], foreign: Sequence[Foreign]) -> None:
        """Put the catalogue, which comes last, since it says how many quads the others have."""
        graph = self.iris.graph("catalog")
        entries = self._entries(pages, foreign)
        described = [row for document in foreign for row in document.description(graph)]
        repeated = 0
        # What a document says of the catalogue itself may make its own count unsayable.
        for _ in range(3):
            rows = map_catalog(entries, self.iris, described, repeated)
            table = quads.unique_sorted(quads.from_rows(rows))
            new = self.place.new(table) if foreign else table
            if table.height - new.height == repeated:
                self.put(graph, [new])
                return
            repeated = table.height - new.height
        raise InputError(f"an RDF document says how many triples {graph} has; leave that out")

    def _entries(self, pages: Sequence[Record], foreign: Sequence[Foreign]) -> list[GraphEntry]:
        """Return what the catalogue says of each graph."""
        source = self.catalogue.sources["onet"]
        version = self.onet.version if self.onet else ""
        cite = (source.cite or source.title).replace("{version}", version)
        of_pages = {record.graphs[0]: record for record in pages}
        of_links = {graph: record for record in pages for graph in record.graphs[1:]}
        of_foreign = {graph: document for document in foreign for graph in document.counts}
        foreign_links = {self.iris.links_graph(document.graph): document for document in foreign}
        entries = []
        for graph, count in sorted((+self.counts).items()):
            if graph in of_foreign:
                entry = of_foreign[graph].entry(graph, count)
            elif graph in foreign_links:
                entry = foreign_links[graph].links_entry(graph, count, cite)
            elif graph in self.said:
                entry = replace(self.said[graph], count=count)
            elif graph in of_pages:
                facts = of_pages[graph].facts
                rights = facts["rights"]
                entry = GraphEntry(
                    graph, count, document=facts["document"], rights=rights, attribution=rights
                )
            elif self.onet and graph == self.onet.graph:
                entry = GraphEntry(
                    graph,
                    count,
                    document=self.iris.release_document(version),
                    licence=source.licence,
                    attribution=cite,
                )
            elif graph in of_links:
                # The graph says itself what it was made from; here that would stand twice.
                rights = of_links[graph].facts["rights"]
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


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the decisions of one mapping set say directly, by graph."""

    shared: Mapping[str, pl.DataFrame]
    entries: Mapping[str, GraphEntry]


def _tasks_in(release: BuiltRelease | None) -> set[str]:
    """Return the tasks of a release."""
    if release is None:
        return set()
    table = quads.concat(release.chunks(["task"]))
    return set(table.filter(pl.col("predicate") == KG.taskId)["subject"])


def _check_unchanged(item: Input, states: Mapping[Input, object]) -> None:
    """Raise InputError for an input whose files are others than when they began to be read."""
    if item in states and files.state(item.path) != states[item]:
        raise InputError("changed while it was being read; build again", str(item))


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
