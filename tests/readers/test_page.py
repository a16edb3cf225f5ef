"""Reading framework pages: what is in them comes out of them, and nothing is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import FILE, Case, cases

from kg.errors import InputError
from kg.model import Finding, Framework, Mention, Page, SourceRef, Statement
from kg.readers.page import EXPECTED, read_page
from kg.readers.signatures import mistaken
from kg.readers.sources import load_catalogue
from kg.resources import folder

EXAMPLE = folder("build") / "example" / "library-technicians.txt"
REAL = "data/frameworks/000_328dda3a84282345.txt"
CATALOGUE = load_catalogue()

# What a page's findings are about, by words of their messages.
KINDS = {
    "anchor twice": "anchor stands twice",
    "breaks off": "breaks off in a citation",
    "date": "date of a source",
    "declared anchors": "anchors declared",
    "declared statements": "statements? declared",
    "domain twice": "domain stands twice",
    "early statement": "before the first domain",
    "empty statement": "empty statement",
    "evidence": "evidence (below|not)",
    "metric twice": "metric stands twice",
    "other rights": "other rights were stated",
    "heading again": "heading stands again",
    "item": "list item not understood",
    "label twice": "label stands twice",
    "line": "^line not understood",
    "no AI": "has no AI",
    "no anchors": "has no source anchors",
    "no base": "has no base",
    "no context": "has no context",
    "no durable": "has no durable",
    "no evidence": "has no evidence",
    "no statements": "has no statements",
    "no footer": "has no footer",
    "no label": "without a label",
    "no name": "footer names no source",
    "no rights": "without a statement of rights",
    "no text": "without a text",
    "number": "number not understood",
    "second footer": "second footer",
    "version": "version of a citation",
    "source line": "rest of the source line",
    "unknown chip": "unknown citation",
    "unknown name": "names a source not in",
    "words after": "words stand after",
}

AEI = "Anthropic Economic IndexAnthropic Economic Index — release_2026_03_24. Opens in new tab."
ONET = (
    "O*NET v30.2O*NET Resource Center — Occupational Information Network, v30.2 (Sept 2025). "
    "Opens in new tab."
)
AI = "AI-at-Work Competency Framework"
PATHSMITH = "Pathsmith Durable Skills Framework"


def kind_of(finding: Finding) -> str:
    """Return what a finding is about."""
    kinds = [kind for kind, words in KINDS.items() if re.search(words, finding.message)]
    assert len(kinds) == 1, finding
    return kinds[0]


def found(page: Page, *severities: str) -> list[tuple[str, int | None]]:
    """Return kind and line of a page's findings of some severity: errors and warnings if none."""
    wanted = severities or ("error", "warning")
    return [(kind_of(f), f.line) for f in page.findings if f.severity in wanted]


def read(*lines: str, end: str = "\n") -> Page:
    """Read a page of these lines, below a title and a context that names four stages."""
    start = ("Potters", "Context coveredPottery at Job Zone 3 in four career stages.")
    return read_page(end.join([*start, *lines]).encode(), FILE, CATALOGUE)


def framework(page: Page, kind: str) -> Framework:
    """Return the framework of a page that is of a kind."""
    return next(f for f in page.frameworks if f.kind == kind)


def statements(page: Page) -> Iterator[Statement]:
    """Yield every statement of a page."""
    for item in page.frameworks:
        yield from item.statements
        for section in item.sections:
            yield from section.statements


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_reads_what_was_written(case: Case) -> None:
    """A page of any make reads to exactly the records, lines and findings that it was made of."""
    page = read_page(case.data, FILE, CATALOGUE)
    assert case.page == replace(page, findings=())
    findings = {(f.severity, kind_of(f), f.line) for f in page.findings}
    assert set(case.findings) == findings
    assert len(case.findings) == len(page.findings)
    assert {FILE} == {f.file for f in page.findings} | {FILE}


def test_real_page_lines(shared: Callable[[str], Path]) -> None:
    """Each of the 175 lines of the real page is read as something, and only the count is off."""
    data = shared(REAL).read_bytes()
    page = read_page(data, "page.txt", CATALOGUE)
    expected = {
        "anchor": 8,
        "anchors": 1,
        "context": 1,
        "domain": 10,
        "evidence heading": 3,
        "evidence values": 3,
        "explanatory line": 2,
        "footer": 1,
        "furniture": 2,
        "heading": 5,
        "source line": 1,
        "statement": 137,
        "title": 1,
    }
    assert expected == page.line_kinds
    assert sum(expected.values()) == len(data.decode().splitlines()) == 175
    assert [("declared anchors", 164)] == found(page, "error", "warning", "info")


