"""O*NET releases: which tables they hold, which release they are, and what may be left out."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from releases import TABLES, add_bomb, count_rows, write_release, zipped

from kg.errors import InputError, RefusedError, RequestError
from kg.readers.onet import OnetRelease, is_release, read_release
from kg.resources import folder

EXAMPLE = folder("build") / "example" / "onet_30_2_text"


def same(left: OnetRelease, right: OnetRelease) -> bool:
    """Tell whether two releases have the same tables."""
    return left.tables.keys() == right.tables.keys() and all(
        left.tables[name].equals(right.tables[name]) for name in left.tables
    )


def said(release: OnetRelease) -> list[str]:
    """Return the findings of a release but the one on tables that it does not have."""
    return [str(f) for f in release.findings if "has no table" not in f.message]


def test_example() -> None:
    """The example is read whole: a row a line of each table, and nothing is wrong with it."""
    found = read_release(EXAMPLE)
    expected = count_rows(EXAMPLE)
    assert expected == {name: table.height for name, table in found.tables.items()}
    assert expected == {name: count.read for name, count in found.counts.items()}
    assert [] == said(found)
    assert ("30.2", "2026-02", "onet_30_2_text") == (
        found.version,
        found.issued,
        found.document.file_name,
    )


@pytest.mark.parametrize(
    ("name", "version", "issued"),
    [("db_30_2_text.zip", "30.2", "2026-02"), ("db_29_0_text.zip", "29.0", "2024-08")],
)
def test_real_releases(shared: Callable[[str], Path], name: str, version: str, issued: str) -> None:
    """Real releases are read whole, and nothing is wrong with them but what is known to lack."""
    path = shared(f"data/onet/{name}")
    found = read_release(path)
    assert (version, issued) == (found.version, found.issued)
    rows = count_rows(path)
    assert 36 == len(rows)
    assert rows == {name: table.height for name, table in found.tables.items()}
    lacking = "Abilities, Task Ratings, Work Activities, Work Context"
    assert [f"{name}: info: has no table {lacking}"] == list(map(str, found.findings))


def test_zip_and_folder_are_alike(tmp_path: Path) -> None:
    """A release reads the same from a folder and a zip, with or without a folder inside."""
    path = write_release(tmp_path / "r")
    plain = read_release(path)
    assert [] == said(plain)
    for inside in ("db_9_1_text", "", "a/b"):
        found = read_release(zipped(path, tmp_path / "a.zip", inside))
        assert same(plain, found)
        assert ("9.1", "2026-03", "a.zip") == (
            found.version,
            found.issued,
            found.document.file_name,
        )


def test_copy_of_the_example(tmp_path: Path) -> None:
    """The example's release reads the same from a copy and a zip."""
    copy = Path(shutil.copytree(EXAMPLE, tmp_path / "copy"))
    assert same(read_release(EXAMPLE), read_release(copy))
    assert same(read_release(EXAMPLE), read_release(zipped(copy, tmp_path / "a.zip", "")))


def test_digest(tmp_path: Path) -> None:
    """A folder's digest is that of the contents of its tables, wherever the folder is."""
    first, second = (write_release(tmp_path / name) for name in ("a", "b"))
    digests = [read_release(path).document.sha256 for path in (first, second)]
    (second / "notes.pdf").write_text("not a table")
    (second / ".hidden.txt").write_text("not a table")
    digests.append(read_release(second).document.sha256)
    assert 1 == len(set(digests))
    changed = {
        "Job Zones": TABLES["Job Zones"].replace("3", "4"),
        "Read Me": TABLES["Read Me"] + "\n",
    }
    for name, text in changed.items():
        other = write_release(tmp_path / f"with {name}", {name: text})
        assert read_release(other).document.sha256 not in digests


def test_digest_of_what_is_left_out(tmp_path: Path) -> None:
    """A table that is left out is part of the digest: another one is another input."""
    digests = {
        read_release(
            write_release(tmp_path / name, {"Job Zones": text}), lenient=True
        ).document.sha256
        for name, text in {"a": "nothing\n", "b": "nothing more\n"}.items()
    }
    assert 2 == len(digests)


@pytest.mark.parametrize("missing", ["Occupation Data", "Task Statements"])
@pytest.mark.parametrize("lenient", [False, True])
def test_missing_table(tmp_path: Path, missing: str, lenient: bool) -> None:
    """A release without a required table is refused with that table's name."""
    folder = write_release(tmp_path / "db_9_1_text", {missing: None})
    for path in (folder, zipped(folder, tmp_path / "a.zip")):
        with pytest.raises(InputError, match=f"lacks the table {missing}") as caught:
            read_release(path, lenient=lenient)
        assert str(path) == caught.value.file


