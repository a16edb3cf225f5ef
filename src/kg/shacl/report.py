"""The formats a report can be written in."""

from __future__ import annotations

from collections.abc import Callable

from rdflib import Graph

from kg.shacl.model import ValidationReport
from kg.shacl.rdf import jsonld, turtle
from kg.shacl.records import json_text
from kg.shacl.text import text

__all__ = ["FORMATS", "write"]

#: Format → the function that writes it, from the report and the data it is about.
FORMATS: dict[str, Callable[[ValidationReport, Graph], str]] = {
    "json": json_text,
    "jsonld": jsonld,
    "text": text,
    "turtle": turtle,
}


def write(report: ValidationReport, data: Graph, output_format: str = "text") -> str:
    """Return the report in one of FORMATS; names and lines come from `data`."""
    return FORMATS[output_format](report, data)
