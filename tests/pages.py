"""A strategy that writes framework pages together with what they should read as.

`cases()` draws a `Case`: the bytes of a page and the record that these bytes were written from.
Nothing here calls a reader: titles, names, numbers and lines are noted while they are written.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from kg.model import (
    Anchors,
    Classification,
    Document,
    Figure,
    Framework,
    FrameworkKind,
    Mention,
    MentionPlace,
    Page,
    Section,
    SourceRef,
    Statement,
)

__all__ = ["FILE", "Case", "cases"]

FILE = "folder/page.txt"
NBSP = "\u00a0"

WORDS = (
    "kiln", "glaze", "firing", "shelf-life", "north-east", "wheel", "O’Hara's", '"rush"', "24/7",
    "(see 4.2)", "C++", "50%", "café", "Töpfer", "печь", "焼き物", "मिट्टी", "a–b", "x—y", "&",
    "1st", "slip", "clay", "tests:", "re-fires", "cones", "logs", "ÅNGSTRÖM", "v2",
)  # fmt: skip
TITLES = ("Kiln Operators", "Potters, Wheel", "Töpfer und Brenner", "陶芸家", "Clay Mixers 2.0")
DOMAINS = (
    "Communication", "Critical Thinking", "Growth Mindset", "Problem-Solving", "Web 2.0",
    "3D Thinking", "21st-Century Literacy", "Health & Safety", "Teamwork (remote)", "Level 2",
    "ISO 9001", "Навыки общения", "共通理解", "मिट्टी", "B2B", "Care: Tools", "Fortitude",
)  # fmt: skip
NUMBERS = {"two": 2, "Three": 3, "four": 4, "5": 5, "Twelve": 12}
QUADRANTS = ("Q2_ai_augmented", "Q1_hands_on", "Q4_other")
CLUSTERS = (
    ("Artificial Intelligence", "artificial_intelligence"),
    ("Craft & Trade", "craft_trade"),
    ("Handwork", None),
)

# Date as pages write it, and as it reads.
DATES = (("Sept 2025", "2025-09"), ("24 March 2026", "2026-03-24"), ("2024", "2024"))


@dataclass(frozen=True)
class _Chip:
    """A chip's template, the catalogue's version of its source, and newer ones."""

    key: str
    template: str
    versions: tuple[str | None, ...]


CHIPS = (
    _Chip(
        "onet",
        "O*NET v{v}O*NET Resource Center — Occupational Information Network, v{v} ({d})",
        ("30.2", "31.0", "29.0"),
    ),
    _Chip(
        "aei",
        "Anthropic Economic IndexAnthropic Economic Index — {v}.",
        ("release_2026_03_24", "release_2027_01_02"),
    ),
    _Chip(
        "safi",
        "Jadhav & Danve, 2026Skill Automation Feasibility Index — Jadhav & Danve, 2026 "
        "(arXiv:2604.06906).",
        (None,),
    ),
    _Chip(
        "wef",
        "WEF Skills TaxonomyWEF Skills Taxonomy {v} — Building a Common Language for Skills at "
        "Work.",
        ("2021", "2030"),
    ),
    _Chip(
        "pathsmith",
        "Pathsmith Durable SkillsPathsmith Durable Skills Framework — America Succeeds + CompTIA.",
        (None,),
    ),
)
# The footer's words for a source: key, words, version stated.
FOOTER_NAMES = (
    ("onet", "O*NET v30.2", "30.2"),
    ("onet", "O*NET v31.0", "31.0"),
    ("skillscrosswalk", "SkillsCrosswalk.com", None),
    ("ler", "LER.me", None),
    ("aei", "Anthropic Economic Index", None),
    ("safi", "SAFI (Jadhav & Danve, 2026)", None),
    ("wef", "WEF Skills Taxonomy 2021", "2021"),
    ("pathsmith", "Pathsmith Durable Skills Framework", None),
)
KNOWN_VERSIONS = {"onet": "30.2", "aei": "release_2026_03_24", "wef": "2021"}
UNITS = {
    "Task observations": ("task-observations", "count", ("3240", "1,250", "12,345,678", "0")),
    "Augment share": ("augment-share", "percent", ("95%", "62.5%", "100 %")),
    "Time saved": ("time-saved", "percent", ("87.3%", "0.0%")),
    "AI autonomy": ("ai-autonomy", "one", ("3.00", "2.60", "-1.5")),
}


@dataclass(frozen=True)
class Case:
    """A page as bytes, what it should read as (without findings), and its findings.

    A finding is its severity, its kind and its line. The kinds are named in `tests/readers`.
    """

    data: bytes
    page: Page
    findings: tuple[tuple[str, str, int | None], ...]


@dataclass
class _Writer:
    """Writes a page line by line and notes what it should read as."""

    draw: Any
    lines: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, str, int | None]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    def one(self, values: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(values))

    def often(self) -> bool:
        return bool(self.draw(st.sampled_from((True, True, True, False))))

    def seldom(self) -> bool:
        return not self.often() and not self.often()

    def line(self, text: str, kind: str) -> int:
        """Write a line, at times after a blank one, and return its number."""
        if self.seldom():
            self.lines.append(self.one(("", " ", NBSP)))
            self.kinds["blank"] += 1
        self.lines.append(text)
        self.kinds[kind] += 1
        return len(self.lines)

    def words(self, most: int) -> str:
        words = self.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=most))
        return (NBSP if self.seldom() else " ").join(words)

    # Chips and statements

    def chips(self, most: int) -> tuple[str, list[tuple[SourceRef, str | None, str | None]]]:
        """Write chips in a row; return them with the sources, versions and dates they name."""
        text, named = "", []
        for chip in self.draw(st.lists(st.sampled_from(CHIPS), max_size=most)):
            version = self.one(chip.versions)
            words, date = self.one(DATES) if "{d}" in chip.template else ("", None)
            shown = chip.template.format(v=version, d=words) + self.one(("", ".", ""))
            shown = shown.replace("..", ".") + self.one((" ", "  ", NBSP)) + "Opens in new tab."
            shown = shown.replace(" ", self.one((" ", " ", NBSP)))
            text += self.one(("", " ", " ", NBSP)) + shown + self.one(("", "", "."))
            known = KNOWN_VERSIONS.get(chip.key) == version
            named.append((SourceRef(chip.key, None if known else version), version, date))
        return text, named

    def mention(
        self,
        place: MentionPlace,
        named: list[tuple[SourceRef, str | None, str | None]],
        line: int,
    ) -> None:
        self.mentions += [Mention(place, ref, line, version, date) for ref, version, date in named]

    def statements(self, labels: set[str], chips: int) -> tuple[Statement, ...]:
        """Write a list of statements; `labels` are those that the framework has so far."""
        found: list[Statement] = []
        for _ in range(self.draw(st.integers(0, 4))):
            bullet = self.one(("- ", "- ", "  - ", "-" + NBSP, "• "))
            if self.seldom():
                line = self.line(bullet + self.one(("", "—", " — ")), "not understood")
                self.findings.append(("warning", "empty statement", line))
                continue
            label = self.words(4)
            text: str | None = self.words(6) + self.one(("", ".", "!", f" — {self.words(2)}"))
            dash = self.one((" — ", " — ", f"{NBSP}—{NBSP}", " —  ")) + str(text)
            if self.seldom():
                text, dash = None, self.one(("", " —"))
            shown, named = self.chips(chips)
            line = self.line(bullet + label + dash + shown + self.one(("", " ")), "statement")
            self.mention("chip", named, line)
            if text is None:
                self.findings.append(("warning", "no text", line))
            key = " ".join(label.split()).casefold()
            if key in labels:
                self.findings.append(("warning", "label twice", line))
            labels.add(key)
            cites = tuple(dict.fromkeys(ref for ref, _, _ in named))
            found.append(Statement(label, text, cites, len(found) + 1, line))
        return tuple(found)

    # The parts of a page in their order

    def context(self) -> tuple[str, int | None, int | None, int]:
        zone = self.one((None, 1, 3, 5))
        stages = self.one((None, *NUMBERS))
        text = f"The work of {self.words(3)}"
        text += f" at Job Zone {zone}" if zone else ""
        text += f", in {stages} {self.one(('', 'known ', 'well-known '))}career stages" * bool(
            stages
        )
        line = self.line(f"Context covered{text}.", "context")
        folded = " ".join(f"{text}.".split())
        return folded, zone, NUMBERS[stages] if stages else None, line

    def explanation(self) -> tuple[str | None, int | None]:
        if not self.often():
            return None, None
        number = self.one(tuple(NUMBERS))
        text, levels = self.one(
            (
                (f"Every {self.words(3)} counts.", None),
                (f"Ten domains at {number} levels of {self.words(2)}", NUMBERS[number]),
                (f"{self.words(2)}: {number} proficiency/role levels.", NUMBERS[number]),
                ("7 ways to say it in 12 statements", None),
                ("Source: what colleagues told us.", None),
                ("This line stands where it stands — Opens nothing.", None),
            )
        )
        self.line(text, "explanatory line")
        return text, levels

    def ai(self) -> Framework:
        title = "AI-at-Work Competency Framework"
        sources: list[SourceRef] = []
        self.line(title, "heading")
        if self.often():
            shown, named = self.chips(3)
            if named:
                end = self.one(("", "Subscriber feature: all of it"))
                line = self.line(f"Sources:{shown}{end}", "source line")
                self.mention("source-line", named, line)
                sources = list(dict.fromkeys(ref for ref, _, _ in named))
        if self.often():
            self.line(title.replace(" ", self.one((" ", NBSP))), "heading")
        text, levels = self.explanation()
        found = self.statements(set(), 2)
        return Framework("ai", title, text, tuple(sources), found, (), levels)

    def evidence_source(self, key: str) -> SourceRef:
        """An evidence block draws on the version of its source that the page cited first."""
        return next((m.source for m in self.mentions if m.source.key == key), SourceRef(key))

    def evidence(self) -> tuple[list[Figure], list[Classification]]:
        figures: list[Figure] = []
        categories: list[Classification] = []
        self.line("Evidence pack", "heading")
        if self.often():
            self.line("- AEI usage", "evidence heading")
            source = self.evidence_source("aei")
            chosen = [label for label in UNITS if self.often()]
            values = [self.one(UNITS[label][2]) for label in chosen]
            if chosen:
                text = "".join(f"{c}: {v}" for c, v in zip(chosen, values, strict=True))
                line = self.line(f"- {text}", "evidence values")
                for label, value in zip(chosen, values, strict=True):
                    metric, unit, _ = UNITS[label]
                    lexical = value.rstrip(" %").replace(",", "")
                    figures.append(Figure(metric, lexical, unit, source, line))
        if self.often():
            self.line("- SAFI positioning", "evidence heading")
            source = self.evidence_source("safi")
            skill, quadrant = self.words(2).replace(":", ""), self.one(QUADRANTS)
            line = self.line(
                f"- Top skill: {skill}Score: 48.5 / 100Quadrant: {quadrant}precision: exact",
                "evidence values",
            )
            skill = " ".join(skill.split())
            figures.append(Figure("safi-score", "48.5", "points-of-100", source, line))
            categories += [
                Classification("top-skill", "skill", skill, None, source, line),
                Classification("quadrant", "quadrant", None, quadrant, source, line),
                Classification("precision", "precision", None, "exact", source, line),
            ]
        if self.often():
            self.line("- WEF cluster", "evidence heading")
            source = self.evidence_source("wef")
            label, code = self.one(CLUSTERS)
            line = self.line(f"- {label}{code or ''}", "evidence values")
            categories.append(Classification("cluster", "cluster", label, code, source, line))
        return figures, categories

    def durable(self) -> Framework:
        title = self.one(("Pathsmith Durable Skills Framework", "Our Durable Skills Framework"))
        sources = (SourceRef("pathsmith"),) if title.startswith("Pathsmith") else ()
        self.line(title, "heading")
        if self.often():
            self.line(title, "heading")
        text, levels = self.explanation()
        labels: set[str] = set()
        sections: list[Section] = []
        gap = self.one((0, 0, 0, 3))
        names = self.draw(st.lists(st.sampled_from(DOMAINS), max_size=5, unique=True))
        for number, name in enumerate(names, 1 + gap):
            # Which digits belong to the name is told by what is found, so the two agree there.
            # After a gap, the number that comes next does not tell where a name begins.
            off = 0 if name[-1].isdigit() else self.one((0, 0, 0, 7))
            if gap and name[0].isdigit() and not sections:
                name = f"The {name}"
            at = self.line("", "domain")
            found = self.statements(labels, 2)
            declared = len(found) + off
            noun = "statement" if declared == 1 else "statements"
            self.lines[at - 1] = f"{number}{name}{declared} {noun}"
            if off:
                self.findings.append(("warning", "declared statements", at))
            sections.append(Section(name, number, declared, found, at))
        return Framework("durable", title, text, sources, (), tuple(sections), levels)

    def anchors(self) -> Anchors:
        credit = self.one((None, "skillscrosswalk.com"))
        at = self.line("", "anchors")
        for text in ("O*NET enrichment · a.example", "Suggest an O*NET correctionAnchors, see"):
            if self.often():
                self.line(text, "furniture")
        tasks: list[tuple[str, int]] = []
        for _ in range(self.draw(st.integers(0, 3))):
            text = f"{self.words(5)}."
            line = self.line(f"- {text}", "anchor")
            if " ".join(text.split()) in {" ".join(t.split()) for t, _ in tasks}:
                self.findings.append(("warning", "anchor twice", line))
            tasks.append((text, line))
        declared = len(tasks) + self.one((0, 0, 1234))
        if declared != len(tasks):
            self.findings.append(("warning", "declared anchors", at))
        self.lines[at - 1] = f"Show O*NET source anchors{declared:,} anchors" + (
            f" · {credit}" if credit else ""
        )
        return Anchors(declared, credit, tuple(tasks), at)

    def footer(self) -> tuple[int, str | None]:
        """Write the footer and return its line and the rights it states."""
        items: list[str] = []
        named: list[tuple[SourceRef, str | None, str | None]] = []
        names = st.lists(st.sampled_from(FOOTER_NAMES), min_size=1, max_size=7, unique=True)
        unknown = 0
        for key, words, version in self.draw(names):
            licence = self.one((None, None, "CC BY 4.0", "see below, there"))
            known = version is None or KNOWN_VERSIONS.get(key) == version
            named.append((SourceRef(key, None if known else version), version, licence))
            items.append(words + (f" ({licence})" if licence else ""))
            if self.seldom():
                items.append(self.one(("The Kiln Post (2 volumes, boxed)", "Nowhere")))
                unknown += 1
        rights = self.one((None, "© 2026 A Potter.", "© 2025–2026 X, CC BY 4.0"))
        end = self.one(("", ".", ". ")) + (rights or "")
        line = self.line(f"Sources: {self.one((', ', '; ', ',')).join(items)}{end}", "footer")
        self.findings += [("warning", "unknown name", line)] * unknown
        for ref, version, licence in named:
            self.mentions.append(Mention("footer", ref, line, version, None, licence))
        if rights is None:
            self.findings.append(("warning", "no rights", line))
        return line, rights


MISSING = {"base": "no base", "ai": "no AI", "durable": "no durable"}


@st.composite
def cases(draw: Any) -> Case:
    """Draw a page in the page format, and what it should read as."""
    writer = _Writer(draw)
    title = writer.one(TITLES)
    writer.line(title.replace(" ", writer.one((" ", "  ", NBSP))), "title")
    context, zone, stages, context_line = None, None, None, None
    has_ai, has_durable = writer.often(), writer.often()
    if writer.often() or not (has_ai or has_durable):  # something that only pages have
        context, zone, stages, context_line = writer.context()
    frameworks: list[Framework] = []
    base = writer.statements(set(), 2)
    if base:
        frameworks.append(Framework("base", title, None, (), base, (), None))
    if has_ai:
        frameworks.append(writer.ai())
    figures, categories = writer.evidence() if writer.often() else ([], [])
    if has_durable:
        frameworks.append(writer.durable())
    anchors = writer.anchors() if writer.often() else None
    rights = None
    if writer.often():
        _, rights = writer.footer()
    else:
        writer.findings.append(("warning", "no footer", len(writer.lines)))
    kinds: set[FrameworkKind] = {framework.kind for framework in frameworks}
    writer.findings += [("info", MISSING[kind], None) for kind in MISSING if kind not in kinds]
    if not any(f.statements or any(s.statements for s in f.sections) for f in frameworks):
        writer.findings.append(("info", "no statements", len(writer.lines)))
    if not (figures or categories):
        writer.findings.append(("info", "no evidence", None))
    if anchors is None:
        writer.findings.append(("info", "no anchors", None))
    if context is None:
        writer.findings.append(("info", "no context", None))
    end = writer.one(("\n", "\r\n"))
    text = end.join(writer.lines) + writer.one((end, end, ""))
    data = (b"\xef\xbb\xbf" if writer.seldom() else b"") + text.encode()
    page = Page(
        document=Document("page.txt", hashlib.sha256(data).hexdigest()),
        title=title,
        context=context,
        job_zone=zone,
        stage_count=stages,
        frameworks=tuple(frameworks),
        figures=tuple(figures),
        classifications=tuple(categories),
        anchors=anchors,
        mentions=tuple(writer.mentions),
        rights=rights,
        context_line=context_line,
        line_kinds=dict(sorted(writer.kinds.items())),
    )
    return Case(data, page, tuple(writer.findings))
