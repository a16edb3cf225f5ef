"""The views in other vocabularies, against triples worked out by hand from the example."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.queries import bind, load_queries, with_prefixes

Row = tuple[str | None, ...]

BASE = "https://w3id.org/skills-kg/"
VIEWS = ["ctdl-asn", "skos"]

# The five AI statements, for the views: line by line, the end of the IRI, label and text.
AI_STATEMENTS = [
    (
        "ai/subject-heading-drafts",
        "Subject heading drafts",
        (
            "asks a language model for candidate headings, then keeps only those that the "
            "authority file confirms"
        ),
    ),
    (
        "ai/reminder-wording",
        "Reminder wording",
        (
            "has an assistant soften the standard letters and reads each one before it leaves the "
            "building"
        ),
    ),
    (
        "ai/reading-list-assembly",
        "Reading list assembly",
        (
            "lets an AI search tool gather titles on a theme and strikes out every one the "
            "catalogue cannot confirm"
        ),
    ),
    (
        "ai/transcription-of-old-shelf-cards",
        "Transcription of old shelf cards",
        (
            "runs scanned cards through text recognition and corrects names and dates against the "
            "accession book"
        ),
    ),
    (
        "ai/house-rules-for-chat-assistants",
        "House rules for chat assistants",
        "sets out which reader questions a chatbot may answer alone and which must reach a person",
    ),
]
AI_LINE = (
    "What people in this job hand to AI tools, what they keep in their own hands and how they "
    "check the result; the chips after a statement name the evidence behind it."
)


def node(name: str) -> str:
    """Return the IRI of a node."""
    return BASE + name


def statement(name: str) -> str:
    """Return the IRI of a framework, or of a statement in one."""
    return f"{BASE}framework/library-technicians/{name}"


def short(term: str) -> str:
    """Return a term of another vocabulary with the prefix that it has in the queries."""
    for prefix, start in (
        ("asn", "http://purl.org/ASN/schema/core/"),
        ("ceasn", "https://purl.org/ctdlasn/terms/"),
        ("dct", "http://purl.org/dc/terms/"),
        ("skos", "http://www.w3.org/2004/02/skos/core#"),
        ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ):
        if term.startswith(start):
            return f"{prefix}:{term.removeprefix(start)}"
    return term


def view(graph: Graph, name: str, framework: str) -> set[Row]:
    """Return the triples of a view of one framework, with terms abbreviated."""
    rows = graph.query(name, {"framework": statement(framework)}).rows
    return {tuple(short(cell or "") for cell in row) for row in rows}


def test_ctdl_asn_of_the_ai_framework(quick_graph: Graph) -> None:
    """The AI framework in the terms of CTDL-ASN, whole: no stages, no categories."""
    framework = statement("ai")
    expected: set[Row] = {
        (framework, "rdf:type", "ceasn:CompetencyFramework"),
        (framework, "ceasn:name", "AI-at-Work Competency Framework"),
        (framework, "ceasn:description", AI_LINE),
        (framework, "ceasn:source", "https://huggingface.co/datasets/Anthropic/EconomicIndex"),
        (framework, "ceasn:source", "https://arxiv.org/abs/2604.06906"),
        (
            framework,
            "ceasn:source",
            (
                "https://www.reskillingrevolution2030.org/reskillingrevolution/news/"
                "skills-taxonomy-25012021/index.html"
            ),
        ),
    }
    for number, (end, label, text) in enumerate(AI_STATEMENTS, 1):
        iri = statement(end)
        expected |= {
            (framework, "ceasn:hasTopChild", iri),
            (iri, "rdf:type", "ceasn:Competency"),
            (iri, "ceasn:isPartOf", framework),
            (iri, "ceasn:isTopChildOf", framework),
            (iri, "ceasn:competencyLabel", label),
            (iri, "ceasn:competencyText", text),
            (iri, "ceasn:listID", str(number)),
        }
    assert expected == view(quick_graph, "ctdl-asn", "ai")


def test_ctdl_asn_of_the_durable_framework(quick_graph: Graph) -> None:
    """A durable statement has its domain as category, its level, and a list ID of two numbers."""
    iri = statement("durable/fortitude/searching-on")
    expected: set[Row] = {
        (iri, "rdf:type", "ceasn:Competency"),
        (iri, "ceasn:isPartOf", statement("durable")),
        (iri, "ceasn:isTopChildOf", statement("durable")),
        (iri, "ceasn:competencyLabel", "Searching on"),
        (
            iri,
            "ceasn:competencyText",
            "follows a faint reference through four catalogues before calling it untraceable",
        ),
        (iri, "ceasn:competencyCategory", "Fortitude"),
        (iri, "ceasn:listID", "10.2"),
        (iri, "asn:hasProgressionLevel", node("level/2")),
    }
    triples = view(quick_graph, "ctdl-asn", "durable")
    assert expected == {row for row in triples if row[0] == iri}
    # Type, name, description, one source and 44 children; 44 statements of 8 triples.
    assert 48 + 44 * 8 == len(triples)


def test_skos_of_the_ai_framework(quick_graph: Graph) -> None:
    """Without domains, the statements themselves are the top concepts of the scheme."""
    framework = statement("ai")
    expected: set[Row] = {
        (framework, "rdf:type", "skos:ConceptScheme"),
        (framework, "dct:title", "AI-at-Work Competency Framework"),
    }
    for end, label, text in AI_STATEMENTS:
        iri = statement(end)
        expected |= {
            (framework, "skos:hasTopConcept", iri),
            (iri, "skos:topConceptOf", framework),
            (iri, "rdf:type", "skos:Concept"),
            (iri, "skos:inScheme", framework),
            (iri, "skos:prefLabel", label),
            (iri, "skos:definition", text),
        }
    assert expected == view(quick_graph, "skos", "ai")


def test_skos_of_the_durable_framework(quick_graph: Graph) -> None:
    """With domains, these are the top concepts, and statements are narrower."""
    framework, domain = statement("durable"), statement("durable/character")
    iri = statement("durable/character/even-handed-rules")
    expected: set[Row] = {
        (framework, "skos:hasTopConcept", domain),
        (domain, "skos:topConceptOf", framework),
        (domain, "rdf:type", "skos:Concept"),
        (domain, "skos:inScheme", framework),
        (domain, "skos:prefLabel", "Character"),
        (domain, "skos:broadMatch", node("domain/character")),
        (domain, "skos:narrower", iri),
        (iri, "skos:broader", domain),
        (iri, "rdf:type", "skos:Concept"),
        (iri, "skos:inScheme", framework),
        (iri, "skos:prefLabel", "Even-handed rules"),
        (
            iri,
            "skos:definition",
            "applies the same borrowing limits to a neighbour, a donor and a stranger",
        ),
    }
    triples = view(quick_graph, "skos", "durable")
    assert set() == expected - triples
    # Type, title and 10 top concepts; 10 domains of 5 triples; 44 statements of 6.
    assert 12 + 10 * 5 + 44 * 6 == len(triples)


#: A framework that states a domain twice, with a statement in each section and one in none.
TWICE = """
GRAPH <g:1> {
  <f:1> a kg:Framework ; dct:title "F"@en . <t:a> skos:prefLabel "A"@en .
  <f:1/a> dct:isPartOf <f:1> ; kg:domain <t:a> ; kg:position 1 .
  <f:1/a-2> dct:isPartOf <f:1> ; kg:domain <t:a> ; kg:position 2 .
  <s:1> kg:framework <f:1> ; kg:domain <t:a> ; kg:section <f:1/a> ; kg:position 1 .
  <s:2> kg:framework <f:1> ; kg:domain <t:a> ; kg:section <f:1/a-2> ; kg:position 1 .
  <s:3> kg:framework <f:1> ; kg:position 1 .
}
"""


@pytest.mark.parametrize(
    ("name", "predicates", "expected"),
    [
        (
            "ctdl-asn",
            {"ceasn:listID"},
            {
                ("s:1", "ceasn:listID", "1.1"),
                ("s:2", "ceasn:listID", "2.1"),
                ("s:3", "ceasn:listID", "1"),
            },
        ),
        (
            "skos",
            {"skos:broader", "skos:topConceptOf"},
            {
                ("s:1", "skos:broader", "f:1/a"),
                ("s:2", "skos:broader", "f:1/a-2"),
                ("s:3", "skos:topConceptOf", "f:1"),
                ("f:1/a", "skos:topConceptOf", "f:1"),
                ("f:1/a-2", "skos:topConceptOf", "f:1"),
            },
        ),
    ],
)
def test_views_of_a_domain_stated_twice(
    name: str, predicates: set[str], expected: set[Row]
) -> None:
    """A statement stands below its own section, whatever else has its domain."""
    store = ox.Store()
    store.update(with_prefixes(f"INSERT DATA {{ {TWICE} }}"))
    text = bind(load_queries()[name], {}, lambda kind, value: value)
    triples = store.query(text, use_default_graph_as_union=True)
    rows = {tuple(short(term.value) for term in triple) for triple in triples}
    assert expected == {row for row in rows if row[1] in predicates}


@pytest.mark.parametrize("name", VIEWS)
def test_views_without_a_framework(quick_graph: Graph, name: str) -> None:
    """Without its parameter a view is that of all three frameworks together."""
    whole = {tuple(short(cell or "") for cell in row) for row in quick_graph.query(name).rows}
    parts = [view(quick_graph, name, kind) for kind in ("base", "ai", "durable")]
    assert set().union(*parts) == whole


def test_every_view_is_tested() -> None:
    """There is no view but those that are tested here."""
    assert VIEWS == [n for n, query in load_queries().items() if query.kind == "construct"]
