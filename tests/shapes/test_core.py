"""The shapes in shapes/core.ttl: what they ask of big classes, and how their work grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cases import CORE, KGSH, profile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import Case, cases
from rdflib import SH, Graph, URIRef
from rdflib.plugins.stores.memory import Memory

from kg import quads, rdf
from kg.assembly import vocabulary
from kg.mapping.concepts import index_concepts, merge_terms
from kg.mapping.iris import Iris
from kg.mapping.page import map_page
from kg.shacl import path_text, validate


def test_big_classes_have_plain_checks() -> None:
    """What a release has by the thousand is checked without SPARQL."""
    kg, onet = "https://w3id.org/skills-kg/ontology#", "https://www.onetcenter.org/rdf/schema/onet/"
    big = {
        *CORE.subjects(SH.targetClass, URIRef(f"{kg}Occupation")),
        *CORE.subjects(SH.targetClass, URIRef(f"{kg}Task")),
        *CORE.subjects(SH.targetObjectsOf, URIRef(f"{onet}hasTask")),
    }
    assert 5 == len(big)
    for shape in big:
        assert (shape, SH.sparql, None) not in CORE


def test_section_counts_name_both_numbers() -> None:
    """A count that differs is reported with the number declared and the number found."""
    (case,) = (case for case in profile("core").invalid if case.name == "section-count")
    (result,) = (r for r in case.report.results if r.source_shape == KGSH["section-count"])
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
    validate(data, CORE)
    return store.given


@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(cases(), min_size=5, max_size=5))
def test_work_grows_with_the_pages(pages: list[Case]) -> None:
    """Four times as many pages are four times the work, not sixteen times."""
    assert work(pages, 4) < 4.1 * work(pages, 1)