def test_example_lines() -> None:
    """The lines of the bundled example are those that its README counts, without a finding."""
    data = EXAMPLE.read_bytes()
    page = read_page(data, "page.txt", CATALOGUE)
    expected = {
        "anchor": 6,
        "anchors": 1,
        "context": 1,
        "domain": 10,
        "evidence heading": 3,
        "evidence values": 3,
        "explanatory line": 2,
        "footer": 1,
        "furniture": 2,
        "heading": 5,
        "source line": 1,
        "statement": 57,
        "title": 1,
    }
    assert expected == page.line_kinds
    assert 93 == sum(expected.values()) == len(data.decode().splitlines())
    assert () == page.findings


def test_example_facts() -> None:
    """The example reads to the facts that its README states."""
    page = read_page(EXAMPLE.read_bytes(), "page.txt", CATALOGUE)
    lines = {f.kind: [s.line for s in f.statements] for f in page.frameworks}
    assert {"base": [*range(3, 11)], "ai": [*range(15, 20)], "durable": []} == lines
    durable = framework(page, "durable")
    assert [8, *[4] * 9] == [section.declared for section in durable.sections]
    assert [30, 39, 44, 49, 54, 59, 64, 69, 74, 79] == [s.line for s in durable.sections]
    assert [*range(1, 11)] == [section.number for section in durable.sections]
    assert (3, 4, 4) == (page.job_zone, page.stage_count, durable.level_count)
    assert [6] == [s.line for s in statements(page) if not s.cites]
    assert 84 == sum(len(s.cites) for s in statements(page))
    assert 87 == sum(m.place != "footer" for m in page.mentions)
    values = {f.metric: f.value for f in page.figures}
    expected = {
        "task-observations": "1250",
        "augment-share": "62",
        "time-saved": "41.5",
        "ai-autonomy": "2.60",
        "safi-score": "57.2",
    }
    assert expected == values
    assert page.anchors is not None
    assert [*range(87, 93)] == [line for _, line in page.anchors.tasks]
    assert (6, "skillscrosswalk.com", 84) == (
        page.anchors.declared,
        page.anchors.credit,
        page.anchors.line,
    )
    assert "© 2026 The skills-kg project, CC BY 4.0." == page.rights


def read_cut(data: bytes, cut: int) -> Page | InputError:
    """Read the first bytes of a page."""
    try:
        return read_page(data[:cut], FILE, CATALOGUE)
    except InputError as error:
        return error


def check_cut(data: bytes, cut: int, whole: Page) -> None:
    """Read the first bytes of a page: statements before the cut are there, the cut is noticed."""
    page = read_cut(data, cut)
    if isinstance(page, InputError):  # half a character is no text, a title alone no page
        half = data[cut] & 0xC0 == 0x80
        assert half if "UTF-8" in page.message else b"\n- " not in data[:cut]
        assert half or page.message == (EXPECTED if cut else mistaken(b""))
        return
    last = data[:cut].count(b"\n") + 1
    expected = [s for s in statements(whole) if s.line < last]
    assert expected == [s for s in statements(page) if s.line < last]
    warned = [line for _, line in found(page)]
    # A line that is cut is there, in part, or there is a warning about it.
    begun = data[:cut].rpartition(b"\n")[2].strip()
    if any(s.line == last for s in statements(whole)) and len(begun) > 1:
        assert last in [*(s.line for s in statements(page)), *warned]
    if b"Sources: " in data[cut:]:
        assert any(f.message.startswith("has no footer") for f in page.findings)
    if "©".encode() in data[cut:]:
        assert warned, f"a page cut at {cut} gives no warning"
    assert sum(page.line_kinds.values()) == len(data[:cut].splitlines())


def test_cut_example() -> None:
    """The example cut anywhere loses no whole statement, and says that something is missing."""
    data = EXAMPLE.read_bytes()
    whole = read_page(data, FILE, CATALOGUE)
    ends = [match.end() for match in re.finditer(rb"\n", data)]
    cuts = {*range(0, len(data), 97), *ends, *(end - 1 for end in ends)}
    for cut in sorted(cuts - {len(data), len(data) - 1}):
        check_cut(data, cut, whole)


