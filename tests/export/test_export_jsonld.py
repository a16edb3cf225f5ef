"""JSON-LD: the shipped context and frame, and what is written with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pyld import jsonld as pyld
from rdflib import OWL, Graph, URIRef
from rdflib.namespace import RDF as RDFLIB_RDF
from samples import LINKS, OCCUPATION, PAGE, linked, odd, select, text_of

from kg import quads
from kg.errors import OutputError, RequestError
from kg.export import Selection, export, framing, jsonld
from kg.graph import Graph as BuiltGraph
from kg.namespaces import BASE, DCT, KG, PREFIXES, RDF, SKOS
from kg.resources import folder

CONTEXT = jsonld.load_context()


@pytest.fixture(scope="module")
def example(page_graph: BuiltGraph, tmp_path_factory: pytest.TempPathFactory) -> Selection:
    """Return the whole of the linked example."""
    return select(linked(page_graph), tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def framed(example: Selection) -> dict[str, Any]:
    """Return the framed document of the example's occupation."""
    part = Selection(example.parts, BASE, occupation=OCCUPATION)
    ((occupation, document),) = framing.frame_documents(part, "occupation")
    assert OCCUPATION == occupation
    return document


def as_list(value: Any) -> list[Any]:
    """Return one or several values as a list."""
    return value if isinstance(value, list) else [value]


def expand_term(term: str) -> str:
    """Return the IRI that PyLD reads a term of the context as."""
    ((iri, _),) = pyld.expand({"@context": CONTEXT, term: "x"})[0].items()
    return str(iri)


def own_terms() -> Graph:
    """Return what the vocabulary says of its own terms."""
    return sum((Graph().parse(folder("ontology") / f"{n}.ttl") for n in ("core", "onet")), Graph())


def terms_of(*kinds: URIRef) -> set[str]:
    """Return the names of core.ttl's and onet.ttl's terms of some kinds."""
    core = own_terms()
    return {str(t).removeprefix(KG.iri) for k in kinds for t in core.subjects(RDFLIB_RDF.type, k)}


def test_context_has_every_term_of_the_vocabulary() -> None:
    """Every class and property of the vocabulary is a term of the context, under its own name."""
    properties = terms_of(OWL.ObjectProperty, OWL.DatatypeProperty)
    classes = terms_of(OWL.Class)

    assert len(properties) > 30
    assert set() == (properties | classes) - CONTEXT.keys()
    assert {f"kg:{c}" for c in classes} == {CONTEXT[c] for c in classes}
    for name in properties:
        said = CONTEXT[name]
        assert f"kg:{name}" == (said if isinstance(said, str) else said["@id"])


