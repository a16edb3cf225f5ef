"""Tables for people: as wide as they are, or within a width without a broken word."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from commands import kg
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kg.cli.table import broken, fitted, layout

WORDS = st.text(alphabet="abcdé漢-_\u0301\u200d👩", min_size=1, max_size=12)
CELLS = st.none() | st.lists(WORDS, max_size=8).map(" ".join)
TABLES = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(WORDS, min_size=n, max_size=n),
        st.lists(st.lists(CELLS, min_size=n, max_size=n), max_size=4),
    )
)


def test_without_a_width_every_row_is_a_line() -> None:
    """Columns are as wide as their longest cell, and a cell's own lines stay."""
    assert [
        "name    what it is",
        "──────────────────",
        "a 漢    x",
        "bcdef   two",
        "        lines",
        "",
    ] == layout(["name", "what it is"], [["a 漢", "x"], ["bcdef", "two\nlines"], [None, ""]])


def test_columns_share_a_width() -> None:
    """What does not fit is broken between words; narrow columns stay as they are."""
    assert [
        "n   what it    where",
        "    says",
        "────────────────────",
        "1   one two    here",
        "    three",
        "2   four       there",
    ] == layout(
        ["n", "what it says", "where"],
        [["1", "one two three", "here"], ["2", "four", "there"]],
        20,
    )


def test_addresses_are_broken_where_their_parts_end() -> None:
    """An IRI may end a line after a slash, a number sign or a dash, other words nowhere."""
    rows = [["http://a.org/long-name#part and-no-"], ["more"]]
    expected = ["i", "─────────", "http://", "a.org/", "long-", "name#part", "and-no-", "more"]
    assert expected == layout(["i"], rows, 9)


def test_a_row_becomes_a_block_where_columns_do_not_fit() -> None:
    """Below the longest words, a row is a line for each cell that holds something."""
    rows = [["first", "a-word-that-is-long", "x"], ["second", None, "words that go on"]]
    assert [
        "name   first",
        "text   a-word-that-is-long",
        "more   x",
        "",
        "name   second",
        "more   words that go",
        "       on",
    ] == layout(["name", "text", "more"], rows, 20)


@given(TABLES, st.integers(1, 60))
def test_no_word_is_broken(table: tuple[list[str], list[list[str | None]]], width: int) -> None:
    """In any width every word stands whole, and only a longer word makes a line too long."""
    columns, rows = table
    lines = layout(columns, rows, width)
    expected = sorted(w for row in rows for cell in row for w in (cell or "").split())
    found = [word for line in lines for word in line.split()]
    assert [] == [word for word in expected if word not in found]
    longest = max(map(cell_len, [*columns, *expected]))
    # A block has a name before its text.
    assert [] == [
        x for x in lines if cell_len(x) > max(width, max(map(cell_len, columns)) + 3 + longest)
    ]


def test_rows_that_are_cut_stay_one_line() -> None:
    """What is too long ends with an ellipsis, an address begins with one; names are broken."""
    rows = [["1", "a text that is longer", "http://a.org/x/the-last-part"], ["2", "x", None]]
    assert (
        [
            "so_  what             where",
            "far",
            "─────────────────────────────────────",
            "1    a text that is…  …/the-last-part",
            "2    x",
        ],
        True,
    ) == fitted(["so_far", "what", "where"], rows, 37)


def test_names_of_columns_are_whole() -> None:
    """A name keeps the underscores that it begins with, or is made of."""
    rows = [["x" * 40, "y" * 40, "z" * 40]]
    heads = ["_id", "id", "__"]
    lines, is_cut = fitted(heads, rows, 50)
    assert (heads, True) == (lines[0].split(), is_cut)
    lines, _ = fitted(["__so_far", "what"], [["1", "w" * 40]], 18)
    assert ["__so_  what", "far"] == lines[:2]


FAMILY = "👩\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("e\u0301" * 20, "e\u0301" * 9 + "…"),
        ("http://a.org/" + "e\u0301" * 20, "…" + "e\u0301" * 9),
        ("a" + FAMILY * 9, "a" + FAMILY * 4 + "…"),
        ("http://a.org/" + FAMILY * 9, "…" + FAMILY * 4),
        ("漢" * 20, "漢" * 4 + "…"),
    ],
)
def test_what_is_drawn_together_is_not_torn(cell: str, expected: str) -> None:
    """A cut leaves characters with their marks, and what is joined, as they are."""
    lines, is_cut = fitted(["name"], [[cell]], 10)
    assert (expected, True) == (lines[-1], is_cut)
    assert cell_len(lines[-1]) <= 10


