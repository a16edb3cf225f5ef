"""One page of a corpus: its lines, and the true record of every statement on it."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["CLOSING", "Subject", "Task", "page_of"]

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
#: Keys of the sources cited, by framework; each group of a list is as likely as any other.
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
#: The words that end every citation.
CLOSING = "Opens in new tab."


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

    def page(self) -> dict[str, object]:
        """Write the whole page, and return its own row of the table of pages."""
        subject, chance = self.subject, self.chance
        observations, skill = chance.randint(10, 9000), chance.choice(subject.skills)
        anchors = chance.sample(subject.tasks, min(len(subject.tasks), _MOST_ANCHORS))
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
                f"- Task observations: {observations}Augment share: {chance.randint(5, 98)}%"
                f"Time saved: {chance.randint(100, 950) / 10}%"
                f"AI autonomy: {chance.randint(100, 500) / 100:.2f}"
            ),
            "- SAFI positioning",
            (
                f"- Top skill: {skill}Score: {chance.randint(100, 990) / 10} / 100"
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
        return {
            "page": subject.file,
            "code": subject.code,
            "title": subject.title,
            "job_zone": subject.job_zone,
            "task_observations": str(observations),
            "top_skill": skill,
            "anchors": ",".join(task.task_id for task in anchors),
        }


def _word(number: int) -> str:
    return "zero one two three four".split()[number]


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
    words = text.rstrip(". ").split()
    start = chance.randrange(max(1, len(words) - most + 1))
    part = words[start : start + most]
    kept = [w for w in part if w.lower() in _SMALL_WORDS or chance.random() >= _LEFT_OUT]
    kept = kept if any(_bare(w).lower() not in _SMALL_WORDS for w in kept) else part
    while len(kept) > 1 and kept[0].lower() in _SMALL_WORDS:
        kept = kept[1:]
    joined = " ".join(kept).strip(",;: ")
    return joined[:1].lower() + joined[1:]


def page_of(
    subject: Subject, chips: Mapping[str, str], seed: int
) -> tuple[str, list[dict[str, object]], dict[str, object]]:
    """Return the text of a page, the records of its statements and its own.

    `chips` has the citation of each source by its key, and under `footer` the names in the footer.
    """
    # Texts seed the generator by a digest, which is the same on every machine.
    writer = _Writer(subject, chips, random.Random(f"{seed}/{subject.code}"))
    row = writer.page()
    return "\n".join(writer.lines) + "\n", writer.records, row
