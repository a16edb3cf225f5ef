"""The records that readers make and the mapping turns into quads.

They are frozen and in the words of the ontology. Lines count from 1. A record holds what a
document says; what the project derives from it (stages, identifiers) is the mapping's work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

__all__ = [
    "Anchors",
    "Classification",
    "Document",
    "Figure",
    "Finding",
    "Framework",
    "FrameworkKind",
    "Mention",
    "MentionPlace",
    "Page",
    "Quad",
    "Section",
    "Severity",
    "Source",
    "SourceRef",
    "Statement",
]

Severity = Literal["error", "warning", "info"]
FrameworkKind = Literal["base", "ai", "durable"]
MentionPlace = Literal["chip", "source-line", "footer"]


class Quad(NamedTuple):
    """One row of the quad table; the columns are explained in `kg.quads`."""

    subject: str
    predicate: str
    object: str
    kind: str
    datatype: str | None
    language: str | None
    graph: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed while reading or mapping: how bad, what, and where."""

    severity: Severity
    message: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else ""
        place = place or (f"{self.file}: " if self.file else "")
        return f"{place}{self.severity}: {self.message}"


@dataclass(frozen=True, slots=True)
class Document:
    """An input as it was read; `sha256` is that of its bytes."""

    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of the source catalogue (`build/sources.toml` explains the fields)."""

    key: str
    title: str
    label: str | None = None
    tooltip: str | None = None
    aliases: tuple[str, ...] = ()
    url: str | None = None
    publisher: str | None = None
    licence: str | None = None
    rights: str | None = None
    version: str | None = None
    date: str | None = None
    unknown: tuple[str, ...] = ()
    cite: str | None = None
    download: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source as something refers to it: the catalogue's key and, if it differs, the version."""

    key: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A source named on a page, with the version, date and licence that the page states."""

    place: MentionPlace
    source: SourceRef
    line: int
    version: str | None = None
    date: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One competency statement; `position` counts from 1 in its domain or framework."""

    label: str | None
    text: str | None
    cites: tuple[SourceRef, ...]
    position: int
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """A domain's statements in one framework, with the number the page declares for them."""

    domain: str
    number: int
    declared: int
    statements: tuple[Statement, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Framework:
    """One framework of a page; `statements` are those outside any domain."""

    kind: FrameworkKind
    title: str
    description: str | None
    sources: tuple[SourceRef, ...]
    statements: tuple[Statement, ...]
    sections: tuple[Section, ...]
    level_count: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the evidence pack, in the lexical form of the page without separators."""

    metric: str
    value: str
    unit: str
    source: SourceRef
    line: int


@dataclass(frozen=True, slots=True)
class Classification:
    """A category of the evidence pack: its label and, where the page shows one, its code."""

    metric: str
    scheme: str
    label: str | None
    notation: str | None
    source: SourceRef
    line: int


@dataclass(frozen=True, slots=True)
class Anchors:
    """The source anchors: the number declared, who is credited, and the task texts shown."""

    declared: int | None
    credit: str | None
    tasks: tuple[tuple[str, int], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """A framework page of one occupation as it was read."""

    document: Document
    title: str
    context: str | None
    job_zone: int | None
    stage_count: int | None
    frameworks: tuple[Framework, ...]
    figures: tuple[Figure, ...]
    classifications: tuple[Classification, ...]
    anchors: Anchors | None
    mentions: tuple[Mention, ...]
    rights: str | None
    context_line: int | None = None
    findings: tuple[Finding, ...] = ()
    #: How many lines were read as what; the counts add up to the lines of the file.
    line_kinds: dict[str, int] = field(default_factory=dict)