def test_cut_real_page(shared: Callable[[str], Path]) -> None:
    """The real page cut at many places loses no whole statement either."""
    data = shared(REAL).read_bytes()
    whole = read_page(data, FILE, CATALOGUE)
    for cut in range(0, len(data), 97 * 3):
        check_cut(data, cut, whole)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.data())
def test_cut_any_page(case: Case, data: st.DataObject) -> None:
    """A page of any make cut at any byte raises nothing but InputError."""
    for _ in range(5):
        cut = data.draw(st.integers(0, len(case.data)))
        page = read_cut(case.data, cut)
        assert isinstance(page, InputError) or page.line_kinds["title"] == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text() | st.sampled_from(EXAMPLE.read_text("utf-8").split("\n")), max_size=12))
def test_any_text(lines: list[str]) -> None:
    """Any text is a page with every line accounted for, or no page."""
    data = "\n".join(lines).encode("utf-8", "ignore")
    try:
        page = read_page(data, FILE, CATALOGUE)
    except InputError:
        return
    ends = len(re.findall(rb"\r\n|\r|\n", data))
    assert ends + (not data.endswith((b"\n", b"\r"))) == sum(page.line_kinds.values())
    assert page.line_kinds.get("not understood", 0) <= len(found(page))


def test_unknown_chip() -> None:
    """A chip that no catalogue has is an error with its text and line, and hides no statement."""
    chip = "Kiln WeeklyKiln Weekly — issue 7. Opens in new tab."
    page = read(f"- Glazing — dips the pots {chip}", f"- Firing — stokes the kiln {AEI} {chip}.")
    assert [("unknown chip", 3), ("unknown chip", 4)] == found(page, "error")
    assert all("Kiln Weekly — issue 7" in f.message for f in page.findings if f.severity == "error")
    assert ["Glazing", "Firing"] == [s.label for s in statements(page)]
    assert [(), (SourceRef("aei"),)] == [s.cites for s in statements(page)]
    assert [("no footer", 4)] == found(page, "warning")


def test_unknown_chip_of_a_known_label() -> None:
    """A known label with another tooltip is an unknown chip."""
    page = read("- Glazing — dips WEF Skills TaxonomyA book about skills. Opens in new tab.")
    assert [("unknown chip", 3)] == found(page, "error")


def test_label_of_another_version() -> None:
    """A label that states another version than its tooltip is a warning; nothing else is lost."""
    page = read(f"- Glazing — dips {ONET.replace('v30.2O', 'v29.0O')}", "Sources: WEF. © 2026 A.")
    assert [("version", 3)] == found(page)
    assert "O*NET v29.0" in page.findings[0].message
    assert [(SourceRef("onet"),)] == [s.cites for s in statements(page)]


def test_unknown_footer_name() -> None:
    """A name in the footer that the catalogue lacks is a warning; the others are read."""
    page = read("Sources: O*NET v30.2 (CC BY 4.0), Kiln Weekly (7, boxed), LER.me. © 2026 A.")
    assert [("unknown name", 3)] == found(page)
    assert "Kiln Weekly (7, boxed)" in page.findings[0].message
    assert [
        Mention("footer", SourceRef("onet"), 3, "30.2", None, "CC BY 4.0"),
        Mention("footer", SourceRef("ler"), 3),
    ] == list(page.mentions)


@pytest.mark.parametrize(
    "footer",
    [
        "Sources: LER.me, Pathsmith Durable Skills Framework",
        "Sources: LER.me, Pathsmith Durable Skills Framework.",
        "Source: Pathsmith Durable Skills Framework",
    ],
)
def test_footer_that_ends_like_a_heading(footer: str) -> None:
    """A footer whose last source is named like a framework is a footer."""
    page = read("- Glazing — dips", footer)
    assert [("no rights", 4)] == found(page)
    assert 1 == page.line_kinds["footer"]
    assert SourceRef("pathsmith") == page.mentions[-1].source


def test_context_that_ends_like_a_heading() -> None:
    """A context paragraph that ends in the name of a framework is the context."""
    data = b"Potters\nContext coveredThis leans on the Pathsmith Durable Skills Framework\n- a"
    page = read_page(data, FILE, CATALOGUE)
    assert {"title": 1, "context": 1, "statement": 1} == page.line_kinds


