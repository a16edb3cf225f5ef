"""Findings that are known already, from an earlier report in JSON.

They are counted: a finding is known as often as the earlier report has it, at the same severity or
a graver one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import Any

import polars as pl
from rdflib import SH

from kg.errors import InputError
from kg.shacl.found import Results
from kg.shacl.model import SEVERITIES, ValidationReport, ValidationResult, severity_rank
from kg.shacl.records import FORMAT, VERSION, identity

__all__ = ["read_baseline", "subtract"]

_PARTS = ("component", "focusNode", "path", "shape", "value")


#: What identifies findings, each with the rank of its severity → how many there are.
_Known = Counter[tuple[str, int]]


def read_baseline(file: Path) -> _Known:
    """Return what identifies each finding of an earlier report, with how many there are.

    Raises InputError where the file is no report that `kg validate --format json` wrote.
    """
    try:
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", str(file)) from None
    except (ValueError, RecursionError):  # no JSON, no UTF-8, or nested beyond all measure
        raise _no_report(file) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _no_report(file)
    if document.get("version") != VERSION:
        raise InputError(
            f"is a report of version {document.get('version')!r}; this kg reads version {VERSION}. "
            "Write the baseline anew.",
            str(file),
        )
    results = document.get("results")
    if not isinstance(results, list) or not all(_is_record(result) for result in results):
        raise _no_report(file)
    return Counter((_key(result), _rank(result.get("severity"))) for result in results)


def subtract(report: ValidationReport, known: _Known) -> ValidationReport:
    """Return the report without the findings that are known."""
    results, left = report.results, known.copy()
    is_new = [not _take(left, result) for result in results]
    new: Sequence[ValidationResult]
    if isinstance(results, Results):  # which makes its results again when they are written
        new = results.keep(results.table.filter(pl.Series(is_new, dtype=pl.Boolean)))
    else:
        new = tuple(compress(results, is_new))
    return replace(report, results=new, known=report.known + len(results) - len(new))


def _take(known: _Known, result: ValidationResult) -> bool:
    """Take a finding out of those that are known, and tell whether it was among them."""
    key = _key(identity(result))
    for rank in range(severity_rank(result.severity), -1, -1):  # as grave, or graver
        if known[key, rank]:
            known[key, rank] -= 1
            return True
    return False


def _rank(severity: object) -> int:
    """Return the rank of a severity by its name; of none or another, that of the gravest."""
    return severity_rank(SEVERITIES.get(str(severity), SH.Violation))


def _is_record(value: object) -> bool:
    return isinstance(value, dict) and value.keys() >= set(_PARTS)


def _key(record: dict[str, Any]) -> str:
    return json.dumps({part: record[part] for part in _PARTS}, sort_keys=True)


def _no_report(file: Path) -> InputError:
    return InputError(
        "is no validation report in JSON; write one with: kg validate --format json -o FILE",
        str(file),
    )
