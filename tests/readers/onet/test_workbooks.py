"""Workbooks: the cells of the first sheet as text, and what strangers may put into one."""

from __future__ import annotations

import builtins
import datetime
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import xlsxwriter

from kg.errors import InputError, RequestError
from kg.readers.onet.workbooks import MAX_CELLS, read_sheet

SHEET = "xl/worksheets/sheet1.xml"


def workbook(fill: Callable[[Any, Any], object], **options: bool) -> bytes:
    """Return a workbook whose first sheet is filled by a function of book and sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book, book.add_worksheet("First"))
    book.close()
    return out.getvalue()


def changed(data: bytes, members: Mapping[str, bytes | None]) -> bytes:
    """Return an archive with some members replaced, added, or left out (None)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        contents = {name: old.read(name) for name in old.namelist()} | dict(members)
        for name, content in contents.items():
            if content is not None:
                new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_rows(rows: str, before: str = "") -> bytes:
    """Return a workbook whose sheet has these rows of XML."""
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'{before}<worksheet xmlns="{name}"><sheetData>{rows}</sheetData></worksheet>'
    return changed(PLAIN, {SHEET: sheet.encode()})


PLAIN = workbook(lambda _, sheet: sheet.write_row(0, 0, ["A", 1]))


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("4.5", 4.5),
        ("95", 95),
        ("95", 95.0),
        ("43211503", 43211503),
        ("0.0861", 0.0861),
        ("0.1", 0.1),
        ("0.000000001", 1e-9),
        ("-3", -3),
        ("08", "08"),
        (' "q"\t\n,', ' "q"\t\n,'),
        ("true", True),
        (None, ""),
        (None, None),
    ],
)
def test_cells(expected: str | None, value: object) -> None:
    """A number is written in the shortest way, a text as it stands; an empty cell is absent."""
    data = workbook(lambda _, sheet: sheet.write_row(0, 0, ["x", value]))
    row = read_sheet(data, "f").row(0)
    assert ("x", expected) == (row if len(row) == 2 else (*row, None))


def test_other_kinds_of_cells() -> None:
    """Rich texts are texts, dates are written out, and what could not be computed is absent."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_rich_string(0, 0, "a", book.add_format({"bold": True}), "b", "c")
        style = book.add_format({"num_format": "mm/yyyy"})
        sheet.write_datetime(0, 1, datetime.datetime(2026, 8, 1), style)
        sheet.write_formula(0, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(0, 3, "=1+1", None, 2)

    assert ("abc", "2026-08-01 00:00:00", None, "2") == read_sheet(workbook(fill), "f").row(0)


def test_rows_have_their_numbers() -> None:
    """Empty rows above and between stand for themselves, whatever the workbook leaves out."""
    data = workbook(lambda _, sheet: (sheet.write(2, 1, "x"), sheet.write(4, 1, "y")))
    assert [None, None, "x", None, "y"] == read_sheet(data, "f").to_series().to_list()


def test_first_sheet() -> None:
    """The first sheet is read, and no other."""

    def fill(book: Any, sheet: Any) -> None:
        book.add_worksheet("Second").write(0, 0, "second")
        sheet.write(0, 0, "first")

    assert [("first",)] == read_sheet(workbook(fill), "f").rows()


def test_empty_sheet() -> None:
    """A sheet may hold nothing."""
    assert (0, 0) == read_sheet(workbook(lambda *_: None), "f").shape


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no workbook",
        PLAIN[:-30],
        PLAIN[: len(PLAIN) // 2],
        changed(PLAIN, {"xl/workbook.xml": None}),
        changed(PLAIN, {SHEET: None}),
        changed(PLAIN, {"xl/workbook.xml": b"<workbook"}),
        # Such a workbook would be read as one of another kind, which is not looked at.
        changed(PLAIN, {"content.xml": b"<x/>"}),
        changed(PLAIN, {"xl/workbook.bin": b"\0"}),
    ],
)
def test_no_workbook(data: bytes) -> None:
    """What is no workbook, or a damaged one, is refused."""
    with pytest.raises(
        InputError, match=r"^f: is (damaged|empty|not|a zip archive that is cut short or damaged)"
    ):
        read_sheet(data, "f")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="AZ1048576"/></row>',
        "<row r='1'><c r='A1'/></row><row r='1048576'><c><v>1</v></c><c r='&#65;Z1048576'/></row>",
        '<x:row xmlns:x="u" r="1048576"><x:c r="AZ1048576"/></x:row>',
        '<row r="20000001"><c><v>1</v></c></row>',
    ],
)
def test_a_cell_far_away(rows: str) -> None:
    """A sheet that reaches too far is refused, before room is made for all cells up to there."""
    with pytest.raises(InputError, match=r"has cells as far as row [0-9,]+ and column"):
        read_sheet(with_rows(rows), "f")


def test_a_large_table_is_none_too_large() -> None:
    """The limit is far above the largest table, of 300,000 rows and 17 columns."""
    assert MAX_CELLS > 2 * 300_000 * 17
    data = with_rows('<row r="300000"><c r="Q300000" t="inlineStr"><is><t>x</t></is></c></row>')
    assert "x" == read_sheet(data, "f").row(-1)[-1]


def test_a_sheet_under_another_name() -> None:
    """What may be read as a sheet is looked at, whatever its file is called."""
    relations = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        sheet, links = archive.read(SHEET), archive.read(relations)
    moved = {
        SHEET: None,
        relations: links.replace(b"worksheets/sheet1.xml", b"media/image.png"),
        "xl/media/image.png": sheet.replace(b'r="B1"', b'r="XFD1048576"'),
    }
    with pytest.raises(InputError, match="has cells as far as"):
        read_sheet(changed(PLAIN, moved), "f")


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        "<broken>",
        '<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_hostile_xml(before: str) -> None:
    """A sheet with a document type, or one that is not well-formed, is refused."""
    with pytest.raises(InputError, match="is not a readable workbook"):
        read_sheet(with_rows('<row r="1"><c r="A1"/></row>', before), "f")


def test_bomb() -> None:
    """A workbook that expands beyond measure is refused, whichever member does."""
    data = changed(PLAIN, {"xl/media/big.xml": b"\n" * 20_000_000})
    with pytest.raises(InputError, match="f: expands beyond"):
        read_sheet(data, "f")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what reads workbooks, the extra that brings it is named."""
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "fastexcel":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RequestError, match=r"f: .*pip install 'skills-kg\[xlsx\]'"):
        read_sheet(PLAIN, "f")