def test_second_dash() -> None:
    """Label and text part at the first em dash that stands free."""
    page = read(
        "- Sorting—by hand — picks shards — all of them", "- Raku\u00a0—\u00a0fires \u2014 low"
    )
    assert [("Sorting—by hand", "picks shards — all of them"), ("Raku", "fires — low")] == [
        (s.label, s.text) for s in statements(page)
    ]


def test_empty_and_half_statements() -> None:
    """Empty statements are left out with a warning, half ones are kept with one."""
    page = read(
        "- ", "-", "- —", "- \u00a0—\u00a0", f"- {AEI}", "- Label", "- Label2 —", "- — text"
    )
    expected = [("empty statement", line) for line in range(3, 8)]
    expected += [("no text", 8), ("no text", 9), ("no label", 10)]
    assert expected == [item for item in found(page) if item[0] != "no footer"]
    assert [(1, "Label", None), (2, "Label2", None), (3, None, "text")] == [
        (s.position, s.label, s.text) for s in statements(page)
    ]


def test_duplicate_labels() -> None:
    """A label that stands twice in a domain or anywhere in a framework is a warning."""
    page = read(
        "- Glazing — dips",
        "- glazing  — pours",
        PATHSMITH,
        "1Communication2 statements",
        "- Glazing — in another framework",
        "- Glazing — in the same domain",
        "2Leadership1 statement",
        "- GLAZING — in another domain",
    )
    lines = [line for kind, line in found(page) if kind == "label twice"]
    assert [4, 8, 10] == lines


def test_declared_numbers() -> None:
    """A declared number that differs from what was found is a warning at the declaring line."""
    page = read(
        PATHSMITH,
        "1Communication12 statements",
        "- Glazing — dips",
        "2Leadership0 statements",
        "3Character1 statement",
        "Show O*NET source anchors1,062 anchors · a.example",
        "- Throws pots.",
        "Sources: LER.me. © 2026 A.",
    )
    expected = [("declared anchors", 8), ("declared statements", 4), ("declared statements", 7)]
    assert expected == sorted(found(page))
    sections = framework(page, "durable").sections
    assert [(12, 1), (0, 0), (1, 0)] == [(s.declared, len(s.statements)) for s in sections]
    assert page.anchors is not None
    assert 1062 == page.anchors.declared


def test_missing_footer() -> None:
    """A missing footer is a warning with the file's last line; other missing parts are not."""
    page = read("- Glazing — dips", "", "- Firing — stokes")
    assert [("no footer", 5)] == found(page)
    kinds = {"no AI", "no durable", "no evidence", "no anchors"}
    assert kinds == {kind for kind, _ in found(page, "info")}


@pytest.mark.parametrize("missing", ["context", "base", "ai", "evidence", "durable", "anchors"])
def test_missing_section(missing: str) -> None:
    """A page without one of its sections reads without a warning."""
    lines = EXAMPLE.read_text("utf-8").splitlines(keepends=True)
    spans = {
        "context": (1, 2),
        "base": (2, 10),
        "ai": (10, 19),
        "evidence": (19, 26),
        "durable": (26, 83),
        "anchors": (83, 92),
    }
    start, end = spans[missing]
    page = read_page("".join(lines[:start] + lines[end:]).encode(), FILE, CATALOGUE)
    assert [] == found(page)
    assert [f"no {missing}".replace(" ai", " AI")] == [kind for kind, _ in found(page, "info")]


@pytest.mark.parametrize("kept", ["base", "ai", "evidence", "durable", "anchors"])
def test_only_section(kept: str) -> None:
    """A page that has but one section, and its footer, is a page."""
    lines = EXAMPLE.read_text("utf-8").splitlines(keepends=True)
    spans = {
        "base": (2, 10),
        "ai": (10, 19),
        "evidence": (19, 26),
        "durable": (26, 83),
        "anchors": (83, 92),
    }
    start, end = spans[kept]
    page = read_page("".join([lines[0], *lines[start:end], lines[-1]]).encode(), FILE, CATALOGUE)
    assert [] == found(page)


def test_statements_alone() -> None:
    """A title and statements are a page, a title and a mere list are none."""
    assert (
        2 == read_page(b"Potters\n- a \xe2\x80\x94 b\n- c", FILE, CATALOGUE).line_kinds["statement"]
    )
    with pytest.raises(InputError, match="expected a title line"):
        read_page(b"To buy\n- clay\n- glaze\n", FILE, CATALOGUE)


