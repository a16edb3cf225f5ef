"""What links of others have in common: their graphs, and what they also say directly.

A link says who says what, and how surely; the direct triple beside it (`skos:closeMatch`) is what
one asks for who only wants to go on. Several sets may say the same: so that no triple stands in two
graphs, direct triples are in graphs that all sets share, one for what is asserted and one for what
is concluded.
"""

from __future__ import annotations

import polars as pl

from kg.mapping.columns import Columns
from kg.mapping.iris import Iris
from kg.namespaces import KG, OWL, RDF

__all__ = ["asserted_matches", "direct", "inferred_matches", "link_quads"]


def asserted_matches(iris: Iris) -> str:
    """Return the graph of the direct triples that mapping sets assert."""
    return iris.graph("matches")


def inferred_matches(iris: Iris) -> str:
    """Return the graph of the direct triples that are concluded from mapping sets."""
    return iris.graph("links/matches")


def link_quads(links: Columns) -> list[pl.DataFrame]:
    """Return what makes rows links: their type, source, property and target.

    The table has the columns `source`, `property` and `target`.
    """
    return [
        links.same(RDF.type, KG.Link),
        links.node(OWL.annotatedSource, "source"),
        links.node(OWL.annotatedProperty, "property"),
        links.node(OWL.annotatedTarget, "target"),
    ]


def direct(links: pl.DataFrame, graph: str) -> pl.DataFrame:
    """Return what links also say directly, in a graph; the columns are those of `link_quads`."""
    return links.select(
        subject=pl.col("source"),
        predicate=pl.col("property"),
        object=pl.col("target"),
        kind=pl.lit("iri"),
        datatype=pl.lit(None, dtype=pl.String),
        language=pl.lit(None, dtype=pl.String),
        graph=pl.lit(graph),
    )
