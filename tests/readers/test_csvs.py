"""Tables of text with quoted cells."""

from __future__ import annotations

import csv

import pytest

from kg.errors import InputError
from kg.readers.csvs import header, read_table


def test_cells_are_what_they_say() -> None:
    """Quotes are taken off, lines within a cell kept, empty cells null, lines counted."""
    data = b'\xef\xbb\xbfa,b\r\n"x, ""y""","one\ntwo"\r\n\r\n,z\r\n'
    table = read_table(data, "t.csv", ["a", "b"])
    assert ["a", "b", "line"] == table.columns
    assert [('x, "y"', "one\ntwo", 2), (None, "z", 5)] == table.rows()


def test_lines_before_the_header_are_skipped_and_counted() -> None:
    """A table may begin further down; its lines are those of the file."""
    assert [("1", 4)] == read_table(b"#x\n#y\na\n1\n", "t.tsv", ["a"], "\t", skipped=2).rows()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.csv:1: lacks the column 'a'"),
        (b"b\n1\n", "t.csv:1: lacks the column 'a'"),
        (b"a,a\n1,2\n", "t.csv:1: has the column 'a' twice"),
        (b"a,line\n1,2\n", "t.csv:1: has the column 'line' twice"),
        (b"a,b\n1,2\n3\n", "t.csv:3: has 1 cells, where the header has 2"),
        (b'a\n"one\ntwo"\n1,2\n', "t.csv:4: has 2 cells, where the header has 1"),
        (b'a\n"open\n', "t.csv:2: is no such table: unexpected end of data"),
        (b'a\n"x"y\n', "t.csv:2: is no such table: ',' expected after '\"'"),
        (b"a\n\xff\n", "t.csv:2: is not UTF-8 text (byte 0xff); save it as UTF-8"),
        (b"a\n\0\n", "t.csv:2: is not a text file (it holds NUL bytes)"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, message: str) -> None:
    """The message names the file and the line."""
    with pytest.raises(InputError) as error:
        read_table(data, "t.csv", ["a"])
    assert message == str(error.value)


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
