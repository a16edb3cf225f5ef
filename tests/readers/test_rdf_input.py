"""RDF files as inputs: what they hold, however they are packed, and what is refused where."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import quads, rdf
from kg.errors import InputError
from kg.model import Quad
from kg.rdf import streams
from kg.readers import rdf as reader
from kg.readers.rdf import is_rdf, read_rdf

A, B, G = "http://example.org/a", "http://example.org/b", "http://example.org/g"
OURS = "http://example.org/ours"
HEX = "abcdef0123456789abcdef0123456789"
TURTLE = f"""@prefix x: <http://example.org/> .
x:a x:b "01"^^<{quads.XSD.integer}> , "x"@en-GB , _:label , [ x:b ( 1 [] ) ] .
_:label x:b "two\\nlines \\"quoted\\" \\u00e9" .
"""


def write(path: Path, text: str | bytes) -> Path:
    """Write a file and return its path."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def zipped(path: Path, members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write an archive and return its path."""
    with zipfile.ZipFile(path, "w", method) as out:
        for name, text in members.items():
            out.writestr(name, text)
    return path


def read(path: Path, graph: str | None = None) -> list[Quad]:
    """Return the quads of a document in its order."""
    return [Quad(*row) for table in read_rdf(path).tables(graph) for row in table.iter_rows()]


def refusal(path: Path) -> InputError:
    """Return the error that a document is refused with, which has to be short."""
    with pytest.raises(InputError) as caught:
        read(path)
    assert len(str(caught.value).splitlines()) <= 2
    assert str(caught.value.file).startswith(str(path))
    return caught.value


@pytest.mark.parametrize("suffix", rdf.SUFFIXES)
def test_is_rdf(suffix: str) -> None:
    """A file is RDF by its ending, in any case, and compressed too."""
    assert is_rdf(f"a{suffix}")
    assert is_rdf(f"b/a{suffix.upper()}.GZ")
    assert not is_rdf(f"{suffix}x")
    assert not is_rdf(f"a{suffix}.zip")
    assert not is_rdf(f"a{suffix}.gz.gz")


def test_the_same_as_held_whole(tmp_path: Path) -> None:
    """A document gives the quads that the parser of whole documents gives, in its order."""
    path = write(tmp_path / "my data.ttl", TURTLE)
    expected = list(rdf.parse(TURTLE.encode(), ox.RdfFormat.TURTLE, str(path), OURS))
    assert expected == read(path, OURS)
    assert 10 == len(expected)


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_packings(tmp_path: Path, bom: str) -> None:
    """A file compressed, archived, both or in a folder gives the same quads as the file."""
    data = (bom + TURTLE).encode()
    expected = read(write(tmp_path / "one" / "data.ttl", data))
    packed = gzip.compress(data)
    halves = gzip.compress(data[:50]) + gzip.compress(data[50:]) + b"\0" * 512
    for path in (
        write(tmp_path / "two" / "data.ttl.gz", packed),
        write(tmp_path / "three" / "data.TTL.GZ", halves),
        zipped(tmp_path / "four.zip", {"Read Me.txt": "x", "some/folder/data.ttl": data}),
        zipped(tmp_path / "five.zip", {"data.ttl.gz": packed}, zipfile.ZIP_STORED),
        tmp_path / "one",
    ):
        assert expected == read(path)


def test_a_document_of_several_files(tmp_path: Path) -> None:
    """All RDF in an archive or folder is one document, each file in its own syntax."""
    members: dict[str, str | bytes] = {
        "b.nt": f"_:x <{B}> <{A}> .\n",
        "a.ttl": f"_:x <{B}> <{A}> .\n",
        "c/d.nq": f"<{A}> <{B}> <{A}> <{G}> .\n",
        ".hidden.ttl": "no turtle",
        "__MACOSX/._a.ttl": "no turtle",
        "e.md": "no turtle",
        "f.jsonld": f'{{"@id": "{A}", "{B}": 1}}',
    }
    quads_of = read(zipped(tmp_path / "x.zip", members))
    assert [A, A] == [q.object for q in quads_of[:2]]
    assert ["_:a-", "_:b-"] == [q.subject[:4] for q in quads_of[:2]]
    assert [None, None, G, None] == [q.graph for q in quads_of]
    folder = tmp_path / "folder"
    for name, text in members.items():
        if "/" not in name:
            write(folder / name, text)
    assert [q for q in quads_of if q.graph is None] == read(folder)


