"""An O*NET release: its tables, from a folder or a zip archive, in any layout of `layouts`.

The tables are those of https://www.onetcenter.org/database.html; `build/onet.toml` says what each
holds, under all its names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import polars as pl

from kg.errors import InputError, RefusedError, RequestError
from kg.model import Document, Finding
from kg.readers import files
from kg.readers.dates import MONTHS, parse_date
from kg.readers.onet.checks import CheckedTable, check_against, check_table
from kg.readers.onet.entries import Entries, load_entries
from kg.readers.onet.layouts import LAYOUTS, ROW, read_table
from kg.texts import number_of

__all__ = [
    "OnetRelease",
    "TableCount",
    "digest_of",
    "is_part",
    "is_release",
    "read_release",
    "unknown_tables",
]


#: The largest file of a table that is read: the longest table of a release has some 36 MB.
MAX_TABLE = 256 * 2**20


@dataclass(frozen=True, slots=True)
class TableCount:
    """How many rows of a table were read, and how many left out, by reason.

    `unread` says why the rows of a table that is left out could not even be counted.
    """

    read: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class OnetRelease:
    """A release: its number ("30.2"), date (YYYY-MM where known) and tables of text.

    A table has its columns as in `build/onet.toml`; a cell is the text as it stands, null where it
    is absent. A column that repeats what another table says is there only where it says something
    else (`checks.check_against`). `counts` has what was left out of each table, those that are
    left out as a whole too; `findings` what was noticed.
    """

    document: Document
    version: str
    issued: str | None
    tables: Mapping[str, pl.DataFrame]
    counts: Mapping[str, TableCount] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Members:
    """The files of a release by their names in it, and how to read one, or its first line."""

    names: tuple[str, ...]
    read: Callable[[str], bytes]
    first_line: Callable[[str], bytes]


@dataclass(slots=True)
class _Reading:
    """What was read of the tables so far, and what is wrong with those that were not."""

    tables: dict[str, CheckedTable] = field(default_factory=dict)
    counts: dict[str, TableCount] = field(default_factory=dict)
    failed: dict[str, Finding] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


def is_part(stem: str) -> bool:
    """Tell whether a file's name without its ending is that of a table, or of the Read Me."""
    return _is_read_me(stem) or load_entries().entry(stem) is not None


def is_release(names: Iterable[str]) -> bool:
    """Tell whether file names are those of a release, in any layout."""
    entries = load_entries()
    stems = [PurePosixPath(name).stem for name in names if _is_member(name)]
    known = {entry.name for stem in stems if (entry := entries.entry(stem))}
    required = {entry.name for entry in entries.tables.values() if entry.required}
    return bool(known) and (any(map(_is_read_me, stems)) or bool(known & required))


def read_release(path: Path, version: str | None = None, *, lenient: bool = False) -> OnetRelease:
    """Read a release from a folder or a zip archive.

    `version` is its number where neither its Read Me nor its folder tells. With `lenient`, rows
    and tables that are wrong are left out, and counted. Raises InputError where it cannot be read
    at all, RefusedError with all findings where several things in it are wrong, RequestError for
    a version that is none.
    """
    if version is not None and not re.fullmatch(r"[0-9]+\.[0-9]+", version):
        raise RequestError(f"{version!r} is not the number of a release, such as 30.2")
    with _members(path) as members:
        return _release(path, members, version, lenient=lenient)


def digest_of(path: Path) -> str:
    """Return the digest of a release as `read_release` would state it, without reading its tables.

    Raises InputError where it cannot be opened.
    """
    digests = {}
    with _members(path) as members:
        if path.is_dir():
            known, _ = _known(members, load_entries(), path.name)
            for member in known.values():
                with suppress(InputError):  # which is told when it is read
                    digests[PurePosixPath(member).name] = files.sha256(members.read(member))
            if read_me := _read_me(members):
                digests["Read Me"] = files.sha256(read_me)
    return _sha256(path, digests)


def unknown_tables(path: Path) -> tuple[Finding, ...]:
    """Return what `read_release` notices of files that are no known tables.

    Of a folder they are no part of the digest. Raises InputError where it cannot be opened.
    """
    name = files.shown(path.name or path.resolve().name)
    with _members(path) as members:
        return tuple(_known(members, load_entries(), name)[1])


def _release(path: Path, members: _Members, version: str | None, *, lenient: bool) -> OnetRelease:
    entries = load_entries()
    name = files.own_name(path)
    known, findings = _known(members, entries, name)
    for entry in entries.tables.values():
        if entry.required and entry.name not in known:
            raise InputError(
                f"lacks the table {entry.name}, which a release has to have", str(path)
            )
    read_me = _read_me(members)
    number, issued = _identity(read_me.decode("utf-8", "replace"), version, path, members.names)
    reading = _read_tables(known, members, entries, name)
    if read_me:
        reading.digests["Read Me"] = files.sha256(read_me)
    findings += _judged(reading, entries, name, lenient=lenient)
    for table in reading.tables.values():
        before = len(table.findings)
        check_against(table, reading.tables, entries)
        findings += table.findings[before:]
    expected = {entry.name for entry in entries.tables.values() if entry.is_of(number)}
    if missing := sorted(expected - set(known)):
        findings.append(Finding("info", f"has no table {', '.join(missing)}", name))
    return OnetRelease(
        Document(name, _sha256(path, reading.digests)),
        number,
        issued,
        {n: t.frame.drop(ROW) for n, t in reading.tables.items()},
        reading.counts,
        tuple(findings),
    )


