"""Lines and pages that someone made to keep a reader busy: what they cost grows as they do.

Nothing here measures time. A reader that looks at a long run again for each of its characters
takes minutes or hours for one of these lines, and then the test does not end. The full length is
tried in the longer tests; a line of a third of it shows the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from kg.errors import InputError
from kg.model import Page, SourceRef
from kg.readers.chips import ChipReader
from kg.readers.domains import read_domain
from kg.readers.evidence import read_evidence
from kg.readers.footer import read_names
from kg.readers.layout import fold, load_layout, shorten
from kg.readers.page import read_page
from kg.readers.sources import load_catalogue

SIZES = [2_000, 20_000, 60_000, pytest.param(200_000, marks=pytest.mark.slow)]
USUAL = pytest.param(2_000, 2_000, id="usual")
LARGE = pytest.param(200_000, 50_000, id="large", marks=pytest.mark.slow)
CATALOGUE = load_catalogue()
CHIPS = ChipReader(CATALOGUE)
LAYOUT = load_layout()
AEI = "Anthropic Economic IndexAnthropic Economic Index — release_2026_03_24. Opens in new tab."
ONET = "O*NET v30.2O*NET Resource Center — Occupational Information Network, v30.2 (Sept 2025)"

# What a line may repeat: the characters and words that patterns and loops look for.
UNITS = [
    *(" ", "\t", "\u00a0", "\u2003", "\u2028", "\x0b", "\u200b", "\u202e", "\u0301\u0323"),
    *("—", " — ", "— ", "-", "–", "•", "'", '"', "“", "(", ")", "()", "(a", "[", ".", ". ", " ."),
    *(",", ", ", ";", ":", ": ", "©", " · ", "%", "/", "/ 100", "_", "a_", "and ", " and "),
    *("0", "1", "9 ", "1,", "1,234", "1.", "٣", "²", "a", "a ", "é", "ß", "İ", "ﷺ"),
    *("Opens ", "Opens in new tab.", " Opens in new tab", "O*NET v", "O*NET v1, ", "WEF", "WEF, "),
    *("Anthropic Economic Index", "Anthropic Economic Index — ", AEI, ONET, f"{ONET}. "),
    *("SAFI (", "WEF Skills Taxonomy ", "statements", " 1 statements", "Time saved: ", "Score: 1"),
    *("four ", "four career ", "4 levels ", "4/4 ", "Job Zone ", "Durable Skills Framework", "Q2_"),
]
# What may stand before and after that.
AFFIXES = [
    *(("", ""), ("- ", ""), ("- ", "x"), ("- a — ", " x"), ("- ", " — x"), ("- x", ". Opens in")),
    *(("Sources:", ""), ("Sources: WEF", "x ©"), ("Sources:", "Opens in new tab."), ("©", "")),
    *(("Context covered", " four career stages"), ("1", " statements"), ("1a", "1 statement")),
    *(("Show O*NET source anchors", " anchors"), ("", "Durable Skills Framework"), ("1 ", "x")),
    *(("- x Opens in new tab", ""), ("- Score: ", " / 100"), ("- Top skill: ", "precision: ")),
]
# What opens the sections of a page that a line may stand in.
SECTIONS = {
    "base": "Context coveredPots.",
    "ai": "AI-at-Work Competency Framework",
    "ai statements": "AI-at-Work Competency Framework\nHow they do.\n- a — b",
    "usage": "Evidence pack\n- AEI usage",
    "positioning": "Evidence pack\n- SAFI positioning",
    "cluster": "Evidence pack\n- WEF cluster",
    "durable": "Pathsmith Durable Skills Framework",
    "domain": "Pathsmith Durable Skills Framework\n\n1Pots1 statement\n- a — b",
    "anchors": "Show O*NET source anchors1 anchors",
    "footer": "Sources: WEF. © 2026 A.",
}


def read(*lines: str) -> Page | None:
    """Read a page of these lines below a title; None where they are no page."""
    try:
        return read_page("\n".join(["Potters", *lines]).encode(), "page.txt", CATALOGUE)
    except InputError:
        return None


def long_lines(size: int) -> Iterator[tuple[int, str]]:
    """Yield lines of some `size` characters and the number of what they repeat."""
    for number, unit in enumerate(UNITS):
        yield number, unit * (size // len(unit))


def evidence(line: str) -> list[object]:
    """Read a line in every block of the evidence pack."""
    return [
        item for block in LAYOUT.evidence for item in read_evidence(line, 1, block, SourceRef("a"))
    ]


def matches(line: str) -> list[bool]:
    """Match every pattern of the layout, folded and as it is."""
    patterns = [*LAYOUT.patterns.values(), *LAYOUT.headings.values(), *LAYOUT.furniture.values()]
    return [bool(p.fullmatch(text)) for p in patterns for text in (fold(line), line)]


PARTS: dict[str, Callable[[str], object]] = {
    "chips": CHIPS.read,
    "domains": lambda line: read_domain(line, 1),
    "evidence": evidence,
    "name": CATALOGUE.by_name,
    "names": lambda line: list(read_names(f"WEF{line}", CATALOGUE)),
    "numbers": lambda line: [LAYOUT.number(n, line) for n in ("job-zone", "stages", "levels")],
    "patterns": matches,
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", PARTS)
def test_parts_of_lines(part: str, size: int) -> None:
    """Each part of the reader gets through a line of any repeated characters."""
    number = 0
    for index, line in long_lines(size):
        before, after = ("", "x") if index % 2 else AFFIXES[index % len(AFFIXES)]
        PARTS[part](f"{before}{line}{after}")
        number += 1
    assert len(UNITS) == number


@pytest.mark.parametrize(("size", "_lines"), [USUAL, LARGE])
@pytest.mark.parametrize("section", SECTIONS)
def test_lines(section: str, size: int, _lines: int) -> None:
    """A line of any repeated characters is read, or warned of, wherever it stands."""
    offset = [*SECTIONS].index(section)
    number = 0
    for index, line in long_lines(size):
        before, after = AFFIXES[(index + offset) % len(AFFIXES)]
        opening = SECTIONS[section].split("\n")
        page = read(*opening, f"{before}{line}{after}")
        assert page is not None
        assert 2 + len(opening) == sum(page.line_kinds.values())
        assert all(len(str(finding)) < 2000 for finding in page.findings)
        number += 1
    assert len(UNITS) == number


MANY = {
    "blank": " ",
    "unknown": "what is this {0}",
    "domain": "{0}Domain1 statement",
    "digits": "1" * 400,
    "statement": "- a{0} — b",
    "label": "- a — b",
    "chip": "- a — b {aei}",
    "unknown chip": "- a — b Kiln {0}. Opens in new tab.",
    "source line": "Sources:{aei}",
    "score": "- Score: {0} / 100",
    "usage": "- Task observations: {0}",
    "cluster": "- Craft {0}",
    "anchor heading": "Show O*NET source anchors{0} anchors",
    "footer": "Sources: O*NET v{0}, WEF. © {0}",
    "context": "Context covered{0}",
    "heading": "Our{0} Durable Skills Framework",
}


@pytest.mark.parametrize(("_size", "most"), [USUAL, LARGE])
@pytest.mark.parametrize("line", MANY)
def test_many_lines(line: str, _size: int, most: int) -> None:
    """A page of many lines that are alike, in every section that repeats them, is read."""

    def lines(template: str) -> list[str]:
        versions = (AEI.replace("2026_03_24", str(number)) for number in range(most))
        return [template.format(number, aei=aei) for number, aei in enumerate(versions)]

    # What a page has cited is looked up for its evidence, so it cites much here.
    parts = [SECTIONS["ai statements"].split("\n"), lines(MANY["chip"])]
    for section in ("ai statements", "positioning", "domain", "anchors"):
        parts += [SECTIONS[section].split("\n"), lines(MANY[line])]
    page = read(*(text for part in parts for text in part))
    assert page is not None
    assert 1 + sum(map(len, parts)) == sum(page.line_kinds.values())


def test_long_texts_in_messages() -> None:
    """A message quotes the beginning of a long text, or its end."""
    assert "a" * 80 + "…" == shorten("a" * 81)
    assert "a" * 80 == shorten("a" * 80)
    assert "…bb" == shorten("abb", 2, end=True)
