"""What a page has said so far: what counts where something stands twice, and what is missing."""

from __future__ import annotations

import pytest

from kg.model import Document, Figure, Mention, SourceRef
from kg.readers.domains import DomainHeading
from kg.readers.draft import AnchorsDraft, PageDraft, SectionDraft
from kg.readers.layout import load_layout

DOCUMENT = Document("page.txt", "0" * 64)
LAYOUT = load_layout()


def draft() -> PageDraft:
    """Return the draft of a page that has a title and a context of four stages."""
    page = PageDraft("folder/page.txt", title="Potters", context="In four career stages.")
    page.kinds.update(("title", "context"))
    return page


def said(page: PageDraft) -> list[tuple[str, int | None]]:
    """Return message and line of the warnings."""
    return [(f.message, f.line) for f in page.findings if f.severity == "warning"]


def test_is_page() -> None:
    """A title with what only pages have is a page, and so is one with nothing but statements."""
    assert draft().is_page
    assert not PageDraft("a", title="Potters").is_page
    listed = PageDraft("a", title="Potters")
    listed.add_statement("base", "Glazing", None, (), 2)
    assert not listed.is_page
    listed.add_statement("base", "Glazing", "dips", (), 3)
    assert listed.is_page
    listed.kinds["not understood"] += 1
    assert not listed.is_page
    listed.mention(Mention("footer", SourceRef("ler"), 4))
    assert listed.is_page
    untitled = draft()
    untitled.title = None
    assert not untitled.is_page


def test_statements_go_to_the_last_domain() -> None:
    """Statements count from 1 in their domain, or in their framework before any domain."""
    page = draft()
    page.add_statement("durable", "Early", "bird", (), 3)
    for line, name in ((4, "Communication"), (6, "Leadership")):
        heading = DomainHeading(line, ((name, 1),))
        page.frameworks["durable"].sections.append(SectionDraft(heading, line))
        page.add_statement("durable", f"On {name}", "text", (SourceRef("wef"),), line + 1)
    (framework,) = page.finish(DOCUMENT, LAYOUT).frameworks
    assert [("Early", 1)] == [(s.label, s.position) for s in framework.statements]
    assert [("Communication", 1, 5), ("Leadership", 1, 7)] == [
        (section.domain, s.position, s.line)
        for section in framework.sections
        for s in section.statements
    ]
    assert ("statement before the first domain", 3) in said(page)


def test_the_first_version_that_was_named() -> None:
    """Evidence draws on the version that was named first, else on what the catalogue knows."""
    page = draft()
    assert SourceRef("aei") == page.source_of("aei")
    for version in ("7", "8"):
        page.mention(Mention("chip", SourceRef("aei", version), 3, version))
    assert SourceRef("aei", "7") == page.source_of("aei")
    assert SourceRef("wef") == page.source_of("wef")
    assert ["7", "8"] == [m.version for m in page.mentions]


def test_the_first_anchors_count() -> None:
    """The first heading of the anchors counts, and the tasks below all of them are kept."""
    page = draft()
    page.open_anchors("2 anchors", AnchorsDraft(2, "a.example", 5))
    page.add_anchor("Throws pots.", 6)
    page.open_anchors("9 anchors · b.example", AnchorsDraft(9, "b.example", 7))
    page.add_anchor("Throws  pots.", 8)
    anchors = page.finish(DOCUMENT, LAYOUT).anchors
    assert anchors is not None
    assert (2, "a.example", 5) == (anchors.declared, anchors.credit, anchors.line)
    assert (("Throws pots.", 6), ("Throws  pots.", 8)) == anchors.tasks
    assert [
        ("heading stands again: 9 anchors · b.example; line 5 has the first", 7),
        ("anchor stands twice: Throws pots.", 8),
    ] == said(page)[:2]


def test_a_metric_that_stands_twice() -> None:
    """Both values of a metric are kept, and the finding has both."""
    page = draft()
    for line, value in ((5, "58"), (6, "62"), (7, "63")):
        page.add_evidence(Figure("augment-share", value, "percent", SourceRef("aei"), line))
    assert ["58", "62", "63"] == [f.value for f in page.finish(DOCUMENT, LAYOUT).figures]
    assert [
        ("metric stands twice: augment-share 62; line 5 has 58", 6),
        ("metric stands twice: augment-share 63; line 5 has 58", 7),
    ] == said(page)[:2]


@pytest.mark.parametrize(
    ("first", "second", "kept", "told"),
    [
        ("© A", "© B", "© A", True),
        ("© A", "© A", "© A", False),
        ("© A", None, "© A", False),
        (None, "© B", "© B", False),
    ],
)
def test_the_first_rights_count(
    first: str | None, second: str | None, kept: str, told: bool
) -> None:
    """Rights that were stated first count; other ones are told."""
    page = draft()
    page.add_footer(first, 8)
    page.add_footer(second, 9)
    assert 8 == page.footer_line
    assert kept == page.finish(DOCUMENT, LAYOUT).rights
    messages = [message for message, line in said(page) if line == 9]
    assert messages[0] == "a second footer; the first is line 8"
    assert [f"other rights were stated before: {second}"] * told == messages[1:]


def test_what_is_missing() -> None:
    """Parts that are not there are information, a footer that is not there is a warning."""
    page = PageDraft("page.txt", title="Potters", last_line=7)
    page.finish(DOCUMENT, LAYOUT)
    assert [("has no footer with sources and rights", 7)] == said(page)
    infos = [f.message for f in page.findings if f.severity == "info"]
    assert [
        "has no base statements",
        "has no AI-at-Work framework",
        "has no durable-skills framework",
        "has no statements",
        "has no evidence pack",
        "has no source anchors",
        "has no context paragraph; it names no stages",
    ] == infos
