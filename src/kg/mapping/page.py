"""A framework page: its record to quads in its own graph.

What the page says is carried over; what is derived from the order of its statements (stages)
says so with `kg:stageBasis`; what is looked up in a release (the occupation's code, task IDs of
anchors, the element of a skill) and not found there is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg import quads
from kg.mapping.concepts import Concepts, introduce, introduce_stage
from kg.mapping.iris import Iris, Unique, slug, text_key
from kg.mapping.lookups import Answer, Lookups
from kg.mapping.release import ReleaseIndex
from kg.model import (
    Classification,
    Document,
    Figure,
    Finding,
    Framework,
    Mention,
    Page,
    Quad,
    Section,
    Severity,
    SourceRef,
    Statement,
)
from kg.namespaces import DCT, KG, ONET, PROV, RDF, SCHEMA, SKOS, XSD, concept
from kg.readers.layout import shorten

__all__ = ["MappedPage", "map_page"]


@dataclass(frozen=True, slots=True)
class MappedPage:
    """The quads of a page's graph, of the nodes it introduces, and what was noticed."""

    graph: str
    document: str
    rows: tuple[Quad, ...]
    terms: tuple[Quad, ...]
    sources: frozenset[SourceRef]
    findings: tuple[Finding, ...]
    #: What was looked up elsewhere, and what was answered.
    asked: Mapping[tuple[str, ...], Answer]


def map_page(
    page: Page,
    concepts: Concepts,
    release: ReleaseIndex | None,
    iris: Iris,
    file: str | None = None,
) -> MappedPage:
    """Return a page as quads; a pure function of its arguments.

    `file` names the page in findings, as it did when it was read; if none, its name alone does.
    """
    lookups = Lookups(concepts, release)
    writer = _PageWriter(page, lookups, iris, file or page.document.file_name)
    writer.write()
    return MappedPage(
        writer.graph,
        writer.document,
        tuple(writer.rows),
        tuple(writer.terms),
        frozenset(_sources(page)),
        tuple(writer.findings),
        lookups.asked,
    )


def _sources(page: Page) -> Iterator[SourceRef]:
    yield from (m.source for m in page.mentions)
    yield from (f.source for f in page.figures)
    yield from (c.source for c in page.classifications)
    for framework in page.frameworks:
        yield from framework.sources


