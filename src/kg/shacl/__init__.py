"""Shapes over a graph: what they find, and how it is reported.

report = validate(data, shapes)
print(write(report, data, "text"))
"""

from __future__ import annotations

from kg.shacl.affected import Affected, Changes, affected
from kg.shacl.baseline import read_baseline, subtract
from kg.shacl.digests import digests_of
from kg.shacl.engine import validate, validate_affected
from kg.shacl.locations import Location
from kg.shacl.model import (
    FAIL_ON,
    SEVERITIES,
    ValidationReport,
    ValidationResult,
    exceeds,
    severity_name,
)
from kg.shacl.naming import label, locate, names_of
from kg.shacl.near import select_near
from kg.shacl.paths import PathExpression, PropertyPath, path_text
from kg.shacl.planning import read_plan
from kg.shacl.reference import validate_by_reference
from kg.shacl.relevant import Relevance, relevance, select
from kg.shacl.report import FORMATS, stream, write
from kg.shacl.targets import count_focus_nodes
from kg.shacl.text import GROUPS, LISTED
from kg.shacl.wellformed import check

#: Engines by name; the one that is meant comes first.
ENGINES = {"columns": validate, "pyshacl": validate_by_reference}

__all__ = [
    "ENGINES",
    "FAIL_ON",
    "FORMATS",
    "GROUPS",
    "LISTED",
    "SEVERITIES",
    "Affected",
    "Changes",
    "Location",
    "PathExpression",
    "PropertyPath",
    "Relevance",
    "ValidationReport",
    "ValidationResult",
    "affected",
    "check",
    "count_focus_nodes",
    "digests_of",
    "exceeds",
    "label",
    "locate",
    "names_of",
    "path_text",
    "read_baseline",
    "read_plan",
    "relevance",
    "select",
    "select_near",
    "severity_name",
    "stream",
    "subtract",
    "validate",
    "validate_affected",
    "validate_by_reference",
    "write",
]
