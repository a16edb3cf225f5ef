"""RDF of others in a build: where its quads go, what they are joined by, and what is left out."""

from __future__ import annotations

import gzip
import json
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from kg import foreign, quads, rdf, runs
from kg.assembly import Assembly, assemble, example_inputs
from kg.errors import InputError, RefusedError
from kg.generations import current
from kg.graph import open_graph
from kg.namespaces import BASE, DCT, KG, ONET, PREFIXES, PROV, RDF, SKOS, VOID, XSD, concept
from kg.pipeline import build
from kg.rdf import streams

PAGE, RELEASE = example_inputs()[:2]
HEAD = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("onet", "owl", "dct", "kg", "skos"))
HEAD += "@prefix x: <https://data.example.org/> .\n"
X = "https://data.example.org/{}".format
#: In the terms that are known of the releases of O*NET that are RDF.
RELEASE_31 = f"""{HEAD}
x:lt a onet:Occupation ; onet:onetSOCCode "25-4031.00" ; onet:title "Library Technicians"@en ;
    onet:description "Help people find things."@en ;
    onet:hasRating [ a onet:EssentialSkillsRating ; onet:refersTo x:reading ;
        onet:dataValue "3.50" ] , x:rating2 ;
    onet:hasJobTitle [ onet:jobTitle "Library Assistant" ] ;
    onet:hasSoftware [ onet:refersTo [ onet:workplaceExample "Koha" ] ] ;
    onet:hasRelatedOccupation [ onet:refersTo x:other ; onet:relatedIndex 1 ] ;
    onet:hasTask [ onet:task "Shelve what comes back." ] .
x:rating2 a onet:JobZoneRating ; onet:dataValue "03" .
x:reading onet:elementName "Reading" ; onet:elementID "2.A.1.a" .
x:other a onet:Occupation ; onet:onetSOCCode "99-9999.00" .
"""
GRAPH = f"{BASE}graph/rdf/data"
LINKS = f"{BASE}graph/links/rdf/data"
DOCUMENT = f"{BASE}document/rdf/data"
OCCUPATION = f"{BASE}occupation/25-4031.00"


def write(path: Path, text: str | bytes) -> Path:
    """Write a file and return its path."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(assembly: Assembly, **cells: str) -> list[tuple[str | None, ...]]:
    """Return the rows of all graphs that have some cells."""
    table = pl.concat(assembly.parts.values())
    return table.filter(pl.col(column) == value for column, value in cells.items()).rows()


def values(assembly: Assembly, subject: str, predicate: str) -> list[str]:
    """Return the objects of a subject and predicate."""
    return sorted(str(row[2]) for row in rows(assembly, subject=subject, predicate=predicate))


def said(assembly: Assembly) -> list[tuple[str, str]]:
    """Return what was noticed of RDF."""
    assert assembly.parts  # of RDF something is noticed when it is streamed
    files = {document.path for document in assembly.foreign}
    return [(f.severity, f.message) for f in assembly.findings if f.file in files]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file like a small release in RDF."""
    return write(tmp_path_factory.mktemp("rdf") / "data.ttl", RELEASE_31)


@pytest.fixture(scope="module")
def joined(data: Path) -> Assembly:
    """Return what the example becomes together with such a release."""
    return assemble([PAGE, RELEASE, data])


@pytest.fixture
def published(tmp_path: Path, example_folder: Path) -> Path:
    """Return the folder of a graph that has to stay as it is."""
    shutil.copytree(example_folder, tmp_path / "published")
    return tmp_path / "published"


# Where it goes.


def test_the_graph_holds_the_document_as_it_is(joined: Assembly, data: Path) -> None:
    """The graph of a document has its quads and no others, blank nodes and all."""
    syntax = rdf.SUFFIXES[".ttl"]
    expected = quads.from_rows(rdf.parse(data.read_bytes(), syntax, str(data), GRAPH))
    assert quads.unique_sorted(expected).equals(joined.parts[GRAPH])
    assert 24 < joined.parts[GRAPH].height
    blank = joined.parts[GRAPH].filter(pl.col("subject").str.starts_with("_:data-"))
    assert blank.height


