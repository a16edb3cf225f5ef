"""What a file is by how it begins, where it is not what its name or its place says.

A download that failed leaves a web page, a spreadsheet gets the ending `.csv`, a copy is empty:
whoever reads a file asks here when it cannot be read, and not before.
"""

from __future__ import annotations

import json
import re

__all__ = ["AGAIN", "binary", "mistaken"]

#: What to do about a file that was damaged on its way.
AGAIN = "download or copy it again"
_WANTED = "save it as text: a page, a table or RDF"
#: How much of a file is looked at.
_BEGINNING = 1024
_BINARY = (
    (
        rb"PK\x03\x04",
        "is a zip archive or an Excel workbook; name it .zip or .xlsx, or save it as text",
    ),
    (rb"\xd0\xcf\x11\xe0", "is an old Excel workbook (.xls); save it as text or .xlsx"),
    (rb"\x1f\x8b", "is compressed with gzip; unpack it"),
    (rb"%PDF-", f"is a PDF document; {_WANTED}"),
    # UTF-32 begins so too, and goes on with two NULs.
    (rb"\xff\xfe(?!\0\0)|\xfe\xff", "is UTF-16; save it as UTF-8"),
)
_TEXT = (
    (
        rb"(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body)[\s>]",
        f"is a web page (HTML), as a failed download leaves it; {AGAIN}",
    ),
    (rb"<\?xml", f"is XML; {_WANTED}"),
)
_JSON = f"is JSON; {_WANTED}"
_FLAGS = re.IGNORECASE | re.DOTALL
_KNOWN_BINARY, _KNOWN_TEXT = (
    [(re.compile(pattern, _FLAGS), what) for pattern, what in signatures]
    for signatures in (_BINARY, _TEXT)
)


def binary(data: bytes) -> str | None:
    """Return what to say of a file that is no UTF-8 text, by its beginning; None if unknown."""
    return next((what for pattern, what in _KNOWN_BINARY if pattern.match(data)), None)


def mistaken(data: bytes) -> str | None:
    """Return what to say of a file that is something else than was wanted; None if it may be that.

    `data` is its beginning, or all of it.

    >>> mistaken(b"")
    'is empty; download or copy it again'
    >>> mistaken(b"task_name,pct")
    """
    beginning = data[:_BEGINNING].removeprefix(b"\xef\xbb\xbf").lstrip()
    is_cut = len(data) > _BEGINNING
    if not beginning and not is_cut:
        return f"is empty; {AGAIN}"
    if said := binary(beginning):
        return said
    if said := next((what for pattern, what in _KNOWN_TEXT if pattern.match(beginning)), None):
        return said
    return _JSON if _begins_json(beginning.decode("utf-8", "replace"), is_cut=is_cut) else None


def _begins_json(text: str, *, is_cut: bool) -> bool:
    """Tell an array or object of JSON, or the beginning of one, from a text with brackets.

    After a whole one the line has to end, as it does in lines of JSON.
    """
    if not text.startswith(("[", "{")):
        return False
    try:
        _, end = json.JSONDecoder(strict=False).raw_decode(text)
    except json.JSONDecodeError as error:
        is_cut_string = is_cut and error.msg.startswith("Unterminated string")
        return error.pos >= len(text) or is_cut_string
    except RecursionError:  # nothing but brackets
        return False
    return not text[end:].partition("\n")[0].strip()
