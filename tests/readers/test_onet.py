"""O*NET releases in the official text layout."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest

from kg.errors import InputError
from kg.readers.onet import OnetRelease, is_release, read_release
from kg.resources import folder

EXAMPLE = folder("build") / "example" / "onet_30_2_text"
OCCUPATIONS = "O*NET-SOC Code\tTitle\tDescription\n11-0000.00\tPotters\tThey turn clay.\n"
TASKS = "O*NET-SOC Code\tTask ID\tTask\tTask Type\n11-0000.00\t1\tThrow pots.\tCore\n"
ZONES = "O*NET-SOC Code\tJob Zone\n11-0000.00\t3\n"
ELEMENTS = "Element ID\tElement Name\tDescription\n2.A\tClay Sense\tA feel for clay.\n"
TABLES = {
    "Occupation Data": OCCUPATIONS,
    "Task Statements": TASKS,
    "Job Zones": ZONES,
    "Content Model Reference": ELEMENTS,
    "Read Me": "O*NET 9.1 Database\nMarch 2026 Release\n",
}


def release(path: Path, tables: Mapping[str, str | bytes | None] = {}) -> Path:
    """Write a small release with some of its files replaced, or left out (None)."""
    path.mkdir()
    for name, content in {**TABLES, **tables}.items():
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (path / f"{name}.txt").write_bytes(data)
    return path


def zipped(source: Path, path: Path, inside: str = "db_9_1_text") -> Path:
    """Zip a folder, its files below a folder in the archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(source.iterdir()):
            out.write(file, f"{inside}/{file.name}" if inside else file.name)
    return path


def same(left: OnetRelease, right: OnetRelease) -> bool:
    """Tell whether two releases have the same tables."""
    return left.tables.keys() == right.tables.keys() and all(
        left.tables[name].equals(right.tables[name]) for name in left.tables
    )


def test_example() -> None:
    """The example's release holds what its README counts."""
    found = read_release(EXAMPLE)
    heights = {name: table.height for name, table in found.tables.items()}
    expected = {
        "Occupation Data": 3,
        "Task Statements": 18,
        "Job Zones": 3,
        "Content Model Reference": 12,
    }
    assert expected == heights
    assert ("30.2", "2026-02", "onet_30_2_text") == (
        found.version,
        found.issued,
        found.document.file_name,
    )


@pytest.mark.parametrize(
    ("name", "version", "issued", "heights"),
    [
        ("db_30_2_text.zip", "30.2", "2026-02", [1016, 18796, 923, 630]),
        ("db_29_0_text.zip", "29.0", "2024-08", [1016, 18796, 923, 627]),
    ],
)
def test_real_releases(
    shared: Callable[[str], Path], name: str, version: str, issued: str, heights: list[int]
) -> None:
    """Real releases are read whole: CRLF in one, LF in the other, bare quotation marks in both."""
    found = read_release(shared(f"data/onet/{name}"))
    assert (version, issued) == (found.version, found.issued)
    assert heights == [table.height for table in found.tables.values()]
    for table in found.tables.values():
        assert 0 == table.null_count().sum_horizontal()[0]
        cells = pl.concat([table[column] for column in table.columns])
        assert not cells.str.contains(r"[\r\n\t]").any()
    quotes = pl.concat([t[c] for t in found.tables.values() for c in t.columns])
    assert quotes.str.contains('"', literal=True).any()


def test_bare_quotation_marks(tmp_path: Path) -> None:
    """A quotation mark is a character like others, wherever it stands in a cell."""
    text = '"Throw 15" pots", he said'
    path = release(tmp_path / "r", {"Task Statements": TASKS.replace("Throw pots.", text)})
    assert [text] == read_release(path).tables["Task Statements"]["Task"].to_list()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends(tmp_path: Path, end: str, last: bool, bom: bytes) -> None:
    """Line ends, a missing last one and a byte order mark make no difference."""
    changed = {
        name: bom + (text if last else text.rstrip("\n")).replace("\n", end).encode()
        for name, text in TABLES.items()
    }
    plain = read_release(release(tmp_path / "plain"))
    assert same(plain, read_release(release(tmp_path / "changed", changed)))


def test_zip_and_folder_are_alike(tmp_path: Path) -> None:
    """A release reads the same from a folder and a zip, with or without a folder inside."""
    path = release(tmp_path / "r")
    plain = read_release(path)
    for inside in ("db_9_1_text", "", "a/b"):
        found = read_release(zipped(path, tmp_path / "a.zip", inside))
        assert same(plain, found)
        assert ("9.1", "2026-03", "a.zip") == (
            found.version,
            found.issued,
            found.document.file_name,
        )


def test_digest(tmp_path: Path) -> None:
    """A folder's digest is that of the contents of its tables, wherever the folder is."""
    digests = [read_release(release(tmp_path / name)).document.sha256 for name in ("a", "b")]
    other = release(tmp_path / "c", {"Job Zones": ZONES.replace("3", "4")})
    (tmp_path / "b" / "notes.txt").write_text("not a table")
    digests.append(read_release(tmp_path / "b").document.sha256)
    assert 1 == len(set(digests))
    assert read_release(other).document.sha256 not in digests