@pytest.mark.parametrize(
    "text",
    [
        "Potters",
        "Potters\n\n",
        "- Glazing — dips\n",
        "Context coveredPottery.\n- Glazing — dips\n",
        "AI-at-Work Competency Framework\n- Glazing — dips\n",
        "Sources: LER.me. © 2026 A.\n",
        "Potters\nare people.\n- Glazing — dips\n",
        "O*NET-SOC Code\tTitle\tDescription\n11-1011.00\tChief Executives\tThey lead.\n",
    ],
)
def test_no_page(text: str) -> None:
    """What is no framework page is refused with what was expected, and where."""
    with pytest.raises(InputError) as caught:
        read_page(text.encode(), FILE, CATALOGUE)
    assert EXPECTED == caught.value.message
    assert (FILE, True) == (caught.value.file, (caught.value.line or 0) >= 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"Potters\n- caf\xe9", "0xe9"), (b"Potters\n\0\n", "NUL"), (b"\xff\xfeP\0", "UTF-16")],
)
def test_no_text(data: bytes, words: str) -> None:
    """Latin-1, UTF-16 and binary data are refused with the line."""
    with pytest.raises(InputError, match=words):
        read_page(data, FILE, CATALOGUE)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    """The kind of line end makes no difference to what is read, nor does a byte order mark."""
    lines = ["- Glazing — dips", "- Firing — stokes", "Sources: LER.me. © 2026 A."]
    page, plain = read(*lines, end=end), read(*lines)
    assert replace(plain, document=page.document) == page
    data = "\ufeffPotters\n- a — b\n".encode()
    assert "Potters" == read_page(data, FILE, CATALOGUE).title


@pytest.mark.parametrize(
    "sentence",
    [
        "Ten domains in four steps",
        "7 ways to learn it in 12 statements",
        "10 domains at four levels, each with 8 statements",
        "It says more than our Durable Skills Framework",
        "Source: years at the wheel",
        "What follows is © nobody",
        "All is well.",
    ],
)
@pytest.mark.parametrize("heading", [AI, PATHSMITH])
def test_explanatory_line(heading: str, sentence: str) -> None:
    """An explanatory line is the one below the heading, whatever it says."""
    if heading == AI:  # else this would be the heading of the next framework
        sentence = sentence.replace("Durable Skills Framework", "durable skills")
    page = read(heading, heading, sentence, "1Communication1 statement", "- Glazing — dips")
    assert sentence in [f.description for f in page.frameworks]
    assert {"title", "context", "heading", "explanatory line", "domain", "statement"} == set(
        page.line_kinds
    )


def test_second_explanatory_line() -> None:
    """A further plain line is a warning: nothing is dropped in silence."""
    page = read(PATHSMITH, "One.", "Two.", f"More of {PATHSMITH}", "Context coveredAgain.")
    assert [("line", 5), ("line", 6), ("line", 7), ("no footer", 7)] == found(page)


@pytest.mark.parametrize(
    ("phrase", "levels"),
    [
        ("four proficiency/role levels", 4),
        ("Ten domains at four levels", 4),
        ("Ten domains, each at 5 levels", 5),
        ("Twelve domains at one well-known level", 1),
        ("many levels", None),
        ("ten domains", None),
    ],
)
def test_level_count(phrase: str, levels: int | None) -> None:
    """The number of levels is the one that stands nearest before the word."""
    page = read(PATHSMITH, phrase)
    assert levels == framework(page, "durable").level_count


@pytest.mark.parametrize(
    ("phrase", "zone", "stages"),
    [
        ("at Job Zone 3 in four career stages", 3, 4),
        ("at Job Zone Five across 12 career stages", 5, 12),
        ("three to four distinct career stages", None, 4),
        ("in\u00a0two\u00a0career\u00a0stages", None, 2),
        ("in several career stages", None, None),
        ("in zero career stages", None, 0),
    ],
)
def test_context_numbers(phrase: str, zone: int | None, stages: int | None) -> None:
    """Job zone and number of stages come from the context, as digits or words."""
    page = read_page(f"Potters\nContext covered{phrase}.".encode(), FILE, CATALOGUE)
    assert (zone, stages) == (page.job_zone, page.stage_count)
    assert 2 == page.context_line


