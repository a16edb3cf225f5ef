"""Small O*NET releases, and the layouts that copies of a release come in."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath

import xlsxwriter

__all__ = [
    "TABLES",
    "TASKS",
    "add_bomb",
    "count_rows",
    "read_tables",
    "reduced",
    "save_again",
    "save_as_csv",
    "save_as_excel",
    "write_release",
    "zipped",
]

#: A release of two occupations by its tables, with what every one has to have.
TABLES: dict[str, str] = {
    "Occupation Data": (
        "O*NET-SOC Code\tTitle\tDescription\n"
        "11-0000.00\tPotters\tThey turn clay.\n"
        "12-0000.00\tBakers\tThey bake bread, and cakes.\n"
    ),
    "Task Statements": (
        "O*NET-SOC Code\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\tDomain Source\n"
        "11-0000.00\t1\tThrow pots.\tCore\t30\t01/2026\tIncumbent\n"
        "12-0000.00\t2\tBake bread.\tn/a\tn/a\t01/2026\tAnalyst\n"
    ),
    "Job Zones": (
        "O*NET-SOC Code\tJob Zone\tDate\tDomain Source\n"
        "11-0000.00\t3\t01/2026\tAnalyst\n"
        "12-0000.00\t2\t01/2026\tAnalyst\n"
    ),
    "Content Model Reference": (
        "Element ID\tElement Name\tDescription\n"
        "2\tWorker\tWhat a person brings.\n"
        "2.A\tClay Sense\tA feel for clay.\n"
    ),
    "Scales Reference": "Scale ID\tScale Name\tMinimum\tMaximum\nIM\tImportance\t1\t5\n",
    "Skills": (
        "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tN\tStandard Error\t"
        "Lower CI Bound\tUpper CI Bound\tRecommend Suppress\tNot Relevant\tDate\tDomain Source\n"
        "11-0000.00\t2.A\tClay Sense\tIM\t4.50\t8\t0.1637\t4.18\t4.82\tN\tn/a\t01/2026\tAnalyst\n"
        "12-0000.00\t2.A\tClay Sense\tIM\t1.00\t8\tn/a\tn/a\tn/a\tN\tn/a\t01/2026\tAnalyst\n"
    ),
    "Read Me": "O*NET 9.1 Database\nMarch 2026 Release\n",
}
#: The tables that a page is read with: less than a fifth of the whole.
TASKS = (
    "Content Model Reference",
    "DWA Reference",
    "IWA Reference",
    "Job Zones",
    "Occupation Data",
    "Read Me",
    "Scales Reference",
    "Task Statements",
    "Tasks to DWAs",
)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: Columns whose cells are texts, whatever they look like.
_TEXTS = {"Date", "Element ID", "O*NET-SOC Code", "Scale ID", "Source(s)", "Survey Item Number"}

Rows = Sequence[Sequence[str]]


def write_release(path: Path, tables: Mapping[str, str | bytes | None] = {}) -> Path:
    """Write a small release with some of its tables replaced, added, or left out (None)."""
    path.mkdir(parents=True)
    for name, content in {**TABLES, **tables}.items():
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (path / f"{name}.txt").write_bytes(data)
    return path


def zipped(source: Path, path: Path, inside: str = "db_9_1_text") -> Path:
    """Zip the files of a folder, below a folder in the archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(source.iterdir()):
            out.write(file, f"{inside}/{file.name}" if inside else file.name)
    return path


