"""An overview of a generation: what there is of each class and property, graphs and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from kg import quads
from kg.export.attribution import own_licences
from kg.generations import Generation
from kg.namespaces import DCT, FOAF, KG, PAV, PROV, RDF

__all__ = ["classes", "overview"]

#: Of so many rows, about, subjects are counted at a time.
_SHARE = 1_000_000
#: What `info` takes from the catalogue of graphs: the name of the column, and the property.
_GRAPH_COLUMNS = {
    "kind": KG.graphKind,
    "document": PROV.wasDerivedFrom,
    "licence": DCT.license,
    "attribution": KG.attribution,
}
#: What `info` tells of a source: the name of the column, and the property.
_SOURCE_COLUMNS = {
    "title": DCT.title,
    "version": PAV.version,
    "issued": DCT.issued,
    "licence": DCT.license,
    "rights": DCT.rights,
    "page": FOAF.page,
    "cite": DCT.bibliographicCitation,
}


def overview(generation: Generation) -> dict[str, Any]:
    """Return counts of classes and properties, the graphs, and the sources with citations."""
    manifest = generation.manifest
    return {
        "generation": generation.name,
        "base": _base(generation),
        "quads": manifest["quads"],
        "inputs": generation.inputs,
        "versions": manifest.get("versions", {}),
        "classes": classes(generation),
        "properties": _counts(generation.scan(), "predicate", "property", manifest["quads"]),
        "graphs": _graphs(generation),
        "sources": _sources(generation),
    }


def classes(generation: Generation) -> list[dict[str, Any]]:
    """Return how many quads and nodes there are of each class: `class`, `count`, `subjects`."""
    types = generation.scan().filter(pl.col("predicate") == RDF.type)
    return _counts(types, "object", "class", generation.manifest["quads"])


def _base(generation: Generation) -> str:
    return str(generation.manifest["base"])


def _graphs(generation: Generation) -> list[dict[str, Any]]:
    """Return what the catalogue alone says of graphs: others may say anything of them."""
    catalog = f"{_base(generation)}graph/catalog"
    facts = _values(list(generation.parts), _GRAPH_COLUMNS, _part(generation, catalog))
    for graph, licence in own_licences(generation.parts, _base(generation)).items():
        facts[graph]["licence"] = facts[graph]["licence"] or licence
    names = _file_names(generation)
    graphs = []
    for graph, values in facts.items():
        kind = (values["kind"] or "").rpartition("/")[2]
        # One that is inferred is made from several, which it names itself.
        document = None if kind == "inferred" else values["document"]
        told = {
            "kind": kind,
            "document": document,
            "triples": generation.written[graph].quads,
            "licence": values["licence"],
            "attribution": values["attribution"],
            "file": names.get((catalog, document)) or names.get((graph, document)),
        }
        graphs.append({"graph": graph, **told})
    return graphs


def _file_names(generation: Generation) -> dict[tuple[str, str | None], str]:
    """Return the file name of each document, by the graph that says it and the document."""
    named = generation.scan().filter(pl.col("predicate") == KG.fileName)
    rows = named.select("graph", "subject", "object").sort("object", descending=True).collect()
    return {(graph, document): name for graph, document, name in rows.iter_rows()}


def _sources(generation: Generation) -> list[dict[str, Any]]:
    """Return what the catalogue of sources says of its own, and RDF of others of all others."""
    catalogue = _part(generation, f"{_base(generation)}graph/sources")
    own = _values(_subjects_of(KG.Source, catalogue), _SOURCE_COLUMNS, catalogue)
    others = [iri for iri in _subjects_of(KG.Source, generation.scan()) if iri not in own]
    values = own | _values(others, _SOURCE_COLUMNS, generation.scan())
    return [{"source": iri, **values[iri]} for iri in sorted(values)]


def _part(generation: Generation, graph: str) -> pl.LazyFrame:
    """Return the quad table of a graph."""
    return quads.scan(path for name, path in generation.parts.items() if name == graph)


def _subjects_of(kind: str, table: pl.LazyFrame) -> list[str]:
    typed = table.filter(pl.col("predicate") == RDF.type, pl.col("object") == kind)
    return typed.select("subject").collect()["subject"].sort().to_list()


def _values(
    nodes: list[str], columns: Mapping[str, str], table: pl.LazyFrame
) -> dict[str, dict[str, str | None]]:
    """Return the first value of some properties of some nodes, by node, then column."""
    found: dict[str, dict[str, str | None]] = {n: dict.fromkeys(columns) for n in sorted(nodes)}
    names = {iri: name for name, iri in columns.items()}
    rows = (
        table.filter(pl.col("subject").is_in(nodes), pl.col("predicate").is_in(list(names)))
        .select("subject", "predicate", "object")
        .sort("object")
        .collect()
    )
    for subject, predicate, value in rows.iter_rows():
        column = names[predicate]
        found[subject][column] = found[subject][column] or value
    return found


def _counts(table: pl.LazyFrame, column: str, name: str, rows: int) -> list[dict[str, Any]]:
    """Return how many of a table's rows have each value of a column, and how many subjects."""
    # In shares of the subjects, whose counts add up: all of them at once would take a gigabyte.
    shares = 1 + rows // _SHARE
    counted = pl.concat(
        table.filter(pl.col("subject").hash() % shares == share)
        .group_by(column)
        .agg(pl.len().alias("count"), pl.col("subject").n_unique().alias("subjects"))
        .collect()
        for share in range(shares)
    )
    total = counted.group_by(column).agg(pl.col("count", "subjects").sum())
    ordered = total.sort(["count", column], descending=[True, False])
    return ordered.rename({column: name}).to_dicts()