def test_domains_with_digits() -> None:
    """Names that begin or end in digits keep them; the numbers on both sides do too."""
    names = ["3D Thinking", "Web 2.0", "Level 2", "B2B", "ISO 9001", "21st-Century Literacy"]
    lines = [PATHSMITH]
    for number, name in enumerate(names, 1):
        lines += [f"{number}{name}{number} statements"]
        lines += [f"- s{number}.{i} — text" for i in range(number)]
    page = read(*lines)
    sections = framework(page, "durable").sections
    expected = [(n, name, n) for n, name in enumerate(names, 1)]
    assert expected == [(s.number, s.domain, s.declared) for s in sections]
    assert [("no footer", len(lines) + 2)] == found(page)


def test_repeated_domain_and_heading() -> None:
    """A domain or heading that comes back after statements is a warning; nothing is dropped."""
    page = read(
        PATHSMITH,
        "- Early — bird",
        "1Communication1 statement",
        "- Glazing — dips",
        PATHSMITH,
        "2Communication1 statement",
        "- Firing — stokes",
    )
    kinds = ["domain twice", "early statement", "heading again", "no footer"]
    assert kinds == sorted(kind for kind, _ in found(page))
    durable = framework(page, "durable")
    assert ["Early"] == [s.label for s in durable.statements]
    assert [["Glazing"], ["Firing"]] == [[s.label for s in d.statements] for d in durable.sections]


def test_source_line() -> None:
    """The chips of a source line are the framework's sources, once each, in order."""
    page = read(
        AI,
        f"Sources:{ONET}{AEI}{ONET}Subscriber feature: the rest",
        "- Glazing — dips",
    )
    assert (SourceRef("onet"), SourceRef("aei")) == framework(page, "ai").sources
    assert ["source-line"] * 3 == [m.place for m in page.mentions]
    assert [("no footer", 5)] == found(page)
    strange = read(AI, f"Sources:{AEI}Buy now", "- Glazing — dips")
    assert ("source line", 4) in found(strange)


def test_evidence_draws_on_the_cited_version() -> None:
    """Figures draw on the version of the index that the page itself cites."""
    newer = AEI.replace("2026_03_24", "2027_01_02")
    page = read(f"- Glazing — dips {newer}", "Evidence pack", "- AEI usage", "- Time saved: 1%")
    assert SourceRef("aei", "release_2027_01_02") == page.figures[0].source


def test_what_stands_elsewhere() -> None:
    """Items below the footer, values below no heading and a second footer are warnings."""
    page = read(
        "Evidence pack",
        "- Time saved: 1%",
        "Show O*NET source anchors2 anchors",
        "- Throws pots.",
        "- Throws  pots.",
        "Sources: LER.me. © 2026 A.",
        "- Late — bird",
        "Sources:",
        "© 2026 B.",
    )
    kinds = ["anchor twice", "evidence", "item", "line", "no name", "second footer"]
    assert kinds == sorted(kind for kind, _ in found(page))
    assert "© 2026 A." == page.rights


def test_rights_of_their_own_line() -> None:
    """Rights may stand in a line below the footer."""
    page = read("- Glazing — dips", "Sources: LER.me.", "© 2026 A.")
    assert [] == found(page)
    assert "© 2026 A." == page.rights


@pytest.mark.parametrize(
    "line",
    [
        "Show O*NET source anchors, anchors",
        "Show O*NET source anchors" + "9" * 5000 + " anchors",
        "1a" + "9" * 5000 + " statements",
        "9" * 5000 + "a1 statement",
        "1a" + "1" * 200_000 + "x statements",
        "- a" + " " * 200_000 + "b — c",
        "- a" + " " * 200_000,
        "Context covered" + "1 " * 20_000,
        "Sources: " + "(" * 20_000,
        "- a — b " + "Anthropic Economic Index" * 20_000,
        "- a — b " + "WEF Skills TaxonomyWEF Skills Taxonomy 2021" * 10_000,
    ],
    ids=range(11),
)
def test_hostile_lines(line: str) -> None:
    """Endless digits, spaces and brackets are read in no time, or warned of."""
    page = read("Evidence pack", line)
    assert 4 == sum(page.line_kinds.values())


