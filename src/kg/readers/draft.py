"""A framework page while it is read: what it has said so far, and the checks of the whole.

What stands twice is noticed where it is added: the first counts, and the finding says what the
second was. What is missing, or not as many as declared, is noticed when the page is finished.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kg.model import (
    Anchors,
    Classification,
    Document,
    Figure,
    Finding,
    Framework,
    FrameworkKind,
    Mention,
    Page,
    Section,
    Severity,
    SourceRef,
    Statement,
)
from kg.readers.domains import DomainHeading
from kg.readers.layout import Layout, fold, shorten
from kg.texts import number_of

__all__ = ["AnchorsDraft", "FrameworkDraft", "PageDraft", "SectionDraft"]

_FRAMEWORKS: dict[FrameworkKind, str] = {
    "base": "base statements",
    "ai": "AI-at-Work framework",
    "durable": "durable-skills framework",
}


@dataclass
class SectionDraft:
    """A domain's heading, and the statements below it so far."""

    heading: DomainHeading
    line: int
    statements: list[Statement] = field(default_factory=list)


@dataclass
class AnchorsDraft:
    """The heading of the source anchors, and the tasks below it so far."""

    declared: int | None
    credit: str | None
    line: int
    tasks: list[tuple[str, int]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


@dataclass
class FrameworkDraft:
    """What a page has said of one framework; `sources` is an ordered set."""

    kind: FrameworkKind
    title: str | None = None
    description: str | None = None
    sources: dict[SourceRef, None] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    sections: list[SectionDraft] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)

    @property
    def has_content(self) -> bool:
        """Whether statements or domains were read."""
        return bool(self.statements or self.sections)