def test_our_graphs_stay_as_they_are(joined: Assembly) -> None:
    """What others say changes no graph of ours but the catalogue."""
    alone = assemble([PAGE, RELEASE])
    catalog = f"{BASE}graph/catalog"
    for graph in alone.parts.keys() - {catalog}:
        assert alone.parts[graph].equals(joined.parts[graph])
    assert {GRAPH, LINKS} == joined.parts.keys() - alone.parts.keys()


def test_occupations_are_joined_by_their_codes(joined: Assembly) -> None:
    """Our occupation is the same as the one that has its code, in a graph of what is concluded."""
    expected = (OCCUPATION, SKOS.exactMatch, X("lt"), "iri", None, None, LINKS)
    assert [expected] == rows(joined, predicate=SKOS.exactMatch)
    assert [("info", "nodes with a code that no occupation here has: 1")] == said(joined)
    derived = values(joined, LINKS, PROV.wasDerivedFrom)
    assert [f"{BASE}document/onet/30.2", DOCUMENT] == derived


def test_the_catalogue_describes_it(joined: Assembly, data: Path) -> None:
    """The catalogue names the document, its kind and digest, and how many quads each graph has."""
    ((name, document),) = [pair for pair in joined.inputs if pair[0] == "rdf"]
    assert ("rdf", "data.ttl") == (name, document.file_name)
    assert ["data.ttl"] == values(joined, DOCUMENT, KG.fileName)
    assert [document.sha256] == values(joined, DOCUMENT, KG.sha256)
    assert [concept("document-kind", "rdf")] == values(joined, DOCUMENT, DCT.type)
    assert [DOCUMENT] == values(joined, GRAPH, PROV.wasDerivedFrom)
    assert [concept("graph-kind", "asserted")] == values(joined, GRAPH, KG.graphKind)
    assert [concept("graph-kind", "inferred")] == values(joined, LINKS, KG.graphKind)
    assert [] == values(joined, GRAPH, DCT.license)
    assert ["data.ttl, of which no licence is known"] == values(joined, GRAPH, KG.attribution)
    for graph, part in joined.parts.items():
        assert [str(part.height)] == values(joined, graph, VOID.triples)


def test_the_licence_that_it_states(tmp_path: Path) -> None:
    """A licence that a document states for itself is that of its graph."""
    text = f"{HEAD} x: a owl:Ontology ; dct:license <https://licence.example/> ."
    assembly = assemble([write(tmp_path / "data.ttl", text)])
    assert ["https://licence.example/"] == values(assembly, GRAPH, DCT.license)
    assert ["data.ttl"] == values(assembly, GRAPH, KG.attribution)
    text = f'{HEAD} x: a owl:Ontology ; dct:license "Ask us" .'
    assembly = assemble([write(tmp_path / "data.ttl", text)])
    assert (["Ask us"], []) == (
        values(assembly, GRAPH, DCT.rights),
        values(assembly, GRAPH, DCT.license),
    )


def test_without_a_release_nothing_is_joined(data: Path) -> None:
    """Where no occupation of ours has a code there are no links, and nothing is said of it."""
    for inputs in ([data], [PAGE, data]):
        assembly = assemble(inputs)
        assert [] == rows(assembly, predicate=SKOS.exactMatch)
        assert LINKS not in assembly.parts
        assert [] == said(assembly)


def test_ambiguous_codes(tmp_path: Path) -> None:
    """Codes of nodes that may not be the occupation join nothing, and are a warning."""
    text = f'{HEAD} x:a onet:onetSOCCode "25-4031.00" . x:b onet:onetSOCCode "25-4031.00" .'
    text += ' x:c onet:onetSOCCode "25-4031.00" , "25-4022.00" .'
    inputs = [RELEASE, write(tmp_path / "data.ttl", text)]
    assembly = assemble(inputs)
    assert [] == rows(assembly, predicate=SKOS.exactMatch)
    message = "codes joined to nothing, of several nodes and no onet:Occupation: 1"
    assert [
        ("warning", f"{message}, such as 25-4031.00"),
        ("info", "nodes joined to nothing, of several codes each: 1"),
    ] == said(assembly)
    with pytest.raises(RefusedError, match="1 finding that counts as errors under --strict"):
        build(inputs, tmp_path / "graph", strict=True)
    assert not (tmp_path / "graph").exists()