@dataclass
class _PageWriter:
    """Collects the quads of one page."""

    page: Page
    look_up: Lookups
    iris: Iris
    file: str
    rows: list[Quad] = field(default_factory=list)
    terms: list[Quad] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unique: Unique = field(default_factory=Unique)

    def __post_init__(self) -> None:
        title = self.page.title
        self.graph = self.iris.page_graph(title)
        self.document = self.iris.page_document(title)
        self.release = self.look_up.version()
        self.code = self.look_up.code(text_key(title))
        self.occupation = (
            self.iris.occupation(self.code)
            if self.code
            else self.iris.occupation_without_code(title)
        )

    # Every quad goes through one of these.

    def iri(self, subject: str, predicate: str, value: str) -> None:
        self.rows.append(quads.iri(subject, predicate, value, self.graph))

    def text(self, subject: str, predicate: str, value: str | None) -> None:
        if value:
            self.rows.append(quads.text(subject, predicate, value, self.graph))

    def string(self, subject: str, predicate: str, value: str | None) -> None:
        if value:
            self.rows.append(quads.literal(subject, predicate, value, self.graph))

    def integer(self, subject: str, predicate: str, value: int | None) -> None:
        if value is not None:
            self.rows.append(quads.literal(subject, predicate, str(value), self.graph, XSD.integer))

    def find(self, severity: Severity, message: str, line: int | None = None) -> None:
        self.findings.append(Finding(severity, message, self.file, line))

    def write(self) -> None:
        """Write the whole page."""
        self._document(self.page.document)
        self._occupation()
        self._release_cited()
        for framework in self.page.frameworks:
            self._framework(framework)
        for figure in self.page.figures:
            self._figure(figure)
        for classification in self.page.classifications:
            self._classification(classification)
        self._anchors()
        self._mentions()

    def _document(self, document: Document) -> None:
        node, page = self.document, self.page
        self.iri(node, RDF.type, KG.Document)
        self.iri(node, DCT.type, concept("document-kind", "page"))
        self.text(node, DCT.title, page.title)
        self.text(node, DCT.description, page.context)
        self.text(node, DCT.rights, page.rights)
        self.string(node, KG.fileName, document.file_name)
        self.string(node, KG.sha256, document.sha256)
        self.integer(node, KG.declaredJobZone, page.job_zone)
        self.integer(node, KG.declaredStageCount, page.stage_count)
        self.iri(node, SCHEMA.about, self.occupation)
        for source in dict.fromkeys(m.source for m in page.mentions if m.place == "footer"):
            self.iri(node, DCT.source, self.iris.source(source))

    def _occupation(self) -> None:
        title = self.page.title
        if self.code is None:
            terms = self.iris.graph("page-terms")
            self.terms.append(quads.iri(self.occupation, RDF.type, KG.Occupation, terms))
            self.terms.append(quads.text(self.occupation, SKOS.prefLabel, title, terms))
            if self.release is None:
                self.find("info", "no O*NET release was given; the occupation has no code", 1)
            else:
                named = f"has no occupation {shorten(title)!r}"
                self.find("warning", f"O*NET {self.release} {named}", 1)
            return
        known = self.look_up.job_zone(self.code)
        declared = self.page.job_zone
        if None not in (known, declared) and known != declared:
            self.find(
                "warning",
                f"job zone {declared} stated; O*NET {self.release} has {known}",
                self.page.context_line,
            )

    def _release_cited(self) -> None:
        """Notice a page that names another O*NET release than the one it is built with."""
        if self.release is None:
            return
        stated = [m for m in self.page.mentions if m.source.key == "onet" and m.version]
        if other := next((m for m in stated if m.version != self.release), None):
            self.find(
                "warning",
                f"O*NET {other.version} named; built with O*NET {self.release}",
                other.line,
            )

    def _framework(self, framework: Framework) -> None:
        node = self.unique(self.iris.framework(self.page.title, framework.kind))
        self.iri(node, RDF.type, KG.Framework)
        self.iri(node, DCT.type, concept("framework-kind", framework.kind))
        self.iri(node, KG.occupation, self.occupation)
        self.iri(node, DCT.isPartOf, self.document)
        self.text(node, DCT.title, framework.title)
        self.text(node, DCT.description, framework.description)
        self.integer(node, KG.declaredLevelCount, framework.level_count)
        for source in framework.sources:
            self.iri(node, DCT.source, self.iris.source(source))
        # AI statements are not in an order that stages could be derived from.
        stages = self.page.stage_count if framework.kind == "base" else None
        self._statements(framework.statements, node, None, None, "career-stage", stages)
        levels = framework.level_count or self.page.stage_count
        for section in framework.sections:
            self._section(section, node, levels)

    def _section(self, section: Section, framework: str, levels: int | None) -> None:
        domain = self.look_up.concept("domain", section.domain)
        if domain is None:
            domain, rows = introduce("domain", section.domain, None, self.iris, KG.Domain)
            self.terms += rows
            self.find(
                "info", f"a domain that no scheme has: {shorten(section.domain)}", section.line
            )
        node = self.unique(f"{framework}/{slug(section.domain)}")
        self.iri(node, RDF.type, KG.Section)
        self.iri(node, DCT.isPartOf, framework)
        self.iri(node, KG.domain, domain)
        self.integer(node, KG.declaredCount, section.declared)
        self.integer(node, KG.position, section.number)
        self._derived(node, section.line)
        # A list that is not whole, or too long, cannot be split by order.
        if len(section.statements) != section.declared:
            levels = None
        self._statements(section.statements, framework, node, domain, "level", levels)

    def _statements(
        self,
        statements: Sequence[Statement],
        framework: str,
        section: str | None,
        domain: str | None,
        stage_kind: str,
        stages: int | None,
    ) -> None:
        """Write statements; `stages` of them share the order evenly, where that is possible."""
        each = len(statements) // stages if stages and len(statements) % stages == 0 else 0
        for index, statement in enumerate(statements):
            name = slug(statement.label or statement.text or "")
            node = self.unique(f"{section or framework}/{name}")
            self.iri(node, RDF.type, KG.Statement)
            self.text(node, SKOS.prefLabel, statement.label)
            self.text(node, SKOS.definition, statement.text)
            self.iri(node, KG.framework, framework)
            self.iri(node, KG.occupation, self.occupation)
            self.integer(node, KG.position, statement.position)
            if section and domain:
                self.iri(node, KG.section, section)
                self.iri(node, KG.domain, domain)
            if each:
                number = index // each + 1
                self.iri(node, KG.stage, self._stage(stage_kind, number))
                self.iri(node, KG.stageBasis, concept("stage-basis", "order"))
            for source in statement.cites:
                self.iri(node, KG.cites, self.iris.source(source))
            self._derived(node, statement.line)

    def _stage(self, kind: str, number: int) -> str:
        node = concept(kind, str(number))
        if not self.look_up.is_shipped(node):
            node, rows = introduce_stage(kind, number, self.iris)
            self.terms += rows
        return node

    def _figure(self, figure: Figure) -> None:
        node = self.unique(f"{self.document}/figure/{figure.metric}")
        self.iri(node, RDF.type, KG.Figure)
        self.rows.append(quads.literal(node, KG.value, figure.value, self.graph, XSD.decimal))
        self.iri(node, KG.unit, concept("unit", figure.unit))
        self._evidence(node, figure)

    def _classification(self, item: Classification) -> None:
        node = self.unique(f"{self.document}/classification/{item.metric}")
        self.iri(node, RDF.type, KG.Classification)
        self.iri(node, KG.category, self._category(item))
        self._evidence(node, item)

    def _category(self, item: Classification) -> str:
        """Return the element or concept that a classification names."""
        name = item.notation or item.label or ""
        if item.scheme == "skill":
            element = self.look_up.element(text_key(name))
            if element is not None:
                return self.iris.element(element)
            severity: Severity = "warning" if self.release else "info"
            self.find(severity, f"no element of a release is called {shorten(name)!r}", item.line)
        elif (known := self.look_up.concept(item.scheme, name)) is not None:
            return known
        node, rows = introduce(item.scheme, item.label or name, item.notation, self.iris)
        self.terms += rows
        return node

    def _evidence(self, node: str, item: Figure | Classification) -> None:
        self.iri(node, SCHEMA.about, self.occupation)
        self.iri(node, KG.metric, concept("metric", item.metric))
        self.iri(node, DCT.source, self.iris.source(item.source))
        self._derived(node, item.line)

    def _anchors(self) -> None:
        anchors = self.page.anchors
        if anchors is None:
            return
        node = self.unique(f"{self.document}/anchors")
        self.iri(node, RDF.type, KG.Section)
        self.iri(node, DCT.isPartOf, self.document)
        self.integer(node, KG.declaredCount, anchors.declared)
        self.string(node, KG.credit, anchors.credit)
        self._derived(node, anchors.line)
        known = self.look_up.tasks(self.code) if self.code else {}
        for text, line in anchors.tasks:
            task_id = known.get(text_key(text))
            self.iri(node, KG.groundedIn, self._task(text, task_id))
            if task_id is None and self.code is not None:
                self.find("warning", f"anchor is no task of the occupation: {shorten(text)}", line)
        if anchors.tasks and self.code is None:
            self.find("info", "task IDs of the anchors were not looked up", anchors.line)

    def _task(self, text: str, task_id: str | None) -> str:
        if task_id is not None:
            return self.iris.task(task_id)
        node, terms = self.iris.task_without_id(text), self.iris.graph("page-terms")
        self.terms.append(quads.iri(node, RDF.type, KG.Task, terms))
        self.terms.append(quads.iri(node, RDF.type, ONET.Task, terms))
        self.terms.append(quads.text(node, ONET.task, text, terms))
        return node

    def _mentions(self) -> None:
        grouped: dict[str, list[Mention]] = {}
        for mention in self.page.mentions:
            name = self.iris.source(mention.source).removeprefix(f"{self.iris.base}source/")
            node = f"{self.document}/mention/{mention.place}/{name}"
            grouped.setdefault(node, []).append(mention)
        for node, mentions in grouped.items():
            first = mentions[0]
            self.iri(node, RDF.type, KG.SourceMention)
            self.iri(node, DCT.isPartOf, self.document)
            self.iri(node, KG.source, self.iris.source(first.source))
            self.iri(node, KG.place, concept("mention-place", first.place))
            for version in sorted({m.version for m in mentions if m.version}):
                self.string(node, KG.statedVersion, version)
            for date in sorted({m.date for m in mentions if m.date}):
                row = quads.literal(node, KG.statedDate, date, self.graph, quads.date_type(date))
                self.rows.append(row)
            for licence in sorted({m.licence for m in mentions if m.licence}):
                self.string(node, KG.statedLicense, licence)
            self._derived(node, first.line)

    def _derived(self, node: str, line: int) -> None:
        self.iri(node, PROV.wasDerivedFrom, self.document)
        self.integer(node, KG.line, line)
