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
        (b'[{"a": 1}]', "is JSON"),
        (b"PK\x03\x04\x14", "is a zip archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1", "is an old Excel workbook"),
        (gzip.compress(b"a,b"), "is compressed with gzip"),
        (b"%PDF-1.7", "is a PDF document"),
    ],
)
def test_what_is_something_else(data: bytes, said: str) -> None:
    """A file that is something else is called so, whatever white space it begins with."""
    assert said == (mistaken(data) or "")[: len(said)]


@pytest.mark.parametrize("data", [b"a,b\n", b"Potters\n", b"#curie_map:\n", b" " * 2000 + b"a"])
def test_what_may_be_wanted(data: bytes) -> None:
    """Nothing is said of a table, a page or what does not begin with anything yet."""
    assert mistaken(data) is None
