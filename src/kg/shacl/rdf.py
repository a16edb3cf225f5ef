"""The report as the specification has it, in Turtle and in JSON-LD.

Both are written here rather than by a library, for the same bytes from the same results: results
have no names, and a serializer would put them in the order of names made up while it runs.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from rdflib import RDF, RDFS, SH, XSD, BNode, Literal, URIRef

from kg.namespaces import PREFIXES, prefixed
from kg.shacl.model import Term, ValidationReport, ValidationResult
from kg.shacl.naming import Names
from kg.shacl.paths import PathExpression, PropertyPath
from kg.shacl.terms import compact, turtle_term

__all__ = ["jsonld", "turtle"]

_UNARY = {
    "inverse": SH.inversePath,
    "oneOrMore": SH.oneOrMorePath,
    "zeroOrMore": SH.zeroOrMorePath,
    "zeroOrOne": SH.zeroOrOnePath,
}


def turtle(report: ValidationReport, names: Names | None = None) -> Iterator[str]:
    """Yield the report in Turtle; `names` are not looked at."""
    used = {"sh", "rdfs"} if report.notes else {"sh"}
    for result in report.results:
        used |= {p for term in _terms(result) for p in _prefixes(term)}
    yield "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in sorted(used))
    yield f"\n[] a sh:ValidationReport ;\n    sh:conforms {str(report.conforms).lower()}"
    for note in report.notes:
        yield f" ;\n    rdfs:comment {turtle_term(Literal(note, lang='en'))}"
    before = " ;\n    sh:result "
    for result in report.results:
        yield before + _turtle_result(result, 1)
        before = " , "
    yield " .\n"


def _turtle_result(result: ValidationResult, depth: int) -> str:
    indent = "    " * depth
    lines = list(_statements(result))
    if result.children:
        nested = " , ".join(_turtle_result(child, depth + 1) for child in result.children)
        lines.append(f"sh:detail {nested}")
    return "[\n" + " ;\n".join(f"{indent}    {line}" for line in lines) + f"\n{indent}]"


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


def _terms(result: ValidationResult) -> Iterator[Term]:
    """Yield every term that a result names."""
    for _, values in _properties(result):
        for value in values:
            yield from _within(value)
    for child in result.children:
        yield from _terms(child)


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


def jsonld(report: ValidationReport, names: Names | None = None) -> Iterator[str]:
    """Yield the report in JSON-LD; `names` are not looked at."""
    context = {"sh": str(SH)} | ({"rdfs": str(RDFS)} if report.notes else {})
    yield (
        '{\n  "@context": ' + textwrap.indent(json.dumps(context, indent=2), "  ").lstrip() + ",\n"
    )
    yield f'  "@type": "sh:ValidationReport",\n  "sh:conforms": {str(report.conforms).lower()}'
    if report.notes:
        notes = [{"@value": note, "@language": "en"} for note in report.notes]
        yield ',\n  "rdfs:comment": ' + json.dumps(notes, ensure_ascii=False)
    before = ',\n  "sh:result": [\n'
    for result in report.results:
        written = json.dumps(_json_result(result), ensure_ascii=False, indent=2, sort_keys=True)
        yield before + textwrap.indent(written, "    ")
        before = ",\n"
    yield "\n}\n" if report.conforms else "\n  ]\n}\n"


def _json_result(result: ValidationResult) -> dict[str, Any]:
    document: dict[str, Any] = {"@type": "sh:ValidationResult"}
    document |= {_key(predicate): _one_or_all(values) for predicate, values in _properties(result)}
    if result.children:
        document["sh:detail"] = [_json_result(child) for child in result.children]
    return document


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
