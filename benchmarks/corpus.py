"""Writes a corpus: framework pages for the occupations of a release, and the truth beside them.

    python benchmarks/corpus.py RELEASE OUT [--pages 912] [--spare 5] [--seed 30]

A page has the size and shape of a real one: 40 base, 13 AI and 84 durable statements in ten
domains, citations, an evidence pack, anchors and a footer, 175 lines in all. Every statement is
assembled from the words of one task of its occupation, or of a detailed work activity that only
this task of the occupation does, some of them left out, between words of our own; so its task is
known. The same release and seed give the same bytes, and the page of an occupation is the same
however many pages there are.

OUT/pages and OUT/spare (pages to add later) hold a page a file, `15-1232.00.txt`;
OUT/statements.tsv has a row a statement and OUT/pages.tsv a row a page, spare ones too, as
`STATEMENTS` and `PAGES` say. The tables have no quoting: no text holds a tab.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polars as pl

from kg.errors import KgError
from kg.model import Source
from kg.readers.dates import MONTHS
from kg.readers.onet import OnetRelease, read_release
from kg.readers.sources import load_catalogue

__all__ = ["PAGES", "STATEMENTS", "Subject", "main", "page_of", "subjects_of", "write_corpus"]

#: A row a statement: `line` counts from 1, `position` within the framework or domain; `stage` is
#: null for AI statements, `cites` the keys of sources, comma-separated, in the page's order;
#: `wording` is "task" or "activity", whose words the statement is made of.
STATEMENTS = pl.Schema(
    {
        "page": pl.String(),
        "framework": pl.String(),
        "domain": pl.String(),
        "position": pl.Int64(),
        "stage": pl.Int64(),
        "label": pl.String(),
        "text": pl.String(),
        "task_id": pl.String(),
        "wording": pl.String(),
        "cites": pl.String(),
        "line": pl.Int64(),
    }
)
#: A row a page: `anchors` are task IDs, comma-separated, in the page's order.
PAGES = pl.Schema(
    {
        "page": pl.String(),
        "code": pl.String(),
        "title": pl.String(),
        "job_zone": pl.Int64(),
        "task_observations": pl.String(),
        "top_skill": pl.String(),
        "anchors": pl.String(),
    }
)

_STAGES = 4
_BASE, _AI = 40, 13
_DOMAINS = {
    "Communication": (12, "says in plain words what it takes to", "listens before starting to"),
    "Leadership": (8, "steps forward when somebody has to", "keeps others in step while they"),
    "Metacognition": (8, "notices a habit that gets in the way of how to", "thinks aloud to"),
    "Critical Thinking": (8, "asks for the proof before deciding to", "compares two ways to"),
    "Collaboration": (8, "divides the work fairly so that all can", "calls in a partner to"),
    "Character": (8, "keeps a promise when it would be easier not to", "owns up after failing to"),
    "Creativity": (8, "finds an unusual way to", "makes something out of nothing in order to"),
    "Growth Mindset": (8, "takes criticism as a lesson on how to", "practises, badly at first, to"),
    "Mindfulness": (8, "stays with one thing at a time in order to", "breathes out and returns to"),
    "Fortitude": (8, "goes on after the third setback to", "holds out through a long season to"),
}
_BASE_WORDS = (
    ("watch and repeat beside a colleague how to", "follow a written list in order to"),
    ("handle alone, on ordinary days, what it takes to", "take over a whole part and"),
    ("judge without advice when and how to", "untangle the hard cases so as to"),
    ("set the rules by which a whole house will", "answer to the board for how others"),
)
_AI_WORDS = (
    "lets an assistant draft what is needed to {}, then strikes out what no record confirms",
    "asks a model for three ways to {} and tries the least likely one by hand first",
    "has a tool sort the cases before going on to {}, and looks at every tenth one again",
    "writes down which steps stay with people whenever tools are used to {}",
)
_TAILS = (
    "with notes that the next shift can follow",
    "and says openly what was left undone",
    "on a quiet morning as well as in a rush",
    "while the costs stay within what was agreed",
    "until somebody else has looked at the result",
    "in a place where space and time are short",
    "with the tools that are at hand that day",
    "so that a stranger could pick it up from there",
    "and keeps a tally for the end of the month",
    "after asking those whom it will touch",
)
_LEVELS = (
    "when asked to",
    "without being reminded",
    "and draws others along",
    "wherever the house needs it",
)
#: Keys of the sources cited, by framework; each pair of a list is as likely as any other.
_CITED: Mapping[str, Sequence[tuple[str, ...]]] = {
    "base": [()],
    "ai": [("aei",), ("safi",), ("wef",), ("aei", "safi"), ("safi", "wef")],
    "durable": [("pathsmith",), ("pathsmith", "onet"), ("pathsmith", "onet"), ("onet",)],
}
_MOST_ANCHORS = 8
#: How likely a word of a task is left out of a statement.
_LEFT_OUT = 0.2
#: How likely a statement has the words of an activity of its task, where there is one.
_BY_ACTIVITY = {"base": 0.5, "ai": 0.5, "durable": 0.9}
_SMALL_WORDS = frozenset(
    "a an and are as at be by for from if in into is it its of on or other such than that the "
    "their them these they this those to up use using when where which while who with "
    "within".split()
)
_CLOSING = "Opens in new tab."


class Task(NamedTuple):
    """A task, and the titles of the activities that no other task of its occupation does."""

    task_id: str
    text: str
    activities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is written about: an occupation, its tasks, and the skills to choose from."""

    code: str
    title: str
    job_zone: int | None
    tasks: tuple[Task, ...]
    skills: tuple[str, ...]

    @property
    def file(self) -> str:
        """The name of the page's file."""
        return f"{self.code}.txt"


