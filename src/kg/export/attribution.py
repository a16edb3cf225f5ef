"""Whom to name when an export is passed on: what the catalogue says of the graphs it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from kg.export import xml
from kg.export.selection import Selection
from kg.namespaces import DCT, KG
from kg.texts import one_line

__all__ = [
    "HEADING",
    "Catalogue",
    "attributions",
    "attributions_of",
    "own_licences",
    "read_catalogue",
    "xml_beginning",
]

#: The first line of every list of attributions.
HEADING = "Attribution, to go with this data:"


#: What the catalogue says of each graph, by property.
Catalogue = dict[str, dict[str, list[str]]]


def xml_beginning(selection: Selection) -> Iterator[str]:
    """Yield how a document of XML begins: its declaration, and whom to credit as a comment."""
    yield xml.DECLARATION
    if lines := attributions(selection):
        yield xml.comment([HEADING, *lines])


def attributions(selection: Selection) -> list[str]:
    """Return a line for each attribution and its terms of use, sorted, the graphs it is for last.

    A line holds no control characters, so that it can stand in a comment of any format.
    """
    return attributions_of(read_catalogue(selection), selection.graphs)


def read_catalogue(selection: Selection) -> Catalogue:
    """Return what the catalogue says of every graph."""
    catalog = selection.base + "graph/catalog"
    if catalog not in selection.parts:
        return {}
    entries = (
        pl.scan_parquet(selection.parts[catalog], glob=False)
        .filter(pl.col("predicate").is_in([KG.attribution, DCT.license, DCT.rights]))
        .select("subject", "predicate", "object")
        .sort("subject", "predicate", "object")
        .collect()
    )
    facts: Catalogue = {}
    for graph, predicate, value in entries.iter_rows():
        facts.setdefault(graph, {}).setdefault(predicate, []).append(one_line(value))
    for graph, licence in own_licences(selection.parts, selection.base).items():
        facts.get(graph, {}).setdefault(DCT.license, [one_line(licence)])
    return facts


def own_licences(parts: Mapping[str, Path], base: str) -> dict[str, str]:
    """Return the licence of each graph of others that states one, and no other, of itself.

    The catalogue does not repeat it: no triple stands in two graphs.
    """
    foreign = [path for graph, path in parts.items() if not graph.startswith(base)]
    if not foreign:
        return {}
    said = (
        pl.scan_parquet(foreign, glob=False)
        .filter(pl.col("predicate") == DCT.license, pl.col("subject") == pl.col("graph"))
        .select("graph", "object")
        .unique()
        .filter(pl.len().over("graph") == 1)
        .collect()
    )
    return dict(zip(said["graph"], said["object"], strict=True))


def attributions_of(catalogue: Catalogue, graphs: Iterable[str]) -> list[str]:
    """Return the lines for some graphs, as `attributions` does."""
    same: dict[str, list[str]] = {}
    for graph in sorted(graphs):
        if (said := catalogue.get(graph)) is None:
            continue
        names = said.get(KG.attribution, [])
        terms = [*said.get(DCT.rights, []), *said.get(DCT.license, [])]
        # A page's attribution is often its statement of rights, word for word.
        extra = [term for term in terms if term not in names]
        text = " ".join(names) or "Without attribution."
        line = f"{text} Terms: {' '.join(extra)}" if extra else text
        same.setdefault(line, []).append(graph)
    return [f"{line} [{_listed(of)}]" for line, of in sorted(same.items())]


def _listed(graphs: list[str], most: int = 5) -> str:
    more = f" and {len(graphs) - most} more graphs" if len(graphs) > most else ""
    return ", ".join(graphs[:most]) + more
