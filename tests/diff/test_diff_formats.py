"""A difference as JSON and as a change set."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rdflib
from generation_pairs import A, B, C, P, difference
from unlike_graphs import NEW, OLD, STATEMENT, TASK

from kg import quads
from kg.diff import FORMATS, Diff
from kg.diff.changeset import CS
from kg.diff.names import Names
from kg.model import Quad
from kg.namespaces import BASE, DCT, KG, RDF, RDFS, XSD
from kg.rdf import to_rdflib


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Diff:
    """Return the difference of the samples."""
    return difference(tmp_path_factory.mktemp("samples"), OLD, NEW)


@pytest.fixture(scope="module")
def document(found: Diff) -> Any:
    """Return the difference as JSON, read again."""
    return json.loads("".join(FORMATS["json"](found)))


@pytest.fixture(scope="module")
def change_set(found: Diff) -> rdflib.Graph:
    """Return the difference as Turtle, read again."""
    return rdflib.Graph().parse(data="".join(FORMATS["turtle"](found)), format="turtle")


# JSON.


def test_json_has_all_of_it(found: Diff, document: Any) -> None:
    """Every list has what the difference has."""
    keys = "attributions old new differs graphs documents classes tasks statements nodes"
    assert keys.split() == list(document)
    assert {"generation": "old", "quads": 53, "release": "29.0"} == document["old"]
    assert document["differs"] is True
    assert {"removed": [f"{BASE}graph/h"], "added": [f"{BASE}graph/other"]} == document["graphs"]
    assert {"class": KG.Task, "added": 2, "removed": 2, "changed": 1} in document["classes"]
    assert {"class": None, "added": 1, "removed": 1, "changed": 1} in document["classes"]
    assert len(list(found.nodes())) == len(document["nodes"]) == 15
    counted = Counter((n["class"], n["status"]) for n in document["nodes"])
    assert counted == {
        (row["class"], status): row[status]
        for row in document["classes"]
        for status in ("added", "removed", "changed")
        if row[status]
    }


def test_json_tells_tasks_and_statements(document: Any) -> None:
    """Both states of each are there, with what became of it."""
    (reworded,) = (t for t in document["tasks"] if "reworded" in t["kinds"])
    assert ["reworded", "retyped"] == reworded["kinds"]
    assert ("Throw pots.", "Throw large pots.") == tuple(
        reworded[side]["text"] for side in ("old", "new")
    )
    assert [["51-9195.05", "Potters"]] == reworded["old"]["occupations"]
    assert {f"{TASK}/5", f"{TASK}/6", None} == {t["renumbered"] for t in document["tasks"]}
    assert [["moved-domain"]] == [
        s["kinds"] for s in document["statements"] if s["new"]["label"] == "Kiln"
    ]


def test_json_tells_terms_as_sparql_does(document: Any) -> None:
    """Terms are those of the SPARQL results format."""
    (node,) = (n for n in document["nodes"] if n["node"] == A)
    plain, link, blank = node["properties"]

    assert ('An "A"', "changed", KG.Element) == (node["label"], node["status"], node["class"])
    text = {"type": "literal", "value": "colour\n\\ two"}
    assert [
        {"type": "literal", "value": "1", "datatype": XSD.integer},
        {**text, "xml:lang": "en-GB"},
    ] == plain["removed"]
    assert [{"type": "uri", "value": C}] == link["added"]
    assert ([{"type": "bnode", "value": "doc1-x"}], f"{P}3") == (
        blank["removed"],
        blank["property"],
    )
    (bare,) = (n for n in document["nodes"] if n["node"] == "_:doc2-x")
    assert [{"type": "literal", "value": "2"}] == bare["properties"][0]["added"]


def test_json_of_no_difference(tmp_path: Path) -> None:
    """Equal graphs have empty lists."""
    told = json.loads("".join(FORMATS["json"](difference(tmp_path, OLD, OLD))))
    assert (False, [], []) == (told["differs"], told["nodes"], told["classes"])


def test_json_is_written_in_lines(found: Diff) -> None:
    """Every node is on a line, so that it can be read as it comes."""
    lines = "".join(FORMATS["json"](found)).splitlines()
    start = lines.index('"nodes": [')
    nodes = [json.loads(line.rstrip(",]")) for line in lines[start + 1 : -1]]
    assert 15 == len(nodes)


# Turtle.


def term(name: str) -> rdflib.URIRef:
    """Return a term of the vocabulary."""
    return rdflib.URIRef(CS[name])


def statements(graph: rdflib.Graph, which: str) -> rdflib.Graph:
    """Return the triples that change sets remove, or add."""
    triples = rdflib.Graph()
    for node in graph.objects(None, term(which)):
        assert (node, rdflib.RDF.type, rdflib.RDF.Statement) in graph
        parts = (rdflib.RDF.subject, rdflib.RDF.predicate, rdflib.RDF.object)
        triples.add(tuple(graph.value(node, part) for part in parts))
    return triples


def test_a_change_set_leads_from_one_graph_to_the_other(change_set: rdflib.Graph) -> None:
    """The old graph, read with the new names, without what is removed and with what is added."""
    pairs = [(f"{BASE}{x}/29.0", f"{BASE}{x}/30.2") for x in ("rating", "graph/onet")]
    names = Names((*pairs, (f"{BASE}source/onet-29.0", f"{BASE}source/onet")))

    def content(rows: list[Quad], read: Names) -> rdflib.Graph:
        kept = [
            r._replace(subject=read(r.subject), object=read(r.object))
            for r in rows
            if "/document/onet/" not in r.subject
        ]
        return to_rdflib(quads.from_rows(kept))

    def ground(graph: rdflib.Graph) -> set[tuple[str, ...]]:
        """Blank nodes have names of their own in every graph."""
        return {
            tuple(part.n3() for part in triple)
            for triple in graph
            if not any(isinstance(part, rdflib.BNode) for part in triple)
        }

    old, new = content(OLD, names), content(NEW, Names())
    gone, come = statements(change_set, "removal"), statements(change_set, "addition")

    assert ground(gone) <= ground(old)
    assert ground(new) == (ground(old) - ground(gone)) | ground(come)
    assert (2, 2) == (len(gone) - len(ground(gone)), len(come) - len(ground(come)))


def test_change_sets_are_well_formed(change_set: rdflib.Graph) -> None:
    """Each has one subject, which its statements are about, and a reason."""
    sets = list(change_set.subjects(rdflib.RDF.type, term("ChangeSet")))
    assert 15 == len(sets)
    for node in sets:
        (subject,) = change_set.objects(node, term("subjectOfChange"))
        for which in ("removal", "addition"):
            for of in change_set.objects(node, term(which)):
                assert subject == change_set.value(of, rdflib.RDF.subject)
        assert list(change_set.objects(node, term("changeReason")))


@pytest.mark.parametrize(
    ("expected", "subject"),
    [
        ({"added"}, f"{TASK}/3"),
        ({"dropped"}, f"{TASK}/2"),
        ({"reworded", "retyped"}, f"{TASK}/1"),
        ({"moved to another domain"}, f"{STATEMENT}/calm/kiln"),
        ({"moved to another domain"}, f"{STATEMENT}/care/kiln"),
        ({"removed"}, B),
        ({"added"}, C),
        ({"changed"}, A),
    ],
)
def test_reasons(expected: set[str], subject: str, change_set: rdflib.Graph) -> None:
    """Of tasks and statements the reason is what became of them."""
    (node,) = change_set.subjects(term("subjectOfChange"), rdflib.URIRef(subject))
    assert expected == {str(reason) for reason in change_set.objects(node, term("changeReason"))}


def test_what_took_the_place_of_what_is_told(change_set: rdflib.Graph) -> None:
    """A statement in another domain and a renumbered task replace what they were."""
    replaces = change_set.subject_objects(rdflib.URIRef(DCT.replaces))
    assert {
        (f"{STATEMENT}/calm/kiln", f"{STATEMENT}/care/kiln"),
        (f"{TASK}/6", f"{TASK}/5"),
    } == {(str(new), str(old)) for new, old in replaces}


def test_the_same_graphs_give_the_same_bytes(found: Diff, tmp_path: Path) -> None:
    """Nothing of the folder, the time or the order of work is in any format."""
    other = difference(tmp_path, OLD[::-1], NEW[::-1])
    for write in FORMATS.values():
        assert "".join(write(found)) == "".join(write(other))


def test_every_term_is_in_use(change_set: rdflib.Graph) -> None:
    """No property of the vocabulary is misspelt: these are the ones that it defines."""
    used = {str(p) for p in change_set.predicates() if str(p).startswith(CS.iri)}
    names = ("addition", "changeReason", "removal", "subjectOfChange")
    assert {CS[name] for name in names} == used
    assert RDFS.iri not in used
    assert {str(o) for o in change_set.objects(None, rdflib.RDF.type)} == {
        CS.ChangeSet,
        RDF.Statement,
    }