def test_matches_do_not_depend_on_what_stands_between(tmp_path: Path) -> None:
    """What one graph says of a node counts there, whatever other nodes the document has."""
    found = []
    for between in ("", " <http://z.example/1> a x:Other ."):
        text = (
            f"{HEAD} <http://g.example/1> {{ x:a a onet:Occupation .{between} }} "
            '<http://g.example/2> { x:a onet:onetSOCCode "25-4031.00" . '
            'x:b onet:onetSOCCode "25-4031.00" . }'
        )
        assembly = assemble([RELEASE, write(tmp_path / "data.trig", text)])
        found.append((rows(assembly, predicate=SKOS.exactMatch), said(assembly)))
    assert found[0] == found[1]


@pytest.mark.parametrize("packing", ["gz", "zip", "folder"])
def test_packings(tmp_path: Path, joined: Assembly, packing: str) -> None:
    """However the file is packed, its graphs have the same quads."""
    match packing:
        case "gz":
            path = write(tmp_path / "data.ttl.gz", gzip.compress(RELEASE_31.encode()))
        case "zip":
            path = tmp_path / "data.zip"
            with zipfile.ZipFile(path, "w") as out:
                out.writestr("some/data.ttl", RELEASE_31)
        case _:
            path = tmp_path / "data"
            write(path / "data.ttl", RELEASE_31)
    other = assemble([PAGE, RELEASE, path])
    for graph in (GRAPH, LINKS):
        assert joined.parts[graph].equals(other.parts[graph])


def test_named_graphs_keep_their_names(tmp_path: Path) -> None:
    """What stands in graphs of its own stays there; each is described, with the document."""
    text = f"{HEAD} x:a x:p 1 . x:g {{ x:a x:p 2 , 3 . x:g a kg:Thing }} _:g {{ x:a x:p 4 }}"
    generation = build([write(tmp_path / "data.trig", text)], tmp_path / "graph").generation
    names = [graph for graph in generation.parts if not graph.startswith(BASE)]
    assert ["_:data-", X("g")] == [names[0][:7], names[1]]
    opened = open_graph(tmp_path / "graph")
    described = {row["graph"]: row for row in opened.info()["graphs"]}
    assert [1, 3, 1] == [described[g]["triples"] for g in (GRAPH, X("g"), names[0])]
    assert {"data.trig"} == {described[g]["file"] for g in (GRAPH, X("g"), names[0])}
    query = f"SELECT ?v {{ GRAPH <{X('g')}> {{ ?s <{X('p')}> ?v }} }} ORDER BY ?v"
    assert [2, 3] == opened.query(query).to_polars()["v"].to_list()
    for syntax in ("nquads", "trig", "turtle", "jsonld", "graphml"):
        opened.export(syntax, tmp_path / f"out.{syntax}")
        assert (tmp_path / f"out.{syntax}").stat().st_size


def test_info_takes_nothing_from_others_about_our_graphs(tmp_path: Path) -> None:
    """What RDF of others says of graphs, documents and sources is not told as the catalogue's."""
    document, source = f"{BASE}document/page/library-technicians", f"{BASE}source/onet"
    said = (
        f'x:g dct:license x:l ; <{VOID.triples}> "!" ; <{KG.attribution}> "AAA" .'
        f"x:g <{KG.graphKind}> x:a ."
        f'<{document}> <{KG.fileName}> "AAA" . <{source}> <{DCT.title}> "AAA" .'
    )
    data = write(tmp_path / "data.trig", f"{HEAD} x:g {{ {said} }} x:h {{ {said} x:a x:p 1 }}")
    build([PAGE, RELEASE, data], tmp_path / "graph")
    info = open_graph(tmp_path / "graph").info()
    graphs = {row["graph"]: row for row in info["graphs"]}

    columns = ("triples", "file", "kind", "licence")
    assert (6, "data.trig", "asserted", X("l")) == tuple(graphs[X("g")][c] for c in columns)
    assert "AAA" not in json.dumps(info)
    open_graph(tmp_path / "graph").export("nquads", tmp_path / "out.nq")
    told = (tmp_path / "out.nq").read_text(encoding="utf-8")
    assert f"# data.trig Terms: {X('l')} [{X('g')}, {X('h')}]" in told