@dataclass
class PageDraft:
    """What a page has said; `file` names it in findings, `kinds` counts its lines by kind."""

    file: str
    title: str | None = None
    context: str | None = None
    context_line: int | None = None
    rights: str | None = None
    footer_line: int | None = None
    last_line: int = 1
    mentions: list[Mention] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    frameworks: dict[FrameworkKind, FrameworkDraft] = field(
        default_factory=lambda: {kind: FrameworkDraft(kind) for kind in _FRAMEWORKS}
    )
    _anchors: AnchorsDraft | None = None
    _evidence: list[Figure | Classification] = field(default_factory=list)
    _metrics: dict[str, Figure | Classification] = field(default_factory=dict)
    _cited: dict[str, SourceRef] = field(default_factory=dict)
    _has_statement: bool = False

    def find(self, severity: Severity, message: str, line: int | None = None) -> None:
        """Add a finding about the page."""
        self.findings.append(Finding(severity, message, self.file, line))

    def mention(self, mention: Mention) -> None:
        """Add a source that the page names."""
        self.mentions.append(mention)
        self._cited.setdefault(mention.source.key, mention.source)

    def source_of(self, key: str) -> SourceRef:
        """Return the version of a source that this page was the first to name, else the known."""
        return self._cited.get(key, SourceRef(key))

    def add_statement(
        self,
        kind: FrameworkKind,
        label: str | None,
        text: str | None,
        cites: tuple[SourceRef, ...],
        line: int,
    ) -> None:
        """Add a statement that has a label or a text to the framework's last domain, if any."""
        draft = self.frameworks[kind]
        if kind == "durable" and not draft.sections:
            self.find("warning", "statement before the first domain", line)
        if label is None:
            self.find("warning", "statement without a label", line)
        if text is None:
            self.find("warning", "statement without a text after an em dash", line)
        if label and (key := fold(label).casefold()) in draft.labels:
            self.find("warning", f"label stands twice: {shorten(fold(label))}", line)
        elif label:
            draft.labels.add(key)
        self._has_statement = self._has_statement or None not in (label, text)
        place = draft.sections[-1].statements if draft.sections else draft.statements
        place.append(Statement(label, text, cites, len(place) + 1, line))

    def add_evidence(self, item: Figure | Classification) -> None:
        """Add a figure or classification; a metric that has one already is a warning."""
        first = self._metrics.setdefault(item.metric, item)
        if first is not item:
            self.find(
                "warning",
                f"metric stands twice: {item.metric} {shorten(_value(item))}; "
                f"line {first.line} has {shorten(_value(first))}",
                item.line,
            )
        self._evidence.append(item)

    def open_anchors(self, heading: str, anchors: AnchorsDraft) -> None:
        """Begin the source anchors; of several headings the first one counts."""
        if self._anchors is None:
            self._anchors = anchors
            return
        first = f"line {self._anchors.line} has the first"
        self.find("warning", f"heading stands again: {shorten(heading)}; {first}", anchors.line)

    def add_anchor(self, text: str, line: int) -> None:
        """Add the text of a task below the heading of the source anchors."""
        assert self._anchors is not None
        if (key := fold(text)) in self._anchors.seen:
            self.find("warning", f"anchor stands twice: {shorten(key)}", line)
        self._anchors.seen.add(key)
        self._anchors.tasks.append((text, line))

    def add_footer(self, rights: str | None, line: int) -> None:
        """Note a footer and the rights it states; those that were stated first count."""
        if self.footer_line is not None:
            self.find("warning", f"a second footer; the first is line {self.footer_line}", line)
        else:
            self.footer_line = line
        if self.rights is None:
            self.rights = rights
        elif rights not in (None, self.rights):
            self.find("warning", f"other rights were stated before: {shorten(rights)}", line)

    @property
    def is_page(self) -> bool:
        """Whether something was read that only pages have, or nothing but statements."""
        if self.title is None:
            return False
        parts = ("anchors", "context", "heading", "source line")
        if any(self.kinds[part] for part in parts) or any(
            mention.place == "footer" for mention in self.mentions
        ):
            return True
        return self._has_statement and not self.kinds["not understood"]

    def finish(self, document: Document, layout: Layout) -> Page:
        """Check the whole and return the record."""
        assert self.title is not None
        drafts = [d for d in self.frameworks.values() if d.title or d.has_content]
        frameworks = tuple(self._framework(draft, self.title, layout) for draft in drafts)
        anchors = self._anchor_section()
        self._miss(anchors)
        return Page(
            document=document,
            title=self.title,
            context=self.context,
            job_zone=layout.number("job-zone", self.context),
            stage_count=layout.number("stages", self.context),
            frameworks=frameworks,
            figures=tuple(e for e in self._evidence if isinstance(e, Figure)),
            classifications=tuple(e for e in self._evidence if isinstance(e, Classification)),
            anchors=anchors,
            mentions=tuple(self.mentions),
            rights=self.rights,
            context_line=self.context_line,
            findings=tuple(self.findings),
            line_kinds=dict(sorted(self.kinds.items())),
        )

    def _miss(self, anchors: Anchors | None) -> None:
        """Notice the parts of a page that are not there."""
        for kind, draft in self.frameworks.items():
            if not (draft.title or draft.has_content):
                self.find("info", f"has no {_FRAMEWORKS[kind]}")
        if not self.kinds["statement"]:
            self.find("info", "has no statements", self.last_line)
        if not self._evidence:
            self.find("info", "has no evidence pack")
        if anchors is None:
            self.find("info", "has no source anchors")
        if self.context is None:
            self.find("info", "has no context paragraph; it names no stages")
        if self.footer_line is None:
            self.find("warning", "has no footer with sources and rights", self.last_line)
        elif self.rights is None:
            self.find("warning", "footer without a statement of rights", self.footer_line)

    def _framework(self, draft: FrameworkDraft, title: str, layout: Layout) -> Framework:
        sections = tuple(self._section(section) for section in draft.sections)
        seen: set[str] = set()
        for section in sections:
            if (key := section.domain.casefold()) in seen:
                name = shorten(section.domain)
                self.find("warning", f"domain stands twice: {name}", section.line)
            seen.add(key)
        return Framework(
            kind=draft.kind,
            title=draft.title or title,
            description=draft.description,
            sources=tuple(draft.sources),
            statements=tuple(draft.statements),
            sections=sections,
            level_count=layout.number("levels", draft.description),
        )

    def _section(self, draft: SectionDraft) -> Section:
        found = len(draft.statements)
        domain, declared = draft.heading.settle(found)
        if found != declared:
            numbers = f"{number_of(declared, 'statement')} declared, {found} found"
            self.find("warning", f"{shorten(domain)}: {numbers}", draft.line)
        return Section(domain, draft.heading.number, declared, tuple(draft.statements), draft.line)

    def _anchor_section(self) -> Anchors | None:
        draft = self._anchors
        if draft is None:
            return None
        found = len(draft.tasks)
        if draft.declared is not None and draft.declared != found:
            self.find(
                "warning",
                f"{number_of(draft.declared, 'anchor')} declared, {found} found",
                draft.line,
            )
        return Anchors(draft.declared, draft.credit, tuple(draft.tasks), draft.line)


def _value(item: Figure | Classification) -> str:
    """Return what a figure or classification states, as the page writes it."""
    if isinstance(item, Figure):
        return item.value
    return item.label or item.notation or ""
