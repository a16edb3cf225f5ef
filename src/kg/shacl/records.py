"""The report as plain JSON, which later runs can compare themselves with."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from rdflib import BNode, Literal

from kg.shacl.model import Term, ValidationReport, ValidationResult, severity_name
from kg.shacl.naming import Named, Names, named
from kg.shacl.paths import path_text

__all__ = ["FORMAT", "VERSION", "identity", "json_text", "record"]

#: What a report calls itself, so that it is known again.
FORMAT, VERSION = "kg validation report", 1


def json_text(report: ValidationReport, names: Names) -> Iterator[str]:
    """Yield the report in JSON: counts, then every result with label, file and line."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "conforms": report.conforms,
        "counts": report.counts,
        "known": report.known,
        "partial": report.is_partial,
        "notes": list(report.notes),
        "results": [],
    }
    head, _, tail = _dumped(document).rpartition("[]")
    yield head
    if report.conforms:
        yield "[]"
    else:
        before = "[\n"
        for found in named(report.results, names):
            yield before + textwrap.indent(_dumped(record(found)), "    ")
            before = ",\n"
        yield "\n  ]"
    yield f"{tail}\n"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def identity(result: ValidationResult) -> dict[str, Any]:
    """Return what makes a finding the same in another run, as JSON has it."""
    return {
        "focusNode": _term(result.focus_node),
        "path": path_text(result.path) if result.path else None,
        "value": None if result.value is None else _term(result.value),
        "component": str(result.component),
        "shape": _term(result.source_shape),
    }


def record(found: Named) -> dict[str, Any]:
    """Return a result as JSON has it."""
    result, label, _, place = found
    reasons = [
        {**identity(child), "messages": [str(m) for m in child.messages + child.details]}
        for child in result.children
    ]
    return {
        "severity": severity_name(result.severity),
        **identity(result),
        "label": label,
        "file": place.file,
        "line": place.line,
        "messages": [str(message) for message in result.messages + result.details],
        **({"reasons": reasons} if reasons else {}),
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
