"""The layouts of a table: each to the same columns of text, with the rows that were not read."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import polars as pl
import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.readers.onet.layouts import LAYOUTS, ROW, RawTable, read_table

TEXT = "Code\tTask\tN\n1\tThrow pots.\t3\n2\tDry, then fire.\tn/a\n"
CSV = 'Code,Task,N\n1,Throw pots.,3\n2,"Dry, then fire.",\n'
ROWS = [("1", "Throw pots.", "3"), ("2", "Dry, then fire.", None)]


def workbook(rows: Sequence[Sequence[object]], above: int = 0) -> bytes:
    """Return a workbook with some rows, below some empty ones."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number + above, 0, ["" if cell is None else cell for cell in row])
    book.close()
    return out.getvalue()


def cells(table: RawTable) -> list[tuple[str | None, ...]]:
    """Return the cells of a table, without the numbers of its rows."""
    return table.frame.drop(ROW).rows()


def numbers(table: RawTable) -> list[int]:
    """Return the numbers of the rows that were read."""
    return table.frame[ROW].to_list()


DATA = {
    ".txt": TEXT.encode(),
    ".csv": CSV.encode(),
    ".xlsx": workbook([("Code", "Task", "N"), (1, "Throw pots.", 3), (2, "Dry, then fire.", None)]),
}


@pytest.mark.parametrize("suffix", sorted(LAYOUTS))
def test_layouts_are_alike(suffix: str) -> None:
    """Every layout gives the same columns and cells, the absent ones null, and the same rows."""
    table = read_table(DATA[suffix], suffix.upper(), "f")
    assert (("Code", "Task", "N"), ROWS) == (table.columns, cells(table))
    assert ([2, 3], 2, 1, {}, None) == (
        numbers(table),
        table.height,
        table.header,
        table.unread,
        table.cut,
    )


def test_layouts_have_data() -> None:
    """Each layout is tested."""
    assert LAYOUTS.keys() == DATA.keys()


@pytest.mark.parametrize("suffix", [".txt", ".csv"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends(suffix: str, end: str, bom: bytes) -> None:
    """Line ends of all systems and a byte order mark make no difference."""
    data = bom + DATA[suffix].replace(b"\n", end.encode())
    table = read_table(data, suffix, "f")
    assert (ROWS, [2, 3], None) == (cells(table), numbers(table), table.cut)


@pytest.mark.parametrize("suffix", [".txt", ".csv"])
def test_no_last_line_end(suffix: str) -> None:
    """A file that ends within a line is read whole, and its last row is told."""
    for more in ("", "4\t5" if suffix == ".txt" else "4,5"):
        data = DATA[suffix] + more.encode() if more else DATA[suffix].rstrip(b"\n")
        table = read_table(data, suffix, "f")
        assert (ROWS, 4 if more else 3) == (cells(table), table.cut)
        assert ([4] if more else []) == list(table.unread)


@pytest.mark.parametrize(
    ("suffix", "end"),
    [(".txt", "\n"), (".txt", "\n\n \n"), (".txt", "\t\t\n\t\t\n"), (".csv", "\n,,\n,,\n")],
)
def test_blank_end(suffix: str, end: str) -> None:
    """Blank lines at the end, and rows of nothing but empty cells, do not count."""
    table = read_table(DATA[suffix] + end.encode(), suffix, "f")
    assert (ROWS, 2, {}, None) == (cells(table), table.height, table.unread, table.cut)


def test_empty_last_cells() -> None:
    """Empty cells at the end of the last row are cells."""
    table = read_table(b"A\tB\tC\n1\t\t\n", ".txt", "f")
    assert ([("1", None, None)], {}) == (cells(table), table.unread)


@pytest.mark.parametrize("suffix", sorted(LAYOUTS))
def test_blank_row(suffix: str) -> None:
    """A blank row between others is one that cannot be read; those after it keep their numbers."""
    header, first, last = ("A", "B"), ("1", "x"), ("2", "y")
    data = {
        ".txt": b"A\tB\n1\tx\n\n2\ty\n",
        ".csv": b"A,B\n1,x\n\n2,y\n",
        ".xlsx": workbook([header, first, (), last]),
    }
    table = read_table(data[suffix], suffix, "f")
    assert ([first, last], [2, 4], 3) == (cells(table), numbers(table), table.height)
    assert {3: "is blank"} == table.unread


@pytest.mark.parametrize("suffix", [".txt", ".csv"])
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2\tx\n", {3: "has 2 cells where the header has 3"}),
        ("2\n", {3: "has 1 cell where the header has 3"}),
        ("2\tx\ty\tz\n", {3: "has 4 cells where the header has 3"}),
        # The number of cells is right on the whole, but not in any row.
        ("2\tx\n3\tx\ty\tz\n", {3: "has 2 cells", 4: "has 4 cells"}),
        ("2\tbro\nken\ty\n", {3: "has 2 cells", 4: "has 2 cells"}),
    ],
)
def test_ragged_rows(suffix: str, rows: str, expected: dict[int, str]) -> None:
    """A row with more or fewer cells than the header is not read, and told by its number."""
    text = "A\tB\tC\n1\tx\ty\n" + rows + "9\tx\ty\n"
    data = (text if suffix == ".txt" else text.replace("\t", ",")).encode()
    table = read_table(data, suffix, "f")
    assert [2, 3 + len(expected)] == numbers(table)
    assert 2 + len(expected) == table.height
    assert expected.keys() == table.unread.keys()
    assert all(table.unread[row].startswith(said) for row, said in expected.items())