def test_second_anchor_heading() -> None:
    """The first heading of the anchors counts, the second is told; all tasks are kept."""
    page = read(
        "Show O*NET source anchors2 anchors · a.example",
        "- Throws pots.",
        "Show O*NET source anchors62 anchors · b.example",
        "- Fires pots.",
        "Sources: LER.me. © 2026 A.",
    )
    assert [("heading again", 5)] == found(page)
    assert "anchors62 anchors · b.example; line 3 has the first" in page.findings[0].message
    assert page.anchors is not None
    assert (2, "a.example", 3) == (
        page.anchors.declared,
        page.anchors.credit,
        page.anchors.line,
    )
    assert [("Throws pots.", 4), ("Fires pots.", 6)] == list(page.anchors.tasks)


def test_metric_twice() -> None:
    """A metric that is stated again is a warning with both values; both are kept."""
    page = read(
        "Evidence pack",
        "- AEI usage",
        "- Augment share: 58%Time saved: 7%",
        "- Augment share: 62.5%",
        "- SAFI positioning",
        "- Top skill: WritingTop skill: Speaking",
        "- WEF cluster",
        "- Craft",
        "- Tradetrade",
        "Sources: LER.me. © 2026 A.",
    )
    assert [("metric twice", 6), ("metric twice", 8), ("metric twice", 11)] == found(page)
    assert [
        "metric stands twice: augment-share 62.5; line 5 has 58",
        "metric stands twice: top-skill Speaking; line 8 has Writing",
        "metric stands twice: cluster Trade; line 10 has Craft",
    ] == [f.message for f in page.findings if f.severity == "warning"]
    assert ["58", "7", "62.5"] == [f.value for f in page.figures]
    assert ["Writing", "Speaking", "Craft", "Trade"] == [c.label for c in page.classifications]


def test_second_rights() -> None:
    """Rights that were stated first count; others in a second footer are told."""
    page = read(
        "Sources: LER.me. © 2026 A.",
        "Sources: WEF. © 2026 A.",
        "Sources: SAFI. © 2027 B.",
    )
    expected = [("second footer", 4), ("second footer", 5), ("other rights", 5)]
    assert expected == found(page)
    assert ["other rights were stated before: © 2027 B."] == [
        f.message for f in page.findings if kind_of(f) == "other rights"
    ]
    assert "© 2026 A." == page.rights
    assert ["ler", "wef", "safi"] == [m.source.key for m in page.mentions]


def test_second_title_of_a_framework() -> None:
    """A heading of other words for the same framework is told, also before any statement."""
    page = read(PATHSMITH, "Evidence pack", "Our Durable Skills Framework", "Sources: WEF. © A.")
    assert [("heading again", 5)] == found(page)
    assert "Our Durable Skills Framework" in page.findings[0].message
    assert PATHSMITH == framework(page, "durable").title


def test_findings_name_the_file() -> None:
    """Every finding names the file as it was given; the document has its name alone."""
    page = read("- Glazing", "what?")
    assert {FILE} == {f.file for f in page.findings}
    assert "page.txt" == page.document.file_name
    assert "folder/page.txt:3: warning: statement without" in str(page.findings[0])


@pytest.mark.parametrize("first", ["{{Draft}}", "[[_TOC_]]", '["quoted" note]', "<header>", "{}"])
def test_a_page_may_begin_with_brackets(first: str) -> None:
    """What reads as a page is one, whatever its first line looks like."""
    page = read_page(f"{first}\n".encode() + EXAMPLE.read_bytes(), FILE, CATALOGUE)
    assert first == page.title
    assert 3 == len(page.frameworks)


@pytest.mark.parametrize(
    ("text", "file", "said"),
    [
        ("", "p.txt", "is empty; download or copy it again"),
        ("\n \n", "p.txt", "is empty; download or copy it again"),
        ('{"a": [1, 2]}\n', "p.txt", "is JSON; save it as text"),
        ("<html>\n\0", "p.txt", "is a web page (HTML)"),
        ("<!doctype html>\n<p>404", "p.csv", "is a web page (HTML)"),
        ("task_name,percent\nx,1\n", "p.csv", "(usage): it lacks the column 'pct'; needed: task"),
        ("a,b\n1,2\n", "p.tsv", "is no table that is known: it has the columns a, b; known are"),
    ],
)
def test_what_is_something_else(text: str, file: str, said: str) -> None:
    """What is no page but something else is called by its name, a table by its columns."""
    with pytest.raises(InputError) as caught:
        read_page(text.encode(), file, CATALOGUE)
    assert said in caught.value.message
    assert file == caught.value.file
