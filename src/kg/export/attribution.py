"""Whom to name when an export is passed on: what the catalogue says of the graphs it holds."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kg.export.selection import Selection
from kg.namespaces import DCT, KG
from kg.texts import one_line

__all__ = ["HEADING", "Catalogue", "attributions", "attributions_of", "read_catalogue"]

#: The first line of every list of attributions.
HEADING = "Attribution, to go with this data:"


#: What the catalogue says of each graph, by property.
Catalogue = dict[str, dict[str, list[str]]]


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
    return facts


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
