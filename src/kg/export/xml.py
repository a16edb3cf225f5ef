"""What XML 1.0 can hold, and how it is written: shared by RDF/XML, GraphML and GEXF."""

from __future__ import annotations

import re

__all__ = ["DECLARATION", "FORBIDDEN", "attribute", "comment", "plain", "text"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: The characters that XML 1.0 has no way to write, not even as a reference.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A parser takes a bare carriage return for a line end, and white space in an attribute for a space.
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_TEXT = str.maketrans(_IN_TEXT)
_ATTRIBUTE = str.maketrans({**_IN_TEXT, '"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def plain(value: str) -> str:
    """Return a text in which U+FFFD stands for what is forbidden."""
    return FORBIDDEN.sub("\ufffd", value)


def text(value: str) -> str:
    """Return a text as the content of an element; it must hold nothing that is forbidden."""
    return value.translate(_TEXT)


def attribute(value: str) -> str:
    """Return a text as it stands between the quotation marks of an attribute."""
    return value.translate(_ATTRIBUTE)


def comment(lines: list[str]) -> str:
    """Return lines as a comment, in which two hyphens may not follow each other."""
    safe = (re.sub("-(?=-)", "- ", plain(line)) for line in lines)
    return "<!--\n" + "".join(f"  {line}\n" for line in safe) + "-->\n"