@pytest.mark.filterwarnings("ignore:Duplicate name")  # zipfile's, while the archive is made
def test_members_of_one_name(tmp_path: Path) -> None:
    """An archive with two members of one name is refused: only one of them could be read."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        for _ in range(2):
            out.writestr("a.nt", "")
    assert "holds a.nt twice" == refusal(tmp_path / "x.zip").message


def test_document(tmp_path: Path) -> None:
    """A document has the name of its file, and its digest; that of a folder is its files'."""
    path = write(tmp_path / "My data.nt.gz", gzip.compress(b""))
    document = read_rdf(path)
    assert "My data" == document.name
    assert "My data.nt.gz" == document.document.file_name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == document.document.sha256
    archive = zipped(tmp_path / "a.b.zip", {"x.nt": ""})
    assert "a.b" == read_rdf(archive).name
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == read_rdf(archive).document.sha256
    folder = tmp_path / "release.1"
    write(folder / "b.nt", "# b")
    write(folder / "a.nt", "# a")
    listing = "".join(
        f"{hashlib.sha256(text).hexdigest()}  {name}\n"
        for name, text in (("a.nt", b"# a"), ("b.nt", b"# b"))
    )
    assert "release.1" == read_rdf(folder).name
    assert hashlib.sha256(listing.encode()).hexdigest() == read_rdf(folder).document.sha256


@pytest.mark.parametrize("name", ["a.nt", "a.nq", "a.ttl", "a.trig", "a.nt.gz", "a.zip"])
def test_empty(tmp_path: Path, name: str) -> None:
    """A file without a quad is read, and is nothing."""
    path = tmp_path / name
    if name.endswith("zip"):
        zipped(path, {"a.nt": "", "b.ttl": "# none"})
    else:
        write(path, gzip.compress(b"") if name.endswith("gz") else b"")
    assert [] == read(path)


# Blank nodes.


@pytest.mark.parametrize(
    "text",
    [
        f"<{A}> <{B}> [ <{B}> [ <{B}> (1 [] 2) ] ] , [] . [] <{B}> [] , 1 , [] .",
        f"<{A}> <{B}> [] , 1 , [] . _:{HEX} <{B}> [] . <{A}> <{B}> 1 . _:{HEX} <{B}> 2 .",
        f"[] <{B}> '_:{HEX}' . _:{HEX} <{B}> '_:{HEX}' .",
        f"( 1 2 3 4 ) <{B}> ( ) . <{A}> <{B}> ( ( [] ) [] ) .",
    ],
    ids=range(4),
)
def test_blank_nodes_without_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Blank nodes are numbered as in whole documents, over any number of blocks."""
    monkeypatch.setattr(streams, "_BLOCK", 1)  # which makes blocks of some 8 KB
    text = text * 100
    for name, syntax in (("a.ttl", ox.RdfFormat.TURTLE), ("a.trig", ox.RdfFormat.TRIG)):
        path = write(tmp_path / name, text)
        assert list(rdf.parse(text.encode(), syntax, str(path))) == read(path)


def test_graphs_without_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph may be a blank node, with a label or without, that stands also in triples."""
    monkeypatch.setattr(streams, "_BLOCK", 1)
    text = (
        f"_:g {{ <{A}> <{B}> 1 , 2 , [] }} [] {{ <{A}> <{B}> 3 . <{A}> <{B}> [] }} "
        f"GRAPH [] {{ <{A}> <{B}> 4 , 5 }} _:g <{B}> 6 ."
    ) * 100
    path = write(tmp_path / "a.trig", text)
    assert list(rdf.parse(text.encode(), ox.RdfFormat.TRIG, str(path), OURS)) == read(path, OURS)


