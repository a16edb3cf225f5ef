"""The report as plain JSON, which later runs can compare themselves with."""

from __future__ import annotations

import json
from typing import Any

from rdflib import BNode, Graph, Literal

from kg.shacl.locations import label, locate
from kg.shacl.model import Term, ValidationReport, ValidationResult, severity_name
from kg.shacl.paths import path_text

__all__ = ["FORMAT", "VERSION", "identity", "json_text"]

#: What a report calls itself, so that it is known again.
FORMAT, VERSION = "kg validation report", 1


def json_text(report: ValidationReport, data: Graph) -> str:
    """Return the report in JSON: counts, then every result with label, file and line."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "conforms": report.conforms,
        "counts": report.counts,
        "known": report.known,
        "notes": list(report.notes),
        "results": [_record(result, data) for result in report.results],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def identity(result: ValidationResult) -> dict[str, Any]:
    """Return what makes a finding the same in another run, as JSON has it."""
    return {
        "focusNode": _term(result.focus_node),
        "path": path_text(result.path) if result.path else None,
        "value": None if result.value is None else _term(result.value),
        "component": str(result.component),
        "shape": _term(result.source_shape),
    }


def _record(result: ValidationResult, data: Graph) -> dict[str, Any]:
    place = locate(data, result)
    return {
        "severity": severity_name(result.severity),
        **identity(result),
        "label": label(data, result.focus_node),
        "file": place.file,
        "line": place.line,
        "messages": [str(message) for message in result.messages + result.details],
    }


def _term(term: Term) -> str | dict[str, str]:
    """Return an IRI or blank node as a string, a literal as an object."""
    if not isinstance(term, Literal):
        return f"_:{term}" if isinstance(term, BNode) else str(term)
    written = {"value": str(term)}
    if term.language:
        written["language"] = term.language
    elif term.datatype:
        written["datatype"] = str(term.datatype)
    return written
