"""The columns of the tables with their types, and the order of the rows.

`docs/tables.md` explains them.
"""

from __future__ import annotations

import polars as pl

__all__ = ["LIST", "SORTED", "TABLES"]

LIST = pl.List(pl.String)
_TEXT, _INTEGER, _NUMBER, _BOOLEAN = pl.String(), pl.Int64(), pl.Float64(), pl.Boolean()

_OCCUPATION = {"occupation_code": _TEXT, "occupation": _TEXT}
_PLACE = {"file": _TEXT, "line": _INTEGER}
#: The columns of every table with their types, in their order.
TABLES: dict[str, pl.Schema] = {
    name: pl.Schema(columns)
    for name, columns in {
        "statements": {
            **_OCCUPATION,
            **dict.fromkeys(("framework", "domain", "stage"), _TEXT),
            "position": _INTEGER,
            **dict.fromkeys(("label", "text"), _TEXT),
            **dict.fromkeys(("sources", "task_ids"), LIST),
            **_PLACE,
            "statement": _TEXT,
        },
        "citations": {
            **_OCCUPATION,
            **dict.fromkeys(("framework", "label", "source", "title", "version"), _TEXT),
            **_PLACE,
            "statement": _TEXT,
        },
        "tasks": {
            **_OCCUPATION,
            **dict.fromkeys(("task_id", "text", "type"), _TEXT),
            "anchor": _BOOLEAN,
            "statements": _INTEGER,
            "task": _TEXT,
        },
        "links": {
            **_OCCUPATION,
            **dict.fromkeys(("framework", "label", "property", "task_id", "text"), _TEXT),
            "confidence": _NUMBER,
            **dict.fromkeys(("asserted", "negated"), _BOOLEAN),
            **dict.fromkeys(("justification", "tool", "tool_version"), _TEXT),
            "threshold": _NUMBER,
            **dict.fromkeys(("statement", "task", "link"), _TEXT),
        },
        "figures": {
            **_OCCUPATION,
            "metric": _TEXT,
            "value": _NUMBER,
            **dict.fromkeys(("unit", "source"), _TEXT),
            **_PLACE,
            **dict.fromkeys(("about", "figure"), _TEXT),
        },
        "classifications": {
            **_OCCUPATION,
            **dict.fromkeys(("metric", "category", "category_code", "source"), _TEXT),
            **_PLACE,
            **dict.fromkeys(("about", "classification"), _TEXT),
        },
        "sources": {
            **dict.fromkeys("source title version issued publisher license rights".split(), _TEXT),
            **dict.fromkeys(("version_unknown", "rights_unknown"), _BOOLEAN),
            **dict.fromkeys(("page", "citation"), _TEXT),
            "statements": _INTEGER,
            "iri": _TEXT,
        },
    }.items()
}

#: What the rows of each table are sorted by; a hyphen is for the greatest first.
SORTED: dict[str, tuple[str, ...]] = {
    "statements": ("occupation_code", "file", "line", "statement"),
    "citations": ("occupation_code", "file", "line", "statement", "source"),
    "tasks": ("occupation_code", "task_id", "task"),
    "links": ("occupation_code", "file", "line", "statement", "-confidence", "task", "link"),
    "figures": ("occupation_code", "file", "line", "figure"),
    "classifications": ("occupation_code", "file", "line", "classification"),
    "sources": ("source", "iri"),
}
