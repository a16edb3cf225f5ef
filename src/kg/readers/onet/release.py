"""An O*NET release: its tables, from a folder or a zip archive, in any layout of `layouts`.

The tables are those of https://www.onetcenter.org/database.html; `build/onet.toml` says what each
holds, under all its names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import polars as pl

from kg.errors import InputError, RefusedError
from kg.model import Document, Finding
from kg.readers import files
from kg.readers.dates import MONTHS, parse_date
from kg.readers.onet.checks import CheckedTable, check_against, check_table
from kg.readers.onet.entries import Entries, load_entries
from kg.readers.onet.layouts import LAYOUTS, ROW, read_table

__all__ = ["OnetRelease", "TableCount", "is_part", "is_release", "read_release"]

_READ_ME = "Read Me"


@dataclass(frozen=True, slots=True)
class TableCount:
    """How many rows of a table were read, and how many left out, by reason."""

    read: int
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnetRelease:
    """A release: its number ("30.2"), date (YYYY-MM where known) and tables of text.

    A table has its columns as in `build/onet.toml`; a cell is the text as it stands, null where it
    is absent. `counts` has what was left out of each; `findings` what was noticed.
    """

    document: Document
    version: str
    issued: str | None
    tables: Mapping[str, pl.DataFrame]
    counts: Mapping[str, TableCount] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Members:
    """The files of a release: names in it to names outside, and how to read one."""

    files: Mapping[str, str]
    read: Callable[[str], bytes]
    first_line: Callable[[str], bytes]


def is_part(stem: str) -> bool:
    """Tell whether a file's name without its ending is that of a table, or of the Read Me."""
    return stem == _READ_ME or load_entries().entry(stem) is not None


def is_release(names: Iterable[str]) -> bool:
    """Tell whether file names are those of a release, in any layout."""
    entries = load_entries()
    stems = {PurePosixPath(n).stem for n in names if PurePosixPath(n).suffix.lower() in LAYOUTS}
    known = {entry.name for stem in stems if (entry := entries.entry(stem))}
    required = {entry.name for entry in entries.tables.values() if entry.required}
    return bool(known) and (_READ_ME in stems or bool(known & required))


def read_release(path: Path, version: str | None = None, *, lenient: bool = False) -> OnetRelease:
    """Read a release from a folder or a zip archive.

    `version` is its number where neither its Read Me nor its folder tells. With `lenient`, rows
    and tables that are wrong are left out, and counted. Raises InputError where it cannot be read
    at all, RefusedError with all findings where something in it is wrong.
    """
    entries = load_entries()
    members = _members(path)
    name = files.shown(path.name or path.resolve().name)
    findings: list[Finding] = []
    known = _known(members, entries, name, findings)
    for entry in entries.tables.values():
        if entry.required and entry.name not in known:
            raise InputError(
                f"lacks the table {entry.name}, which a release has to have", str(path)
            )
    read_me = _read_me(members)
    number, issued = _identity(read_me, version, path, members.files)
    digests: dict[str, str] = {}
    if read_me:
        digests[f"{_READ_ME}.txt"] = files.sha256(read_me)
    tables = _tables(known, members, entries, name, digests, findings, lenient=lenient)
    for table in tables.values():
        check_against(table, tables, entries)
    for table in tables.values():
        findings += table.findings
    expected = {entry.name for entry in entries.tables.values() if entry.is_of(number)}
    if missing := sorted(expected - set(known)):
        message = f"has no table {', '.join(missing)}"
        findings.append(Finding("info", message, name))
    return OnetRelease(
        Document(name, _sha256(path, digests)),
        number,
        issued,
        {n: t.frame.drop(ROW) for n, t in tables.items()},
        {n: TableCount(t.read, dict(t.left_out)) for n, t in tables.items()},
        tuple(findings),
    )


