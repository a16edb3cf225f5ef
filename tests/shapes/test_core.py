"""The shapes in shapes/core.ttl, each with a valid and an invalid case.

A case is a Turtle file; a first line `# with: page.ttl release.ttl` names the valid cases that it
is read together with, and `# also: section-position` the other checks that find the same fault. The
report of each invalid case is approved: it stands beside the case, and `KG_APPROVE=1 pytest
tests/shapes` writes it anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import Case, cases
from rdflib import OWL, RDF, SH, SKOS, Graph, Namespace, URIRef
from rdflib.plugins.stores.memory import Memory
from rdflib.term import Node

from kg import quads, rdf
from kg.assembly import vocabulary
from kg.mapping.concepts import index_concepts, merge_terms
from kg.mapping.iris import Iris
from kg.mapping.page import map_page
from kg.shacl import ValidationReport, path_text, validate, write

SHAPES = Path(__file__).resolve().parents[2] / "shapes"
CORE = SHAPES / "core.ttl"
KGSH = Namespace("https://w3id.org/skills-kg/shapes#")

VALID = sorted((SHAPES / "valid").glob("*.ttl"))
INVALID = sorted((SHAPES / "invalid").glob("*.ttl"))

TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
LISTS = (SH["and"], SH["or"], SH.xone)
OPERANDS = (SH["not"], SH.node, SH.property, SH.qualifiedValueShape)


@cache
def core() -> Graph:
    return Graph().parse(CORE)


def header(case: Path, key: str) -> list[str]:
    """Return the words of a case's line `# key: ...`."""
    lines = case.read_text(encoding="utf-8").splitlines()
    return [w for line in lines if line.startswith(f"# {key}: ") for w in line.split()[2:]]


@cache
def data_of(case: Path) -> Graph:
    graph = Graph().parse(case)
    for name in header(case, "with"):
        graph.parse(SHAPES / "valid" / name)
    return graph


@cache
def report_of(case: Path) -> ValidationReport:
    return validate(data_of(case), core())


def shapes_of(graph: Graph) -> set[Node]:
    return {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind)}


def checks_of(graph: Graph) -> set[Node]:
    """Return the shapes that have targets; the others are conditions of these."""
    return {shape for target in TARGETS for shape in graph.subjects(target)}


def operands_of(graph: Graph, shape: Node) -> set[Node]:
    direct = {used for predicate in OPERANDS for used in graph.objects(shape, predicate)}
    for predicate in LISTS:
        direct |= {used for head in graph.objects(shape, predicate) for used in graph.items(head)}
    return direct.union(*(operands_of(graph, used) for used in direct))


def name(case: Path) -> str:
    return case.stem


def test_cases_were_found() -> None:
    """There are valid cases, and as many invalid ones as there are checks."""
    assert VALID
    assert len(checks_of(core())) == len(INVALID)


def test_reports_belong_to_cases() -> None:
    """No approved report is left of a case that is gone."""
    assert {case.stem for case in INVALID} == {
        report.name.removesuffix(".report.txt")
        for report in (SHAPES / "invalid").glob("*.report.txt")
    }


@pytest.mark.parametrize("case", VALID, ids=name)
def test_valid_case(case: Path) -> None:
    """A valid case conforms: not even information is found."""
    report = report_of(case)
    assert "conforms: nothing found\n" == write(report, data_of(case))
    assert report.conforms


@pytest.mark.parametrize("case", INVALID, ids=name)
def test_invalid_case(case: Path) -> None:
    """An invalid case has the approved report; nothing as grave is found by an unnamed shape."""
    report = report_of(case)
    (severity,) = core().objects(KGSH[case.stem], SH.severity)
    expected = {KGSH[name] for name in (case.stem, *header(case, "also"))}
    assert expected == {r.source_shape for r in report.results if r.severity == severity}
    assert severity == report.results[0].severity
    found = write(report, data_of(case))
    approved = case.with_suffix(".report.txt")
    if os.environ.get("KG_APPROVE"):
        approved.write_text(found, encoding="utf-8")
    assert approved.read_text(encoding="utf-8") == found


def test_every_shape_is_exercised() -> None:
    """An invalid case is there for each check; every condition belongs to a check."""
    checks = checks_of(core())
    assert {KGSH[case.stem] for case in INVALID} == checks
    conditions = set().union(*(operands_of(core(), shape) for shape in checks))
    assert shapes_of(core()) - checks == conditions