def test_a_release_in_rdf_beside_tables(tmp_path: Path, data: Path) -> None:
    """A release that is RDF is foreign: beside one of tables it is no second release."""
    generation = build([RELEASE, data], tmp_path / "graph").generation
    assert {GRAPH, f"{BASE}graph/onet/30.2"} <= generation.parts.keys()


def test_two_builds_are_the_same(tmp_path: Path, data: Path) -> None:
    """The same inputs, in another order, give the same generation."""
    other = write(tmp_path / "other.nt", f"_:x <{X('p')}> <{X('o')}> .")
    first = build([PAGE, RELEASE, data, other], tmp_path / "one").generation
    second = build([other, data, RELEASE, PAGE], tmp_path / "two").generation
    assert first.name == second.name
    assert not build([data, PAGE, other, RELEASE], tmp_path / "one").is_new


# Names.


def test_documents_of_one_name(tmp_path: Path) -> None:
    """Documents of one name are told apart by their digests, in whatever order they come."""
    one = write(tmp_path / "1" / "Data.ttl", f"<{X('a')}> <{X('p')}> 1 .")
    two = write(tmp_path / "2" / "data.nt.gz", gzip.compress(f"_:a <{X('p')}> _:b .".encode()))
    first, second = assemble([one, two]), assemble([two, one])
    names = {document.name: document.path for document in first.foreign}
    assert {str(one), str(two)} == set(names.values())
    assert all(name.startswith("data-") and len(name) == 13 for name in names)
    assert list(first.parts) == list(second.parts)
    assert all(part.equals(second.parts[graph]) for graph, part in first.parts.items())


def test_a_document_given_twice(tmp_path: Path, data: Path, published: Path) -> None:
    """The same document twice is an error that names both."""
    copy = write(tmp_path / "copy" / "data.ttl", RELEASE_31)
    before = current(published)
    with pytest.raises(InputError, match="two inputs are one document, 'data': ") as caught:
        build([data, copy], published)
    assert str(data) in str(caught.value)
    assert str(copy) in str(caught.value)
    assert before == current(published)


@pytest.mark.parametrize("name", ["graph/ontology", "graph/rdf/data", "graph/mine"])
def test_graphs_named_like_ours(tmp_path: Path, published: Path, name: str) -> None:
    """A graph that has one of our names is refused, and what was published stays."""
    path = write(tmp_path / "data.trig", f"<{BASE}{name}> {{ <{X('a')}> <{X('p')}> 1 }}")
    before = current(published)
    with pytest.raises(InputError, match=f"names the graph {BASE}{name}; names below") as caught:
        build([path], published)
    assert str(path) == caught.value.file
    assert before == current(published)
    assert {"data"} == {d.name for d in assemble([path], base="https://other.example/").foreign}


def test_two_documents_that_name_one_graph(tmp_path: Path) -> None:
    """A graph comes from one document; where two name it the error says what to do."""
    for name in ("a.trig", "b.trig"):
        write(tmp_path / name, f"<{X('g')}> {{ <{X(name)}> <{X('p')}> 1 }}")
    inputs = [tmp_path / "a.trig", tmp_path / "b.trig"]
    with pytest.raises(InputError, match=r"two inputs name the graph .* into one zip archive"):
        build(inputs, tmp_path / "graph")


