"""Whom to name when an export is passed on: what the catalogue says of the graphs it holds."""

from __future__ import annotations

import polars as pl

from kg.export.selection import Selection
from kg.namespaces import DCT, KG

__all__ = ["HEADING", "attributions"]

#: The first line of every list of attributions.
HEADING = "Attribution, to go with this data:"


def attributions(selection: Selection) -> list[str]:
    """Return a line for each attribution and its terms of use, sorted, the graphs it is for last.

    A line holds no control characters, so that it can stand in a comment of any format.
    """
    catalog = selection.base + "graph/catalog"
    if catalog not in selection.parts:
        return []
    entries = (
        pl.scan_parquet(selection.parts[catalog], glob=False)
        .filter(
            pl.col("subject").is_in(selection.graphs),
            pl.col("predicate").is_in([KG.attribution, DCT.license, DCT.rights]),
        )
        .select("subject", "predicate", "object")
        .sort("subject", "predicate", "object")
        .collect()
    )
    facts: dict[str, dict[str, list[str]]] = {}
    for graph, predicate, value in entries.iter_rows():
        facts.setdefault(graph, {}).setdefault(predicate, []).append(_plain(value))
    graphs: dict[str, list[str]] = {}
    for graph, said in facts.items():
        names = said.get(KG.attribution, [])
        terms = [*said.get(DCT.rights, []), *said.get(DCT.license, [])]
        # A page's attribution is often its statement of rights, word for word.
        extra = [term for term in terms if term not in names]
        text = " ".join(names) or "Without attribution."
        line = f"{text} Terms: {' '.join(extra)}" if extra else text
        graphs.setdefault(line, []).append(graph)
    return [f"{line} [{_listed(of)}]" for line, of in sorted(graphs.items())]


def _plain(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())


def _listed(graphs: list[str], most: int = 5) -> str:
    more = f" and {len(graphs) - most} more graphs" if len(graphs) > most else ""
    return ", ".join(graphs[:most]) + more
