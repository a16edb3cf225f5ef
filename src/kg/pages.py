"""Framework pages of a build: read, mapped, and linked to the tasks of a release.

What a page becomes depends on the page, on the names of the source catalogue, and on what it looks
up in the shipped schemes and the release, and on which of its statements somebody has decided;
never on other pages. So pages may be read in any
processes, and one of which nothing has changed need not be read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from kg import quads
from kg.errors import InputError, RefusedError
from kg.fingerprints import fingerprint
from kg.mapping.concepts import Concepts
from kg.mapping.curation import Curation
from kg.mapping.iris import Iris
from kg.mapping.links import LinkingRelease, MappedLinks, links_table, map_links
from kg.mapping.lookups import Lookups, changed
from kg.mapping.page import MappedPage, map_page
from kg.mapping.release import ReleaseIndex
from kg.model import Document, Finding, Page, Quad, SourceRef
from kg.namespaces import KG, RDF
from kg.readers import Input, files
from kg.readers.layout import shorten
from kg.readers.page import read_page
from kg.readers.sources import Catalogue
from kg.records import Record, digest

__all__ = [
    "BATCH",
    "PageContext",
    "PageRead",
    "Pages",
    "Ready",
    "digest_of",
    "place_of",
    "read",
    "sources_of",
    "statements_of",
    "tasks_of",
    "terms_of",
    "why_not",
]


#: So many pages are read together: more would take memory, and no less time each.
BATCH = 8


@dataclass(frozen=True)
class PageContext:
    """What pages are read with, the same for all of a build; `release_key` tells releases apart."""

    catalogue: Catalogue
    concepts: Concepts
    iris: Iris
    release: ReleaseIndex | None = None
    release_key: str | None = None
    #: What pages are linked by, made only where a page is read.
    linking: Callable[[], LinkingRelease | None] = lambda: None
    #: What somebody decided of statements and tasks.
    curation: Curation = field(default_factory=Curation)

    @property
    def key(self) -> str:
        """A digest of what all pages depend on, but for what they look up."""
        return digest(self.iris.base, fingerprint("page"), self.catalogue.names)

    @property
    def links_key(self) -> str:
        """A digest of what all links depend on: the linker learns from the whole release."""
        return digest(fingerprint("links"), self.release_key)


@dataclass(frozen=True, slots=True)
class Ready:
    """What pages are linked by, once it is made; it can be sent to another process."""

    linking: LinkingRelease | None

    def __call__(self) -> LinkingRelease | None:
        return self.linking


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page that was read: its record, and its graphs with their quads; or what is wrong."""

    record: Record | None
    tables: tuple[tuple[str, pl.DataFrame], ...] = ()
    error: InputError | None = None


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A page that was read, before its quads are a table."""

    record: Record
    rows: tuple[Quad, ...]
    links: MappedLinks | None


def read(items: Sequence[Input], context: PageContext) -> list[PageRead]:
    """Read, map and link pages; what makes one of them unusable is told, not raised.

    Each becomes what it would become by itself. Together they are quicker: most of the time that a
    table takes is the same for few rows and for many.
    """
    mapped = [_read(item, context) for item in items]
    usable = [m for m in mapped if isinstance(m, _Mapped)]
    graphs = Counter(graph for m in usable for graph in m.record.graphs)
    apart = [m for m in usable if any(graphs[graph] > 1 for graph in m.record.graphs)]
    tables = _tables([m for m in usable if m not in apart])
    results = []
    for one in mapped:
        if isinstance(one, InputError):
            results.append(PageRead(None, error=one))
            continue
        # Of two pages that give the same graph only one may be used, and each has its own quads.
        own = _tables([one]) if one in apart else tables
        of_page = tuple((graph, own[graph]) for graph in one.record.graphs)
        results.append(PageRead(one.record, of_page))
    return results


def _tables(mapped: Sequence[_Mapped]) -> dict[str, pl.DataFrame]:
    """Return the quad table of each graph, unique and sorted."""
    found = [m.links for m in mapped if m.links]
    rows = [*(row for m in mapped for row in m.rows), *(row for of in found for row in of.shared)]
    table = quads.concat(
        [quads.from_rows(rows), links_table(row for of in found for row in of.links)]
    )
    ordered = quads.unique_sorted(table)
    return {
        part.item(0, "graph"): part for part in ordered.partition_by("graph", maintain_order=True)
    }


def _read(item: Input, context: PageContext) -> _Mapped | InputError:
    file = str(item)
    try:
        page = read_page(item.read(), file, context.catalogue)
        mapped = map_page(page, context.concepts, context.release, context.iris, file)
    except InputError as error:
        return error
    linking = context.linking()
    decided = {(statement, task) for statement, task in context.curation.of_page(page.title)}
    links = map_links(mapped, linking, context.iris, decided) if linking else None
    graphs = [mapped.graph, *([links.graph] if links else [])]
    return _Mapped(_record(page, mapped, graphs, context), mapped.rows, links)


def _record(page: Page, mapped: MappedPage, graphs: Iterable[str], context: PageContext) -> Record:
    """Return what later steps of a build, and the next build, need of a page."""
    decided = context.curation.of_page(page.title)
    return Record(
        "page",
        page.document,
        _key(page.document, context),
        tuple(graphs),
        (*page.findings, *mapped.findings),
        {
            "title": page.title,
            "document": mapped.document,
            "rights": page.rights,
            "statements": _statements(page),
            "terms": [list(term) for term in mapped.terms],
            "sources": [[s.key, s.version] for s in sorted(mapped.sources, key=_source_order)],
            "asked": [[list(question), answer] for question, answer in mapped.asked.items()],
            "links_key": context.links_key,
            # Which pairs are decided, not how: that is said elsewhere.
            "decided": decided,
            "described": sorted({s for s, _ in decided} & _described(mapped)) if decided else [],
        },
    )


def _described(mapped: MappedPage) -> set[str]:
    """Return the statements of a page."""
    return {q.subject for q in mapped.rows if q.predicate == RDF.type and q.object == KG.Statement}


def _statements(page: Page) -> dict[str, int]:
    """Return how many statements each framework has."""
    counts: Counter[str] = Counter()
    for framework in page.frameworks:
        sections = sum(len(section.statements) for section in framework.sections)
        counts[framework.kind] += len(framework.statements) + sections
    return dict(counts)


def _source_order(source: SourceRef) -> tuple[str, str]:
    return source.key, source.version or ""


def _key(document: Document, context: PageContext) -> str:
    return digest(document.file_name, document.sha256, context.key)


def why_not(record: Record, context: PageContext) -> str | None:
    """Return why a page has to be read again, although it has not changed; None if it has not."""
    if record.key != _key(record.document, context):
        return "the reader, the layout or the names of the sources changed"
    if kind := changed(record.facts["asked"], Lookups(context.concepts, context.release)):
        return f"what it looks up changed: {kind}"
    if record.facts["links_key"] != context.links_key:
        return "the linker or the release that it is linked to changed"
    if record.facts["decided"] != context.curation.of_page(record.facts["title"]):
        return "decisions about its links came or went"
    return None


def terms_of(records: Iterable[Record]) -> Iterator[Quad]:
    """Yield the quads of the nodes that pages introduce."""
    return (Quad(*term) for record in records for term in record.facts["terms"])


def statements_of(records: Iterable[Record]) -> set[str]:
    """Return the statements of pages that somebody has decided about."""
    return {statement for record in records for statement in record.facts["described"]}


def tasks_of(records: Iterable[Record]) -> set[str]:
    """Return the tasks that pages introduce, since no release has them."""
    return {q.subject for q in terms_of(records) if (q.predicate, q.object) == (RDF.type, KG.Task)}


def sources_of(records: Iterable[Record]) -> set[SourceRef]:
    """Return the sources that pages name."""
    return {SourceRef(*source) for record in records for source in record.facts["sources"]}


class Pages:
    """Collects what becomes of the pages of a build, in any order, and says what is wrong."""

    def __init__(self, number: int) -> None:
        self._number, self._taken = number, 0
        self._unread: list[InputError] = []
        self._twice: list[tuple[str, str, str]] = []
        self._seen: dict[str, str] = {}
        self.records: list[Record] = []

    def take(self, item: Input, result: PageRead) -> bool:
        """Take a page that was read; tell whether it can be used."""
        self._taken += 1
        if result.record is None:
            assert result.error is not None
            self._unread.append(result.error)
            return False
        graph, place = result.record.graphs[0], str(item)
        if (other := self._seen.get(graph)) is not None:
            first, second = sorted((other, place))
            self._twice.append((result.record.facts["title"], first, second))
            return False
        self._seen[graph] = place
        self.records.append(result.record)
        return True

    @property
    def is_whole(self) -> bool:
        """Whether all pages were taken."""
        return self._taken == self._number

    def end(self) -> list[Finding]:
        """Return what was noticed, when all were taken; one that is unusable stops the build."""
        self.records.sort(key=lambda record: record.graphs[0])
        found = sorted((f for record in self.records for f in record.findings), key=place_of)
        twice = [
            InputError(f"two inputs give the frameworks of {shorten(title)!r}: {one} and {other}")
            for title, one, other in sorted(self._twice)
        ]
        broken = [*self._unread, *twice]
        # Two inputs for one framework are a wrong request; what else they hold can wait.
        if len(broken) == 1 and (twice or all(f.severity == "info" for f in found)):
            raise broken[0]
        if broken:
            errors = [Finding("error", e.message, e.file, e.line) for e in broken]
            number = f"{len(broken)} of {self._number} framework pages"
            raise RefusedError(f"{number} cannot be used", [*sorted(errors, key=place_of), *found])
        return found


def place_of(finding: Finding) -> tuple[str, int, str, str]:
    """Return what findings are ordered by: file and line, then how they are worded."""
    return finding.file or "", finding.line or 0, finding.severity, finding.message


def digest_of(item: Input) -> tuple[str, str]:
    """Return the name and the digest of a page's file; InputError if it cannot be read."""
    return files.file_name(str(item)), files.sha256(item.read())
