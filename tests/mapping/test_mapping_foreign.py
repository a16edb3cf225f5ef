"""What is found in the RDF of others, and what is said of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kg import quads
from kg.mapping.foreign import Described, map_document, map_matches
from kg.mapping.iris import Iris
from kg.model import Document, Quad
from kg.namespaces import (
    DCAT,
    DCT,
    KG,
    ONET,
    OWL,
    PROV,
    RDF,
    SKOS,
    SSSOM,
    VOID,
    concept,
)

IRIS, G = Iris(), "http://example.org/g"
CODES = frozenset({"11-1011.00", "15-1232.00", "25-4031.00"})
X = "http://example.org/{}".format
LICENCE = "https://licence.example/"


def occupation(name: str, *codes: str, typed: bool = True, graph: str = G) -> list[Quad]:
    """Return the quads of a node with codes."""
    rows = [quads.literal(X(name), ONET.onetSOCCode, code, graph) for code in codes]
    return [*rows, quads.iri(X(name), RDF.type, ONET.Occupation, graph)] if typed else rows


def described(rows: list[Quad], bounds: list[int] | None = None) -> Described:
    """Return what is found in quads, which come divided at some rows."""
    table = quads.unique_sorted(quads.from_rows(rows))
    result = Described(CODES)
    for low, high in pairwise([0, *(bounds or []), table.height]):
        for part in table[low:high].partition_by("graph", maintain_order=True):
            result.see(part)
    result.end()
    return result


def test_occupations_are_matched_by_their_codes() -> None:
    """An occupation with a code that we know is matched; one with another code is counted."""
    rows = [
        *occupation("a", "15-1232.00"),
        *occupation("b", "99-9999.00"),
        *occupation("c", "15-1232.00"),
        quads.text(X("d"), ONET.onetSOCCode, "25-4031.00", G),
        quads.literal(X("e"), ONET.title, "11-1011.00", G),
        quads.iri(X("f"), ONET.onetSOCCode, "11-1011.00", G),
    ]
    found = described(rows)
    expected = [("15-1232.00", X("a")), ("15-1232.00", X("c")), ("25-4031.00", X("d"))]
    assert expected == found.matches
    assert (1, 0, []) == (found.unknown, found.several, found.ambiguous)


def test_only_occupations_are_matched_where_there_are_some() -> None:
    """What merely speaks of an occupation by its code is not the occupation."""
    rows = [
        *occupation("a", "15-1232.00"),
        *occupation("rating-1", "15-1232.00", typed=False),
        *occupation("rating-2", "15-1232.00", typed=False),
        *occupation("rating-3", "25-4031.00", typed=False),
        *occupation("rating-4", "25-4031.00", typed=False),
        *occupation("rating-5", "11-1011.00", typed=False),
    ]
    found = described(rows)
    assert [("11-1011.00", X("rating-5")), ("15-1232.00", X("a"))] == found.matches
    assert ["25-4031.00"] == found.ambiguous


def test_a_node_with_several_codes_is_no_match() -> None:
    """A node of two codes would make our two occupations the same."""
    found = described(occupation("a", "15-1232.00", "25-4031.00"))
    assert ([], 1) == (found.matches, found.several)


def test_blank_nodes_are_matched() -> None:
    """An occupation without a name of its own is matched too."""
    rows = [
        quads.literal("_:a", ONET.onetSOCCode, "15-1232.00", G),
        quads.iri("_:a", RDF.type, ONET.Occupation, G),
    ]
    assert [("15-1232.00", "_:a")] == described(rows).matches


def test_nodes_may_be_divided_between_parts() -> None:
    """Wherever parts end, what is known of a node is looked at together."""
    rows = [
        *occupation("a", "15-1232.00"),
        *occupation("a", "25-4031.00", typed=False, graph=f"{G}-2"),
        *occupation("b", "15-1232.00", "25-4031.00"),
        *occupation("c", "11-1011.00"),
        quads.iri(X("c"), RDF.type, OWL.Ontology, G),
        quads.iri(X("c"), DCT.license, LICENCE, G),
    ]
    whole = described(rows)
    assert (3, LICENCE) == (len(whole.matches), (whole.licence or ("", ""))[1])
    for bound in range(1, len(rows)):
        divided = described(rows, [bound])
        assert (whole.matches, whole.several) == (divided.matches, divided.several)
        assert whole.licence == divided.licence
    assert whole.matches == described(rows, list(range(1, len(rows)))).matches


@pytest.mark.parametrize("kind", [OWL.Ontology, VOID.Dataset, DCAT.Dataset, SKOS.ConceptScheme])
def test_the_licence_of_a_dataset(kind: str) -> None:
    """The licence of what stands for the document is its licence; that of other things is not."""
    rows = [
        quads.iri(X("set"), RDF.type, kind, G),
        quads.iri(X("set"), DCT.license, LICENCE, G),
        quads.iri(X("picture"), DCT.license, "https://other.example/", G),
    ]
    assert ("iri", LICENCE) == described(rows).licence
    assert described(rows[:1]).licence is None
    assert described(rows[1:]).licence is None


def test_the_licence_of_a_graph() -> None:
    """A graph may state its own licence, in words too; of two licences none is chosen."""
    rows = [quads.literal(G, "http://creativecommons.org/ns#license", "Ask us", G)]
    assert ("literal", "Ask us") == described(rows).licence
    assert described([*rows, quads.iri(G, DCT.license, LICENCE, G)]).licence is None


def test_nothing_is_found_in_nothing() -> None:
    """A document without quads has neither matches nor a licence."""
    found = Described(CODES)
    found.end()
    assert ([], None, []) == (found.matches, found.licence, found.ambiguous)


def test_map_document() -> None:
    """A document is described by its kind, its file and its digest."""
    rows = list(map_document("urn:d", Document("x.ttl", "0" * 64), G))
    assert {
        (RDF.type, KG.Document),
        (DCT.type, concept("document-kind", "rdf")),
        (KG.fileName, "x.ttl"),
        (KG.sha256, "0" * 64),
    } == {(row.predicate, row.object) for row in rows}


def test_map_matches() -> None:
    """Our occupations are said to be the same as the nodes, but for what is ours itself."""
    ours = IRIS.occupation("25-4031.00")
    matches = [("15-1232.00", X("a")), ("15-1232.00", "_:b"), ("25-4031.00", ours)]
    rows = map_matches(matches, G, ["urn:d", "urn:e"], IRIS)
    same = [row for row in rows if row.predicate == SKOS.exactMatch]
    subject = IRIS.occupation("15-1232.00")
    assert [(subject, X("a"), "iri"), (subject, "_:b", "blank")] == [
        (row.subject, row.object, row.kind) for row in same
    ]
    said = {(row.predicate, row.object) for row in rows if row.subject == G}
    assert (RDF.type, SSSOM.MappingSet) in said
    assert {(PROV.wasDerivedFrom, "urn:d"), (PROV.wasDerivedFrom, "urn:e")} <= said
    assert {G} == {row.graph for row in rows}
    assert [] == map_matches(matches[2:], G, ["urn:d"], IRIS)
    assert [] == map_matches([], G, ["urn:d"], IRIS)