@pytest.mark.parametrize("suffix", [".txt", ".csv"])
def test_rows_of_several_lines(suffix: str) -> None:
    """A quoted cell may go over lines; a row has the number of the line that it begins on."""
    text = 'A\tB\n1\t"one\r\n""two""\n\nthree"\n2\tx\n3\n'
    data = (text if suffix == ".txt" else text.replace("\t", ",")).encode()
    table = read_table(data, suffix, "f")
    assert [("1", 'one\n"two"\n\nthree'), ("2", "x")] == cells(table)
    assert ([2, 6], {7: "has 1 cell where the header has 2"}) == (numbers(table), table.unread)


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ('A,B\n1,"x" y\n2,z\n', 2, "cannot be read as a table"),
        ('A,B\n2,z\n1,"x\n', 3, "has a quotation mark that is never closed"),
        ('A,B\n2,z\n1,"' + "x" * 200_000 + '"\n', 3, "cannot be read as a table"),
    ],
)
def test_broken_quoting(text: str, row: int, said: str) -> None:
    """A row whose quoting cannot be is not read, and told by its number; the others are."""
    table = read_table(text.encode(), ".csv", "f")
    assert [("2", "z")] == cells(table)
    assert [row] == list(table.unread)
    assert said in table.unread[row]
    assert 2 == table.height


@pytest.mark.parametrize("suffix", sorted(LAYOUTS))
def test_header_alone(suffix: str) -> None:
    """A table may hold nothing below its header."""
    data = {".txt": b"A\tB\n", ".csv": b"A,B", ".xlsx": workbook([("A", "B")])}
    table = read_table(data[suffix], suffix, "f")
    assert (("A", "B"), [], 0, None) == (table.columns, cells(table), table.height, table.cut)
    assert {"A": pl.String, "B": pl.String, ROW: pl.Int64} == dict(table.frame.schema)


@pytest.mark.parametrize("suffix", sorted(LAYOUTS))
def test_nothing(suffix: str) -> None:
    """A file without a header is refused."""
    blank = workbook([]) if suffix == ".xlsx" else b" \n\n"
    for data in (b"", blank) if suffix != ".xlsx" else (blank,):
        with pytest.raises(InputError, match="f: is empty"):
            read_table(data, suffix, "f")


@pytest.mark.parametrize("suffix", sorted(LAYOUTS))
def test_column_twice(suffix: str) -> None:
    """A header that names a column twice is refused."""
    data = {
        ".txt": b"A\tB\tA\n1\t2\t3\n",
        ".csv": b"A,B,A\n1,2,3\n",
        ".xlsx": workbook([("A", "B", "A"), (1, 2, 3)]),
    }
    with pytest.raises(InputError, match="f:1: has the column 'A' twice"):
        read_table(data[suffix], suffix, "f")


@pytest.mark.parametrize("suffix", sorted(LAYOUTS))
def test_rows_above_the_header(suffix: str) -> None:
    """Blank rows above the header are passed over, and count for the numbers of the others."""
    data = {
        ".txt": b"\n\nA\tB\n1\tx\n2\n",
        ".csv": b"\n\nA,B\n1,x\n2\n",
        ".xlsx": workbook([("A", "B"), (1, "x"), (), (1, "x")], above=2),
    }
    table = read_table(data[suffix], suffix, "f")
    assert (("A", "B"), 3) == (table.columns, table.header)
    assert 4 == numbers(table)[0]
    assert [5] == list(table.unread)


@pytest.mark.parametrize("suffix", sorted(LAYOUTS))
def test_any_name_of_a_column(suffix: str) -> None:
    """No name of a column is in the way of the numbers of rows."""
    data = {
        ".txt": f"row\t{ROW}x\n1\t2\n".encode(),
        ".csv": f"row,{ROW}x\n1,2\n".encode(),
        ".xlsx": workbook([("row", f"{ROW}x"), (1, 2)]),
    }
    table = read_table(data[suffix], suffix, "f")
    assert (("row", "rowx"), [("1", "2")], [2]) == (table.columns, cells(table), numbers(table))


