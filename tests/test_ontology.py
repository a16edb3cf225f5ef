"""The vocabulary in `ontology/`, and whether what uses it uses terms that exist."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    FOAF,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    VOID,
    XSD,
    Namespace,
)

from kg.graph import Graph as BuiltGraph

ROOT = Path(__file__).resolve().parents[1]
CORE, SCHEMES, ALIGNMENTS, RELEASE = (
    ROOT / "ontology" / name for name in ("core.ttl", "schemes.ttl", "alignments.ttl", "onet.ttl")
)
ONTOLOGY = (ALIGNMENTS, CORE, RELEASE, SCHEMES)
USERS = sorted([*ONTOLOGY, *(ROOT / "shapes").rglob("*.ttl"), *(ROOT / "queries").rglob("*.rq")])

BASE = "https://w3id.org/skills-kg/"
KG = Namespace(BASE + "ontology#")
CC_BY = URIRef("https://creativecommons.org/licenses/by/4.0/")

#: The agreed prefixes, written out a second time so that a slip in the package's map shows here.
PREFIXES = {
    "asn": "http://purl.org/ASN/schema/core/",
    "ceasn": "https://purl.org/ctdlasn/terms/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "cito": "http://purl.org/spar/cito/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "esco": "http://data.europa.eu/esco/model#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "kg": str(KG),
    "onet": "https://www.onetcenter.org/rdf/schema/onet/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pav": "http://purl.org/pav/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: The foreign vocabularies whose terms rdflib lists.
LISTED = (DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VOID, XSD)

#: O*NET's RDF vocabulary is known only in part; a term outside this list would be a guess. Task is
#: the class that the data model gives to what `hasTask` leads to.
ONET_TERMS = set(
    """
    JobZoneRating Occupation Task categoryDescription dataValue description education elementID
    elementName experience hasJobTitle hasRating hasRelatedOccupation hasReportedTitle hasSoftware
    hasTask jobTitle jobTraining linkedTo name onetSOCCode refersTo relatedIndex reportedJobTitle
    task title workplaceExample
    """.split()
)

#: What Turtle and SPARQL are made of, as far as names, strings and comments need telling apart.
TOKEN = re.compile(
    r'''
      @?\bprefix \s+ (?P<declared>[\w.-]*) : \s* < (?P<namespace>[^<>\s]*) >
    | < (?P<iri>[^<>"{}|^`\\\s]*) >
    | (?P<string>
          """ (?: [^"\\] | \\. | "(?!"") )* """
        | \'\'\' (?: [^'\\] | \\. | '(?!\'\') )* \'\'\'
        | " (?: [^"\\\n] | \\. )* "
        | ' (?: [^'\\\n] | \\. )* '
      )
    | \# [^\n]*
    | (?<! [\w?$:] ) (?P<prefix>[A-Za-z][\w.-]*) : (?P<local>[A-Za-z_] \w* (?: [.-] \w+ )*)
    ''',
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
SPARQL_IN_A_STRING = re.compile(r"\b(?:SELECT|ASK|CONSTRUCT)\b[^{]*\{")


def scan(text: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the IRIs that Turtle or SPARQL text uses, and the prefixes it declares."""
    used: set[str] = set()
    declared: set[tuple[str, str]] = set()
    bound = dict(PREFIXES)
    for token in TOKEN.finditer(text):
        if token["namespace"] is not None:
            declared.add((token["declared"], token["namespace"]))
            bound[token["declared"]] = token["namespace"]
        elif token["iri"] is not None:
            used.add(token["iri"])
        elif token["prefix"] is not None:
            used.add(bound.get(token["prefix"], token["prefix"] + ":") + token["local"])
        elif token["string"] is not None and SPARQL_IN_A_STRING.search(token["string"]):
            # A SPARQL constraint of a shape; its prefixes are those of the file.
            used |= scan(token["string"].strip("\"'"))[0]
    return used, declared


def parse(path: Path) -> Graph:
    """Return the graph of a Turtle file."""
    return Graph().parse(path, format="turtle")


def short(path: Path) -> str:
    """Name a file as seen from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def graphs() -> dict[Path, Graph]:
    """The files of the vocabulary, parsed."""
    return {path: parse(path) for path in ONTOLOGY}


@pytest.fixture(scope="module")
def core(graphs: dict[Path, Graph]) -> Graph:
    """The vocabulary's own terms: the core, and what releases of O*NET say."""
    return graphs[CORE] + graphs[RELEASE]


@pytest.fixture(scope="module")
def schemes(graphs: dict[Path, Graph]) -> Graph:
    """The concept schemes."""
    return graphs[SCHEMES]


@pytest.fixture(scope="module")
def terms(core: Graph) -> set[URIRef]:
    """The classes and properties that the core vocabulary declares."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return {URIRef(term) for kind in kinds for term in core.subjects(RDF.type, kind)}


def english(graph: Graph, subject: URIRef, predicate: URIRef) -> list[Literal]:
    """Return the English texts, not blank, that a subject has for a predicate."""
    found = graph.objects(subject, predicate)
    return [o for o in found if isinstance(o, Literal) and o.language == "en" and o.strip()]


def test_scan_tells_names_from_strings_comments_and_iris() -> None:
    """The scanner sees names and IRIs, not what only looks like them."""
    text = """PREFIX x: <urn:x#>
    SELECT ?a { ?a x:b/kg:c-d "kg:no" . # kg:no
      FILTER(?a != <urn:y#kg:no> && ?kg:no != 'kg:no') ; a kg:E. }"""
    expected = {"urn:x#b", f"{KG}c-d", "urn:y#kg:no", f"{KG}E"}
    assert (expected, {("x", "urn:x#")}) == scan(text)


def test_scan_looks_into_sparql_constraints() -> None:
    """A query in a string of a shape counts as use of its terms."""
    text = 'kgsh:a sh:select """SELECT $this { $this kg:b "c" }""" ; sh:message "kg:d" .'
    assert {f"{KG}b", f"{PREFIXES['sh']}select", f"{PREFIXES['sh']}message"} == {
        iri for iri in scan(text)[0] if iri.startswith((str(KG), PREFIXES["sh"]))
    }


def test_every_ontology_file_is_checked() -> None:
    """The folder holds the three files that these tests know, and no other."""
    assert [short(p) for p in ONTOLOGY] == [
        short(p) for p in sorted((ROOT / "ontology").rglob("*.ttl"))
    ]


def test_core_declares_terms_of_its_own_only(core: Graph, terms: set[URIRef]) -> None:
    """The vocabulary says something of its own terms and of its headers, nothing else."""
    headers = {URIRef(BASE + "ontology"), URIRef(BASE + "ontology/onet")}
    assert terms | headers == set(core.subjects())
    assert set() == {term for term in terms if term not in KG}


def test_every_term_has_label_definition_and_home(core: Graph, terms: set[URIRef]) -> None:
    """Each class and property has one English label and definition, and names its ontology."""
    assert len(terms) > 40
    for term in sorted(terms):
        assert 1 == len(english(core, term, RDFS.label)), term
        assert 1 == len(english(core, term, SKOS.definition)), term
        assert [URIRef(BASE + "ontology")] == list(core.objects(term, RDFS.isDefinedBy)), term
        assert 1 == len(set(core.objects(term, RDF.type))), term


def test_labels_of_terms_are_unique(core: Graph, terms: set[URIRef]) -> None:
    """No two terms of one kind bear the same label."""
    labels = [(core.value(t, RDF.type), core.value(t, RDFS.label)) for t in terms]
    assert len(set(labels)) == len(labels)


def test_ranges_fit_the_kind_of_property(core: Graph) -> None:
    """Relations lead to nodes and values are literals."""
    for prop in core.subjects(RDF.type, OWL.ObjectProperty):
        assert set() == {o for o in core.objects(prop, RDFS.range) if o in XSD}, prop
    for prop in core.subjects(RDF.type, OWL.DatatypeProperty):
        assert set() == {o for o in core.objects(prop, RDFS.range) if o not in XSD}, prop


def test_every_header_and_scheme_has_version_and_licence(graphs: dict[Path, Graph]) -> None:
    """Each ontology and scheme has a title, a description, a version and the licence."""
    found = 0
    for graph in graphs.values():
        for kind in (OWL.Ontology, SKOS.ConceptScheme):
            for subject in graph.subjects(RDF.type, kind):
                found += 1
                assert re.fullmatch(r"\d+\.\d+\.\d+", str(graph.value(subject, OWL.versionInfo)))
                assert graph.value(subject, DCTERMS.license) == CC_BY, subject
                assert 1 == len(english(graph, URIRef(subject), DCTERMS.title)), subject
                assert 1 == len(english(graph, URIRef(subject), DCTERMS.description)), subject
    assert found > 10


def test_version_iris_carry_the_version(graphs: dict[Path, Graph]) -> None:
    """The version IRI of an ontology is its own IRI and its version."""
    for path in (CORE, ALIGNMENTS, RELEASE):
        graph = graphs[path]
        (header,) = graph.subjects(RDF.type, OWL.Ontology)
        version = graph.value(header, OWL.versionInfo)
        assert URIRef(f"{header}/{version}") == graph.value(header, OWL.versionIRI)


def test_every_concept_has_label_definition_and_scheme(schemes: Graph) -> None:
    """Each concept has one English label and definition, and lies in the scheme of its IRI."""
    concepts = {URIRef(c) for c in schemes.subjects(RDF.type, SKOS.Concept)}
    assert len(concepts) > 40
    for concept in sorted(concepts):
        name = concept.removeprefix(BASE).split("/")[0]
        assert 1 == len(english(schemes, concept, SKOS.prefLabel)), concept
        assert 1 == len(english(schemes, concept, SKOS.definition)), concept
        assert [URIRef(f"{BASE}scheme/{name}")] == list(schemes.objects(concept, SKOS.inScheme))
        assert len(list(schemes.objects(concept, SKOS.notation))) <= 1, concept


def test_schemes_hold_concepts_and_nothing_else(schemes: Graph) -> None:
    """Each scheme but that of pages' skills has concepts, and nothing else is described."""
    declared = set(schemes.subjects(RDF.type, SKOS.ConceptScheme))
    empty = {URIRef(f"{BASE}scheme/skill")}
    assert declared - empty == set(schemes.objects(None, SKOS.inScheme))
    concepts = set(schemes.subjects(RDF.type, SKOS.Concept))
    assert declared | concepts == set(schemes.subjects())


def test_labels_within_a_scheme_are_unique(schemes: Graph) -> None:
    """No two concepts of a scheme bear the same label, whatever its case."""
    for scheme in schemes.subjects(RDF.type, SKOS.ConceptScheme):
        members = list(schemes.subjects(SKOS.inScheme, scheme))
        labels = {str(schemes.value(m, SKOS.prefLabel)).casefold() for m in members}
        assert len(members) == len(labels), scheme


@pytest.mark.parametrize(
    ("scheme", "kind", "count"),
    [("domain", KG.Domain, 10), ("career-stage", KG.Stage, 8), ("level", KG.Stage, 8)],
)
def test_positions_have_no_gaps(schemes: Graph, scheme: str, kind: URIRef, count: int) -> None:
    """The concepts of an ordered scheme are numbered from 1 without gaps."""
    members = list(schemes.subjects(SKOS.inScheme, URIRef(f"{BASE}scheme/{scheme}")))
    positions = [p.toPython() for m in members for p in schemes.objects(m, KG.position)]
    assert list(range(1, count + 1)) == sorted(positions)
    assert {kind} == {k for m in members for k in schemes.objects(m, RDF.type)} - {SKOS.Concept}


def test_no_own_class_stands_below_another(graphs: dict[Path, Graph], terms: set[URIRef]) -> None:
    """A check for one own class never accepts instances of another one."""
    for path, graph in graphs.items():
        pairs = [(s, o) for s, o in graph.subject_objects(RDFS.subClassOf) if o in terms]
        assert [] == pairs, short(path)


def test_alignments_start_from_own_terms(graphs: dict[Path, Graph], terms: set[URIRef]) -> None:
    """Nothing is said about foreign terms, only about own terms and schemes."""
    schemes = set(graphs[SCHEMES].subjects(RDF.type, SKOS.ConceptScheme))
    header = {URIRef(BASE + "ontology/alignments")}
    assert set() == set(graphs[ALIGNMENTS].subjects()) - terms - schemes - header


def test_no_triple_stands_in_two_files(graphs: dict[Path, Graph]) -> None:
    """No triple is in two of the files."""
    for one, other in combinations(graphs, 2):
        assert set() == set(graphs[one]) & set(graphs[other]), f"{short(one)} {short(other)}"


def test_no_blank_nodes(graphs: dict[Path, Graph]) -> None:
    """The files have no blank nodes."""
    for path, graph in graphs.items():
        assert set() == {t for triple in graph for t in triple if isinstance(t, BNode)}, short(path)


@pytest.mark.parametrize("path", USERS, ids=short)
def test_own_terms_exist(path: Path, terms: set[URIRef]) -> None:
    """Every own term that a file uses is in the core vocabulary."""
    used = {iri for iri in scan(path.read_text(encoding="utf-8"))[0] if iri.startswith(str(KG))}
    assert set() == used - {str(term) for term in terms}


@pytest.mark.parametrize("path", USERS, ids=short)
def test_foreign_terms_exist(path: Path) -> None:
    """Every term that a file uses of a vocabulary known here is in that vocabulary."""
    used = scan(path.read_text(encoding="utf-8"))[0]
    for vocabulary in LISTED:
        start = str(vocabulary)
        found = {iri for iri in used if iri.startswith(start)} - {start}
        assert set() == {iri for iri in found if URIRef(iri) not in vocabulary}
    start = PREFIXES["onet"]
    assert set() == {i.removeprefix(start) for i in used if i.startswith(start)} - ONET_TERMS


@pytest.mark.parametrize("path", USERS, ids=short)
def test_prefixes_are_the_agreed_ones(path: Path) -> None:
    """A file binds an agreed prefix to its namespace, and such a namespace to its prefix."""
    names = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    for prefix, namespace in sorted(scan(path.read_text(encoding="utf-8"))[1]):
        assert PREFIXES.get(prefix, namespace) == namespace, prefix
        assert names.get(namespace, prefix) == prefix, namespace


def test_terms_of_built_data_exist(example_graph: BuiltGraph, terms: set[URIRef]) -> None:
    """Every property and class of built data is a term of its vocabulary."""
    rows = example_graph.table.select("predicate", "object").collect().iter_rows()
    used = {iri for p, o in rows for iri in ([p, o] if p == str(RDF.type) else [p])}

    own = {iri for iri in used if iri.startswith(str(KG))}
    assert own != set()
    assert set() == own - {str(term) for term in terms}
    for vocabulary in LISTED:
        found = {iri for iri in used if iri.startswith(str(vocabulary))}
        assert set() == {iri for iri in found if URIRef(iri) not in vocabulary}
    start = PREFIXES["onet"]
    assert set() == {i.removeprefix(start) for i in used if i.startswith(start)} - ONET_TERMS


def test_concepts_of_built_data_exist(example_graph: BuiltGraph) -> None:
    """Every concept that built data refers to is described, and so is every node of a kind."""
    wanted = [str(KG[n]) for n in ("category", "domain", "metric", "place", "stage", "unit")]
    rows = example_graph.table.collect()
    subjects = set(rows["subject"])
    named = {o for p, o in rows.select("predicate", "object").iter_rows() if p in wanted}

    assert len(named) > 20
    assert set() == named - subjects