@pytest.mark.parametrize("missing", ["Occupation Data", "Task Statements"])
@pytest.mark.parametrize("as_zip", [False, True])
def test_missing_table(tmp_path: Path, missing: str, as_zip: bool) -> None:
    """A release without a required table is refused with that table's name."""
    path = release(tmp_path / "db_9_1_text", {missing: None})
    if as_zip:
        path = zipped(path, tmp_path / "a.zip")
    with pytest.raises(InputError, match=rf"lacks the table {missing}\.txt") as caught:
        read_release(path)
    assert str(path) == caught.value.file


def test_optional_tables(tmp_path: Path) -> None:
    """Job zones, the content model and the Read Me may lack."""
    gone = dict.fromkeys(("Job Zones", "Content Model Reference", "Read Me"))
    found = read_release(release(tmp_path / "db_9_1_text", gone))
    assert ("9.1", None) == (found.version, found.issued)
    assert ["Occupation Data", "Task Statements"] == list(found.tables)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("Occupation Data", "Title"),
        ("Occupation Data", "Description"),
        ("Task Statements", "Task ID"),
        ("Task Statements", "Task Type"),
        ("Job Zones", "Job Zone"),
        ("Content Model Reference", "Element ID"),
    ],
)
def test_missing_column(tmp_path: Path, table: str, column: str) -> None:
    """A table without a column that is needed is refused, its columns named."""
    path = release(tmp_path / "r", {table: TABLES[table].replace(column, "Other", 1)})
    with pytest.raises(InputError, match=f"lacks the column '{column}'.*Other") as caught:
        read_release(path)
    assert (f"r/{table}.txt", 1) == (caught.value.file, caught.value.line)


def test_more_columns(tmp_path: Path) -> None:
    """Columns may stand in another order, and others between them."""
    text = "Date\tTask Type\tTask\tTask ID\tO*NET-SOC Code\n01/2026\tCore\tThrow.\t1\t11-0000.00\n"
    found = read_release(release(tmp_path / "r", {"Task Statements": text}))
    assert ["Throw."] == found.tables["Task Statements"]["Task"].to_list()


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ("11-0000.00\t2\tTurn.\n", 3),
        ("11-0000.00\t2\tTurn.\tCore\textra\n", 3),
        ("11-0000.00\t2\tTurn.\tCore\n\n11-0000.00\t3\tDry.\tCore\n", 4),
        # The number of cells is right on the whole, but not in any row.
        ("11-0000.00\t2\tTurn.\tCore\tone\n11-0000.00\t3\tDry.\n", 3),
        ("11-0000.00\t2\tTurn.\n11-0000.00\t3\tDry.\tCore\tone\n", 3),
        ("11-0000.00\t2\tBroken\nline.\tCore\n", 3),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ragged_row(tmp_path: Path, rows: str, line: int, end: str) -> None:
    """A row with more or fewer cells than the header is refused with its line."""
    text = (TASKS + rows).replace("\n", end)
    with pytest.raises(InputError, match=r"cells where the header has 4") as caught:
        read_release(release(tmp_path / "r", {"Task Statements": text}))
    assert ("r/Task Statements.txt", line) == (caught.value.file, caught.value.line)


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("Occupation Data", "11-0000.00", ""),
        ("Occupation Data", "11-0000.00", "n/a"),
        ("Occupation Data", "11-0000.00", "../x"),
        ("Task Statements", "\t1\t", "\t\t"),
        ("Task Statements", "\t1\t", "\tn/a\t"),
        ("Task Statements", "\t1\t", "\t1 2\t"),
        ("Task Statements", "\t1\t", "\t<1>\t"),
        ("Job Zones", "\t3", "\tthree"),
        ("Job Zones", "\t3", "\t3.0"),
        ("Content Model Reference", "2.A\t", "2 A\t"),
    ],
)
def test_impossible_cell(tmp_path: Path, table: str, old: str, new: str) -> None:
    """A code, ID or job zone that cannot be one is refused with its line."""
    with pytest.raises(InputError, match="cannot be") as caught:
        read_release(release(tmp_path / "r", {table: TABLES[table].replace(old, new)}))
    assert (f"r/{table}.txt", 2) == (caught.value.file, caught.value.line)


def test_missing_values(tmp_path: Path) -> None:
    """A job zone or a text may be missing: the reader keeps cells as they stand."""
    tables = {"Job Zones": ZONES.replace("\t3", "\tn/a"), "Task Statements": TASKS[:-5] + "\n"}
    found = read_release(release(tmp_path / "r", tables)).tables
    assert ["n/a"] == found["Job Zones"]["Job Zone"].to_list()
    assert [""] == found["Task Statements"]["Task Type"].to_list()


@pytest.mark.parametrize(
    ("cell", "words"), [("caf\u00e9".encode("latin-1"), "0xe9"), (b"a\0b", "NUL")]
)
def test_no_text(tmp_path: Path, cell: bytes, words: str) -> None:
    """Latin-1 and NUL bytes are refused with their line."""
    data = TASKS.encode().replace(b"Throw pots.", cell)
    with pytest.raises(InputError, match=words) as caught:
        read_release(release(tmp_path / "r", {"Task Statements": data}))
    assert ("r/Task Statements.txt", 2) == (caught.value.file, caught.value.line)