@dataclass(slots=True)
class _Writer:
    """The lines of a page and its true records, as they come."""

    subject: Subject
    chips: Mapping[str, str]
    chance: random.Random
    lines: list[str] = field(default_factory=list)
    records: list[dict[str, object]] = field(default_factory=list)
    labels: set[tuple[str, str]] = field(default_factory=set)

    def statements(self, framework: str, domain: str | None, number: int) -> None:
        """Write so many statements; stages share their order evenly, except for AI."""
        tasks = self.subject.tasks
        for index in range(number):
            stage = None if framework == "ai" else index * _STAGES // number + 1
            task = tasks[len(self.records) % len(tasks)]  # each in its turn
            by_activity = task.activities and self.chance.random() < _BY_ACTIVITY[framework]
            words = self.chance.choice(task.activities) if by_activity else task.text
            label = self._label(framework, (words, task.text))
            text = self._text(framework, domain, stage, words)
            cites = self.chance.choice(_CITED[framework])
            ending = "".join(f" {self.chips[key]}" for key in cites)
            # A citation of the AI framework ends the sentence once more.
            stop = {"base": ".", "ai": ".", "durable": ""}[framework]
            self.lines.append(f"- {label} — {text}{ending}{stop}")
            self.records.append(
                {
                    "page": self.subject.file,
                    "framework": framework,
                    "domain": domain,
                    "position": index + 1,
                    "stage": stage,
                    "label": label,
                    "text": f"{text}." if framework == "base" else text,
                    "task_id": task.task_id,
                    "wording": "activity" if by_activity else "task",
                    "cites": ",".join(cites),
                    "line": len(self.lines),
                }
            )

    def _label(self, framework: str, texts: Sequence[str]) -> str:
        """Return words in a row of the first text, or of another, that are no label so far."""
        for number in itertools.count(1):
            text = texts[0] if number <= 8 else self.chance.choice(texts)
            words = _excerpt(text, self.chance, 2, 5 if number <= 8 else 9)
            if " " not in words and number <= 40:
                continue
            label = words[:1].upper() + words[1:] + (f", {number}" if number > 60 else "")
            if (key := (framework, label.casefold())) not in self.labels:
                self.labels.add(key)
                return label
        raise AssertionError

    def _text(self, framework: str, domain: str | None, stage: int | None, text: str) -> str:
        chance = self.chance
        if framework == "ai":
            return chance.choice(_AI_WORDS).format(_thinned(text, chance, 16))
        assert stage is not None
        if domain is None:
            opening = chance.choice(_BASE_WORDS[stage - 1])
            return f"{opening} {_thinned(text, chance, 18)}, {chance.choice(_TAILS)}"
        opening = chance.choice(_DOMAINS[domain][1:])
        level = _LEVELS[stage - 1]
        return f"{opening} {_thinned(text, chance, 9)}, {level}, {chance.choice(_TAILS)}"

    def page(self) -> None:
        """Write the whole page."""
        subject, chance = self.subject, self.chance
        zone = f" at Job Zone {subject.job_zone}" if subject.job_zone else ""
        self.lines += [
            subject.title,
            (
                f"Context coveredA page of a made-up corpus, on the work of {subject.title.lower()}"
                f"{zone}, from the first weeks to the charge of a whole house, in {_word(_STAGES)} "
                "career stages."
            ),
        ]
        self.statements("base", None, _BASE)
        self.lines += [
            "AI-at-Work Competency Framework",
            (
                f"Sources:{''.join(self.chips[key] for key in ('aei', 'safi', 'wef'))}"
                "Subscriber featureMore for those who pay, of which there is nothing here"
            ),
            "AI-at-Work Competency Framework",
            "What is left to tools in this line of work, and what is looked at again by people.",
        ]
        self.statements("ai", None, _AI)
        self.lines += [
            "Evidence pack",
            "- AEI usage",
            (
                f"- Task observations: {self.observations}Augment share: {chance.randint(5, 98)}%"
                f"Time saved: {chance.randint(100, 950) / 10}%"
                f"AI autonomy: {chance.randint(100, 500) / 100:.2f}"
            ),
            "- SAFI positioning",
            (
                f"- Top skill: {self.skill}Score: {chance.randint(100, 990) / 10} / 100"
                "Quadrant: Q2_ai_augmentedprecision: exact"
            ),
            "- WEF cluster",
            "- Artificial Intelligenceartificial_intelligence",
            "Pathsmith Durable Skills Framework",
            "Pathsmith Durable Skills Framework",
            (
                f"Ten domains of lasting skills at {_word(_STAGES)} proficiency levels, each "
                "statement made of the words of one task."
            ),
        ]
        for number, (domain, (count, *_)) in enumerate(_DOMAINS.items(), 1):
            self.lines.append(f"{number}{domain}{count} statements")
            self.statements("durable", domain, count)
        anchors = self.anchors
        self.lines += [
            (
                f"Show O*NET source anchors{len(anchors)} anchor{'s' * (len(anchors) > 1)} · "
                "skillscrosswalk.com"
            ),
            "O*NET enrichment · skillscrosswalk.com",
            "Suggest an O*NET correctionThe tasks that the statements were made of",
            *(f"- {task.text}" for task in anchors),
            f"Sources: {self.chips['footer']}. © 2026 The skills-kg project, CC BY 4.0.",
        ]

    # Drawn once, whenever they are asked for.
    observations: int = 0
    skill: str = ""
    anchors: Sequence[Task] = ()

    def __post_init__(self) -> None:
        self.observations = self.chance.randint(10, 9000)
        self.skill = self.chance.choice(self.subject.skills)
        tasks = self.subject.tasks
        self.anchors = self.chance.sample(tasks, min(len(tasks), _MOST_ANCHORS))