def test_every_shape_has_valid_focus_nodes() -> None:
    """The valid cases hold something that each check looks at."""
    data = Graph()
    for case in VALID:
        data += data_of(case)
    reached = {
        shape
        for shape in checks_of(core())
        if any((None, RDF.type, kind) in data for kind in core().objects(shape, SH.targetClass))
        or any((None, p, None) in data for p in core().objects(shape, SH.targetSubjectsOf))
        or any((None, p, None) in data for p in core().objects(shape, SH.targetObjectsOf))
    }
    assert checks_of(core()) == reached


def test_every_shape_says_what_is_wrong() -> None:
    """Every shape has an IRI of its own, one English message, and one severity."""
    for shape in shapes_of(core()):
        assert isinstance(shape, URIRef)
        assert shape in KGSH
        (message,) = core().objects(shape, SH.message)
        assert "en" == message.language
        assert message.endswith(".")
        (severity,) = core().objects(shape, SH.severity)
        assert severity in {SH.Violation, SH.Warning, SH.Info}


def test_every_query_is_named_and_explained() -> None:
    """Every SPARQL constraint has an IRI, an English message and declared prefixes."""
    queries = set(core().subjects(RDF.type, SH.SPARQLConstraint))
    assert queries == set(core().objects(None, SH.sparql))
    for query in queries:
        assert query in KGSH
        (message,) = core().objects(query, SH.message)
        assert "en" == message.language
        assert (query, SH.prefixes, URIRef("https://w3id.org/skills-kg/shapes")) in core()


def test_terms_exist() -> None:
    """Every sh: and skos: term in the shapes is one that rdflib knows of its vocabulary."""
    for triple in core():
        for term in triple:
            for namespace in (SH, SKOS):
                if isinstance(term, URIRef) and term.startswith(str(namespace)):
                    assert term in namespace


def test_header() -> None:
    """The shapes are an ontology with a version and a licence."""
    header = URIRef("https://w3id.org/skills-kg/shapes")
    assert (header, RDF.type, OWL.Ontology) in core()
    assert core().value(header, OWL.versionInfo)
    assert core().value(header, URIRef("http://purl.org/dc/terms/license"))


def test_big_classes_have_plain_checks() -> None:
    """What a release has by the thousand is checked without SPARQL, and by no nested shape."""
    kg, onet = "https://w3id.org/skills-kg/ontology#", "https://www.onetcenter.org/rdf/schema/onet/"
    big = {
        *core().subjects(SH.targetClass, URIRef(f"{kg}Occupation")),
        *core().subjects(SH.targetClass, URIRef(f"{kg}Task")),
        *core().subjects(SH.targetObjectsOf, URIRef(f"{onet}hasTask")),
    }
    assert 5 == len(big)
    for shape in big:
        assert (shape, SH.path, None) in core()
        assert set() == operands_of(core(), shape)
        assert (shape, SH.sparql, None) not in core()


def test_section_counts_name_both_numbers() -> None:
    """A count that differs is reported with the number declared and the number found."""
    found = report_of(SHAPES / "invalid" / "section-count.ttl").results
    (result,) = (r for r in found if r.source_shape == KGSH["section-count"])
    assert ["2 declared, 1 found"] == [str(detail) for detail in result.details]
    assert "2" == str(result.value)
    assert result.path is None or path_text(result.path)


class CountingStore(Memory):
    """A store that counts the triples it gives out."""

    given = 0

    def triples(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for triple in super().triples(*args, **kwargs):
            self.given += 1
            yield triple


def work(pages: list[Case], times: int) -> int:
    """Return how many triples are looked at to validate pages, each `times` over."""
    iris = Iris()
    schemes = vocabulary(iris)[iris.graph("schemes")]
    concepts = index_concepts(schemes)
    mapped = [
        map_page(replace(case.page, title=f"Occupation {number}"), concepts, None, iris)
        for number, case in enumerate(pages * times)
    ]
    rows = [quad for result in mapped for quad in result.rows]
    terms = merge_terms(quad for result in mapped for quad in result.terms)
    tables = [quads.from_rows(rows), terms, quads.from_rows(schemes)]
    store = CountingStore()
    data = Graph(store)
    data += rdf.to_rdflib(quads.concat(tables))
    store.given = 0
    validate(data, core())
    return store.given


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(cases(), min_size=10, max_size=10))
def test_work_grows_with_the_pages(pages: list[Case]) -> None:
    """Four times as many pages are four times the work, not sixteen times."""
    assert work(pages, 4) < 4.1 * work(pages, 1)