def test_other_tables_may_lack(tmp_path: Path) -> None:
    """All other tables and the Read Me may lack; those that the release should have are named."""
    needed = {"Occupation Data", "Task Statements"}
    path = write_release(tmp_path / "db_9_1_text", dict.fromkeys(set(TABLES) - needed))
    found = read_release(path)
    assert ("9.1", None, needed) == (found.version, found.issued, set(found.tables))
    (finding,) = found.findings
    assert ("info", "db_9_1_text") == (finding.severity, finding.file)
    assert {"Abilities", "Job Zones", "Skills"} < set(
        finding.message.removeprefix("has no table ").split(", ")
    )


def test_tables_are_named_as_their_entries(tmp_path: Path) -> None:
    """A table under the name of another release, or of a copy, is the table of the entry."""
    titles = "O*NET-SOC Code,Job Title,Short Title,Source(s)\n11-0000.00,Clay Maker,,08\n"
    path = write_release(tmp_path / "r", {"Occupation Data": None})
    (path / "Job_Titles.csv").write_text(titles)
    (path / "occupation_data.TXT").write_text(TABLES["Occupation Data"])
    found = read_release(path)
    assert {"Alternate Titles", "Occupation Data"} < set(found.tables)
    assert ["Clay Maker"] == found.tables["Alternate Titles"]["Alternate Title"].to_list()
    assert [] == said(found)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Job Titles.txt", "Alternate Titles.txt"),
        ("Job Zones.txt", "Job_Zones.csv"),
        ("Job Zones.txt", "job zones.xlsx"),
    ],
)
@pytest.mark.parametrize("lenient", [False, True])
def test_table_twice(tmp_path: Path, first: str, second: str, lenient: bool) -> None:
    """A table under two names, or in two layouts, is refused with both files."""
    path = write_release(tmp_path / "r", {"Job Zones": None})
    for name in (first, second):
        (path / name).write_text("")
    with pytest.raises(InputError, match=r"holds the table .* twice") as caught:
        read_release(path, lenient=lenient)
    assert first in str(caught.value)
    assert second in str(caught.value)