def test_too_many_graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document may name some graphs, and not any number."""
    monkeypatch.setattr(foreign, "MOST_GRAPHS", 3)
    text = "".join(f"<{X('a')}> <{X('p')}> <{X('o')}> <{X(i)}> .\n" for i in range(4))
    path = write(tmp_path / "data.nq", text)
    with pytest.raises(InputError, match="names more than 3 graphs"):
        build([path], tmp_path / "graph")
    build([write(path, text.partition("\n")[2])], tmp_path / "graph")


# What is left out.


def test_no_triple_stands_in_two_graphs(tmp_path: Path) -> None:
    """A triple of several graphs is in the first: ours, then in the order of names."""
    alone = assemble([PAGE, RELEASE])
    ours = alone.parts[f"{BASE}graph/ontology"].rows()[:5]
    lines = [quads.iri(*row[:3], X("g")) for row in ours if row[3] == "iri"]
    text = rdf.serialize(lines, rdf.SUFFIXES[".nq"]).decode()
    a = f"<{X('a')}> <{X('p')}> <{X('o')}>"
    text += f"{a} <{X('g')}> .\n{a} <{X('h')}> .\n{a} .\n"
    inputs = [PAGE, RELEASE, write(tmp_path / "data.nq", text), write(tmp_path / "z.nt", f"{a} .")]
    assembly = assemble(inputs)
    table = pl.concat(assembly.parts.values())
    assert table.height == table.select(quads.COLUMNS[:6]).unique().height
    assert [(X("g"))] == [row[6] for row in rows(assembly, subject=X("a"))]
    assert ours == assembly.parts[f"{BASE}graph/ontology"].rows()[:5]
    number = len(lines) + 2
    reason = "which stand in another graph too"
    assert [
        ("info", f"triples left out: {number}, {reason}"),
        ("info", f"triples left out: 1, {reason}"),
    ] == said(assembly)
    generation = build(inputs, tmp_path / "graph").generation
    assert table.height == generation.manifest["quads"]
    assert f"{BASE}graph/rdf/z" not in generation.parts


def test_an_export_of_another_build(tmp_path: Path) -> None:
    """What a graph was exported as can be read again; of its catalogue nothing is taken."""
    build([PAGE, RELEASE], tmp_path / "first")
    open_graph(tmp_path / "first").export("turtle", tmp_path / "data.ttl")
    assembly = assemble([RELEASE, tmp_path / "data.ttl"])
    table = pl.concat(assembly.parts.values())
    assert table.height == table.select(quads.COLUMNS[:6]).unique().height
    for graph, part in assembly.parts.items():
        assert [str(part.height)] == values(assembly, graph, VOID.triples)
    assert [] == rows(assembly, predicate=SKOS.exactMatch)
    reasons = " ".join(message for _, message in said(assembly))
    assert "which describe the graphs of another build" in reasons
    assert "which stand in another graph too" in reasons
    assert rows(assembly, predicate=KG.cites, graph=GRAPH)


def test_a_graph_that_describes_itself(tmp_path: Path) -> None:
    """What a document says of its own graphs stays, and the catalogue does not repeat it."""
    text = f"<{X('g')}> {{ <{X('g')}> a <{VOID.Dataset}> ; <{VOID.triples}> 2 }}"
    assembly = assemble([write(tmp_path / "data.trig", text)])
    assert [(X("g"))] == [
        row[6] for row in rows(assembly, subject=X("g"), predicate=RDF.type, object=VOID.Dataset)
    ]
    catalog = assembly.parts[f"{BASE}graph/catalog"]
    assert [str(catalog.height)] == values(assembly, f"{BASE}graph/catalog", VOID.triples)


@pytest.mark.parametrize(("name", "text"), [("data.ttl", ""), ("data.nt", "# none\n")])
def test_a_document_without_triples(tmp_path: Path, name: str, text: str) -> None:
    """An empty document is a warning; there is no graph of it, but it is described."""
    assembly = assemble([write(tmp_path / name, text)])
    assert [("warning", "holds no triples")] == said(assembly)
    assert GRAPH not in assembly.parts
    assert [name] == values(assembly, DOCUMENT, KG.fileName)


# What fails.


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("data.nt", f"<{X('a')}> <{X('p')}> 'x' .\n".encode(), 1),
        ("data.ttl.gz", gzip.compress(b"x" * 1000, mtime=0)[:-4], 1),
        ("data.ttl", f"<{X('a')}> <{X('p')}> <<( <{X('a')}> <{X('p')}> 1 )>> .".encode(), 1),
    ],
)
def test_nothing_is_published(
    tmp_path: Path, published: Path, name: str, data: bytes, line: int
) -> None:
    """A document that cannot be read is an error with its place, and what there was stays."""
    before, path = current(published), write(tmp_path / name, data)
    with pytest.raises(InputError) as caught:
        build([PAGE, RELEASE, path], published)
    assert (str(path), line) == (caught.value.file, caught.value.line or line)
    assert before == current(published)
    assert [before.name] == [p.name for p in (published / "generations").iterdir()]


def many(path: Path, number: int) -> Path:
    """Write a document of many triples, of which few are sorted at once."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="ascii") as out:
        out.writelines(f'<{X(i * 7919 % number)}> <{X("p")}> "{i}" .\n' for i in range(number))
    return path