def _read_tables(
    known: Mapping[str, str], members: _Members, entries: Entries, name: str
) -> _Reading:
    """Read and check all tables by themselves; what is wrong is not judged yet."""
    reading = _Reading()
    for table, member in sorted(known.items()):
        path = PurePosixPath(member)
        file, height = f"{name}/{path.name}", None
        try:
            data = members.read(member)
            reading.digests[path.name] = files.sha256(data)
            raw = read_table(data, path.suffix, file)
            height = raw.height
            checked = check_table(raw, entries.tables[table], entries, file)
        except InputError as error:
            finding = Finding("error", error.message, error.file or file, error.line)
            reading.failed[table] = finding
            reading.counts[table] = (
                TableCount(0, unread=error.message)
                if height is None
                else TableCount(height, {error.message.partition(";")[0]: height})
            )
        else:
            reading.tables[table] = checked
            reading.counts[table] = TableCount(checked.read, dict(checked.left_out))
    return reading


def _judged(reading: _Reading, entries: Entries, name: str, *, lenient: bool) -> list[Finding]:
    """Return the findings about tables by themselves; what is left out is a warning there.

    Raises what the errors amount to, which are only those of required tables where one may be
    lenient.
    """
    found = [finding for table in reading.tables.values() for finding in table.findings]
    fatal = [f for table, f in reading.failed.items() if entries.tables[table].required]
    errors = [f for f in (*reading.failed.values(), *found) if f.severity == "error"]
    if lenient:
        errors = fatal
    hint = "" if fatal else "; kg build --lenient leaves out what is wrong"
    if len(errors) == 1:
        raise InputError(errors[0].message + hint, errors[0].file, errors[0].line)
    if errors:
        wrong = len({finding.file for finding in errors})
        tables = number_of(len(reading.counts), "table")
        raise RefusedError(f"{name}: errors in {wrong} of its {tables}{hint}", errors)
    whole = [_left_out(f, "the whole table is left out") for f in reading.failed.values()]
    return whole + [_left_out(f, "left out") for f in found]


def _left_out(finding: Finding, what: str) -> Finding:
    if finding.severity != "error":
        return finding
    return replace(finding, severity="warning", message=f"{finding.message}; {what}")


def _known(members: _Members, entries: Entries, name: str) -> tuple[dict[str, str], list[Finding]]:
    """Return the member of each known table, and findings on the files that are none."""
    known: dict[str, str] = {}
    findings = []
    for member in sorted(members.names):
        path = PurePosixPath(member)
        entry = entries.entry(path.stem)
        if entry is None:
            if not _is_read_me(path.stem) and _is_table(member, members):
                what = "is not a known table, and is left out"
                findings.append(Finding("warning", what, f"{name}/{path.name}"))
        elif (first := known.setdefault(entry.name, member)) != member:
            raise InputError(f"holds the table {entry.name} twice: {first}, {member}", name)
    return known, findings


def _is_table(member: str, members: _Members) -> bool:
    """Tell a table that is not known from a framework page beside the release."""
    return not member.lower().endswith(".txt") or b"\t" in members.first_line(member)


def _sha256(path: Path, digests: Mapping[str, str]) -> str:
    """Return the digest of the archive; for a folder, that of the list of its tables' digests."""
    if path.is_file():
        return files.file_sha256(path)
    listing = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return files.sha256(listing.encode())


@contextmanager
def _members(path: Path) -> Iterator[_Members]:
    if path.is_dir():
        names = sorted(p.name for p in path.iterdir())
        yield _Members(
            tuple(filter(_is_member, names)),
            lambda name: files.read_bytes(path / name, MAX_TABLE),
            lambda name: files.first_line(path / name),
        )
        return
    with files.open_zip(path) as archive:  # once: there may be thousands of files in it
        yield _Members(
            tuple(filter(_is_member, archive.namelist())),
            lambda name: files.read_member(archive, name, MAX_TABLE),
            lambda name: files.first_line_of(archive, name),
        )


def _is_member(name: str) -> bool:
    """Tell whether a file may be part of a release, and is none that a program hides there."""
    path = PurePosixPath(name)
    is_table = path.suffix.lower() in LAYOUTS and not name.endswith("/")
    return is_table and not path.name.startswith((".", "~$"))


def _is_read_me(stem: str) -> bool:
    return re.sub("[^a-z]", "", stem.casefold()) == "readme"


def _read_me(members: _Members) -> bytes:
    found = sorted(n for n in members.names if _is_read_me(PurePosixPath(n).stem))
    return members.read(found[0]) if found else b""


def _identity(
    read_me: str, version: str | None, path: Path, members: Iterable[str]
) -> tuple[str, str | None]:
    """Return the number and date of a release, from its Read Me or its folder's name."""
    head = read_me[:2000]
    number = re.search(r"O\*NET\W*([0-9]+\.[0-9]+) Database", head)
    month = re.search(rf"(?:{'|'.join(MONTHS)}) [0-9]{{4}}", head)
    issued = parse_date(month[0]) if month else None
    if number and version and number[1] != version:
        raise InputError(f"is release {number[1]} by its Read Me, not {version}", str(path))
    if number or version:
        return number[1] if number else str(version), issued
    # A folder further up may bear such a name for another reason.
    for name in (path.resolve().name, *(PurePosixPath(m).parent.name for m in members)):
        if folder := re.search(r"(?:db|onet)_([0-9]+)_([0-9]+)", name):
            return f"{folder[1]}.{folder[2]}", issued
    raise InputError(
        "does not say which release it is: no Read Me.txt, and no folder name such as "
        "db_30_2_text; say so with --onet-release 30.2",
        str(path),
    )