def test_column_twice(tmp_path: Path) -> None:
    """A header that names a column twice is refused."""
    text = OCCUPATIONS.replace("\n", "\tTitle\n", 1).replace("clay.", "clay.\tPotters")
    with pytest.raises(InputError, match="column twice"):
        read_release(release(tmp_path / "r", {"Occupation Data": text}))


def test_header_alone(tmp_path: Path) -> None:
    """A table may be empty below its header, but not without one."""
    found = read_release(release(tmp_path / "r", {"Job Zones": "O*NET-SOC Code\tJob Zone"}))
    assert 0 == found.tables["Job Zones"].height
    with pytest.raises(InputError, match="lacks the column"):
        read_release(release(tmp_path / "s", {"Job Zones": ""}))


@pytest.mark.parametrize(
    ("read_me", "name", "expected"),
    [
        ("O*NET 30.2 Database\r\nFebruary 2026 Release\r\n", "any", ("30.2", "2026-02")),
        ("O*NET\u00ae 30.2 Database", "db_29_0_text", ("30.2", None)),
        ("Read this.\nMay 2024\n", "db_29_0_text", ("29.0", "2024-05")),
        (None, "db_30_2_text", ("30.2", None)),
        (None, "onet_30_2", ("30.2", None)),
        (b"\xff\xfe", "db_30_2_text", ("30.2", None)),
    ],
)
def test_release_number(
    tmp_path: Path, read_me: str | bytes | None, name: str, expected: tuple[str, str | None]
) -> None:
    """The number of a release is the Read Me's, or that in the folder's name."""
    found = read_release(release(tmp_path / name, {"Read Me": read_me}))
    assert expected == (found.version, found.issued)


def test_number_of_the_folder_inside(tmp_path: Path) -> None:
    """A zip of any name has the number of the folder in it."""
    path = release(tmp_path / "r", {"Read Me": None})
    assert "9.1" == read_release(zipped(path, tmp_path / "a.zip")).version


def test_no_number(tmp_path: Path) -> None:
    """A release without a number is refused, though a folder above it is named like one."""
    above = tmp_path / "db_28_3_text"
    above.mkdir()
    path = release(above / "r", {"Read Me": None})
    for source in (path, zipped(path, above / "a.zip", "")):
        with pytest.raises(InputError, match="does not say which release"):
            read_release(source)


def test_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that one is in is a release with that folder's name."""
    monkeypatch.chdir(release(tmp_path / "db_9_1_text", {"Read Me": None}))
    found = read_release(Path())
    assert ("9.1", "db_9_1_text") == (found.version, found.document.file_name)


def test_table_twice(tmp_path: Path) -> None:
    """An archive with a table in two folders is refused; a shadow of macOS is none."""
    path = zipped(release(tmp_path / "r"), tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("__MACOSX/db_9_1_text/._Job Zones.txt", "\0\1")
    assert "9.1" == read_release(path).version
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("old/Job Zones.txt", ZONES)
    with pytest.raises(InputError, match=r"holds Job Zones\.txt twice"):
        read_release(path)


def test_bomb(tmp_path: Path) -> None:
    """A table that expands beyond measure is refused."""
    path = release(tmp_path / "r", {"Task Statements": TASKS + "\n" * 20_000_000})
    with pytest.raises(InputError, match="expands beyond"):
        read_release(zipped(path, tmp_path / "a.zip"))


def test_cut_archive(tmp_path: Path) -> None:
    """An archive cut anywhere is refused."""
    data = zipped(EXAMPLE, tmp_path / "a.zip").read_bytes()
    for size in range(0, len(data) - 1, 97):
        (tmp_path / "b.zip").write_bytes(data[:size])
        with pytest.raises(InputError):
            read_release(tmp_path / "b.zip")


def test_a_folder_in_a_tables_place(tmp_path: Path) -> None:
    """A folder that is named like a table is not read."""
    path = release(tmp_path / "r", {"Job Zones": None})
    (path / "Job Zones.txt").mkdir()
    with pytest.raises(InputError, match="not a regular file"):
        read_release(path)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Occupation Data.txt"], True),
        (["db_9_1/Task Statements.TXT"], True),
        (["Job Zones.txt", "Read Me.txt"], True),
        (["Job Zones.txt"], False),
        (["Read Me.txt"], False),
        (["Occupation Data.csv"], False),
        ([], False),
    ],
)
def test_is_release(names: list[str], expected: bool) -> None:
    """A required table, or any with a Read Me, makes a release."""
    assert expected == is_release(names)


def test_example_as_zip(tmp_path: Path) -> None:
    """The example's release reads the same from a copy and a zip."""
    copy = Path(shutil.copytree(EXAMPLE, tmp_path / "copy"))
    assert same(read_release(EXAMPLE), read_release(copy))
    assert same(read_release(EXAMPLE), read_release(zipped(copy, tmp_path / "a.zip", "")))
