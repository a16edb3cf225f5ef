"""The formats a report can be written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl
from rdflib import Graph

from kg.shacl.junit import junit
from kg.shacl.model import ValidationReport
from kg.shacl.naming import Names
from kg.shacl.page import html
from kg.shacl.rdf import jsonld, turtle
from kg.shacl.records import json_text
from kg.shacl.sarif import sarif
from kg.shacl.text import LISTED, text

__all__ = ["FORMATS", "stream", "write"]

#: Format → the function that yields it in pieces, from the report and the names of its nodes.
FORMATS: dict[str, Callable[[ValidationReport, Names], Iterator[str]]] = {
    "html": html,
    "json": json_text,
    "jsonld": jsonld,
    "junit": junit,
    "sarif": sarif,
    "text": text,
    "turtle": turtle,
}


def stream(
    report: ValidationReport,
    data: Graph | pl.DataFrame,
    output_format: str = "text",
    *,
    most: int | None = LISTED,
    by: str = "shape",
) -> Iterator[str]:
    """Yield the report in one of FORMATS, piece by piece; names and lines come from `data`.

    The text lists `most` findings of each group, or all (None); `by` is one of GROUPS.
    """
    names = Names(data)
    if output_format == "text":
        return text(report, names, most, by)
    return FORMATS[output_format](report, names)


def write(report: ValidationReport, data: Graph | pl.DataFrame, output_format: str = "text") -> str:
    """Return the report in one of FORMATS, as `stream` yields it."""
    return "".join(stream(report, data, output_format))
