"""What a file is by how it begins, where it is not what its name or its place says.

A download that failed leaves a web page, a spreadsheet gets the ending `.csv`, a copy is empty:
whoever reads a file asks here when it cannot be read, and not before.
"""

from __future__ import annotations

import re

__all__ = ["AGAIN", "mistaken"]

#: What to do about a file that was damaged on its way.
AGAIN = "download or copy it again"
_WANTED = "save it as text: a page, a table or RDF"
#: How much of a file is looked at.
_BEGINNING = 1024
_SIGNATURES = (
    (
        rb"<!doctype html|<html|<head|<body",
        f"is a web page (HTML), as a failed download leaves it; {AGAIN}",
    ),
    (rb"<\?xml", f"is XML; {_WANTED}"),
    (rb'[\[{]\s*["\[{}\]]', f"is JSON; {_WANTED}"),
    (
        rb"PK\x03\x04",
        "is a zip archive or an Excel workbook; name it .zip or .xlsx, or save it as text",
    ),
    (rb"\xd0\xcf\x11\xe0", "is an old Excel workbook (.xls); save it as text or .xlsx"),
    (rb"\x1f\x8b", "is compressed with gzip; unpack it"),
    (rb"%PDF-", f"is a PDF document; {_WANTED}"),
)
_KNOWN = [(re.compile(pattern, re.IGNORECASE), what) for pattern, what in _SIGNATURES]


def mistaken(data: bytes) -> str | None:
    """Return what to say of a file that is something else than was wanted; None if it may be that.

    `data` is its beginning, or all of it.

    >>> mistaken(b"")
    'is empty; download or copy it again'
    >>> mistaken(b"task_name,pct")
    """
    beginning = data[:_BEGINNING].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not beginning and len(data) <= _BEGINNING:
        return f"is empty; {AGAIN}"
    return next((what for pattern, what in _KNOWN if pattern.match(beginning)), None)
