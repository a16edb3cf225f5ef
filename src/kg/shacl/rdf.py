"""The report as the specification has it, in Turtle and in JSON-LD.

Both are written here rather than by a library, for the same bytes from the same results: results
have no names, and a serializer would put them in the order of names made up while it runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef

from kg.namespaces import PREFIXES, prefixed
from kg.shacl.model import Term, ValidationReport, ValidationResult
from kg.shacl.paths import PathExpression, PropertyPath
from kg.shacl.terms import compact, turtle_term

__all__ = ["jsonld", "turtle"]

_UNARY = {
    "inverse": SH.inversePath,
    "oneOrMore": SH.oneOrMorePath,
    "zeroOrMore": SH.zeroOrMorePath,
    "zeroOrOne": SH.zeroOrOnePath,
}


def turtle(report: ValidationReport, data: Graph | None = None) -> str:
    """Return the report in Turtle; `data` is not looked at."""
    results = [
        "[\n" + " ;\n".join(f"        {line}" for line in _statements(result)) + "\n    ]"
        for result in report.results
    ]
    body = f"[] a sh:ValidationReport ;\n    sh:conforms {str(report.conforms).lower()}"
    if results:
        body += " ;\n    sh:result " + " , ".join(results)
    used = sorted({"sh", *(prefix for term in _terms(report) for prefix in _prefixes(term))})
    head = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in used)
    return f"{head}\n{body} .\n"


def _statements(result: ValidationResult) -> Iterator[str]:
    yield "a sh:ValidationResult"
    for predicate, values in _properties(result):
        written = " , ".join(
            _turtle_path(value) if isinstance(value, PathExpression) else turtle_term(value)
            for value in values
        )
        yield f"{compact(predicate)} {written}"


def _properties(result: ValidationResult) -> Iterator[tuple[str, tuple[Term | PropertyPath, ...]]]:
    """Yield the properties of a result with their values, in the order they are written in."""
    values: list[tuple[URIRef, Term | PropertyPath | None]] = [
        (SH.resultSeverity, result.severity),
        (SH.focusNode, result.focus_node),
        (SH.resultPath, result.path),
        (SH.value, result.value),
        (SH.sourceConstraintComponent, result.component),
        (SH.sourceShape, result.source_shape),
        (SH.sourceConstraint, result.source_constraint),
    ]
    yield from ((str(predicate), (value,)) for predicate, value in values if value is not None)
    messages = tuple(dict.fromkeys((*result.messages, *result.details)))
    if messages:
        yield str(SH.resultMessage), messages


def _turtle_path(path: PropertyPath) -> str:
    if isinstance(path, URIRef):
        return turtle_term(path)
    parts = [_turtle_path(part) for part in path.parts]
    if path.kind == "sequence":
        return f"( {' '.join(parts)} )"
    if path.kind == "alternative":
        return f"[ sh:alternativePath ( {' '.join(parts)} ) ]"
    return f"[ {compact(str(_UNARY[path.kind]))} {parts[0]} ]"


def _terms(report: ValidationReport) -> Iterator[Term]:
    """Yield every term that the report names."""
    for result in report.results:
        for _, values in _properties(result):
            for value in values:
                yield from _within(value)


def _within(value: Term | PropertyPath) -> Iterator[Term]:
    if isinstance(value, PathExpression):
        for part in value.parts:
            yield from _within(part)
    else:
        yield value


def _prefixes(term: Term) -> Iterator[str]:
    iri = term.datatype if isinstance(term, Literal) else term
    # the datatype of plain strings is not written
    if isinstance(iri, URIRef) and iri != XSD.string and (name := prefixed(str(iri))):
        yield name.partition(":")[0]


def jsonld(report: ValidationReport, data: Graph | None = None) -> str:
    """Return the report in JSON-LD; `data` is not looked at."""
    document: dict[str, Any] = {
        "@context": {"sh": str(SH)},
        "@type": "sh:ValidationReport",
        "sh:conforms": report.conforms,
    }
    if report.results:
        document["sh:result"] = [
            {"@type": "sh:ValidationResult"}
            | {_key(predicate): _one_or_all(values) for predicate, values in properties}
            for properties in map(_properties, report.results)
        ]
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _one_or_all(values: tuple[Term | PropertyPath, ...]) -> Any:
    written = [_json(value) for value in values]
    return written[0] if len(written) == 1 else written


def _key(predicate: str) -> str:
    return "sh:" + predicate.removeprefix(str(SH))


def _json(value: Term | PropertyPath) -> dict[str, Any]:
    if isinstance(value, PathExpression):
        parts = [_json(part) for part in value.parts]
        if value.kind == "sequence":
            return {"@list": parts}
        if value.kind == "alternative":
            return {"sh:alternativePath": {"@list": parts}}
        return {_key(str(_UNARY[value.kind])): parts[0]}
    if isinstance(value, Literal):
        written = {"@value": str(value)}
        if value.language:
            return written | {"@language": value.language}
        if value.datatype and value.datatype not in {XSD.string, RDF.langString}:
            return written | {"@type": str(value.datatype)}
        return written
    return {"@id": f"_:{value}" if isinstance(value, BNode) else str(value)}