def test_context_invents_nothing() -> None:
    """Every kg: name in the context is one of the vocabulary's, the prefixes are the project's."""
    known = terms_of(OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    said = [d if isinstance(d, str) else (d.get("@id") or d.get("@reverse", ""))
            for d in CONTEXT.values() if isinstance(d, str | dict)]  # fmt: skip
    prefixes = {t: i for t, i in CONTEXT.items() if isinstance(i, str) and "://" in i}

    assert set() == {name[3:] for name in said if name.startswith("kg:")} - known
    assert {p: i for p, i in PREFIXES.items() if p not in ("kgc", "kgsh")} == prefixes


def test_context_coerces_as_the_vocabulary_says() -> None:
    """Relations take IRIs; values take the datatype that the vocabulary gives them as a range."""
    core = own_terms()
    for name in terms_of(OWL.ObjectProperty):
        assert "@id" == CONTEXT[name]["@type"]
    for name in terms_of(OWL.DatatypeProperty):
        ranges = [str(r).rpartition("#")[2] for r in core.objects(URIRef(KG[name]), RANGE)]
        said = CONTEXT[name]
        if ranges and ranges != ["string"]:
            assert f"xsd:{ranges[0]}" == said["@type"]
        elif ranges:
            assert said["@language"] is None
        else:
            assert "@type" not in said


RANGE = URIRef("http://www.w3.org/2000/01/rdf-schema#range")


@pytest.mark.parametrize("which", ["example", "odd"])
def test_compaction_is_that_of_the_standard(example: Selection, tmp_path: Path, which: str) -> None:
    """Node for node, what is written is what PyLD's compaction gives."""
    selection = example if which == "example" else select(odd(), tmp_path)
    document = json.loads(text_of(jsonld.jsonld(selection)))
    expanded = [n for piece in selection.triples() for n in jsonld.expand(piece)]
    options = {"documentLoader": framing.refuse}
    compacted = [pyld.compact(n, CONTEXT, options) for n in expanded]

    assert len(compacted) >= 3
    assert [{k: v for k, v in c.items() if k != "@context"} for c in compacted] == document[
        "@graph"
    ]


def test_document_is_what_a_reader_expects(example: Selection) -> None:
    """Keys are plain words, numbers are numbers, and what may be several is a list."""
    document = json.loads(text_of(jsonld.jsonld(example)))
    nodes = {n["id"]: n for n in document["@graph"]}
    statement = nodes[f"{BASE}framework/{PAGE}/base/returned-items"]

    assert ["@context", "attributions", "@graph"] == list(document)
    assert ("Statement", 3, 1) == (statement["type"], statement["line"], statement["position"])
    assert "Returned items" == statement["prefLabel"]
    assert [f"{BASE}source/onet"] == statement["cites"]
    assert len(nodes) == len(document["@graph"])


def test_framed_document_holds_what_belongs_to_an_occupation(framed: dict[str, Any]) -> None:
    """Frameworks, statements, links, tasks and evidence are inside, with labels for the rest."""
    frameworks = {f["kind"]["prefLabel"]: f for f in framed["frameworks"]}
    statements = {s["id"]: s for f in framed["frameworks"] for s in f["statements"]}
    end = "base/returned-items"
    statement = statements[f"{BASE}framework/{PAGE}/{end}"]

    assert (OCCUPATION, "25-4031.00") == (framed["id"], framed["notation"])
    assert [3, 57] == [len(frameworks), len(statements)]
    assert 10 == len(framed["hasTask"])
    assert {"Document", "Figure", "Classification"} == {d["type"] for d in framed["describedBy"]}
    assert "Career stage 1" == statement["stage"]["prefLabel"]
    assert "O*NET Database" == statement["cites"][0]["title"]
    assert ["900001"] == [t["taskId"] for t in statement["supports"]]
    assert sorted(LINKS[end]) == [
        (link["annotatedTarget"]["taskId"], link["confidence"]) for link in statement["links"]
    ]


def test_framed_document_is_true(example: Selection, framed: dict[str, Any]) -> None:
    """Read back as RDF, a framed document says nothing that the graph does not say."""
    lines = pyld.to_rdf(framed, {"format": "application/n-quads"}).splitlines()
    no_graph = pl.lit(None, pl.String).alias("graph")
    tables = [quads.to_nquads(piece.with_columns(no_graph)) for piece in example.triples()]
    said = {line for table in tables for line in table}

    assert len(lines) > 800
    assert [] == [line for line in lines if line.strip() not in said]


def test_frame_and_context_fit() -> None:
    """Every word of the frame is a term of the context."""
    frame = json.loads((folder("ontology") / "frame-occupation.jsonld").read_text("utf-8"))
    words: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            words.update(k for k in value if not k.startswith("@"))
            words.update(t for k in ("type",) if k in value for t in as_list(value[k]))
            for key, inner in value.items():
                if key not in ("@context", "type"):
                    collect(inner)

    collect(frame)
    assert "context.jsonld" == frame["@context"]
    assert len(words) > 20
    assert set() == words - CONTEXT.keys()


def test_documents_into_a_folder(example: Selection, tmp_path: Path) -> None:
    """Each occupation has a file by its code, and the attributions are beside them."""
    export(example, "jsonld", tmp_path / "out", "occupation")

    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    codes = [
        r for r in example.quads.filter(predicate=SKOS.notation).collect()["object"] if "-" in r
    ]
    assert [*sorted(f"{c}.jsonld" for c in codes if c[2] == "-"), "ATTRIBUTION.txt"] == names
    document = json.loads((tmp_path / "out" / "25-4031.00.jsonld").read_text("utf-8"))
    assert OCCUPATION == document["id"]


def test_documents_into_lines(example: Selection, tmp_path: Path) -> None:
    """A .jsonl file has a document a line; a .jsonld file holds the one that is asked for."""
    one = Selection(example.parts, BASE, occupation=OCCUPATION)
    export(example, "jsonld", tmp_path / "all.jsonl", "occupation")
    export(one, "jsonld", tmp_path / "one.jsonld", "occupation")
    lines = (tmp_path / "all.jsonl").read_text("utf-8").splitlines()
    document = json.loads((tmp_path / "one.jsonld").read_text("utf-8"))

    assert document in [json.loads(line) for line in lines]
    assert len(lines) > 1
    with pytest.raises(RequestError, match="holds one document"):
        export(example, "jsonld", tmp_path / "all.jsonld", "occupation")
    assert not (tmp_path / "all.jsonld").exists()


def test_a_kind_of_framework_narrows_documents(example: Selection) -> None:
    """With a kind of framework a document holds only frameworks of that kind."""
    part = Selection(example.parts, BASE, framework="ai")
    ((_, document),) = framing.frame_documents(part, "occupation")

    assert ["AI"] == [f["kind"]["prefLabel"][:2] for f in as_list(document["frameworks"])]


@pytest.mark.parametrize(
    ("tail", "name"),
    [
        ("15-1232.00", "15-1232.00.jsonld"),
        ("library-technicians", "library-technicians.jsonld"),
        ("x" * 90, "x" * 90 + ".jsonld"),
    ],
)
def test_file_names_are_codes_and_slugs(tail: str, name: str) -> None:
    """A plain end of an IRI is the name of its file."""
    assert name == framing.file_name(f"{BASE}occupation/{tail}")


@pytest.mark.parametrize("tail", ["..", "a%2Fb", "a\\b", "語" * 100, "", "a:b"])
def test_file_names_stay_in_their_folder(tail: str) -> None:
    """An odd end of an IRI gives a short plain name that is not another one's."""
    name = framing.file_name(f"{BASE}occupation/{tail}")

    assert len(name.encode()) < 230
    assert not set(name) & set("/\\:%")
    assert not name.startswith(".")
    assert name != framing.file_name(f"{BASE}occupation/{tail}x")


def test_nothing_is_fetched() -> None:
    """A context elsewhere is refused, not loaded."""
    with pytest.raises(OutputError, match="is not fetched"):
        framing.refuse("https://example.org/context")


def test_frames_are_of_jsonld(example: Selection, tmp_path: Path) -> None:
    """A frame that there is none of, or for another format, is an error that says so."""
    with pytest.raises(RequestError, match="there are: occupation"):
        export(example, "jsonld", tmp_path / "a", "task")
    with pytest.raises(RequestError, match="is for the format jsonld"):
        export(example, "turtle", tmp_path / "a", "occupation")
    assert [] == list(tmp_path.iterdir())


def test_occupations_without_frameworks_are_framed(tmp_path: Path) -> None:
    """An occupation that nothing else is said of has a document too."""
    graph = f"{BASE}graph/onet/1"
    rows = [
        quads.iri(OCCUPATION, RDF.type, KG.Occupation, graph),
        quads.text(OCCUPATION, DCT.title, "Any", graph),
    ]
    ((_, document),) = framing.frame_documents(select(rows, tmp_path), "occupation")

    assert {"id": OCCUPATION, "type": "Occupation", "title": "Any"} == {
        k: v for k, v in document.items() if k not in ("@context", "attributions")
    }


def test_occupations_whose_iris_end_alike_have_two_files(tmp_path: Path) -> None:
    """Two occupations of two bases are two documents, none in the place of the other."""
    rows = [
        quads.iri(f"{base}occupation/1", RDF.type, KG.Occupation, f"{BASE}graph/onet/1")
        for base in (BASE, "https://example.org/")
    ]
    export(select(rows, tmp_path), "jsonld", tmp_path / "out", "occupation")
    documents = [json.loads(p.read_text("utf-8")) for p in (tmp_path / "out").glob("*.jsonld")]
    assert {f"{BASE}occupation/1", "https://example.org/occupation/1"} == {
        document["id"] for document in documents
    }


@pytest.mark.parametrize("name", ["out", "out.jsonl", "out.json"])
def test_a_part_without_occupations_is_no_document(tmp_path: Path, name: str) -> None:
    """Where there is nothing to frame that is said, and nothing is written."""
    rows = [quads.iri(f"{BASE}a", RDF.type, KG.Source, f"{BASE}graph/one")]
    with pytest.raises(RequestError, match="there is no occupation"):
        export(select(rows, tmp_path), "jsonld", tmp_path / name, "occupation")
    assert not (tmp_path / name).exists()
