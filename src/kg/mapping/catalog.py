"""The catalogue of a generation: what each of its graphs is, holds, and may be used for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kg import quads
from kg.mapping.iris import Iris
from kg.model import Quad
from kg.namespaces import DCAT, DCT, KG, PROV, RDF, VOID, XSD, concept

__all__ = ["LICENCE", "OWN", "GraphEntry", "map_catalog"]

#: The licence of what the project itself contributes to a graph, and how to name it.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
OWN = "Skills-kg vocabulary, schemes and catalogue, CC BY 4.0"


@dataclass(frozen=True, slots=True)
class GraphEntry:
    """A named graph: how it came about, from which document, and whom to name when using it."""

    graph: str
    count: int
    kind: Literal["asserted", "inferred", "curated"] = "asserted"
    document: str | None = None
    licence: str | None = None
    rights: str | None = None
    attribution: str | None = None


def map_catalog(
    entries: Iterable[GraphEntry], iris: Iris, documents: Iterable[Quad] = (), repeated: int = 0
) -> list[Quad]:
    """Return the quads of `graph/catalog`, itself among the graphs that it describes.

    `documents` describe those that are described nowhere else; `repeated` is how many of all
    these quads will not be in the graph, since they stand in another one.
    """
    graph, dataset = iris.graph("catalog"), iris.dataset
    rows = [
        *documents,
        quads.iri(dataset, RDF.type, DCAT.Dataset, graph),
        quads.iri(dataset, RDF.type, VOID.Dataset, graph),
        quads.text(dataset, DCT.title, "Knowledge graph of occupational skills", graph),
    ]
    for entry in entries:
        rows += _entry(entry, dataset, graph)
    own = len(list(_entry(GraphEntry(graph, 0, licence=LICENCE, attribution=OWN), dataset, graph)))
    count = len(rows) + own - repeated
    rows += _entry(GraphEntry(graph, count, licence=LICENCE, attribution=OWN), dataset, graph)
    return rows


def _entry(entry: GraphEntry, dataset: str, graph: str) -> Iterator[Quad]:
    yield quads.node(dataset, VOID.subset, entry.graph, graph)
    yield quads.iri(entry.graph, RDF.type, VOID.Dataset, graph)
    yield quads.iri(entry.graph, KG.graphKind, concept("graph-kind", entry.kind), graph)
    yield quads.literal(entry.graph, VOID.triples, str(entry.count), graph, XSD.integer)
    if entry.document:
        yield quads.iri(entry.graph, PROV.wasDerivedFrom, entry.document, graph)
    if entry.licence:
        yield quads.iri(entry.graph, DCT.license, entry.licence, graph)
    if entry.rights:
        yield quads.text(entry.graph, DCT.rights, entry.rights, graph)
    if entry.attribution:
        yield quads.text(entry.graph, KG.attribution, entry.attribution, graph)
