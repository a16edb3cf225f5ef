"""The entity graph: its nodes and edges, as the formats of network tools have them.

Its nodes are the things of the graph (`KINDS`), its edges the properties between them. A statement
and a task are joined by `kg:supports`; how sure that is comes from the link beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from kg.export.selection import Selection
from kg.link_nodes import link_nodes, surest
from kg.lookup import ENTITIES, kind_table, label_table
from kg.namespaces import ESCO, KG, compact, concept, tail

__all__ = ["KINDS", "Edge", "Network", "Node"]

#: The kinds of node, by the class of each: what paths lead through, and what figures are about.
KINDS: dict[str, str] = {
    **ENTITIES,
    "esco-occupation": ESCO.Occupation,
    "esco-skill": ESCO.Skill,
    "soc-group": KG.SocGroup,
}


class Node(NamedTuple):
    """A node, with how its IRI ends for a label where it has none."""

    iri: str
    kind: str
    label: str


class Edge(NamedTuple):
    """An edge: `property` is a CURIE, `confidence` that of the surest link, as written."""

    source: str
    target: str
    property: str
    confidence: str | None
    inferred: bool


class Network:
    """The nodes of a part of a graph, by IRI, and its edges, by their ends and property."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._nodes = kind_table(selection.quads, KINDS)

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes."""
        for iri, kind, label in _labelled(self._selection, self._nodes).iter_rows():
            yield Node(iri, kind, label or tail(iri))

    def edges(self) -> Iterator[Edge]:
        """Yield the edges. What an input asserts is asserted, though it be inferred too."""
        ends = self._nodes.select("node").lazy()
        confidences, inferred = _confidences(self._selection), _inferred(self._selection)
        names: dict[str, str] = {}
        for piece in self._selection.edges(ends):
            rows = (
                piece.lazy()
                .join(confidences, on=["subject", "predicate", "object"], how="left")
                .with_columns(inferred=pl.col("graph").is_in(inferred))
                .group_by("subject", "predicate", "object")
                .agg(pl.col("inferred").all(), pl.col("confidence").max())
                .sort("subject", "object", "predicate")
                .select("subject", "object", "predicate", "confidence", "inferred")
                .collect()
            )
            for source, target, predicate, confidence, is_inferred in rows.iter_rows():
                name = names.setdefault(predicate, compact(predicate))
                yield Edge(source, target, name, confidence, is_inferred)


def _labelled(selection: Selection, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return nodes with the label of each."""
    here = selection.whole.join(nodes.lazy(), left_on="subject", right_on="node", how="semi")
    labels = label_table(here).collect()
    return nodes.join(labels, on="node", how="left", maintain_order="left")


def _confidences(selection: Selection) -> pl.LazyFrame:
    """Return the triples that links are about, with the confidence of the surest link."""
    found = surest(link_nodes(selection.quads)).lazy()
    return found.select("subject", "object", "confidence", predicate="property")


def _inferred(selection: Selection) -> list[str]:
    """Return the graphs that hold what a method inferred or a person curated."""
    kinds = [concept("graph-kind", "inferred"), concept("graph-kind", "curated")]
    is_kind = pl.col("object").is_in(kinds)
    said = selection.whole.filter(pl.col("predicate") == KG.graphKind, is_kind)
    return said.select("subject").unique().collect()["subject"].sort().to_list()
