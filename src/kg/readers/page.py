"""A framework page of one occupation: its text, line by line, into a `Page`.

Every line is read as something: a part of the record, page furniture that `build/page.toml`
lists, or a warning. `Page.line_kinds` counts them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.errors import InputError
from kg.model import Document, FrameworkKind, Mention, MentionPlace, Page
from kg.readers.chips import ChipReader, Chips
from kg.readers.dates import parse_date
from kg.readers.domains import DomainHeading, read_domain
from kg.readers.draft import AnchorsDraft, FrameworkDraft, PageDraft, SectionDraft
from kg.readers.evidence import read_evidence
from kg.readers.files import decode, file_name, lines_of, sha256
from kg.readers.footer import read_names
from kg.readers.kinds import is_table, unknown_table
from kg.readers.layout import EvidenceBlock, Layout, fold, load_layout, shorten
from kg.readers.signatures import mistaken
from kg.readers.sources import Catalogue, Named

__all__ = ["EXPECTED", "read_page"]

EXPECTED = (
    "is not a framework page: expected a title line, then 'Context covered…', statements as "
    "'- label — text', and headings such as 'AI-at-Work Competency Framework'"
)
_BULLET = re.compile(r"\s*[-•*–](?:\s+|$)")
# It begins where white space begins, so that a long run of that is looked at once.
_DASH = re.compile(r"(?:^|(?<!\s)\s+)—(?:\s+|$)")
#: No number of anchors has more digits; Python makes none of very many.
_MOST_DIGITS = 9
#: The sections of a page that hold statements, and their frameworks.
_FRAMEWORKS: dict[str, FrameworkKind] = {"base": "base", "ai": "ai", "durable": "durable"}


def read_page(data: bytes, file: str, catalogue: Catalogue) -> Page:
    """Read the bytes of a page; `file` names it in findings.

    Raises InputError where it is no framework page. What is doubtful in a page is a finding of
    the result: an unknown citation chip is an error, a wrong count a warning, a section that
    is not there information.
    """
    try:
        lines = lines_of(decode(data, file))
    except InputError as error:
        if other := mistaken(data):
            raise InputError(other, file) from error
        raise
    reader = _PageReader(PageDraft(file), load_layout(), catalogue, ChipReader(catalogue))
    for number, line in enumerate(lines, 1):
        reader.read_line(line, number)
    if not reader.page.is_page:
        # Not before: a page may begin with brackets too.
        if other := mistaken(data):
            raise InputError(other, file)
        raise InputError(unknown_table(data) if is_table(file) else EXPECTED, file, 1)
    return reader.page.finish(Document(file_name(file), sha256(data)), reader.layout)


@dataclass
class _PageReader:
    """Reads the lines of a page into its draft; it knows in which section of the page it is."""

    page: PageDraft
    layout: Layout
    catalogue: Catalogue
    chips: ChipReader
    section: str = "base"
    block: EvidenceBlock | None = None

    def read_line(self, line: str, number: int) -> None:
        """Read one line and count what it was."""
        folded = fold(line)
        bullet = _BULLET.match(line)
        if not folded:
            kind = "blank"
        elif self.page.title is None:
            if bullet or self._is_known(folded):
                raise InputError(EXPECTED, self.page.file, number)
            self.page.title, kind = folded, "title"
        elif bullet:
            kind = self._item(line[bullet.end() :], number)
        else:
            kind = self._plain(line, folded, number)
        self.page.kinds[kind] += 1
        self.page.last_line = number

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
        if self.page.context is None and (match := patterns["context"].fullmatch(folded)):
            self.page.context, self.page.context_line = match["text"].strip(), number
            return "context"
        if (domain := self._domain_heading(folded)) is not None:
            return self._domain(domain, number)
        if match := patterns["anchors"].fullmatch(folded):
            return self._anchors(match, number)
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
        if self.page.rights is None and patterns["rights"].fullmatch(folded):
            self.page.rights = folded
            return "rights"
        if self._explains(line):
            return "explanatory line"
        self.page.find("warning", f"line not understood: {shorten(folded)}", number)
        return "not understood"

    def _explains(self, line: str) -> bool:
        """Take the first plain line below a framework's heading as its explanatory line."""
        draft = self._framework(self.section)
        if draft is None or draft.kind == "base" or draft.description or draft.has_content:
            return False
        draft.description = line.strip()
        return True

    def _framework(self, section: str) -> FrameworkDraft | None:
        """Return the framework that a section of the page belongs to."""
        kind = _FRAMEWORKS.get(section)
        return self.page.frameworks[kind] if kind else None

    def _is_heading(self, name: str, folded: str) -> bool:
        """Tell a heading, which may stand twice, from a sentence that ends in the same words."""
        draft = self._framework(name)
        return draft is None or self.section != name or draft.title in (None, folded)

    def _heading(self, name: str, folded: str, number: int) -> str:
        draft = self._framework(name)
        if draft is not None and draft.title is None:
            draft.title = folded
            named = self.catalogue.by_name(folded)
            if named is not None:  # a framework that bears the name of a source is its
                draft.sources[named.source] = None
        elif draft is not None and (draft.has_content or draft.title != folded):
            self.page.find("warning", f"heading stands again: {shorten(folded)}", number)
        self.section = name
        return "heading"

    def _domain_heading(self, folded: str) -> DomainHeading | None:
        if not self.layout.patterns["domain"].fullmatch(folded):
            return None
        sections = self.page.frameworks["durable"].sections
        return read_domain(folded, sections[-1].heading.number + 1 if sections else 1)

    def _domain(self, heading: DomainHeading, number: int) -> str:
        self.section = "durable"
        self.page.frameworks["durable"].sections.append(SectionDraft(heading, number))
        return "domain"

    def _anchors(self, match: re.Match[str], number: int) -> str:
        digits = match["declared"].replace(",", "")
        declared = int(digits) if 0 < len(digits) <= _MOST_DIGITS else None
        if declared is None:
            digits = shorten(match["declared"])
            self.page.find("warning", f"number not understood: {digits}", number)
        self.page.open_anchors(match[0], AnchorsDraft(declared, match["credit"], number))
        self.section = "anchors"
        return "anchors"

    def _source_line(self, text: str, number: int) -> str:
        chips = self._chips(text, number, "source-line")
        draft = self.page.frameworks["durable" if self.section == "durable" else "ai"]
        draft.sources |= dict.fromkeys(named.source for named in chips.named)
        rest = fold(chips.text)
        if rest and not chips.unknown and not self.layout.is_furniture(rest):
            message = f"rest of the source line not understood: {shorten(rest)}"
            self.page.find("warning", message, number)
        return "source line"

    def _footer(
        self, names: Sequence[tuple[Named, str | None] | str], rights: str | None, number: int
    ) -> str:
        self.section = "footer"
        self.page.add_footer(rights, number)
        if not names:
            self.page.find("warning", "footer names no source", number)
        for item in names:
            if isinstance(item, str):
                message = f"footer names a source not in the catalogue: {shorten(item)}"
                self.page.find("warning", message, number)
            else:
                named, licence = item
                self._mention(named, "footer", number, licence)
        return "footer"

    def _item(self, text: str, number: int) -> str:
        """Read a list item, without its marker, by the section it stands in."""
        if self.section in _FRAMEWORKS:
            return self._statement(text, _FRAMEWORKS[self.section], number)
        if self.section == "evidence":
            return self._evidence(text, number)
        if self.section == "anchors" and text.strip():
            self.page.add_anchor(text.strip(), number)
            return "anchor"
        self.page.find("warning", f"list item not understood: {shorten(fold(text))}", number)
        return "not understood"

    def _statement(self, text: str, kind: FrameworkKind, number: int) -> str:
        chips = self._chips(text, number, "chip")
        if chips.between:
            self.page.find("warning", "words stand after a citation; they were kept", number)
        label, text_after = _split(chips.text)
        if label is None and text_after is None:
            self.page.find("warning", "empty statement; it was left out", number)
            return "not understood"
        cites = tuple(dict.fromkeys(named.source for named in chips.named))
        self.page.add_statement(kind, label, text_after, cites, number)
        return "statement"

    def _chips(self, text: str, number: int, place: MentionPlace) -> Chips:
        chips = self.chips.read(text)
        for unknown in chips.unknown:
            tail = repr(shorten(unknown, 120, end=True))
            message = f"unknown citation: {tail} is in no source catalogue; add it with --sources"
            self.page.find("error", message, number)
        if chips.cut is not None:
            message = f"breaks off in a citation: {shorten(chips.cut)}"
            self.page.find("warning", message, number)
        for label in chips.unlike:
            message = f"version of a citation is not that of its tooltip: {shorten(label)}"
            self.page.find("warning", message, number)
        for named in chips.named:
            self._mention(named, place, number)
        return chips

    def _mention(
        self, named: Named, place: MentionPlace, number: int, licence: str | None = None
    ) -> None:
        stated = parse_date(named.date) if named.date else None
        if named.date and stated is None:
            self.page.find("warning", f"date of a source not understood: {named.date}", number)
        self.page.mention(Mention(place, named.source, number, named.version, stated, licence))

    def _evidence(self, text: str, number: int) -> str:
        block = self.layout.block(fold(text))
        if block is not None:
            self.block = block
            return "evidence heading"
        if self.block is None:
            self.page.find("warning", f"evidence below no known heading: {shorten(text)}", number)
            return "not understood"
        source = self.page.source_of(self.block.source)
        understood = False
        for item in read_evidence(text, number, self.block, source):
            if isinstance(item, str):
                self.page.find("warning", f"evidence not understood: {shorten(item)}", number)
            else:
                self.page.add_evidence(item)
                understood = True
        return "evidence values" if understood else "not understood"


def _split(text: str) -> tuple[str | None, str | None]:
    """Split at the first em dash that has white space, or an end, on both sides."""
    label, *rest = _DASH.split(text.strip(), maxsplit=1)
    return label.strip() or None, (rest[0].strip() or None) if rest else None
