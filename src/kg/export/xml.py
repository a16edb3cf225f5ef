"""What XML 1.0 can hold, and how it is written: shared by RDF/XML, GraphML and GEXF."""

from __future__ import annotations

import re

from kg.texts import for_xml

__all__ = ["DECLARATION", "attribute", "comment", "text"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# A parser takes a bare carriage return for a line end, and white space in an attribute for a space.
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_TEXT = str.maketrans(_IN_TEXT)
_ATTRIBUTE = str.maketrans({**_IN_TEXT, '"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def text(value: str) -> str:
    """Return a text as the content of an element; it must hold nothing that is forbidden."""
    return value.translate(_TEXT)


def attribute(value: str) -> str:
    """Return a text as it stands between the quotation marks of an attribute."""
    return value.translate(_ATTRIBUTE)


def comment(lines: list[str]) -> str:
    """Return lines as a comment, in which two hyphens may not follow each other."""
    safe = (re.sub("-(?=-)", "- ", for_xml(line)) for line in lines)
    return "<!--\n" + "".join(f"  {line}\n" for line in safe) + "-->\n"
