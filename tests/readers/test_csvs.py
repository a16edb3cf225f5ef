"""Tables of text with quoted cells."""

from __future__ import annotations

import csv

import pytest

from kg.errors import InputError
from kg.readers import csvs
from kg.readers.csvs import header, read_table
from kg.readers.signatures import AGAIN


def test_cells_are_what_they_say() -> None:
    """Quotes are taken off, lines within a cell kept, empty cells null, lines counted."""
    data = b'\xef\xbb\xbfa,b\r\n"x, ""y""","one\ntwo"\r\n\r\n,z\r\n'
    table = read_table(data, "t.csv", ["a", "b"])
    assert ["a", "b", "line"] == table.columns
    assert [('x, "y"', "one\ntwo", 2), (None, "z", 5)] == table.rows()


def test_lines_before_the_header_are_skipped_and_counted() -> None:
    """A table may begin further down; its lines are those of the file."""
    assert [("1", 4)] == read_table(b"#x\n#y\na\n1\n", "t.tsv", ["a"], "\t", skipped=2).rows()
    assert [("1", 4)] == read_table(b"#x\ry\n#\na\n1\n", "t.tsv", ["a"], "\t", skipped=2).rows()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.csv:1: is empty; download or copy it again (columns needed: a)"),
        (b"b\n1\n", "t.csv:1: lacks the column 'a'; needed: a; it has: b"),
        (b"b;c\n1;2\n", f"t.csv:1: {csvs.SEMICOLONS}"),
        (b"a,a\n1,2\n", "t.csv:1: has the column 'a' twice"),
        (b"a,line\n1,2\n", "t.csv:1: has the column 'line' twice"),
        (b"a,b\n1,2\n3\n", "t.csv:3: has 1 cell where the header has 2"),
        (b'a\n"one\ntwo"\n1,2\n', "t.csv:4: has 2 cells where the header has 1"),
        (
            b"a,b\n1,2\n3",
            f"t.csv:3: is cut short: the file ends here, after 1 of 2 cells; {AGAIN}",
        ),
        (b"a,b\n1,2\n  ", "t.csv:3: has 1 cell where the header has 2"),
        (b"a,b\n1,2\n\x1a", "t.csv:3: has 1 cell where the header has 2"),
        (b"a,b\n1\n3", "t.csv:2: has 1 cell where the header has 2"),
        (
            b'a\n"open\n',
            "t.csv:2: has a quotation mark that is never closed; the file may be cut short",
        ),
        (b'a\n"x"y\n', "t.csv:2: cannot be read as a table: ',' expected after '\"'"),
        (b"a\n\xff\n", "t.csv:2: is not UTF-8 text (byte 0xff); save it as UTF-8"),
        (b"a\n\0\n", "t.csv:2: is not a text file (it holds NUL bytes)"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, message: str) -> None:
    """The message names the file and the line."""
    with pytest.raises(InputError) as error:
        read_table(data, "t.csv", ["a"])
    assert message == str(error.value)


def test_a_table_without_anything_has_no_columns() -> None:
    """Where no column is required, an empty text is a table of no rows."""
    for data in (b"", b"\n"):
        assert (["line"], 0) == ((table := read_table(data, "t.csv")).columns, table.height)


def test_tables_that_are_too_long_or_wide_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table has at most so many rows and columns; one that is read in shares is whole."""
    monkeypatch.setattr(csvs, "MAX_ROWS", 5)
    monkeypatch.setattr(csvs, "_CELLS", 4)
    table = read_table(b"a,b\n" + b"x,y\n" * 5, "t.csv")

    assert [("x", "y", line) for line in range(2, 7)] == table.rows()
    with pytest.raises(InputError, match="has more than 5 rows"):
        read_table(b"a,b\n" + b"x,y\n" * 6, "t.csv")
    with pytest.raises(InputError, match="has 501 columns; the limit is 500"):
        read_table(",".join(map(str, range(501))).encode(), "t.csv")


def test_long_cells_are_read_and_the_limit_is_put_back() -> None:
    """A cell may be longer than Python's limit, which stays as it was for others."""
    before = csv.field_size_limit()
    table = read_table(b"a\n" + b"x" * 200_000 + b"\n", "t.csv", ["a"])
    assert 200_000 == len(table.item(0, "a"))
    assert before == csv.field_size_limit()


@pytest.mark.parametrize(
    ("line", "columns"),
    [(b"a,b", ("a", "b")), (b"a\tb,c", ("a", "b,c")), (b"", ()), (b"\xff\xfe", ("\ufffd\ufffd",))],
)
def test_header(line: bytes, columns: tuple[str, ...]) -> None:
    """The names of columns are read of any first line."""
    assert columns == header(line)
