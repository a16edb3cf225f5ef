"""Quad tables of ratings, for analyses that rest on them."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kg.namespaces import KG, ONET

#: An occupation, an element, a scale (IM or LV), a value and whether O*NET would suppress it.
Rating = tuple[str, str, str, float, str]


def rating_table(
    ratings: Iterable[Rating], related: Iterable[tuple[str, str]] = ()
) -> pl.LazyFrame:
    """Return the quads of ratings, and of what occupations are related to."""
    quads = []
    for number, (occupation, element, scale, value, suppressed) in enumerate(ratings):
        row = f"rating/{number}"
        quads += [
            (occupation, ONET.hasRating, row, "iri"),
            (row, ONET.refersTo, f"element/{element}", "iri"),
            (row, ONET.refersTo, f"scale/{scale}", "iri"),
            (row, ONET.dataValue, str(value), "literal"),
            (row, KG.recommendSuppress, suppressed, "literal"),
        ]
    for number, (occupation, other) in enumerate(related):
        quads += [
            (occupation, ONET.hasRelatedOccupation, f"related/{number}", "iri"),
            (f"related/{number}", ONET.refersTo, other, "iri"),
        ]
    unsaid = {name: pl.lit(None, pl.String) for name in ("datatype", "language", "graph")}
    columns = ["subject", "predicate", "object", "kind"]
    return pl.LazyFrame(quads, columns, orient="row").with_columns(**unsaid)
