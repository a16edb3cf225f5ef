"""Mapping sets of others, in SSSOM, to links: the slots as SSSOM's model names them in RDF.

https://w3id.org/sssom/schema/ says which property a slot is; those without one of another
vocabulary are `sssom:` properties of the slot's own name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from kg import quads
from kg.mapping.catalog import GraphEntry
from kg.mapping.columns import Columns
from kg.mapping.contribution import Contribution
from kg.mapping.curation import is_decision, is_undecided, with_own_words
from kg.mapping.iris import Iris, Unique, step
from kg.mapping.matches import asserted_matches, direct, link_quads
from kg.model import Finding, Quad
from kg.namespaces import DCT, KG, OWL, PAV, PROV, RDF, RDFS, SSSOM, XSD, concept
from kg.readers.sssom import MULTIVALUED, REFERENCES, SLOTS, MappingTable

__all__ = ["PROPERTIES", "map_sssom"]

#: The properties of the slots that are not `sssom:` properties of their own names.
PROPERTIES = {
    "subject_id": OWL.annotatedSource,
    "predicate_id": OWL.annotatedProperty,
    "object_id": OWL.annotatedTarget,
    "author_id": PAV.authoredBy,
    "creator_id": DCT.creator,
    "mapping_date": PAV.authoredOn,
    "publication_date": DCT.created,
    "comment": RDFS.comment,
    "see_also": RDFS.seeAlso,
    "license": DCT.license,
    "mapping_set_title": DCT.title,
    "mapping_set_description": DCT.description,
    "mapping_set_version": OWL.versionInfo,
    "mapping_set_source": PROV.wasDerivedFrom,
}
_DATATYPES = {
    "confidence": XSD.decimal,
    "similarity_score": XSD.decimal,
    "mapping_date": XSD.date,
    "publication_date": XSD.date,
}
#: Slots of a set that are said of its graph; a licence is said by the catalogue.
_OF_SET = (
    "mapping_set_title mapping_set_description mapping_set_version creator_id creator_label "
    "publication_date comment see_also mapping_set_id"
).split()
_TEXTS = ("mapping_set_title", "mapping_set_description")


def map_sssom(mappings: MappingTable, iris: Iris, place: str | None = None) -> Contribution:
    """Return what a mapping set contributes: a link for each mapping, and its direct triple.

    A negated mapping has no direct triple, and neither has one of `kg:supports`: what follows from
    decisions is for `kg.mapping.curation` to say. Links of our own linker that nobody has decided
    are left out, which is told of the file's place. With decisions the graph is a curated one.
    """
    undecided = mappings.rows.select(is_undecided(mappings).sum()).item() or 0
    read = mappings.rows.height
    decided_or_foreign = mappings.rows.filter(~is_undecided(mappings))
    mappings = with_own_words(replace(mappings, rows=decided_or_foreign))
    findings = list(mappings.findings)
    if undecided:
        message = (
            f"links of the linker that nobody has decided: {undecided:,} not read; a decision has "
            "the mapping_justification semapv:ManualMappingCuration"
        )
        findings.append(Finding("info", message, place or mappings.document.file_name))
    name = f"mappings/{step(mappings.stem)}"
    graph, node = iris.graph(name), f"{iris.base}document/{name}"
    table = _linked(mappings, f"{iris.base}link/{name}/")
    links = Columns(table, "link", graph)
    said = [
        quads.from_rows(_about(mappings, graph, node)),
        *link_quads(links),
        links.same(PROV.wasDerivedFrom, node),
        links.literal(KG.line, "line", XSD.integer),
        *(
            _slot(links, slot)
            for slot in table.columns
            if slot in SLOTS and slot not in ("subject_id", "predicate_id", "object_id")
        ),
    ]
    licence = next(iter(mappings.metadata.get("license", ())), None)
    titles = mappings.metadata.get("mapping_set_title", (mappings.document.file_name,))
    attribution = titles[0] if licence else f"{titles[0]}, of which no licence is known"
    matches = asserted_matches(iris)
    entry = GraphEntry(graph, 0, document=node, licence=licence, attribution=attribution)
    decided = not mappings.rows.filter(is_decision()).is_empty()
    negated = pl.col("predicate_modifier") == "Not"
    is_direct = pl.col("property") != KG.supports
    if "predicate_modifier" in table.columns:
        is_direct = is_direct & ~negated.fill_null(False)
    return Contribution(
        "mappings",
        name,
        (mappings.document,),
        {graph: lambda: said},
        {
            graph: replace(entry, kind="curated") if decided else entry,
            matches: replace(entry, graph=matches, document=None),
        },
        shared={matches: direct(table.filter(is_direct), matches)},
        findings=tuple(findings),
        counts={
            name: {
                "read": read,
                "mapped": table.height,
                "left_out": {"undecided": undecided} if undecided else {},
                "unread": None,
                "nodes": table.height,
                "quads": sum(part.height for part in said),
            }
        },
    )


def _linked(mappings: MappingTable, prefix: str) -> pl.DataFrame:
    """Return the mappings with their nodes, which are made of what they say."""
    unique = Unique()
    rows = mappings.rows
    telling = [
        pl.col(slot) if slot in rows.columns else pl.lit(None, dtype=pl.String)
        for slot in ("subject_id", "predicate_modifier", "predicate_id", "object_id")
    ]
    keys = rows.select(
        pl.concat_str(*telling, "mapping_justification", separator="\n", ignore_nulls=True)
    ).to_series()
    nodes = [unique(prefix + hashlib.sha256(key.encode()).hexdigest()[:16]) for key in keys]
    return rows.with_columns(
        pl.Series("link", nodes, dtype=pl.String),
        pl.col("subject_id").alias("source"),
        pl.col("predicate_id").alias("property"),
        pl.col("object_id").alias("target"),
    )


def _slot(links: Columns, slot: str) -> pl.DataFrame:
    predicate = PROPERTIES.get(slot, SSSOM[slot])
    if slot in MULTIVALUED:
        links = links.exploded(slot)
    if slot in REFERENCES:
        return links.node(predicate, slot)
    return links.literal(predicate, slot, _DATATYPES.get(slot, XSD.string))


def _about(mappings: MappingTable, graph: str, node: str) -> Iterator[Quad]:
    """Yield what is said of the document, and of the set that its graph is."""
    yield quads.iri(node, RDF.type, KG.Document, graph)
    yield quads.iri(node, DCT.type, concept("document-kind", "mapping-set"), graph)
    yield quads.literal(node, KG.fileName, mappings.document.file_name, graph)
    yield quads.literal(node, KG.sha256, mappings.document.sha256, graph)
    yield quads.iri(graph, RDF.type, SSSOM.MappingSet, graph)
    for slot in _OF_SET:
        predicate = PROPERTIES.get(slot, SSSOM[slot])
        for value in mappings.metadata.get(slot, ()):
            if slot in REFERENCES:
                yield quads.iri(graph, predicate, value, graph)
            elif slot in _TEXTS:
                yield quads.text(graph, predicate, value, graph)
            else:
                yield quads.literal(
                    graph, predicate, value, graph, _DATATYPES.get(slot, XSD.string)
                )