def test_table_twice_in_an_archive(tmp_path: Path) -> None:
    """An archive with a table in two folders is refused; a shadow of macOS is none."""
    path = zipped(write_release(tmp_path / "r"), tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("__MACOSX/db_9_1_text/._Job Zones.txt", "\0\1")
        out.writestr("db_9_1_text/~$Job Zones.xlsx", "\0\1")
    assert [] == said(read_release(path))
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("old/Job Zones.txt", TABLES["Job Zones"])
    with pytest.raises(InputError, match=r"holds the table Job Zones twice: .*, old/Job Zones"):
        read_release(path)


def test_unknown_files(tmp_path: Path) -> None:
    """A file that is no table known is reported by its name, and left out."""
    path = write_release(tmp_path / "r", {"Green Occupations": "x\ty\n1\t2\n"})
    (path / "manual.pdf").write_bytes(b"%PDF")
    found = read_release(path)
    message = "r/Green Occupations.txt: warning: is not a known table, and is left out"
    assert [message] == said(found)
    assert "Green Occupations" not in found.tables


@pytest.mark.parametrize(
    ("read_me", "name", "expected"),
    [
        ("O*NET 30.2 Database\r\nFebruary 2026 Release\r\n", "any", ("30.2", "2026-02")),
        ("O*NET\u00ae 30.2 Database", "db_29_0_text", ("30.2", None)),
        ("O*NET\u00ae 30.2 Database".encode("cp1252"), "r", ("30.2", None)),
        ("Read this.\nMay 2024\n", "db_29_0_text", ("29.0", "2024-05")),
        (None, "db_30_2_text", ("30.2", None)),
        (None, "db_30_3_excel", ("30.3", None)),
        (None, "onet_30_2", ("30.2", None)),
        (b"\xff\xfe", "db_30_2_text", ("30.2", None)),
    ],
)
def test_release_number(
    tmp_path: Path, read_me: str | bytes | None, name: str, expected: tuple[str, str | None]
) -> None:
    """The number of a release is the Read Me's, or that in the folder's name."""
    found = read_release(write_release(tmp_path / name, {"Read Me": read_me}))
    assert expected == (found.version, found.issued)


@pytest.mark.parametrize("name", ["Read Me.txt", "Read_Me.txt", "README.TXT", "readme.csv"])
def test_names_of_the_read_me(tmp_path: Path, name: str) -> None:
    """The Read Me may be called as copies call it; it is no table."""
    path = write_release(tmp_path / "r", {"Read Me": None})
    (path / name).write_text(TABLES["Read Me"])
    found = read_release(path)
    assert ("9.1", "2026-03", []) == (found.version, found.issued, said(found))


def test_number_of_the_folder_inside(tmp_path: Path) -> None:
    """A zip of any name has the number of the folder in it."""
    path = write_release(tmp_path / "r", {"Read Me": None})
    assert "9.1" == read_release(zipped(path, tmp_path / "a.zip")).version


def test_no_number(tmp_path: Path) -> None:
    """A release without a number is refused, though a folder above it is named like one."""
    above = tmp_path / "db_28_3_text"
    path = write_release(above / "r", {"Read Me": None})
    for source in (path, zipped(path, above / "a.zip", "")):
        with pytest.raises(InputError, match=r"does not say which release.*--onet-release"):
            read_release(source)
        assert "28.2" == read_release(source, "28.2").version


def test_given_number(tmp_path: Path) -> None:
    """A number that is given is the release's, unless its Read Me says another."""
    plain = write_release(tmp_path / "r")
    assert "9.1" == read_release(plain, "9.1").version
    with pytest.raises(InputError, match=r"is release 9\.1 by its Read Me, not 9\.2"):
        read_release(plain, "9.2")
    for number in ("9", "v9.1", "9.1.2", "../9.1", ""):
        with pytest.raises(RequestError, match="is not the number of a release"):
            read_release(plain, number)


def test_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that one is in is a release with that folder's name."""
    monkeypatch.chdir(write_release(tmp_path / "db_9_1_text", {"Read Me": None}))
    found = read_release(Path())
    assert ("9.1", "db_9_1_text") == (found.version, found.document.file_name)


SKILLS = TABLES["Skills"]
FAULTS: Mapping[str, tuple[str, str | bytes, int, str, int]] = {
    # What is changed: the table, its text then, the row and words of the error, and how many rows
    # are left out where that is allowed.
    "cut": ("Skills", SKILLS[:-12], 3, "is cut short: the file ends here, after ", 1),
    "cut in the last cell": ("Skills", SKILLS[:-3], 3, "is cut short", 1),
    "renamed column": (
        "Skills",
        SKILLS.replace("Data Value", "Value"),
        1,
        "lacks the column 'Data Value'; it has O*NET-SOC Code, Element ID",
        2,
    ),
    "torn row": ("Skills", SKILLS.replace("\t1.00", "\n1.00"), 3, "has 4 cells where", 2),
    "bad code": ("Skills", SKILLS.replace("12-0000.00", "12-00000"), 3, "cannot be '12-00000'", 1),
    "bad code of a task": (
        "Task Statements",
        TABLES["Task Statements"].replace("12-0000.00", "Bakers"),
        3,
        "O*NET-SOC Code cannot be 'Bakers'",
        1,
    ),
    "bad value": ("Skills", SKILLS.replace("4.50", "high"), 2, "Data Value cannot be 'high'", 1),
    "no text": ("Skills", SKILLS.replace("4.50", "\xbd").encode("latin-1"), 2, "is not UTF-8", 0),
    "empty": ("Skills", "", 0, "is empty", 0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(tmp_path: Path, fault: str) -> None:
    """What is wrong in a table is refused with the table and the row."""
    table, text, row, words, _ = FAULTS[fault]
    path = write_release(tmp_path / "r", {table: text})
    with pytest.raises(InputError) as caught:
        read_release(path)
    errors = getattr(caught.value, "findings", None) or [caught.value]
    assert (f"r/{table}.txt", row or None) == (errors[0].file, errors[0].line)
    assert words in errors[0].message
    assert "--lenient" in str(caught.value)


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_that_are_left_out(tmp_path: Path, fault: str) -> None:
    """Where that is allowed, what is wrong is left out, counted and reported; the rest is there."""
    table, text, row, words, left_out = FAULTS[fault]
    found = read_release(write_release(tmp_path / "r", {table: text}), lenient=True)
    plain = read_release(write_release(tmp_path / "plain"))
    whole = table not in found.tables
    first = next(f for f in found.findings if words in f.message)
    assert ("warning", f"r/{table}.txt", row or None) == (first.severity, first.file, first.line)
    assert first.message.endswith("the whole table is left out" if whole else "; left out")
    count = found.counts[table]
    assert left_out == sum(count.left_out.values())
    if whole:
        assert (count.unread is None) == (count.read > 0)
        assert {table} == plain.tables.keys() - found.tables.keys()
    else:
        assert count.read == found.tables[table].height + left_out
    for name in found.tables.keys() - {table}:
        assert plain.tables[name].equals(found.tables[name])
        assert plain.counts[name] == found.counts[name]


def test_several_errors(tmp_path: Path) -> None:
    """Errors of all tables are told at once, in the order of tables and rows."""
    tables = {
        "Skills": SKILLS.replace("4.50", "high").replace("1.00", "low"),
        "Job Zones": TABLES["Job Zones"].replace("Job Zone\t", "Zone\t"),
    }
    path = write_release(tmp_path / "r", tables)
    with pytest.raises(
        RefusedError, match=r"^r: errors in 2 of its 6 tables; kg build --"
    ) as caught:
        read_release(path)
    places = [("r/Job Zones.txt", 1), ("r/Skills.txt", 2), ("r/Skills.txt", 3)]
    assert places == [(f.file, f.line) for f in caught.value.findings]
    assert {"error"} == {f.severity for f in caught.value.findings}


@pytest.mark.parametrize("table", ["Occupation Data", "Task Statements"])
def test_required_tables_are_not_left_out(tmp_path: Path, table: str) -> None:
    """A required table that cannot be read is refused even so; only what is its fault is told."""
    tables = {table: TABLES[table].replace("O*NET-SOC Code", "SOC", 1), "Job Zones": "nothing\n"}
    path = write_release(tmp_path / "r", tables)
    with pytest.raises(InputError, match="lacks the column 'O") as caught:
        read_release(path, lenient=True)
    assert (f"r/{table}.txt", 1) == (caught.value.file, caught.value.line)
    assert "--lenient" not in str(caught.value)


def test_codes_across_tables(tmp_path: Path) -> None:
    """A code that only some tables know is reported with table and row; the row stays."""
    text = SKILLS + "13-0000.00\t2.Z\tZest\tXX\t1.00" + "\tn/a" * 6 + "\t01/2026\tAnalyst\n"
    found = read_release(write_release(tmp_path / "r", {"Skills": text}))
    assert {
        f"r/Skills.txt:4: warning: {column} {cell!r} is not in the table {table}"
        for column, cell, table in (
            ("O*NET-SOC Code", "13-0000.00", "Occupation Data"),
            ("Element ID", "2.Z", "Content Model Reference"),
            ("Scale ID", "XX", "Scales Reference"),
        )
    } == set(said(found))
    assert 3 == found.tables["Skills"].height


def test_bomb(tmp_path: Path) -> None:
    """A table that expands beyond measure is refused with its name; the rest can be had."""
    path = zipped(write_release(tmp_path / "r", {"Skills": None}), tmp_path / "a.zip")
    add_bomb(path, "db_9_1_text/Skills.txt")
    assert path.stat().st_size < 400_000
    with pytest.raises(InputError, match="expands beyond") as caught:
        read_release(path)
    assert "a.zip/db_9_1_text/Skills.txt" == caught.value.file
    found = read_release(path, lenient=True)
    assert "Skills" not in found.tables
    count = found.counts["Skills"]
    assert ("expands beyond", 0, {}) == ((count.unread or "")[:14], count.read, count.left_out)
    assert any("Skills.txt" in line and "left out" in line for line in said(found))


def test_bomb_of_a_required_table(tmp_path: Path) -> None:
    """A required table that expands beyond measure is refused even where one may be lenient."""
    path = zipped(write_release(tmp_path / "r", {"Task Statements": None}), tmp_path / "a.zip")
    add_bomb(path, "Task Statements.txt")
    with pytest.raises(InputError, match=r"Task Statements\.txt: expands beyond"):
        read_release(path, lenient=True)


def test_cut_archive(tmp_path: Path) -> None:
    """An archive cut anywhere is refused."""
    data = zipped(EXAMPLE, tmp_path / "a.zip").read_bytes()
    for size in range(0, len(data) - 1, len(data) // 50):
        (tmp_path / "b.zip").write_bytes(data[:size])
        with pytest.raises(InputError):
            read_release(tmp_path / "b.zip")


def test_a_folder_in_a_tables_place(tmp_path: Path) -> None:
    """A folder that is named like a table is not read."""
    path = write_release(tmp_path / "r", {"Job Zones": None})
    (path / "Job Zones.txt").mkdir()
    with pytest.raises(InputError, match="not a regular file"):
        read_release(path)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Occupation Data.txt"], True),
        (["db_9_1/Task Statements.TXT"], True),
        (["Job Zones.txt", "Read Me.txt"], True),
        (["Occupation_Data.csv"], True),
        (["db_9_1_excel/Occupation Data.xlsx"], True),
        (["Job_Zones.csv", "README.txt"], True),
        (["Job Zones.txt"], False),
        (["Read Me.txt"], False),
        (["Occupation Data.pdf"], False),
        (["~$Occupation Data.xlsx"], False),
        (["page.txt", "README.txt"], False),
        ([], False),
    ],
)
def test_is_release(names: list[str], expected: bool) -> None:
    """A required table, or any with a Read Me, makes a release, in any layout."""
    assert expected == is_release(names)
