"""What of a generation is compared, and how the names of releases are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from generation_pairs import A, G, P, difference, made, release, sides

from kg import quads
from kg.diff import compare
from kg.diff.names import SAME
from kg.diff.sides import Release, open_sides
from kg.errors import RequestError
from kg.model import Quad
from kg.namespaces import BASE, DCT, KG, RDF

CODES = {"11-1011.00": "1.00", "15-1252.00": "2.00"}


def test_releases_are_compared_as_one(tmp_path: Path) -> None:
    """What has the number of the release in its name is compared with its like in the other."""
    old = release("29.0", CODES, "onet-29.0")
    new = release("30.2", {**CODES, "15-1252.00": "2.50", "19-1000.00": "3.00"})
    found = difference(tmp_path, old, new)

    assert ("29.0", "30.2") == (found.old.release, found.new.release)
    assert [
        (f"{BASE}occupation/19-1000.00", "added"),
        (f"{BASE}rating/30.2/15-1252.00/2.A.1.a/IM", "changed"),
        (f"{BASE}rating/30.2/19-1000.00/2.A.1.a/IM", "added"),
    ] == [(n.iri, n.status) for n in found.nodes()]
    (change,) = next(found.nodes(status="changed")).properties
    assert ("2.00", "2.50") == (change.removed[0].value, change.added[0].value)
    assert ((), ()) == found.graphs


@pytest.mark.parametrize("versions", [("29.0", "30.2"), ("30.2", "29.0"), ("9.0", "10.0")])
def test_equal_releases_do_not_differ(versions: tuple[str, str], tmp_path: Path) -> None:
    """Two releases that say the same differ in no node, whichever is older."""
    old, new = (release(version, CODES, f"onet-{version}") for version in versions)
    found = difference(tmp_path, old, new)
    assert (False, {}) == (found.differs, found.counts)


def test_what_cites_a_source_means_that_one(tmp_path: Path) -> None:
    """Only in its own graph is the source of a release read as that of the other."""
    cites = [quads.iri(A, KG.cites, f"{BASE}source/{key}", G) for key in ("onet", "onet-29.0")]
    old = [*release("29.0", CODES, "onet-29.0"), cites[0]]
    new = [*release("30.2", CODES), cites[0]]
    assert not difference(tmp_path / "1", old, new).differs
    assert difference(tmp_path / "2", [*old[:-1], cites[1]], new).differs


def test_without_two_releases_names_are_as_they_are(tmp_path: Path) -> None:
    """A graph without a release, or of the same one, is compared by its names."""
    one = release("30.2", CODES)
    before, after = sides(tmp_path / "1", one, one)
    assert (SAME, SAME) == (before.names, before.release_names)
    assert Release("30.2", f"{BASE}document/onet/30.2", (f"{BASE}source/onet",)) == after.release
    before, after = sides(tmp_path / "2", one, [quads.literal(A, P, "1", G)])
    assert (SAME, None) == (before.names, after.release)


def test_releases_that_others_describe_are_none(tmp_path: Path) -> None:
    """What another document says of a release does not make it the one of the graph."""
    foreign = release("31.0", {}, "other")
    told = [row._replace(graph=f"{BASE}graph/rdf/other") for row in foreign]
    old, new = release("29.0", CODES, "onet-29.0"), [*release("30.2", CODES), *told]
    before, after = sides(tmp_path, old, new)
    assert ("29.0", "30.2") == (before.version.release, after.version.release)


def test_what_describes_a_generation_is_not_compared(tmp_path: Path) -> None:
    """The catalogue, lines, and names and digests of files are no content."""

    def rows(word: str) -> list[Quad]:
        catalog = f"{BASE}graph/catalog"
        return [
            quads.literal(f"{BASE}dataset", P, word, catalog),
            quads.literal(A, KG.line, word, G),
            quads.iri(A, RDF.type, KG.Document, G),
            quads.literal(A, KG.fileName, f"{word}.txt", G),
            quads.literal(A, KG.sha256, word, G),
        ]

    found = difference(tmp_path / "1", rows("x"), rows("y"))
    (document,) = found.documents

    assert not found.differs
    assert ("changed", "x.txt", "y.txt") == (
        document.status,
        document.old and document.old.file,
        document.new and document.new.file,
    )
    described = [*rows("x"), quads.text(A, DCT.description, "z", G)]
    assert difference(tmp_path / "2", rows("x"), described).differs


def test_documents_are_told_by_name(tmp_path: Path) -> None:
    """A document that came or went is told; that of a release is compared with the other's."""
    gone = [
        quads.iri(A, RDF.type, KG.Document, G),
        quads.literal(A, KG.fileName, "a.txt", G),
        quads.literal(A, KG.sha256, "a", G),
    ]
    found = difference(tmp_path, [*gone, *release("29.0", CODES)], release("30.2", CODES))

    assert [("changed", "db_29.0.zip"), ("removed", "a.txt")] == [
        (d.status, d.old and d.old.file) for d in found.documents
    ]


def test_graphs_of_one_side_are_told(tmp_path: Path) -> None:
    """A graph that only one has is named; triples that moved to it are no change."""
    old, new = (quads.literal(A, P, "1", f"{BASE}graph/{name}") for name in ("one", "two"))
    found = difference(tmp_path, [old], [new])
    assert (False, ((old.graph,), (new.graph,))) == (found.differs, found.graphs)


def test_other_bases_are_refused(tmp_path: Path) -> None:
    """Graphs without a node in common cannot be compared."""
    rows = [quads.literal(A, P, "1", G)]
    one, other = made(tmp_path / "1", rows), made(tmp_path / "2", rows, "http://example.org/")
    with pytest.raises(RequestError, match=r"different bases, .* build them with the same --base"):
        open_sides(one, other)


def test_equal_generations(tmp_path: Path) -> None:
    """A generation does not differ from itself, nor from its like in another folder."""
    rows = [quads.literal(A, P, "1", G)]
    one, other = made(tmp_path / "1", rows), made(tmp_path / "2", rows)
    assert not compare(one, other).differs
    assert not compare(one, one).differs


def test_empty_graphs(tmp_path: Path) -> None:
    """Against an empty graph everything came, or went."""
    rows = [quads.literal(A, P, "1", G)]
    assert not difference(tmp_path / "1", [], []).differs
    assert ["added"] == [n.status for n in difference(tmp_path / "2", [], rows).nodes()]
    assert ["removed"] == [n.status for n in difference(tmp_path / "3", rows, []).nodes()]
