"""The sources that a build mentions: their catalogue entries to quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg import quads
from kg.mapping.iris import Iris
from kg.model import Quad, Source, SourceRef
from kg.namespaces import DCT, FOAF, KG, PAV, RDF, SKOS, XSD

__all__ = ["map_sources"]


def map_sources(
    mentioned: Iterable[SourceRef],
    catalogue: Mapping[str, Source],
    dates: Mapping[SourceRef, str],
    iris: Iris,
) -> Iterator[Quad]:
    """Yield the quads of each mentioned source; `dates` are those that releases state.

    What holds for a source (title, publisher, licence) holds for a new version of it; its
    version and date do not. A new version also brings the source it is a version of.
    """
    refs = set(mentioned)
    refs |= {SourceRef(ref.key) for ref in refs}
    for ref in sorted(refs, key=lambda r: (r.key, r.version or "")):
        yield from _source(ref, catalogue[ref.key], dates.get(ref), iris)


def _source(ref: SourceRef, source: Source, stated: str | None, iris: Iris) -> Iterator[Quad]:
    node, graph = iris.source(ref), iris.graph("sources")
    version = ref.version or source.version
    date = stated or (None if ref.version else source.date)
    yield quads.iri(node, RDF.type, KG.Source, graph)
    yield quads.text(node, DCT.title, source.title, graph)
    if ref.version:
        yield quads.iri(node, DCT.isVersionOf, iris.source(SourceRef(ref.key)), graph)
    if source.label:
        label = source.label.replace("{version}", version or "").strip()
        yield quads.text(node, SKOS.altLabel, label, graph)
    if version:
        yield quads.literal(node, PAV.version, version, graph)
    if date:
        yield quads.literal(node, DCT.issued, date, graph, quads.date_type(date))
    if source.publisher:
        yield quads.literal(node, DCT.publisher, source.publisher, graph)
    if source.licence:
        yield quads.iri(node, DCT.license, source.licence, graph)
    if source.rights:
        yield quads.text(node, DCT.rights, source.rights, graph)
    if "rights" in source.unknown:
        yield quads.literal(node, KG.rightsUnknown, "true", graph, XSD.boolean)
    if "version" in source.unknown and not version:
        yield quads.literal(node, KG.versionUnknown, "true", graph, XSD.boolean)
    if source.url:
        yield quads.iri(node, FOAF.page, source.url, graph)
    if source.cite:
        cite = source.cite.replace("{version}", version or "")
        yield quads.text(node, DCT.bibliographicCitation, cite, graph)