def _word(number: int) -> str:
    return "zero one two three four".split()[number]


def _words(text: str) -> list[str]:
    """Return the words of a task's text, those of a clause separated by their comma or bracket."""
    return text.rstrip(". ").split()


def _bare(word: str) -> str:
    return word.strip(",;:.()")


def _excerpt(text: str, chance: random.Random, least: int, most: int) -> str:
    """Return words in a row, within one clause where it is long enough, no small one at an end."""
    clauses = [c.split() for c in re.split(r"[,;:()]|\. ", text.rstrip(". "))]
    long = [c for c in clauses if len(c) >= least] or [text.split()]
    words = chance.choice(long)
    size = chance.randint(min(least, len(words)), min(most, len(words)))
    start = chance.randrange(len(words) - size + 1)
    taken = words[start : start + size]
    while len(taken) > 1 and taken[0].lower() in _SMALL_WORDS:
        taken = taken[1:]
    while len(taken) > 1 and taken[-1].lower() in _SMALL_WORDS:
        taken = taken[:-1]
    return " ".join(taken)


def _thinned(text: str, chance: random.Random, most: int) -> str:
    """Return the words of a task in their order, some left out, at most so many of them."""
    words = _words(text)
    start = chance.randrange(max(1, len(words) - most + 1))
    part = words[start : start + most]
    kept = [w for w in part if w.lower() in _SMALL_WORDS or chance.random() >= _LEFT_OUT]
    kept = kept if any(_bare(w).lower() not in _SMALL_WORDS for w in kept) else part
    while len(kept) > 1 and kept[0].lower() in _SMALL_WORDS:
        kept = kept[1:]
    joined = " ".join(kept).strip(",;: ")
    return joined[:1].lower() + joined[1:]