def test_a_large_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document of many runs is published as if it were sorted at once."""
    path = many(tmp_path / "data.nt", 3000)
    whole = build([path], tmp_path / "whole").generation
    monkeypatch.setattr(runs, "_RUN", 100_000)
    monkeypatch.setattr(runs, "_PIECE", 10_000)
    monkeypatch.setattr(streams, "_BLOCK", 20_000)
    divided = build([path], tmp_path / "divided").generation
    assert whole.manifest == divided.manifest
    assert whole.parts[GRAPH].read_bytes() == divided.parts[GRAPH].read_bytes()
    names = {p.name for p in divided.path.iterdir()}
    assert {"files.json", "manifest.json", "quads", "reuse", "store"} == names


def test_an_error_after_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a document breaks off late, nothing of it is left on disk."""
    monkeypatch.setattr(runs, "_RUN", 100_000)
    path = many(tmp_path / "data.nt", 3000)
    path.write_text(path.read_text() + "no triple\n")
    with pytest.raises(InputError, match=r"data\.nt:3001: "):
        build([path], tmp_path / "graph")
    assert not (tmp_path / "graph").exists()


KILLED = (
    "import os, signal, sys\nfrom pathlib import Path\n"
    "from kg import runs\nfrom kg.pipeline import build\n"
    "runs._RUN = 100_000\n"
    "runs.Runs.chunks = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n"
    "build([Path(sys.argv[1])], Path(sys.argv[2]))\n"
)


def test_a_killed_build_is_swept(tmp_path: Path) -> None:
    """What a build had sorted when it was killed is gone after the next one."""
    path, folder = many(tmp_path / "data.nt", 3000), tmp_path / "graph" / "generations"
    run = subprocess.run([sys.executable, "-c", KILLED, str(path), str(tmp_path / "graph")])
    assert -signal.SIGKILL == run.returncode
    assert list(folder.rglob("scratch/*.parquet"))
    generation = build([path], tmp_path / "graph").generation
    assert [generation.name] == [p.name for p in folder.iterdir()]


MEASURED = """
import re, sys
from pathlib import Path
from kg import generations, runs
from kg.assembly import Request, assemble_into
from kg.rdf import streams
runs._RUN, runs._PIECE, streams._BLOCK = 2**24, 2**19, 2**21
folder, size = Path(sys.argv[2]), 0
folder.mkdir(exist_ok=True)

class Parts:
    scratch = folder
    def new(self, table):
        return table
    def put(self, graph, chunks):
        part = generations.write_part(folder, graph, chunks, self.passed_on)
        return part.quads if part else 0
    def passed_on(self, lines, _):
        global size
        size += len(lines)
    def put_pages(self, *_):
        return dict
    def put_foreign(self, _):
        return False

assemble_into(Parts(), Request([Path(sys.argv[1])]))
# Not what getrusage tells, which begins with what the process that started this one had.
peak = re.search("VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) // 1024, size)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is told elsewhere")
def test_memory_does_not_grow_with_the_document(tmp_path: Path) -> None:
    """Four times the triples take hardly more memory, with a block and a run of a tenth."""
    peaks = []
    for number in (500_000, 2_000_000):
        path = many(tmp_path / "data.nt", number)
        script = [sys.executable, "-c", MEASURED, str(path), str(tmp_path / "graph")]
        run = subprocess.run(script, capture_output=True, text=True, check=True)
        peak, size = map(int, run.stdout.split())
        assert size > 50 * number
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 150, peaks


def test_lexical_forms_are_kept(tmp_path: Path) -> None:
    """Numbers stay as they were written in the table, where the store normalises them."""
    text = f'<{X("a")}> <{ONET.dataValue}> "03.50"^^<{XSD.decimal}> .'
    generation = build([write(tmp_path / "data.nt", text)], tmp_path / "graph").generation
    assert ["03.50"] == pl.read_parquet(generation.parts[GRAPH])["object"].to_list()