def _tables(
    known: Mapping[str, str],
    members: _Members,
    entries: Entries,
    name: str,
    digests: dict[str, str],
    findings: list[Finding],
    *,
    lenient: bool,
) -> dict[str, CheckedTable]:
    """Return the tables that can be read, by name; errors are collected over all of them."""
    tables: dict[str, CheckedTable] = {}
    errors: list[Finding] = []
    for table, member in sorted(known.items()):
        file = f"{name}/{PurePosixPath(member).name}"
        entry = entries.tables[table]
        try:
            data = members.read(members.files[member])
            digests[PurePosixPath(member).name] = files.sha256(data)
            raw = read_table(data, PurePosixPath(member).suffix, file)
            checked = check_table(raw, entry, entries, file)
        except InputError as error:
            if lenient and not entry.required:
                message = f"{error.message}; the whole table is left out"
                findings.append(Finding("warning", message, error.file or file, error.line))
            else:
                errors.append(Finding("error", error.message, error.file or file, error.line))
            continue
        errors += [f for f in checked.findings if f.severity == "error"]
        tables[table] = checked
    if lenient and not any(
        table not in tables for table in known if entries.tables[table].required
    ):
        for checked in tables.values():
            checked.findings = [_lenient(f) for f in checked.findings]
        return tables
    if len(errors) == 1:
        raise InputError(errors[0].message, errors[0].file, errors[0].line)
    if errors:
        raise RefusedError(f"{name}: {len(errors)} errors in its tables", errors)
    return tables


def _lenient(finding: Finding) -> Finding:
    if finding.severity != "error":
        return finding
    return Finding("warning", f"{finding.message}; left out", finding.file, finding.line)


def _known(
    members: _Members, entries: Entries, name: str, findings: list[Finding]
) -> dict[str, str]:
    """Return the member of each known table; report the files that are no table known."""
    known: dict[str, str] = {}
    for member in sorted(members.files):
        path = PurePosixPath(member)
        entry = entries.entry(path.stem)
        if entry is None:
            if not is_part(path.stem) and _is_table(path, members):
                findings.append(
                    Finding("warning", "is no table known, and is left out", f"{name}/{path.name}")
                )
        elif entry.name in known:
            first = PurePosixPath(known[entry.name]).name
            raise InputError(f"holds the table {entry.name} twice: {first}, {path.name}", name)
        else:
            known[entry.name] = member
    return known


def _is_table(path: PurePosixPath, members: _Members) -> bool:
    """Tell a table that is not known from a framework page beside the release."""
    if path.suffix.lower() != ".txt":
        return True
    return b"\t" in members.first_line(members.files[str(path)])


def _sha256(path: Path, digests: Mapping[str, str]) -> str:
    """Return the digest of the archive; for a folder, that of the list of its tables' digests."""
    if path.is_file():
        return files.sha256(files.read_bytes(path, files.MAX_MEMBER))
    listing = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return files.sha256(listing.encode())


def _members(path: Path) -> _Members:
    if path.is_dir():
        found = {
            p.name: str(p)
            for p in sorted(path.iterdir())
            if p.suffix.lower() in LAYOUTS and not p.name.startswith((".", "~$"))
        }
        return _Members(
            found,
            lambda name: files.read_bytes(Path(name), files.MAX_MEMBER),
            lambda name: files.first_line(Path(name)),
        )
    with files.open_zip(path) as archive:
        names = {
            n: n
            for n in archive.namelist()
            if PurePosixPath(n).suffix.lower() in LAYOUTS
            and not PurePosixPath(n).name.startswith((".", "~$"))
        }

    def read(name: str) -> bytes:
        with files.open_zip(path) as archive:
            return files.read_member(archive, name)

    def first_line(name: str) -> bytes:
        with files.open_zip(path) as archive:
            return files.first_line_of(archive, name)

    return _Members(names, read, first_line)


def _read_me(members: _Members) -> bytes:
    for member, name in members.files.items():
        if PurePosixPath(member).name == f"{_READ_ME}.txt":
            return members.read(name)
    return b""


def _identity(
    read_me: bytes, version: str | None, path: Path, members: Iterable[str]
) -> tuple[str, str | None]:
    """Return the number and date of a release, from its Read Me or its folder's name."""
    head = read_me[:2000].decode("utf-8", "replace")
    number = re.search(r"O\*NET®? (\d+\.\d+) Database", head)
    month = re.search(rf"(?:{'|'.join(MONTHS)}) [0-9]{{4}}", head)
    issued = parse_date(month[0]) if month else None
    if number and version and number[1] != version:
        raise InputError(f"is release {number[1]} by its Read Me, not {version}", str(path))
    if number or version:
        return number[1] if number else str(version), issued
    # A folder further up may bear such a name for another reason.
    for name in (path.resolve().name, *(PurePosixPath(m).parent.name for m in members)):
        if folder := re.search(r"(?:db|onet)_(\d+)_(\d+)", name):
            return f"{folder[1]}.{folder[2]}", issued
    raise InputError(
        "does not say which release it is: no Read Me.txt, and no folder name such as "
        "db_30_2_text; say so with --onet-release 30.2",
        str(path),
    )