def test_rows_that_fit_are_not_cut() -> None:
    """Where all has room, the table is the one that is never cut; blocks are not cut either."""
    rows = [["first", "a-word-that-is-long", "x\ny"], ["second", None, "words that go on"]]
    for width in (20, 50):
        names = ["name", "text", "more"]
        assert (layout(names, rows, width), False) == fitted(names, rows, width)


@given(TABLES, st.integers(1, 60))
def test_cut_rows_fit(table: tuple[list[str], list[list[str | None]]], width: int) -> None:
    """A table that is cut has a line for each row, and none is too long; it says that it is cut."""
    columns, rows = table
    lines, is_cut = fitted(columns, rows, width)
    if is_cut:
        below = lines[next(n for n, line in enumerate(lines) if set(line) == {"─"}) + 1 :]
        assert len(rows) == len(below)
        assert [] == [line for line in lines if cell_len(line) > width]
        assert any("…" in line for line in below)
    else:
        assert "…" not in "".join(lines)


def test_no_columns_and_no_rows() -> None:
    """A table of nothing is lines of nothing."""
    assert [""] == layout([], [])
    assert [""] == layout([], [[]], 80)
    assert ["a", "─"] == layout(["a"], [], 1)


def test_prose_is_broken_by_the_width_that_it_is_drawn_in() -> None:
    """A line has so many cells of a terminal, of which some characters take two."""
    assert ["漢漢 漢", "漢漢", "e\u0301e\u0301e\u0301 abc"] == list(
        broken("漢漢 漢 漢漢 e\u0301e\u0301e\u0301 abc", 7)
    )


class Terminal(io.TextIOWrapper):
    """What says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_an_answer_on_a_terminal_is_cut(example_folder: Path) -> None:
    """Every row of an answer is a line that fits the terminal, and a note says what gives it all;
    what goes to a file is whole."""
    command = ("query", "statements-of-domain", "--param", "domain=Creativity")
    terminal = Terminal(io.BytesIO(), "utf-8")
    outcome = kg(*command, "--graph", example_folder, stdout=terminal, COLUMNS="80")
    lines = terminal.buffer.getvalue().decode().splitlines()
    whole = kg(*command, "--graph", example_folder).stdout.splitlines()

    assert len(whole) == len(lines)
    assert [] == [line for line in lines if cell_len(line) > 80]
    assert "… cut to the width of the terminal; --format csv gives all of it\n" == outcome.stderr
    assert "…" not in "".join(whole)


def test_what_a_query_is_for_fits_a_terminal() -> None:
    """Its description is broken between words there, and is one line each elsewhere."""
    terminal = Terminal(io.BytesIO(), "utf-8")
    kg("queries", "statements-of-domain", stdout=terminal, COLUMNS="60")
    shown, whole = terminal.buffer.getvalue().decode(), kg("queries", "statements-of-domain").stdout
    described, plain = (text.partition("#+")[0] for text in (shown, whole))

    assert [] == [line for line in described.splitlines() if len(line) > 60]
    assert plain.split() == described.split()
    assert len(plain.splitlines()) < len(described.splitlines())


def test_a_column_without_a_text_is_left_out(example_folder: Path) -> None:
    """What was found in labels alone has no column for other texts; what was not, has one."""
    heads = {
        words: kg("find", words, "--graph", example_folder).stdout.splitlines()[0].split()
        for words in ("Creativity", "withdrawn covers")
    }
    assert ["kind", "label", "IRI"] == heads["Creativity"]
    assert ["kind", "label", "found", "in", "IRI"] == heads["withdrawn covers"]


@pytest.mark.parametrize("width", ["50", "80"])
def test_a_terminal_gets_what_fits_it(width: str) -> None:
    """The list of queries fits a terminal of usual width; their names are whole in any."""
    terminal = Terminal(io.BytesIO(), "utf-8")
    assert 0 == kg("queries", stdout=terminal, COLUMNS=width).returncode
    shown = terminal.buffer.getvalue().decode()
    assert [] == [line for line in shown.splitlines() if len(line) > int(width)]
    names = {line.split("  ")[0] for line in kg("queries").stdout.splitlines()[2:]}
    assert set() == names - set(re.findall(r"[a-z-]+", shown))