def subjects_of(release: OnetRelease) -> list[Subject]:
    """Return every occupation that has tasks, by code."""
    tables, code = release.tables, "O*NET-SOC Code"
    tasks: dict[str, dict[str, str]] = {}
    for of, task_id, text in tables["Task Statements"].select(code, "Task ID", "Task").iter_rows():
        # Of several tasks with one text no statement could say which it is of.
        tasks.setdefault(of, {}).setdefault(" ".join(text.split()), task_id)
    activities = _activities(release)
    model = tables["Content Model Reference"].select("Element ID", "Element Name")
    skill = model.filter(pl.col("Element ID").str.contains(r"^2\.[AB]\.\d+\.[a-z]$"))
    skills = tuple(sorted(skill["Element Name"].unique()))
    zones = dict(tables["Job Zones"].select(code, "Job Zone").drop_nulls().iter_rows())
    titles = dict(tables["Occupation Data"].select(code, "Title").iter_rows())
    return [
        Subject(
            of,
            titles[of],
            int(zones[of]) if of in zones else None,
            tuple(
                Task(task_id, text, activities.get((of, task_id), ()))
                for text, task_id in sorted(texts.items())
            ),
            skills,
        )
        for of, texts in sorted(tasks.items())
    ]


def _activities(release: OnetRelease) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the titles of activities by occupation and task, where only one task has them."""
    code, key = "O*NET-SOC Code", "DWA ID"
    done = release.tables["Tasks to DWAs"].select(code, "Task ID", key).unique()
    single = done.filter(pl.len().over(code, key) == 1)
    named = single.join(release.tables["DWA Reference"].select(key, "DWA Title").unique(), on=key)
    titles: dict[tuple[str, str], tuple[str, ...]] = {}
    for of, task_id, title in named.select(code, "Task ID", "DWA Title").sort(pl.all()).iter_rows():
        titles[of, task_id] = (*titles.get((of, task_id), ()), title)
    return titles


def _chips(release: OnetRelease) -> dict[str, str]:
    """Return the citation chip of each source by its key, and the names in a footer."""
    sources = load_catalogue().sources
    chips = {
        key: f"{_filled(source, source.label, release)}"
        f"{_filled(source, source.tooltip, release)}. {_CLOSING}"
        for key, source in sources.items()
        if source.label
    }
    names = ["SkillsCrosswalk.com", "LER.me", "Anthropic Economic Index"]
    names += ["SAFI (Jadhav & Danve, 2026)", f"WEF Skills Taxonomy {sources['wef'].version}"]
    names += ["Pathsmith Durable Skills Framework"]
    chips["footer"] = f"O*NET v{release.version} (CC BY 4.0), " + ", ".join(names)
    return chips


def _filled(source: Source, template: str | None, release: OnetRelease) -> str:
    version, date = source.version or "", source.date or "2026"
    if source.key == "onet":
        version, date = release.version, release.issued or date
    year, _, month = date.partition("-")
    shown = f"{MONTHS[int(month[:2]) - 1][:3]} {year}" if month else year
    return (template or "").replace("{version}", version).replace("{date}", shown)


def page_of(
    subject: Subject, chips: Mapping[str, str], seed: int
) -> tuple[str, list[dict[str, object]], dict[str, object]]:
    """Return the text of a page, its statements and its row of `PAGES`."""
    # Texts seed the generator by a digest, which is the same on every machine.
    writer = _Writer(subject, chips, random.Random(f"{seed}/{subject.code}"))
    writer.page()
    row: dict[str, object] = {
        "page": subject.file,
        "code": subject.code,
        "title": subject.title,
        "job_zone": subject.job_zone,
        "task_observations": str(writer.observations),
        "top_skill": writer.skill,
        "anchors": ",".join(task.task_id for task in writer.anchors),
    }
    return "\n".join(writer.lines) + "\n", writer.records, row


def _chosen(subjects: Sequence[Subject], number: int) -> Iterator[Subject]:
    """Yield so many subjects, evenly from all of them, so that few are like many."""
    for index in range(number):
        yield subjects[index * len(subjects) // number]


def write_corpus(
    release: OnetRelease, out: Path, pages: int | None = None, *, spare: int = 0, seed: int = 30
) -> tuple[int, int]:
    """Write a corpus into a folder; return the numbers of pages and statements.

    `pages` is how many there shall be (None: one for every occupation but the spare ones). Raises
    ValueError if the release has too few occupations with tasks.
    """
    subjects = subjects_of(release)
    pages = len(subjects) - spare if pages is None else pages
    if pages < 1 or spare < 0 or pages + spare > len(subjects):
        raise ValueError(
            f"{pages} pages and {spare} spare ones were asked for; "
            f"the release has {len(subjects)} occupations with tasks"
        )
    chosen = list(_chosen(subjects, pages))
    others = sorted({s.code: s for s in subjects}.keys() - {s.code for s in chosen})
    chance = random.Random(f"{seed}/spare")
    of_spare = set(chance.sample(others, spare))
    chips = _chips(release)
    statements: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    for name in ("pages", "spare"):
        (out / name).mkdir(parents=True, exist_ok=True)
    for subject in [*chosen, *(s for s in subjects if s.code in of_spare)]:
        text, records, row = page_of(subject, chips, seed)
        place = "spare" if subject.code in of_spare else "pages"
        (out / place / subject.file).write_bytes(text.encode())
        statements += records
        rows.append(row)
    for name, table, schema in (("statements", statements, STATEMENTS), ("pages", rows, PAGES)):
        frame = pl.DataFrame(table, schema=schema, orient="row")
        frame.write_csv(out / f"{name}.tsv", separator="\t", quote_style="never")
    return pages, len(statements)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a corpus as the command line says; 2 for a wrong request."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", type=Path, metavar="RELEASE")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--pages", type=int, default=912)
    parser.add_argument("--spare", type=int, default=5, help="pages to be added later")
    parser.add_argument("--seed", type=int, default=30)
    options = parser.parse_args(arguments)
    try:
        pages, statements = write_corpus(
            read_release(options.release),
            options.out,
            options.pages,
            spare=options.spare,
            seed=options.seed,
        )
    except (KgError, OSError, ValueError) as error:
        print(f"{options.out}: {error}", file=sys.stderr)
        return 2
    print(f"{options.out}: {pages:,} pages and {options.spare} spare, {statements:,} statements")
    return 0


if __name__ == "__main__":
    sys.exit(main())
