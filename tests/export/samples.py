"""What the tests of exports share: graphs to export, and how one is selected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from kg import quads
from kg.export import Selection
from kg.graph import Graph
from kg.model import Quad
from kg.namespaces import BASE, KG, ONET, OWL, PREFIXES, RDF, SKOS, SSSOM, VOID, XSD, concept

__all__ = ["OCCUPATION", "PAGE", "THRESHOLD", "linked", "odd", "rated", "select", "text_of"]

OCCUPATION = f"{BASE}occupation/25-4031.00"
PAGE = "library-technicians"
THRESHOLD = "0.6"
#: By the end of its IRI, what a statement is linked to, and how surely.
LINKS = {
    "base/returned-items": [("900001", "0.9100"), ("900006", "0.4000")],
    "ai/reading-list-assembly": [("900004", "0.6000")],
}


def linked(graph: Graph) -> dict[str, pl.DataFrame]:
    """Return the parts of the example's graph, its links replaced by a few known ones."""
    parts = {name: pl.read_parquet(path) for name, path in graph.generation.parts.items()}
    name = f"{BASE}graph/links/page/{PAGE}"
    rows = [
        quads.iri(name, RDF.type, SSSOM.MappingSet, name),
        quads.literal(name, SSSOM.mapping_tool, "skills-kg tfidf", name),
        quads.literal(name, SSSOM.mapping_tool_version, "1", name),
        quads.literal(name, KG.threshold, THRESHOLD, name, XSD.decimal),
    ]
    for end, targets in LINKS.items():
        statement = f"{BASE}framework/{PAGE}/{end}"
        for task_id, confidence in targets:
            task, link = f"{BASE}task/{task_id}", f"{BASE}link/tfidf/{PAGE}/{end}/{task_id}"
            why = f"{PREFIXES['semapv']}LexicalSimilarityThresholdMatching"
            rows += [
                quads.iri(link, RDF.type, KG.Link, name),
                quads.iri(link, OWL.annotatedSource, statement, name),
                quads.iri(link, OWL.annotatedProperty, KG.supports, name),
                quads.iri(link, OWL.annotatedTarget, task, name),
                quads.literal(link, SSSOM.confidence, confidence, name, XSD.decimal),
                quads.iri(link, SSSOM.mapping_justification, why, name),
            ]
            if confidence >= THRESHOLD:
                rows.append(quads.iri(statement, KG.supports, task, name))
    parts[name] = quads.unique_sorted(quads.from_rows(rows))
    catalog = f"{BASE}graph/catalog"
    entry = [
        quads.iri(name, RDF.type, VOID.Dataset, catalog),
        quads.iri(name, KG.graphKind, concept("graph-kind", "inferred"), catalog),
    ]
    parts[catalog] = quads.unique_sorted(quads.concat([parts[catalog], quads.from_rows(entry)]))
    return parts


def rated(graph: Graph) -> dict[str, pl.DataFrame]:
    """Return the parts of the linked example with ratings of two occupations and of a task.

    A rating has a value and refers to an element and a scale, which have labels.
    """
    parts = linked(graph)
    name = f"{BASE}graph/onet/30.2"
    element, scale = f"{BASE}element/own", f"{BASE}scale/own"
    rows = [
        quads.iri(element, RDF.type, KG.Element, name),
        quads.text(element, SKOS.prefLabel, "Weighing words", name),
        quads.iri(scale, RDF.type, KG.Scale, name),
        quads.text(scale, SKOS.prefLabel, "Weight", name),
    ]
    for owner in (OCCUPATION, f"{BASE}occupation/25-4022.00", f"{BASE}task/900001"):
        node = f"{BASE}rating/30.2/{owner.rpartition('/')[2]}/own"
        rows += [
            quads.iri(owner, ONET.hasRating, node, name),
            quads.iri(node, RDF.type, KG.Rating, name),
            quads.iri(node, ONET.refersTo, element, name),
            quads.iri(node, ONET.refersTo, scale, name),
            quads.literal(node, ONET.dataValue, "4.50", name, XSD.decimal),
        ]
    parts[name] = quads.unique_sorted(quads.concat([parts[name], quads.from_rows(rows)]))
    return parts


def odd() -> list[Quad]:
    """Return quads that a careless writer would change, in two graphs."""
    one, two = f"{BASE}graph/one", f"{BASE}graph/two"
    node = f"{BASE}node/a"
    values = ['"', "\\", "\n", "\r\n", "\t", "\x7f", "a'b", "]]>", "<r>&amp;</r>", "--", "", " x "]
    rows = [quads.literal(node, f"{BASE}p#text", value, one) for value in values]
    rows += [quads.text(node, SKOS.prefLabel, "Größe 🐍 שלום", one, tag) for tag in ("de", "he")]
    for datatype, value in (
        (XSD.integer, "01"),
        (XSD.integer, "+1"),
        (XSD.integer, "12345678901234567890"),
        (XSD.decimal, "4.50"),
        (XSD.decimal, "4."),
        (XSD.boolean, "1"),
        (XSD.boolean, "true"),
        (XSD.double, "1E5"),
        (XSD.gYear, "2025"),
        (f"{BASE}own", "x"),
    ):
        rows.append(quads.literal(node, KG.value, value, one, datatype))
        rows.append(quads.literal(node, KG.position, value, one, datatype))
    other = "https://example.org/a(b)'c?d=e&f=%20#é-_.~!$*+,;:@"
    rows += [
        quads.iri(node, KG.cites, other, one),
        quads.iri(other, RDF.type, KG.Source, one),
        quads.literal(other, RDF.type, "no class", one),
        quads.iri(other, f"{KG.iri}a.b-c", "urn:x:y", one),
        quads.iri("urn:x:y", f"{BASE}unknown/property", node, two),
        # The same triple as above, and more of the same subject, in another graph.
        quads.iri(node, KG.cites, other, two),
        quads.text(node, SKOS.definition, "elsewhere", two),
    ]
    return rows


def select(
    tables: Mapping[str, pl.DataFrame] | Iterable[Quad], folder: Path, **part: str
) -> Selection:
    """Write parts (or rows, by their graphs) as a generation does, and select from them."""
    if not isinstance(tables, Mapping):
        table = quads.from_rows(tables)
        tables = {str(name): rows for (name,), rows in table.group_by("graph")}
    parts = {}
    for number, (name, table) in enumerate(sorted(tables.items())):
        quads.check_iris(table, name)
        parts[name] = folder / f"{number}.parquet"
        with parts[name].open("wb") as out:
            quads.write_parquet(quads.unique_sorted(table), out)
    return Selection(parts, BASE, **part)


def text_of(chunks: Iterable[str]) -> str:
    """Return what a format yields as one text."""
    return "".join(chunks)
