"""The ESCO classification in one language: its tables as they stand, and what is odd in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import polars as pl

from kg.errors import InputError
from kg.model import Document, Finding
from kg.readers import csvs, files
from kg.readers.esco.hierarchy import check_hierarchy
from kg.readers.esco.layout import TABLES, EscoTable, language_of, table_of
from kg.texts import number_of

__all__ = ["EscoRelease", "digest_of", "is_esco", "read_esco", "unread_in"]

_VERSION = re.compile(r"(?:^|[^0-9.])v?([0-9]+\.[0-9]+(?:\.[0-9]+)*)(?![0-9])", re.IGNORECASE)
_IRI = re.compile(r"https?://[^\s<>\"{}|^`\\]+")
#: The columns that hold one IRI each.
_NODES = {
    "conceptUri",
    "conceptSchemeUri",
    "broaderUri",
    "occupationUri",
    "skillUri",
    "originalSkillUri",
    "relatedSkillUri",
}
#: The kinds of relation that there are.
RELATIONS = ("essential", "optional")


@dataclass(frozen=True, slots=True)
class EscoRelease:
    """The classification: its version where its name says one, its language, and its tables.

    A table has its columns as the file names them, and `line`; a cell is text, null where it is
    empty. `findings` say what the files themselves hold that does not fit together.
    """

    document: Document
    version: str | None
    language: str
    tables: Mapping[str, pl.DataFrame]
    unread: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """What tells it apart in IRIs: the version, or else the name of the file or folder."""
        return self.version or PurePosixPath(self.document.file_name).stem


@dataclass(slots=True)
class _Reading:
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def is_esco(names: Iterable[str], first_line: Callable[[str], bytes]) -> bool:
    """Tell whether files are those of the classification: one describes concepts."""
    describing = (n for n in names if (table := table_of(n)) and table.columns[0] == "conceptUri")
    return any("conceptUri" in csvs.header(first_line(name)) for name in describing)


def digest_of(path: Path) -> Document:
    """Return the classification as an input, by the bytes of its tables.

    Raises InputError where it cannot be opened, or holds a table twice.
    """
    name = files.own_name(path)
    with _members(path) as (names, read):
        known, _ = _tables(names, name)
        digests = {PurePosixPath(member).name: files.sha256(read(member)) for member in known}
    return Document(name, _digest(digests))


def unread_in(path: Path) -> list[str]:
    """Return the names of tables that `read_esco` does not read, which are no part of the digest.

    Raises what `digest_of` raises.
    """
    with _members(path) as (names, _):
        return _tables(names, files.shown(path.name or path.resolve().name))[1]


def read_esco(path: Path) -> EscoRelease:
    """Read the classification from a folder or a zip archive.

    Raises InputError where a table that it has to have is not there, is there twice, or has a cell
    that is no IRI or no kind of relation where there has to be one; for a hierarchy with a cycle.
    """
    name = files.own_name(path)
    with _members(path) as (names, read):
        known, unread = _tables(names, name)
        reading = _Reading()
        for member, table in known.items():
            _read(reading, table, member, read(member), f"{files.shown(path)}/{member}")
    if missing := [t.name for t in TABLES.values() if t.required and t.name not in reading.tables]:
        raise InputError(f"lacks {missing[0]}_en.csv, which ESCO has to have", files.shown(path))
    if len(set(reading.languages.values())) > 1:
        raise InputError("holds tables of several languages", files.shown(path))
    version = match[1] if (match := _VERSION.search(_stem(path))) else None
    findings = [*reading.findings, *_hierarchy(reading.tables, name), *_relations(reading, name)]
    if version is None:
        message = "nothing says which version of ESCO this is; name it as esco_v1.1.1_en_csv"
        findings.append(Finding("info", message, name))
    if unread:
        message = f"files that are not read: {', '.join(unread[:4])}"
        findings.append(Finding("info", message, name))
    return EscoRelease(
        Document(name, _digest(reading.digests)),
        version,
        next(iter(reading.languages.values()), "en"),
        reading.tables,
        tuple(unread),
        tuple(findings),
    )


def _tables(names: Iterable[str], place: str) -> tuple[dict[str, EscoTable], list[str]]:
    """Return the files that are tables, and the names of other tables, which are not read."""
    known: dict[str, EscoTable] = {}
    unread: list[str] = []
    members: dict[str, str] = {}
    for member in names:
        if (table := table_of(member)) is None:
            if member.lower().endswith(".csv"):
                unread.append(PurePosixPath(member).name)
        elif (other := members.setdefault(table.name, member)) != member:
            raise InputError(f"holds {other} and {member}; keep the one of one language", place)
        else:
            known[member] = table
    return known, unread


def _stem(path: Path) -> str:
    name = files.own_name(path)
    return name.removesuffix(".zip") if name.endswith(".zip") else name


def _digest(digests: Mapping[str, str]) -> str:
    """Return one digest of files, whatever they are packed in."""
    lines = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def _read(reading: _Reading, table: EscoTable, member: str, data: bytes, place: str) -> None:
    frame = csvs.read_table(data, place, table.columns)
    for column in sorted(_NODES & set(frame.columns)):
        wrong = frame.filter(~pl.col(column).str.contains(f"^{_IRI.pattern}$").fill_null(False))
        if wrong.height:
            line, value = wrong.row(0, named=True)[csvs.LINE], wrong.row(0, named=True)[column]
            raise InputError(f"{column} {value or ''!r} is no web address", place, line)
    if "relationType" in frame.columns:
        wrong = frame.filter(~pl.col("relationType").is_in(RELATIONS).fill_null(False))
        if wrong.height:
            value = wrong.row(0, named=True)["relationType"]
            message = f"relationType {value or ''!r} is neither essential nor optional"
            raise InputError(message, place, wrong.row(0, named=True)[csvs.LINE])
    reading.tables[table.name] = frame
    reading.digests[PurePosixPath(member).name] = files.sha256(data)
    if language := language_of(member):
        reading.languages[table.name] = language


def _column(tables: Mapping[str, pl.DataFrame], name: str, column: str) -> list[str]:
    return tables[name][column].to_list() if name in tables else []


_PILLARS = (
    ("occupations", "ISCOGroups", "broaderRelationsOccPillar"),
    ("skills", "skillGroups", "broaderRelationsSkillPillar"),
)


def _hierarchy(tables: Mapping[str, pl.DataFrame], name: str) -> Iterator[Finding]:
    """Yield what is odd in the hierarchy of each pillar; InputError for a cycle."""
    for concepts, groups, relations in _PILLARS:
        if relations not in tables:
            yield Finding("warning", f"has no {relations}: its {concepts} stand in no order", name)
            continue
        pairs = tables[relations].select("conceptUri", "broaderUri").iter_rows()
        report = check_hierarchy(
            _column(tables, concepts, "conceptUri"), _column(tables, groups, "conceptUri"), pairs
        )
        if report.cycle:
            way = " > ".join(report.cycle[:4])
            raise InputError(f"{relations} goes round in a circle: {way}", name)
        if report.orphans:
            message = f"{concepts} with nothing above them: {_some(report.orphans)}"
            yield Finding("warning", message, name)
        if report.undescribed:
            message = f"{relations} names what no file describes: {_some(report.undescribed)}"
            yield Finding("info", message, name)


def _relations(reading: _Reading, name: str) -> Iterator[Finding]:
    """Yield which relations have an end that no file describes."""
    tables = reading.tables
    described = {
        "occupations": set(_column(tables, "occupations", "conceptUri")),
        "skills": set(_column(tables, "skills", "conceptUri")),
    }
    for table, ends in (
        ("occupationSkillRelations", {"occupationUri": "occupations", "skillUri": "skills"}),
        ("skillSkillRelations", {"originalSkillUri": "skills", "relatedSkillUri": "skills"}),
    ):
        for column, kind in ends.items():
            cells = _column(tables, table, column)
            strange = [cell for cell in cells if cell not in described[kind]]
            if strange:
                rows = number_of(len(strange), "row")
                some = _some(sorted(set(strange)))
                message = f"{table} has {rows} whose {column} no file describes: {some}"
                yield Finding("info", message, name)


def _some(nodes: Iterable[str]) -> str:
    listed = list(nodes)
    more = f" and {len(listed) - 3:,} more" if len(listed) > 3 else ""
    return f"{', '.join(listed[:3])}{more}"


@contextmanager
def _members(path: Path) -> Iterator[tuple[list[str], Callable[[str], bytes]]]:
    """Give the names of files in order, and what reads one of them."""
    if path.is_dir():
        names = sorted(p.name for p in path.iterdir() if p.is_file())
        yield names, lambda name: files.read_bytes(path / name, csvs.MAX_TABLE)
        return
    with files.open_zip(path) as archive:
        listed = sorted(n for n in archive.namelist() if not n.endswith("/"))
        shown = [n for n in listed if not PurePosixPath(n).name.startswith((".", "._"))]
        yield shown, lambda name: files.read_member(archive, name, csvs.MAX_TABLE)
