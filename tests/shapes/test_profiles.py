"""The profiles in shapes/: every check has a case, every case its report, every shape its words."""

from __future__ import annotations

import os

import pyoxigraph as ox
import pytest
from cases import KGSH, PROFILES, Case, Profile, checks_of, operands_of, profile, shapes_of
from rdflib import OWL, RDF, SH, SKOS, Graph, URIRef

from kg.namespaces import DCT
from kg.shacl import relevance, write
from kg.shacl.relevant import EVERYTHING

VALID = [case for profile in PROFILES for case in profile.valid]
INVALID = [case for profile in PROFILES for case in profile.invalid]

of_each = pytest.mark.parametrize("profile", PROFILES, ids=str)


def test_profiles_were_found() -> None:
    """The core and the profile of O*NET releases are there; no shape has the name of another."""
    assert {"core", "onet", "release", "skos"} <= {profile.name for profile in PROFILES}
    names = [shape for profile in PROFILES for shape in shapes_of(profile.shapes)]
    assert sorted(set(names)) == sorted(names)


@of_each
def test_queries_declare_their_prefixes(profile: Profile) -> None:
    """Every query can be read with the prefixes that it names, and no others, as engines differ."""
    shapes = profile.shapes
    for owner, text in shapes.subject_objects(SH.select):
        declared = [
            f"PREFIX {shapes.value(d, SH.prefix)}: <{shapes.value(d, SH.namespace)}>"
            for ontology in shapes.objects(owner, SH.prefixes)
            for d in shapes.objects(ontology, SH.declare)
        ]
        # Oxigraph knows no prefix beforehand.
        list(ox.Store().query("\n".join([*declared, str(text)])))


@of_each
def test_cases_were_found(profile: Profile) -> None:
    """There are valid cases, and as many invalid ones as there are checks."""
    assert profile.valid
    assert len(checks_of(profile.shapes)) == len(profile.invalid)


@of_each
def test_reports_belong_to_cases(profile: Profile) -> None:
    """No approved report is left of a case that is gone."""
    assert {case.approved for case in profile.invalid} == set(profile.reports)


@pytest.mark.parametrize("case", VALID, ids=str)
def test_valid_case(case: Case) -> None:
    """A valid case conforms: not even information is found."""
    assert "conforms: nothing found\n" == write(case.report, case.data)
    assert case.report.conforms


@pytest.mark.parametrize("case", INVALID, ids=str)
def test_invalid_case(case: Case) -> None:
    """An invalid case has the approved report; nothing as grave is found by an unnamed shape."""
    results = case.report.results
    (severity,) = case.profile.shapes.objects(KGSH[case.name], SH.severity)
    expected = {KGSH[name] for name in (case.name, *case.header("also"))}
    assert expected == {r.source_shape for r in results if r.severity == severity}
    assert severity == results[0].severity
    found = write(case.report, case.data)
    if os.environ.get("KG_APPROVE"):
        case.approved.write_text(found, encoding="utf-8")
    assert case.approved.read_text(encoding="utf-8") == found


@of_each
def test_every_shape_is_exercised(profile: Profile) -> None:
    """An invalid case is there for each check; every condition belongs to a check."""
    shapes = profile.shapes
    checks = checks_of(shapes)
    assert {KGSH[case.name] for case in profile.invalid} == checks
    conditions = set().union(*(operands_of(shapes, shape) for shape in checks))
    assert shapes_of(shapes) - checks == conditions


@of_each
def test_every_shape_has_valid_focus_nodes(profile: Profile) -> None:
    """The valid cases hold something that each check looks at."""
    data, shapes = Graph(), profile.shapes
    for case in profile.valid:
        data += case.data
    reached = {
        shape
        for shape in checks_of(shapes)
        if any((None, RDF.type, kind) in data for kind in shapes.objects(shape, SH.targetClass))
        or any((None, p, None) in data for p in shapes.objects(shape, SH.targetSubjectsOf))
        or any((None, p, None) in data for p in shapes.objects(shape, SH.targetObjectsOf))
    }
    assert checks_of(shapes) == reached


@of_each
def test_every_shape_says_what_is_wrong(profile: Profile) -> None:
    """Every shape has an IRI of its own, one English message, and one severity."""
    for shape in shapes_of(profile.shapes):
        assert isinstance(shape, URIRef)
        assert shape in KGSH
        (message,) = profile.shapes.objects(shape, SH.message)
        assert "en" == message.language
        assert message.endswith(".")
        (severity,) = profile.shapes.objects(shape, SH.severity)
        assert severity in {SH.Violation, SH.Warning, SH.Info}


@of_each
def test_every_query_is_named_and_explained(profile: Profile) -> None:
    """Every SPARQL constraint has an IRI, an English message and declared prefixes."""
    shapes = profile.shapes
    queries = set(shapes.subjects(RDF.type, SH.SPARQLConstraint))
    assert queries == set(shapes.objects(None, SH.sparql))
    for query in queries:
        assert query in KGSH
        (message,) = shapes.objects(query, SH.message)
        assert "en" == message.language
        assert (query, SH.prefixes, header_of(profile)) in shapes


@of_each
def test_terms_exist(profile: Profile) -> None:
    """Every sh: and skos: term in the shapes is one that rdflib knows of its vocabulary."""
    for triple in profile.shapes:
        for term in triple:
            for namespace in (SH, SKOS):
                if isinstance(term, URIRef) and term.startswith(str(namespace)):
                    assert term in namespace


@of_each
def test_header(profile: Profile) -> None:
    """The shapes are an ontology with a version and a licence."""
    header = header_of(profile)
    assert (header, RDF.type, OWL.Ontology) in profile.shapes
    assert profile.shapes.value(header, OWL.versionInfo)
    assert profile.shapes.value(header, URIRef(DCT.license))


@of_each
def test_shapes_name_what_they_look_at(profile: Profile) -> None:
    """Of a big graph not everything has to be loaded."""
    assert EVERYTHING != relevance(profile.shapes)


def test_releases_are_what_they_are() -> None:
    """Nothing that a release lacks is a violation."""
    shapes = profile("onet").shapes
    assert {SH.Warning, SH.Info} == set(shapes.objects(None, SH.severity))


def header_of(profile: Profile) -> URIRef:
    home = "https://w3id.org/skills-kg/shapes"
    return URIRef(home if profile.name == "core" else f"{home}/{profile.name}")
