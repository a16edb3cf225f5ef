"""What a file is by how it begins."""

from __future__ import annotations

import gzip

import pytest

from kg.readers.signatures import mistaken


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"\xef\xbb\xbf\n<HTML lang=en>", "is a web page (HTML)"),
        (b"<?xml version='1.0'?>", "is XML"),
        (b"<!-- saved -->\n<!-- x --><!DOCTYPE html>", "is a web page (HTML)"),
        (b'[{"a": 1}]', "is JSON"),
        (b"{}", "is JSON"),
        (b"[1, 2]\n", "is JSON"),
        (b'{"a": 1}\n{"a": 2}\n', "is JSON"),
        (b"{\n", "is JSON"),
        (b'{"a": [1,', "is JSON"),
        (b'{"a": "' + b"long " * 300, "is JSON"),
        ("a,b".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        (b"\xfe\xff\0a", "is UTF-16; save it as UTF-8"),
        (b"PK\x03\x04\x14", "is a zip archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1", "is an old Excel workbook"),
        (gzip.compress(b"a,b", mtime=0), "is compressed with gzip"),
        (b"%PDF-1.7", "is a PDF document"),
    ],
)
def test_what_is_something_else(data: bytes, said: str) -> None:
    """A file that is something else is called so, whatever white space it begins with."""
    assert said == (mistaken(data) or "")[: len(said)]


@pytest.mark.parametrize(
    "data",
    [
        *(b"a,b\n", b"Potters\n", b"#curie_map:\n", b" " * 2000 + b"a"),
        *(b"{{Draft}}", b"[[_TOC_]]\n", b'["quoted" note]', b"[1] Notes", b"[" * 2000),
        *(b'["a",b\n1,2\n', b'{"a",b\n', b"[] a <x:y> .", b"<header>", b"<head,b", b"<bodywork>"),
    ],
)
def test_what_may_be_wanted(data: bytes) -> None:
    """Nothing is said of a table, a page, Turtle, or what does not begin with anything yet."""
    assert mistaken(data) is None
