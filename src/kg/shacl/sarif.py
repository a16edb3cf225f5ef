"""The report in SARIF, which shows findings at file and line where code is reviewed.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/
"""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from kg.shacl.found import Results
from kg.shacl.model import ValidationReport, ValidationResult, severity_name
from kg.shacl.naming import Named, Names, named
from kg.shacl.records import identity
from kg.shacl.text import in_english, shape_name

__all__ = ["sarif"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: What an IRI keeps as a URI (https://www.rfc-editor.org/rfc/rfc3987#section-3.1), and what such
#: addresses are that a browser can open (https://www.rfc-editor.org/rfc/rfc3986#appendix-A).
_OF_URIS = ":/?#[]@!$&'()*+,;=%"
_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_HTTP = re.compile(
    rf"(?i:https?)://(?:{_CHARACTER}|[\[\]])+(?:/(?:{_CHARACTER}|/)*)?"
    rf"(?:\?(?:{_CHARACTER}|[/?])*)?(?:#(?:{_CHARACTER}|[/?])*)?"
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
    before, last, times = "\n", None, 0
    for found in named(report.results, names):
        about = identity(found.result)
        times = times + 1 if about == last else 1  # findings that are alike stand together
        last = about
        written = json.dumps(_result(found, places, times), ensure_ascii=False, indent=1)
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
    address = quote(result.source_shape, safe=_OF_URIS)
    if _HTTP.fullmatch(address):
        rule["helpUri"] = address
    return rule


def _result(found: Named, rules: dict[str, int], times: int) -> dict[str, Any]:
    """Return a result; `times` tells apart those that are alike, which readers would take for one.

    SARIF 2.1.0, 3.27.17: partialFingerprints property.
    """
    result, label, _, place = found
    about = json.dumps(identity(result), sort_keys=True) + (f" {times}" if times > 1 else "")
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
