"""What a validation finds, in the words of SHACL.

https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdflib import SH, BNode, Literal, URIRef

from kg.errors import RequestError
from kg.shacl.paths import PropertyPath, path_text

__all__ = [
    "FAIL_ON",
    "SEVERITIES",
    "Term",
    "ValidationReport",
    "ValidationResult",
    "exceeds",
    "result_key",
    "severities_of",
    "severity_name",
    "severity_rank",
    "term_key",
]

Term = URIRef | BNode | Literal

#: Severities by name, the gravest first.
SEVERITIES: dict[str, URIRef] = {
    "violation": SH.Violation,
    "warning": SH.Warning,
    "info": SH.Info,
}
#: What `exceeds` can be asked for.
FAIL_ON = tuple(SEVERITIES)

_NAMES = {iri: name for name, iri in SEVERITIES.items()}
_KINDS = {URIRef: 0, BNode: 1, Literal: 2}


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One finding.

    `messages` are those of the shape, and the same for all its results; `details` say more about
    this one (the message of a SPARQL constraint, or of the engine where the shape has none).
    `children` are the findings of the shapes that the constraint asks for: why it fails.
    """

    focus_node: Term
    path: PropertyPath | None
    value: Term | None
    severity: URIRef
    component: URIRef
    source_shape: URIRef | BNode
    source_constraint: URIRef | BNode | None = None
    messages: tuple[Literal, ...] = ()
    details: tuple[Literal, ...] = ()
    children: tuple[ValidationResult, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All findings, the gravest first.

    `notes` name what was not checked; `known` counts findings that a baseline took out. A report
    `is_partial` that is about what changes can affect only.
    """

    results: Sequence[ValidationResult]
    notes: tuple[str, ...] = ()
    known: int = 0
    is_partial: bool = False

    @property
    def conforms(self) -> bool:
        """Whether nothing was found, of whatever severity, as the specification has it."""
        return not self.results

    @property
    def verdict(self) -> str:
        """Whether it conforms, in words."""
        if not self.conforms:
            return "does not conform"
        return "conforms as far as it was checked" if self.is_partial else "conforms"

    @property
    def counts(self) -> dict[str, int]:
        """How many results there are of each severity; `other` only where a shape has its own."""
        found: Counter[str] = Counter()
        for severity, number in severities_of(self.results).items():
            found[severity_name(severity)] += number
        counts = {name: found.pop(name, 0) for name in SEVERITIES}
        return counts | ({"other": found.total()} if found else {})


def severity_name(severity: URIRef) -> str:
    """Return violation, warning or info, or `other` for a severity of one's own."""
    return _NAMES.get(severity, "other")


def exceeds(report: ValidationReport, fail_on: str) -> bool:
    """Whether anything was found at or above the severity called `fail_on`.

    A severity that SHACL does not define counts as a violation: it has no order among the others.
    """
    if fail_on not in SEVERITIES:
        raise RequestError(f"no severity {fail_on!r}; there are: {', '.join(SEVERITIES)}")
    least = FAIL_ON.index(fail_on)
    return any(severity_rank(severity) <= least for severity in severities_of(report.results))


def term_key(term: Term | None) -> tuple[int, str, str, str]:
    """Return what terms are sorted by: IRIs, blank nodes, literals, each by their text."""
    if term is None:
        return (-1, "", "", "")
    if isinstance(term, Literal):
        return (2, str(term), str(term.datatype or ""), term.language or "")
    return (_KINDS[type(term)], str(term), "", "")


def result_key(result: ValidationResult) -> tuple[object, ...]:
    """Return what results are sorted by."""
    return (
        severity_rank(result.severity),
        str(result.severity),
        term_key(result.source_shape),
        term_key(result.focus_node),
        path_text(result.path) if result.path else "",
        term_key(result.value),
        str(result.component),
        term_key(result.source_constraint),
        tuple(term_key(text) for text in result.messages + result.details),
    )


def severities_of(results: Sequence[ValidationResult]) -> Mapping[URIRef, int]:
    """Return how many results there are of each severity."""
    counted = getattr(results, "severities", None)  # a table knows without making results of it
    return counted if counted is not None else Counter(result.severity for result in results)


def severity_rank(severity: URIRef) -> int:
    """Return the place of a severity, from 0; one of one's own counts as the gravest."""
    name = severity_name(severity)
    return FAIL_ON.index(name) if name in FAIL_ON else 0
