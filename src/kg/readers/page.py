"""A framework page of one occupation: its text, line by line, into a `Page`.

Every line is read as something: a part of the record, page furniture that `build/page.toml`
lists, or a warning. `Page.line_kinds` counts them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.errors import InputError
from kg.model import (
    Anchors,
    Classification,
    Document,
    Figure,
    Finding,
    Framework,
    FrameworkKind,
    Mention,
    MentionPlace,
    Page,
    Section,
    Severity,
    SourceRef,
    Statement,
)
from kg.readers.chips import ChipReader, Chips
from kg.readers.domains import DomainHeading, read_domain
from kg.readers.evidence import read_evidence
from kg.readers.files import decode, lines_of, sha256
from kg.readers.footer import parse_date, read_names
from kg.readers.layout import EvidenceBlock, Layout, fold, load_layout, number_word
from kg.readers.sources import Catalogue, Named

__all__ = ["EXPECTED", "read_page"]

EXPECTED = (
    "is not a framework page: expected a title line, then 'Context covered…', statements as "
    "'- label — text', and headings such as 'AI-at-Work Competency Framework'"
)
_BULLET = re.compile(r"\s*[-•*–](?:\s+|$)")
# It begins where white space begins, so that a long run of that is looked at once.
_DASH = re.compile(r"(?:^|(?<!\s)\s+)—(?:\s+|$)")
#: No line with a heading is longer; matching the pattern of one takes long on a very long line.
_HEADING_LENGTH = 500
_KINDS: tuple[FrameworkKind, ...] = ("base", "ai", "durable")
_SECTIONS = {
    "base": "base statements",
    "ai": "AI-at-Work framework",
    "durable": "durable-skills framework",
}


def read_page(data: bytes, file: str, catalogue: Catalogue) -> Page:
    """Read the bytes of a page; `file` names it in findings.

    Raises InputError where it is no framework page. What is doubtful in a page is a finding of
    the result: an unknown citation chip is an error, a wrong count a warning, a section that
    is not there information.
    """
    lines = lines_of(decode(data, file))
    reader = _PageReader(file, load_layout(), catalogue, ChipReader(catalogue))
    for number, line in enumerate(lines, 1):
        reader.read_line(line, number)
    return reader.finish(Document(file.rsplit("/", 1)[-1], sha256(data)))


@dataclass
class _SectionDraft:
    heading: DomainHeading
    line: int
    statements: list[Statement] = field(default_factory=list)


@dataclass
class _FrameworkDraft:
    kind: FrameworkKind
    title: str | None = None
    description: str | None = None
    sources: list[SourceRef] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    sections: list[_SectionDraft] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.statements or self.sections)


@dataclass
class _PageReader:
    """Reads one page; it knows in which section of the page it is."""

    file: str
    layout: Layout
    catalogue: Catalogue
    chips: ChipReader
    section: str = "base"
    title: str | None = None
    context: str | None = None
    context_line: int | None = None
    rights: str | None = None
    block: EvidenceBlock | None = None
    anchor_head: tuple[int | None, str | None, int] | None = None
    footer_line: int | None = None
    last_line: int = 1
    has_statement: bool = False
    anchor_tasks: list[tuple[str, int]] = field(default_factory=list)
    anchors_seen: set[str] = field(default_factory=set)
    evidence: list[Figure | Classification] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    frameworks: dict[FrameworkKind, _FrameworkDraft] = field(
        default_factory=lambda: {kind: _FrameworkDraft(kind) for kind in _KINDS}
    )

    def find(self, severity: Severity, message: str, line: int | None = None) -> None:
        self.findings.append(Finding(severity, message, self.file, line))

    def read_line(self, line: str, number: int) -> None:
        """Read one line and count what it was."""
        folded = fold(line)
        bullet = _BULLET.match(line)
        if not folded:
            kind = "blank"
        elif self.title is None:
            if bullet or self._is_known(folded):
                raise InputError(EXPECTED, self.file, number)
            self.title, kind = folded, "title"
        elif bullet:
            kind = self._item(line[bullet.end() :], number)
        else:
            kind = self._plain(line, folded, number)
        self.kinds[kind] += 1
        self.last_line = number

    def _is_known(self, folded: str) -> bool:
        """Tell whether a line is a part of a page that comes after its title."""
        parts = ("anchors", "context", "footer")
        return self.layout.heading(folded) is not None or any(
            self.layout.patterns[part].fullmatch(folded) for part in parts
        )

    def _plain(self, line: str, folded: str, number: int) -> str:
        """Read a line that is no list item."""
        patterns = self.layout.patterns
        if self.layout.is_furniture(folded):
            return "furniture"
        if self.context is None and (match := patterns["context"].fullmatch(folded)):
            self.context, self.context_line = match["text"].strip(), number
            return "context"
        if (domain := self._domain_heading(folded)) is not None:
            return self._domain(domain, number)
        if match := patterns["anchors"].fullmatch(folded):
            return self._anchor_head(match, number)
        if match := patterns["source-line"].fullmatch(folded):
            return self._source_line(match["chips"], number)
        if match := patterns["footer"].fullmatch(folded):
            names = list(read_names(match["names"], self.catalogue))
            known = match["rights"] or any(not isinstance(name, str) for name in names)
            if known or not self._explains(line):
                return self._footer(names, match["rights"], number)
            return "explanatory line"
        # After the lines that have a mark of their own: they may end in the words of a heading.
        name = self.layout.heading(folded)
        if name is not None and self._is_heading(name, folded):
            return self._heading(name, folded, number)
        if self.rights is None and patterns["rights"].fullmatch(folded):
            self.rights = folded
            return "rights"
        if self._explains(line):
            return "explanatory line"
        self.find("warning", f"line not understood: {_shorten(folded)}", number)
        return "not understood"

    def _explains(self, line: str) -> bool:
        """Take the first plain line below a framework's heading as its explanatory line."""
        if self.section not in ("ai", "durable"):
            return False
        draft = self.frameworks["ai" if self.section == "ai" else "durable"]
        if draft.description or draft.statements or draft.sections:
            return False
        draft.description = line.strip()
        return True

    def _is_heading(self, name: str, folded: str) -> bool:
        """Tell a heading, which may stand twice, from a sentence that ends in the same words."""
        draft = next((d for d in self.frameworks.values() if d.kind == name), None)
        return draft is None or self.section != name or draft.title in (None, folded)

    def _heading(self, name: str, folded: str, number: int) -> str:
        if name in ("ai", "durable"):
            draft = self.frameworks["ai" if name == "ai" else "durable"]
            if draft.title is None:
                draft.title = folded
                named = self.catalogue.by_name(folded)
                if named is not None:  # a framework that bears the name of a source is its
                    draft.sources.append(named.source)
            elif draft.statements or draft.sections:
                self.find("warning", f"heading stands again: {folded}", number)
        self.section = name
        return "heading"

    def _domain_heading(self, folded: str) -> DomainHeading | None:
        if len(folded) > _HEADING_LENGTH or not self.layout.patterns["domain"].fullmatch(folded):
            return None
        sections = self.frameworks["durable"].sections
        return read_domain(folded, sections[-1].heading.number + 1 if sections else 1)

    def _domain(self, heading: DomainHeading, number: int) -> str:
        self.section = "durable"
        self.frameworks["durable"].sections.append(_SectionDraft(heading, number))
        return "domain"

    def _anchor_head(self, match: re.Match[str], number: int) -> str:
        digits = match["declared"].replace(",", "")
        declared = int(digits) if 0 < len(digits) < _HEADING_LENGTH else None
        if declared is None:
            self.find("warning", f"number not understood: {_shorten(match['declared'])}", number)
        self.anchor_head, self.section = (declared, match["credit"], number), "anchors"
        return "anchors"

    def _source_line(self, text: str, number: int) -> str:
        chips = self._chips(text, number, "source-line")
        draft = self.frameworks["durable" if self.section == "durable" else "ai"]
        draft.sources = list(dict.fromkeys([*draft.sources, *(n.source for n in chips.named)]))
        rest = fold(chips.text)
        if rest and not chips.unknown and not self.layout.is_furniture(rest):
            self.find(
                "warning", f"rest of the source line not understood: {_shorten(rest)}", number
            )
        return "source line"

    def _footer(
        self, names: Sequence[tuple[Named, str | None] | str], rights: str | None, number: int
    ) -> str:
        if self.footer_line is not None:
            self.find("warning", f"a second footer; the first is line {self.footer_line}", number)
        self.footer_line, self.section = number, "footer"
        if not names:
            self.find("warning", "footer names no source", number)
        for item in names:
            if isinstance(item, str):
                name = _shorten(item)
                self.find("warning", f"footer names a source not in the catalogue: {name}", number)
            else:
                named, licence = item
                self.mentions.append(self._mention(named, "footer", number, licence))
        self.rights = rights or self.rights
        return "footer"

    def _item(self, text: str, number: int) -> str:
        """Read a list item, without its marker, by the section it stands in."""
        if self.section in ("base", "ai", "durable"):
            return self._statement(text, number)
        if self.section == "evidence":
            return self._evidence(text, number)
        if self.section == "anchors" and text.strip():
            if fold(text) in self.anchors_seen:
                self.find("warning", f"anchor stands twice: {_shorten(fold(text))}", number)
            self.anchors_seen.add(fold(text))
            self.anchor_tasks.append((text.strip(), number))
            return "anchor"
        self.find("warning", f"list item not understood: {_shorten(fold(text))}", number)
        return "not understood"

    def _statement(self, text: str, number: int) -> str:
        draft = next(f for f in self.frameworks.values() if f.kind == self.section)
        if self.section == "durable" and not draft.sections:
            self.find("warning", "statement before the first domain", number)
        place = draft.sections[-1].statements if draft.sections else draft.statements
        chips = self._chips(text, number, "chip")
        if chips.between:
            self.find("warning", "words stand after a citation; they were kept", number)
        label, text_after = _split(chips.text)
        if label is None and text_after is None:
            self.find("warning", "empty statement; it was left out", number)
            return "not understood"
        if label is None:
            self.find("warning", "statement without a label", number)
        if text_after is None:
            self.find("warning", "statement without a text after an em dash", number)
        if label and (key := fold(label).casefold()) in draft.labels:
            self.find("warning", f"label stands twice: {_shorten(fold(label))}", number)
        elif label:
            draft.labels.add(key)
        cites = tuple(dict.fromkeys(n.source for n in chips.named))
        self.has_statement = self.has_statement or None not in (label, text_after)
        place.append(Statement(label, text_after, cites, len(place) + 1, number))
        return "statement"

    def _chips(self, text: str, number: int, place: MentionPlace) -> Chips:
        chips = self.chips.read(text)
        for unknown in chips.unknown:
            tail = _shorten(unknown, 120, end=True)
            self.find(
                "error",
                f"unknown citation: {tail!r} is in no source catalogue; add it with --sources",
                number,
            )
        if chips.cut is not None:
            self.find("warning", f"breaks off in a citation: {_shorten(chips.cut)}", number)
        self.mentions += [self._mention(named, place, number) for named in chips.named]
        return chips

    def _mention(
        self, named: Named, place: MentionPlace, number: int, licence: str | None = None
    ) -> Mention:
        stated = parse_date(named.date) if named.date else None
        if named.date and stated is None:
            self.find("warning", f"date of a source not understood: {named.date}", number)
        return Mention(place, named.source, number, named.version, stated, licence)

    def _evidence(self, text: str, number: int) -> str:
        block = self.layout.block(fold(text))
        if block is not None:
            self.block = block
            return "evidence heading"
        if self.block is None:
            self.find("warning", f"evidence below no known heading: {_shorten(text)}", number)
            return "not understood"
        source = self._source_of(self.block.source)
        understood = False
        for item in read_evidence(text, number, self.block, source):
            if isinstance(item, str):
                self.find("warning", f"evidence not understood: {_shorten(item)}", number)
            else:
                self.evidence.append(item)
                understood = True
        return "evidence values" if understood else "not understood"

    def _source_of(self, key: str) -> SourceRef:
        """Return the version of a source that this page has cited, else the catalogue's."""
        cited = [m.source for m in self.mentions if m.source.key == key]
        return cited[0] if cited else SourceRef(key)

    def finish(self, document: Document) -> Page:
        """Check the whole and return the record."""
        frameworks = tuple(self._framework(d) for d in self.frameworks.values() if not d.is_empty)
        if self.title is None or not self._is_page():
            raise InputError(EXPECTED, self.file, 1)
        anchors = self._anchors()
        for kind in _KINDS:
            if self.frameworks[kind].is_empty:
                self.find("info", f"has no {_SECTIONS[kind]}")
        if not self.kinds["statement"]:
            self.find("info", "has no statements", self.last_line)
        if not self.evidence:
            self.find("info", "has no evidence pack")
        if anchors is None:
            self.find("info", "has no source anchors")
        if self.context is None:
            self.find("info", "has no context paragraph; it names no stages")
        if self.footer_line is None:
            self.find("warning", "has no footer with sources and rights", self.last_line)
        elif self.rights is None:
            self.find("warning", "footer without a statement of rights", self.footer_line)
        figures = tuple(e for e in self.evidence if isinstance(e, Figure))
        categories = tuple(e for e in self.evidence if isinstance(e, Classification))
        return Page(
            document=document,
            title=self.title,
            context=self.context,
            job_zone=self._number("job-zone", self.context),
            stage_count=self._number("stages", self.context),
            frameworks=frameworks,
            figures=figures,
            classifications=categories,
            anchors=anchors,
            mentions=tuple(self.mentions),
            rights=self.rights,
            context_line=self.context_line,
            findings=tuple(self.findings),
            line_kinds=dict(sorted(self.kinds.items())),
        )

    def _is_page(self) -> bool:
        """Tell whether something was read that only pages have, or nothing but statements."""
        parts = ("anchors", "context", "heading", "source line")
        if any(self.kinds[part] for part in parts) or any(
            mention.place == "footer" for mention in self.mentions
        ):
            return True
        return self.has_statement and not self.kinds["not understood"]

    def _framework(self, draft: _FrameworkDraft) -> Framework:
        sections = [self._section(section) for section in draft.sections]
        seen: set[str] = set()
        for section in sections:
            if (key := section.domain.casefold()) in seen:
                self.find("warning", f"domain stands twice: {section.domain}", section.line)
            seen.add(key)
        assert self.title is not None
        return Framework(
            kind=draft.kind,
            title=draft.title or self.title,
            description=draft.description,
            sources=tuple(draft.sources),
            statements=tuple(draft.statements),
            sections=tuple(sections),
            level_count=self._number("levels", draft.description),
        )

    def _section(self, draft: _SectionDraft) -> Section:
        found = len(draft.statements)
        domain, declared = draft.heading.settle(found)
        if found != declared:
            self.find(
                "warning", f"{domain}: {declared} statements declared, {found} found", draft.line
            )
        return Section(domain, draft.heading.number, declared, tuple(draft.statements), draft.line)

    def _anchors(self) -> Anchors | None:
        if self.anchor_head is None:
            return None
        declared, credit, line = self.anchor_head
        if declared not in (None, len(self.anchor_tasks)):
            self.find(
                "warning", f"{declared} anchors declared, {len(self.anchor_tasks)} found", line
            )
        return Anchors(declared, credit, tuple(self.anchor_tasks), line)

    def _number(self, name: str, text: str | None) -> int | None:
        """Return the number that stands nearest before what a pattern counts."""
        pattern = self.layout.patterns[name]
        match = pattern.search(fold(text or ""))
        # "Ten domains at four levels" has four of them.
        while match and (nearer := pattern.search(match.string, match.end("number"), match.end())):
            match = nearer
        return number_word(match["number"]) if match else None


def _split(text: str) -> tuple[str | None, str | None]:
    """Split at the first em dash that has white space, or an end, on both sides."""
    label, *rest = _DASH.split(text.strip(), maxsplit=1)
    return label.strip() or None, (rest[0].strip() or None) if rest else None


def _shorten(text: str, most: int = 80, *, end: bool = False) -> str:
    if len(text) <= most:
        return text
    return "…" + text[-most:] if end else text[:most] + "…"