def test_few_names_are_kept_in_mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of nodes without labels only those are kept in mind that may come again."""
    monkeypatch.setattr(streams, "_BLOCK", 1)
    seen: list[int] = []
    real = reader._BlankNames.given_to

    def noting(names: reader._BlankNames, table: object) -> object:
        result = real(names, table)  # type: ignore[arg-type]
        seen.append(len(names._numbers))
        return result

    monkeypatch.setattr(reader._BlankNames, "given_to", noting)
    text = "".join(
        f"<{A}> <{B}> [ <{B}> [ <{A}> <{B}> ] ] , {'1' * (i % 50)}1 .\n" for i in range(1000)
    )
    read(write(tmp_path / "a.ttl", text))
    assert len(seen) > 30
    assert 0 < max(seen) <= 2


def test_names_are_such_as_can_be_written(tmp_path: Path) -> None:
    """Whatever files are called, the names of blank nodes pass the gate."""
    for name in ("m².ttl", "-.ttl", "漢字.ttl", "é_.ttl.gz"):
        data = f"_:x <{B}> _:é , [] .".encode()
        path = write(tmp_path / name, gzip.compress(data) if name.endswith("gz") else data)
        quads.check_iris(quads.from_rows(read(path)), "x")


# What is refused, and where.


@pytest.mark.parametrize(
    ("name", "line", "text", "said"),
    [
        ("a.nt", 2, f"<{A}> <{B}> 'x' .", "Parser error"),
        ("a.nt", 2, f"<{A}> <{B}> <x> .", "No scheme found"),
        ("a.nq", 3, f'\n<{A}> <{B}> "x', "Parser error"),
        ("a.ttl", 3, f"<{A}>\n<{B}> .", "Parser error"),
        ("a.trig", 2, "}", "Parser error"),
        ("a.ttl", 2, '{"@id": "http://a"}', "Parser error"),
        ("a.nt", 3, f"\n<{A}> <{B}> <<( <{A}> <{B}> <{A}> )>> .", "holds a triple term (RDF 1.2)"),
        ("a.ttl", 3, f"<{A}>\n<{B}> 1 {{| <{B}> 2 |}} .", "holds a triple term (RDF 1.2)"),
        ("a.nq", 2, f'<{A}> <{B}> "<<("@ar--rtl <{G}> .', "a text with a base direction (RDF 1.2)"),
        ("a.ttl", 3, f"<{A}>\n<x> 1 .", "gives a relative IRI, or one of a local file"),
        ("a.ttl", 2, f"<{A}> <{B}> <> .", "gives a relative IRI"),
        ("a.trig", 2, f"<g> {{ <{A}> <{B}> 1 }}", "gives a relative IRI"),
        ("a.ttl", 2, f'<{A}> <{B}> "x"^^<dt> .', "gives a relative IRI"),
        ("a.nt", 2, f"<{A}> <{B}> <file:///etc/passwd> .", "gives a relative IRI"),
    ],
    ids=range(14),
)
@pytest.mark.parametrize("packing", ["", ".gz", ".zip"])
def test_errors_have_file_and_line(
    tmp_path: Path, name: str, line: int, text: str, said: str, packing: str
) -> None:
    """What is wrong in a document is told with the file, in an archive too, and the line."""
    path = tmp_path / f"{name}{packing}"
    data = f'<{A}> <{B}> "file:///" .\n{text}\n'.encode()
    if packing == ".zip":
        zipped(path, {f"b/{name}": data, "c.nt": "no triple"})
    else:
        write(path, gzip.compress(data) if packing else data)
    error = refusal(path)
    assert said in error.message
    assert (str(path / "b" / name) if packing == ".zip" else str(path)) == error.file
    assert line == error.line


def test_errors_of_syntaxes_held_whole(tmp_path: Path) -> None:
    """RDF/XML and JSON-LD are refused as they are elsewhere."""
    said = "declares a document type"
    assert said in refusal(write(tmp_path / "a.rdf", "<!DOCTYPE r [<!ENTITY a 'b'>]><r/>")).message
    assert "nested deeper" in refusal(write(tmp_path / "a.jsonld", "[" * 1000)).message


@pytest.mark.parametrize("cut", [0, 5, 20, -9, -8, -1])
def test_a_gzip_file_that_is_cut(tmp_path: Path, cut: int) -> None:
    """A compressed file that ends too early is refused, wherever that is."""
    data = gzip.compress(f"<{A}> <{B}> 1 .\n".encode() * 100)
    assert "ends too early" in refusal(write(tmp_path / "a.ttl.gz", data[:cut])).message


def test_a_gzip_file_that_is_damaged(tmp_path: Path) -> None:
    """A compressed file with a byte changed, or with something behind it, is refused."""
    data = bytearray(gzip.compress(f"<{A}> <{B}> 1 .\n".encode() * 100))
    for damaged in (data[:-6] + b"\1" + data[-5:], data + b"more", b"no gzip", b"\0" * 100):
        error = refusal(write(tmp_path / "a.ttl.gz", bytes(damaged)))
        assert "is damaged, or no gzip file" in error.message


@pytest.mark.parametrize("name", ["a.ttl", "a.nt"])
def test_packed_otherwise_than_named(tmp_path: Path, name: str) -> None:
    """A packed file whose name does not say so is told what it is."""
    packed = gzip.compress(b"x")
    said = refusal(write(tmp_path / name, packed)).message
    assert "is packed with gzip; its name has to end in .gz" == said
    archive = zipped(tmp_path / "x.zip", {"a.ttl": ""}).read_bytes()
    said = refusal(write(tmp_path / name, archive)).message
    assert "is packed with zip; its name has to end in .zip" == said
    said = refusal(write(tmp_path / f"{name}.gz", gzip.compress(packed))).message
    assert "is packed with gzip" in said


def test_bombs(tmp_path: Path) -> None:
    """What expands beyond measure is not read to its end, in gzip, zip and both."""
    line = f"<{A}> <{B}> <{A}> .\n".encode()
    packed = gzip.compress(line * 100_000)
    for path in (
        write(tmp_path / "a.nt.gz", packed),
        zipped(tmp_path / "a.zip", {"a.nt": line * 100_000}),
        zipped(tmp_path / "b.zip", {"a.nt.gz": packed}, zipfile.ZIP_STORED),
    ):
        assert "expands beyond" in refusal(path).message


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, compressed or not, and what a document becomes have a limit."""
    line = f"<{A}> <{B}> <{A}> .\n"
    monkeypatch.setattr(reader, "MAX_TEXT", 1000)
    monkeypatch.setattr(streams, "_BLOCK", 100)
    path = write(tmp_path / "a.nt", line * 50)
    assert "has more than 1,000 bytes; not read" == refusal(path).message
    path = write(tmp_path / "a.nt.gz", gzip.compress((line * 50).encode()))
    assert "expands beyond 1,000 bytes; not read" == refusal(path).message
    path = write(tmp_path / "a.ttl", f"@prefix p: <{A}> ." + "p:a p:b p:c ." * 30)
    assert "expands beyond 1,000 bytes of N-Quads" == refusal(path).message
    path = zipped(tmp_path / "a.zip", {f"{i}.nt": line * 5 for i in range(5)})
    assert "expands beyond 1,000 bytes of N-Quads" == refusal(path).message
    assert 10 == len(read(write(tmp_path / "b.nt", line * 10)))


@pytest.mark.parametrize("name", ["none.ttl", "none.zip", "n" * 300 + ".nt"])
def test_no_such_file(tmp_path: Path, name: str) -> None:
    """A file that cannot be opened is an error that names it."""
    assert refusal(tmp_path / name)


literals = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(st.sampled_from([A, G, "_:x", "http://é/"]), literals), max_size=20))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_comes_through(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    """Whatever texts a document holds, they are read as they are."""
    rows = [Quad(subject, B, text, "literal", quads.XSD.string, None, G) for subject, text in pairs]
    folder = tmp_path_factory.mktemp("texts")
    for name, syntax in (("a.nq", ox.RdfFormat.N_QUADS), ("a.trig", ox.RdfFormat.TRIG)):
        found = read(write(folder / name, rdf.serialize(rows, syntax)))
        assert {q.object for q in rows} == {q.object for q in found}
        assert {G} >= {q.graph for q in found}