def add_bomb(path: Path, name: str, size: int = 300_000_000) -> None:
    """Add a member to an archive that is a thousand times as large as it looks."""
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as out,
    ):
        for _ in range(size // 1_000_000):
            out.write(b"\n" * 1_000_000)


def count_rows(path: Path) -> dict[str, int]:
    """Return how many rows each table of a release in the text layout has."""
    return {name: data.count(b"\n") - 1 for name, data in _files(path).items()}


def reduced(release: Path, path: Path, tables: Collection[str] = TASKS) -> Path:
    """Copy some tables of a zipped release, by default those that a page is read with."""
    path.mkdir(parents=True)
    with zipfile.ZipFile(release) as archive:
        for inside in archive.namelist():
            name = PurePosixPath(inside)
            if name.stem in tables:
                (path / name.name).write_bytes(archive.read(inside))
    return path


def read_tables(path: Path) -> dict[str, list[list[str]]]:
    """Return the rows of a release in the text layout by table, the header first."""
    return {
        name: [line.split("\t") for line in data.decode().replace("\r\n", "\n").split("\n")[:-1]]
        for name, data in _files(path).items()
    }


def _files(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        found = {file.stem: file.read_bytes() for file in sorted(path.glob("*.txt"))}
    else:
        with zipfile.ZipFile(path) as archive:
            found = {PurePosixPath(n).stem: archive.read(n) for n in sorted(archive.namelist())}
    del found["Read Me"]
    return found


def _save(
    tables: Mapping[str, Rows], path: Path, ending: str, save: Callable[[Rows], bytes]
) -> Path:
    path.mkdir()
    for name, rows in tables.items():
        (path / f"{name}{ending}").write_bytes(save(rows))
    return path


def save_again(tables: Mapping[str, Rows], path: Path, marked: str = '",\n\t') -> Path:
    """Write tables as a spreadsheet saves tab-separated text, with quotation marks doubled.

    Cells with one of the characters `marked` stand in quotation marks.
    """

    def cell(text: str) -> str:
        quoted = text.replace('"', '""')
        return f'"{quoted}"' if any(c in text for c in marked) else text

    def save(rows: Rows) -> bytes:
        return "".join("\t".join(map(cell, row)) + "\r\n" for row in rows).encode()

    return _save(tables, path, ".txt", save)


def save_as_csv(tables: Mapping[str, Rows], path: Path) -> Path:
    """Write tables as data frames do: comma-separated, missing cells empty, numbers as floats."""

    def save(rows: Rows) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        columns = [
            _as_floats(name, [_present(cell) for cell in cells])
            for name, *cells in zip(*rows, strict=True)
        ]
        writer.writerow(rows[0])
        writer.writerows(zip(*columns, strict=True))
        return out.getvalue().encode()

    # Names without spaces, as where such files are shared.
    renamed = {name.replace(" ", "_"): rows for name, rows in tables.items()}
    return _save(renamed, path, ".csv", save)


def _as_floats(column: str, cells: Sequence[str]) -> Sequence[str]:
    if column in _TEXTS or not all(_NUMBER.fullmatch(cell) for cell in cells if cell):
        return cells
    return [str(float(cell)) if cell else cell for cell in cells]


def _present(cell: str) -> str:
    return "" if cell == "n/a" else cell


def save_as_excel(tables: Mapping[str, Rows], path: Path) -> Path:
    """Write tables as workbooks: titles and names of scales beside their codes, numbers as such."""
    titles = {row[0]: row[1] for row in tables["Occupation Data"][1:]}
    scales = {row[0]: row[1] for row in tables.get("Scales Reference", ())[1:]}

    def save(rows: Rows) -> bytes:
        out = io.BytesIO()
        workbook = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_numbers": False})
        sheet = workbook.add_worksheet()
        wide = _with_names(rows, "O*NET-SOC Code", "Title", titles)
        wide = _with_names(wide, "Scale ID", "Scale Name", scales)
        header = wide[0]
        for number, row in enumerate(wide):
            for position, cell in enumerate(row):
                if (present := _present(cell)) == "":
                    continue
                if number and header[position] not in _TEXTS and _NUMBER.fullmatch(present):
                    sheet.write_number(number, position, float(present))
                else:
                    sheet.write_string(number, position, present)
        workbook.close()
        return out.getvalue()

    return _save(tables, path, ".xlsx", save)


def _with_names(rows: Rows, of: str, column: str, names: Mapping[str, str]) -> Rows:
    header = rows[0]
    if of not in header or column in header:
        return rows
    at = header.index(of) + 1
    added = [column, *(names.get(row[at - 1], "") for row in rows[1:])]
    return [[*row[:at], name, *row[at:]] for row, name in zip(rows, added, strict=True)]
