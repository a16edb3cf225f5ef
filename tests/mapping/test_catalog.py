"""The catalogue of a generation."""

from __future__ import annotations

from kg import quads
from kg.mapping.catalog import GraphEntry, map_catalog
from kg.mapping.iris import Iris
from kg.namespaces import DCT, KG, PROV, VOID, concept

IRIS = Iris()


def test_catalog() -> None:
    """Each graph is described with kind, count, document, licence, rights and attribution."""
    entry = GraphEntry(
        "urn:g", 7, "curated", "urn:doc", "https://licence.example/", "© A", "Name A"
    )
    rows = [row for row in map_catalog([entry], IRIS) if row.subject == "urn:g"]
    values = {row.predicate: row.object for row in rows}
    assert ("7", concept("graph-kind", "curated"), "urn:doc") == (
        values[VOID.triples],
        values[KG.graphKind],
        values[PROV.wasDerivedFrom],
    )
    assert ("https://licence.example/", "© A", "Name A") == (
        values[DCT.license],
        values[DCT.rights],
        values[KG.attribution],
    )


def test_the_catalogue_counts_itself() -> None:
    """The count of the catalogue's own graph is the number of its triples."""
    for number in range(4):
        rows = map_catalog([GraphEntry(f"urn:g{i}", i) for i in range(number)], IRIS)
        table = quads.unique_sorted(quads.from_rows(rows))
        own = [r.object for r in rows if r.predicate == VOID.triples and r.subject == rows[0].graph]
        assert [str(table.height)] == own
        assert len(rows) == table.height
        subsets = [row.object for row in rows if row.predicate == VOID.subset]
        assert [f"urn:g{i}" for i in range(number)] + [IRIS.graph("catalog")] == subsets


def test_documents_and_repeated_rows() -> None:
    """Documents described in the catalogue count, and rows that stand elsewhere do not."""
    documents = [quads.literal("urn:doc", KG.fileName, "x.ttl", IRIS.graph("catalog"))]
    rows = map_catalog([GraphEntry("urn:g", 7)], IRIS, documents, repeated=2)
    assert documents[0] in rows
    (own,) = (r for r in rows if r.predicate == VOID.triples and r.subject == r.graph)
    assert str(len(rows) - 2) == own.object
