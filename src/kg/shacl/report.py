"""The formats a report can be written in."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from rdflib import Graph

from kg.shacl.locations import names_graph
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


def write(report: ValidationReport, data: Graph | pl.DataFrame, output_format: str = "text") -> str:
    """Return the report in one of FORMATS; names and lines come from `data`."""
    if isinstance(data, pl.DataFrame):
        nodes = (node for result in report.results for node in (result.focus_node, result.value))
        data = names_graph(data, nodes)
    return FORMATS[output_format](report, data)
