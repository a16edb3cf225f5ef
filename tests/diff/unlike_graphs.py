"""Two small graphs that differ in every way that is told."""

from __future__ import annotations

from generation_pairs import A, B, C, G, H, P, release

from kg import quads
from kg.model import Quad
from kg.namespaces import BASE, KG, ONET, RDF, RDFS, SKOS, XSD

__all__ = ["NEW", "OLD", "STATEMENT", "TASK"]

TASK = f"{BASE}task"
STATEMENT = f"{BASE}framework/potters/durable"


def _task(number: str, text: str, kind: str) -> list[Quad]:
    node = f"{TASK}/{number}"
    return [
        quads.iri(f"{BASE}occupation/51-9195.05", ONET.hasTask, node, G),
        quads.iri(node, RDF.type, KG.Task, G),
        quads.literal(node, KG.taskId, number, G),
        quads.text(node, ONET.task, text, G),
        quads.literal(node, KG.taskType, kind, G),
    ]


def _statement(name: str, label: str, text: str, stage: str, source: str) -> list[Quad]:
    node = f"{STATEMENT}/{name}"
    return [
        quads.iri(node, RDF.type, KG.Statement, G),
        quads.iri(node, KG.framework, STATEMENT, G),
        quads.text(node, SKOS.prefLabel, label, G),
        quads.text(node, SKOS.definition, text, G),
        quads.iri(node, KG.domain, f"{BASE}domain/{name.partition('/')[0]}", G),
        quads.iri(node, KG.stage, f"{BASE}level/{stage}", G),
        quads.iri(node, KG.cites, f"{BASE}source/{source}", G),
    ]


_BOTH = [
    quads.iri(KG.Task, RDFS.subClassOf, KG.Work, f"{BASE}graph/ontology"),
    quads.text(f"{BASE}occupation/51-9195.05", SKOS.prefLabel, "Potters", G),
    quads.literal(f"{BASE}occupation/51-9195.05", SKOS.notation, "51-9195.05", G),
    quads.text(f"{BASE}domain/care", SKOS.prefLabel, "Care", G),
    quads.text(f"{BASE}level/1", SKOS.prefLabel, "Level 1", G),
    quads.text(f"{BASE}source/x", SKOS.prefLabel, "The X", G),
]
#: A blank node, a text that needs care, numbers, and what differs by its datatype or tag only.
OLD: list[Quad] = [
    *_BOTH,
    *_task("1", "Throw pots.", "Core"),
    *_task("2", "Glaze pots.", "Core"),
    *_task("5", "Carry clay.", "Core"),
    *_statement("care/kiln", "Kiln", "opens the kiln late", "1", "x"),
    *_statement("care/glaze", "Glaze", "mixes glazes by weight", "1", "x"),
    *release("29.0", {"11-1011.00": "1.00"}, "onet-29.0"),
    quads.iri(A, RDF.type, KG.Element, G),
    quads.text(A, SKOS.prefLabel, 'An "A"', G),
    quads.literal(A, P, "1", G, XSD.integer),
    quads.text(A, P, "colour\n\\ two", G, "en-GB"),
    quads.iri(A, f"{P}2", B, G),
    Quad(A, f"{P}3", "_:doc1-x", "blank", None, None, G),
    quads.literal("_:doc1-x", P, "1", G),
    quads.iri(B, RDF.type, "http://example.org/Thing", H),
]
NEW: list[Quad] = [
    *_BOTH,
    *_task("1", "Throw large pots.", "Supplemental"),
    *_task("3", "Fire pots.", "Core"),
    *_task("6", "Carry clay.", "Core"),
    *_statement("calm/kiln", "Kiln", "opens the kiln late", "1", "x"),
    *_statement("care/glaze", "Glaze", "weighs out the glazes", "2", "y"),
    *release("30.2", {"11-1011.00": "1.50"}),
    quads.iri(A, RDF.type, KG.Element, G),
    quads.text(A, SKOS.prefLabel, 'An "A"', G),
    quads.literal(A, P, "1", G, XSD.decimal),
    quads.text(A, P, "colour\n\\ two", G, "en-US"),
    quads.iri(A, f"{P}2", C, G),
    Quad(A, f"{P}3", "_:doc2-x", "blank", None, None, G),
    quads.literal("_:doc2-x", P, "2", G),
    quads.iri(C, RDF.type, KG.Element, f"{BASE}graph/other"),
]
