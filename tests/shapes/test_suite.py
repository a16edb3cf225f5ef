"""The W3C's own SHACL tests, as their manifests list them.

https://github.com/w3c/data-shapes/tree/gh-pages/data-shapes-test-suite
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
import rdflib
from rdflib import SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg.errors import ShapesError
from kg.shacl import path_text, validate
from kg.shacl.blanks import blank_names
from kg.shacl.paths import read_path

ROOT = Path(__file__).resolve().parents[2]
SUITE = ROOT.parent / "shared" / "suites" / "shacl"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")

#: Cases that fail, by what follows the suite's folder in their IRI, with the reason.
EXPECTED_FAILURES = {
    "sparql/pre-binding/shapesGraph-001": "$shapesGraph is optional, and refused by name",
}

#: Manifests that no other includes.
UNLISTED = {"core": [], "sparql": ["sparql/component/nodeValidator-001.ttl"]}

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(), reason=f"the W3C suite is not at {SUITE.relative_to(ROOT.parent)}"
)


class Case(NamedTuple):
    """A test of the suite: its name below the suite's folder, and the file that has it."""

    name: str
    file: Path


@cache
def parsed(file: Path) -> Graph:
    # One graph a file: data, shapes and expected results share its blank nodes. Terms as written.
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        return Graph().parse(file, format="turtle", publicID=file.as_uri())
    finally:
        rdflib.NORMALIZE_LITERALS = before


def listed(manifest: Path) -> Iterator[Case]:
    graph = parsed(manifest)
    for included in sorted(graph.objects(None, MF.include)):
        yield from listed(local(included))
    for entries in graph.objects(None, MF.entries):
        for entry in graph.items(entries):
            yield Case(str(entry).removeprefix(f"{SUITE.as_uri()}/"), manifest)


def local(iri: Node | None) -> Path:
    return Path(unquote(urlsplit(str(iri)).path))


def cases(part: str) -> list[Case]:
    manifests = [SUITE / part / "manifest.ttl", *(SUITE / name for name in UNLISTED[part])]
    return [case for manifest in manifests if manifest.is_file() for case in listed(manifest)]


def parameters(part: str) -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=EXPECTED_FAILURES[case.name], strict=True)]
            if case.name in EXPECTED_FAILURES
            else [],
        )
        for case in cases(part)
    ]


def named(graph: Graph, node: Node | None) -> Node | None:
    return blank_names(graph, [node]).get(node, node) if node else None


def told_apart_by_nature(node: Node | None) -> Node | None:
    # The number that tells apart nodes that are alike means nothing here.
    return BNode(re.sub(r"x\d+$", "", node)) if isinstance(node, BNode) else node


@pytest.mark.parametrize(("part", "number"), [("core", 98), ("sparql", 23)])
def test_cases_were_found(part: str, number: int) -> None:
    """The manifests list as many tests as the suite has."""
    assert number == len(cases(part))


def test_expected_failures_exist() -> None:
    """Every test that is expected to fail is one of the suite."""
    assert set() == EXPECTED_FAILURES.keys() - {
        case.name for part in ("core", "sparql") for case in cases(part)
    }


@pytest.mark.parametrize("case", [*parameters("core"), *parameters("sparql")])
def test_case(case: Case) -> None:
    """The engine finds what the suite expects, or refuses where it expects a failure."""
    manifest = parsed(case.file)
    entry = URIRef(f"{SUITE.as_uri()}/{case.name}")
    action, expected = manifest.value(entry, MF.action), manifest.value(entry, MF.result)
    data = parsed(local(manifest.value(action, SHT.dataGraph)))
    shapes = parsed(local(manifest.value(action, SHT.shapesGraph)))
    if expected == SHT.Failure:
        with pytest.raises(ShapesError):
            validate(data, shapes)
        return
    report = validate(data, shapes)
    assert manifest.value(expected, SH.conforms) == Literal(report.conforms)
    with_messages = (None, SH.resultMessage, None) in manifest
    wanted, found = Counter(), Counter()
    for node in manifest.objects(expected, SH.result):
        path = manifest.value(node, SH.resultPath)
        wanted[
            told_apart_by_nature(named(data, manifest.value(node, SH.focusNode))),
            path_text(read_path(manifest, path)) if path else "",
            told_apart_by_nature(named(data, manifest.value(node, SH.value))),
            manifest.value(node, SH.resultSeverity),
            manifest.value(node, SH.sourceConstraintComponent),
            told_apart_by_nature(named(shapes, manifest.value(node, SH.sourceShape))),
            frozenset(manifest.objects(node, SH.resultMessage)) if with_messages else None,
        ] += 1
    for result in report.results:
        found[
            told_apart_by_nature(result.focus_node),
            path_text(result.path) if result.path else "",
            told_apart_by_nature(result.value),
            result.severity,
            result.component,
            told_apart_by_nature(result.source_shape),
            frozenset(result.messages + result.details) if with_messages else None,
        ] += 1
    assert wanted == found
