"""The report in SARIF, which shows findings at file and line where code is reviewed.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/
"""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from rdflib import URIRef

from kg.shacl.found import Results
from kg.shacl.model import ValidationReport, ValidationResult, severity_name
from kg.shacl.naming import Named, Names, named
from kg.shacl.records import identity
from kg.shacl.text import in_english, shape_name

__all__ = ["sarif"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"violation": "error", "warning": "warning", "info": "note", "other": "error"}


def sarif(report: ValidationReport, names: Names) -> Iterator[str]:
    """Yield the report as one SARIF log with a rule for each shape."""
    rules: dict[str, dict[str, Any]] = {}
    for result in _examples(report.results):
        rules.setdefault(str(result.source_shape), _rule(result))
    places = {name: place for place, name in enumerate(rules)}
    notes = [{"level": "note", "message": {"text": note}} for note in report.notes]
    run = {
        "tool": {
            "driver": {
                "name": "kg validate",
                "informationUri": "https://www.w3.org/TR/shacl/",
                "rules": list(rules.values()),
            }
        },
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    head, _, tail = json.dumps(document, ensure_ascii=False, indent=1).rpartition("[]")
    yield f"{head}["
    before = "\n"
    for found in named(report.results, names):
        written = json.dumps(_result(found, places), ensure_ascii=False, indent=1)
        yield before + textwrap.indent(written, "    ")
        before = ",\n"
    yield f"]{tail}\n"


def _examples(results: Sequence[ValidationResult]) -> Iterator[ValidationResult]:
    yield from results.of_checks() if isinstance(results, Results) else results


def _rule(result: ValidationResult) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": str(result.source_shape),
        "name": shape_name(result),
        "defaultConfiguration": {"level": _LEVELS[severity_name(result.severity)]},
    }
    text = in_english(result.messages) or shape_name(result)
    rule["shortDescription"] = {"text": text}
    if isinstance(result.source_shape, URIRef):
        rule["helpUri"] = str(result.source_shape)
    return rule


def _result(found: Named, rules: dict[str, int]) -> dict[str, Any]:
    result, label, _, place = found
    about = json.dumps(identity(result), sort_keys=True)
    texts = [in_english(result.messages), in_english(result.details)]
    written: dict[str, Any] = {
        "ruleId": str(result.source_shape),
        "ruleIndex": rules[str(result.source_shape)],
        "level": _LEVELS[severity_name(result.severity)],
        "message": {"text": f"{label}: {' '.join(filter(None, texts))}".rstrip(": ")},
        "partialFingerprints": {"finding/v1": hashlib.sha256(about.encode()).hexdigest()},
        "properties": identity(result),
    }
    location: dict[str, Any] = {
        "logicalLocations": [{"name": label, "fullyQualifiedName": str(result.focus_node)}]
    }
    if place.file:
        physical: dict[str, Any] = {
            "artifactLocation": {"uri": quote(PurePath(place.file).as_posix())}
        }
        if place.line:
            physical["region"] = {"startLine": place.line}
        location["physicalLocation"] = physical
    written["locations"] = [location]
    return written