def test_names_of_columns_are_stripped() -> None:
    """White space around the name of a column is none of it."""
    assert ("A", "B c") == read_table(b" A\tB c \n1\t2\n", ".txt", "f").columns


@pytest.mark.parametrize("suffix", [".txt", ".csv"])
@pytest.mark.parametrize(
    ("cell", "words"), [("caf\u00e9".encode("latin-1"), "0xe9"), (b"a\0b", "NUL")]
)
def test_no_text(suffix: str, cell: bytes, words: str) -> None:
    """Latin-1 and NUL bytes are refused with their line."""
    data = DATA[suffix].replace(b"Throw pots.", cell)
    with pytest.raises(InputError, match=words) as caught:
        read_table(data, suffix, "f")
    assert ("f", 2) == (caught.value.file, caught.value.line)


@pytest.mark.parametrize(
    "text",
    [
        'A\tB\n1\t"Throw 15" pots", he said\n',
        'A\tB\n1\tLaser"\n2\tsay "please"\n',
        'A\tB\n1\t"whole, cell"\n2\tan, other\n',
        'A\tB\n1\t"whole cell"\n2\tx\n',
        # A mark that begins a cell, and one that ends another: of the same row, or of a later one.
        'A\tB\tC\n"1\tx\ty"\n',
        'A\tB\tC\n1\t"Quick\tx\n2\t15"\ty\n',
        'A\tB\tC\n1\tx\t"Quick\n2\t15"\ty\n',
        'A\tB\n1\t""\n2\tx\n3\t"""\n',
    ],
)
def test_bare_quotation_marks(text: str) -> None:
    """In the official layout a quotation mark is a character like others, wherever it stands."""
    table = read_table(text.encode(), ".txt", "f")
    expected = [tuple(line.split("\t")) for line in text.splitlines()[1:]]
    assert (expected, {}) == (cells(table), table.unread)


@pytest.mark.parametrize(
    "text",
    [
        # Every cell with a comma is quoted, as Excel does; only what has to be; all texts; all.
        'A\tB\n1\t"x, y"\n2\tz\n3\t"z, z"\n',
        '\nA\tB\n1\t"x, y"\n2\tz\n3\t"z, z"\n',
        'A\tB\n1\tx, y\n2\t"say ""please"", please"\n3\tz\n',
        'A\tB\n1\tx, y\n2\t"in\ttwo"\n',
        '"A"\t"B"\n1\t"x, y"\n2\t"z"\n3\t\n',
        '"A"\t"B"\n"1"\t"x"\n"2.5"\t"say ""please"""\n',
    ],
)
def test_texts_that_were_saved_again(text: str) -> None:
    """A text that a spreadsheet has saved is told by its quotation marks; they are taken off."""
    table = read_table(text.replace("\n", "\r\n").encode(), ".txt", "f")
    found = [cell for row in cells(table) for cell in row if cell]
    assert not any(re.fullmatch('".*"', cell) or '""' in cell for cell in found)
    assert ({}, len(text.strip().splitlines()) - 1) == (table.unread, len(table.frame))
    assert ("A", "B") == table.columns


def test_a_text_that_was_saved_again_and_cut() -> None:
    """A saved text may end within quotation marks: that row is told, the others are unquoted."""
    table = read_table(b'A\tB\n1\t"say ""please"""\n2\t"z, z', ".txt", "f")
    assert [("1", 'say "please"')] == cells(table)
    assert ([3], 3) == (list(table.unread), table.cut)


plain = st.text(st.sampled_from('ab",. 1"'), max_size=6).filter(lambda t: t.strip() not in ("",))


@given(st.lists(st.tuples(plain, plain), min_size=1, max_size=6), st.sampled_from(['"', '",']))
@example([('"', "a")], '"')
def test_marks_survive(rows: list[tuple[str, str]], marked: str) -> None:
    """What a spreadsheet saves comes back as it was, where it has marks to double."""
    rows = [*rows, ("1", 'has "one"')]

    def cell(text: str) -> str:
        quoted = text.replace('"', '""')
        return f'"{quoted}"' if any(c in text for c in marked) else text

    text = "A\tB\n" + "".join("\t".join(map(cell, row)) + "\n" for row in rows)
    assert rows == cells(read_table(text.encode(), ".txt", "f"))


@given(st.lists(st.tuples(plain, plain), min_size=1, max_size=6))
def test_csv_comes_back(rows: list[tuple[str, str]]) -> None:
    """Cells of a comma-separated table come back as they were."""
    text = "A,B\n" + "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows
    )
    assert rows == cells(read_table(text.encode(), ".csv", "f"))
