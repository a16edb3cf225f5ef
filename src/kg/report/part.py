"""What a graph says of one occupation, in memory: the part that an export of it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kg.export import Selection
from kg.link_nodes import link_nodes
from kg.namespaces import DCT, KG, LABELS, RDF, SCHEMA, SKOS, tail

__all__ = ["Part", "read_part"]

_Said = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Part:
    """The triples of the part, by subject and property, and by object and property; its links."""

    occupation: str
    forward: _Said
    backward: _Said
    graphs: tuple[str, ...]
    links: pl.DataFrame
    """As `kg.link_nodes.link_nodes` gives them."""

    def all(self, node: str, predicate: str) -> tuple[str, ...]:
        """Return the values of a property, sorted."""
        return self.forward.get(node, {}).get(predicate, ())

    def one(self, node: str, predicate: str) -> str | None:
        """Return the first value of a property, if it has one."""
        return next(iter(self.all(node, predicate)), None)

    def to(self, node: str, predicate: str) -> tuple[str, ...]:
        """Return what has a node as the value of a property, sorted."""
        return self.backward.get(node, {}).get(predicate, ())

    def is_a(self, node: str, kind: str) -> bool:
        """Tell whether a node is of a class."""
        return kind in self.all(node, RDF.type)

    def label(self, node: str) -> str:
        """Return the label of a node, or how its IRI ends."""
        found = (self.one(node, predicate) for predicate in LABELS)
        return next((label for label in found if label), tail(node))

    def source(self, node: str) -> str:
        """Return the title of a source with its version."""
        version = self.one(node, "http://purl.org/pav/version")
        title = self.one(node, DCT.title) or self.label(node)
        return f"{title} {version}" if version and version not in title else title

    def about(self, nodes: Iterable[str], kind: str) -> list[str]:
        """Return the figures or classifications about some nodes, each once."""
        found = {f for node in nodes for f in self.to(node, SCHEMA.about)}
        return sorted(node for node in found if self.is_a(node, kind))

    def code(self, node: str) -> str | None:
        """Return the code of a node."""
        return self.one(node, SKOS.notation) or self.one(node, KG.taskId)


def read_part(selection: Selection) -> Part:
    """Return the part of a graph about the occupation that is selected."""
    assert selection.occupation is not None
    forward: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    backward: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    columns = ("subject", "predicate", "object", "kind")
    table = selection.quads.select(*columns, "graph").collect()
    rows = table.select(columns).unique().sort(columns)
    for subject, predicate, value, kind in rows.iter_rows():
        forward[subject][predicate].append(value)
        if kind != "literal":
            backward[value][predicate].append(subject)
    graphs, links = tuple(selection.graphs), link_nodes(table.lazy())
    return Part(selection.occupation, _frozen(forward), _frozen(backward), graphs, links)


def _frozen(said: Mapping[str, Mapping[str, list[str]]]) -> _Said:
    return {
        node: {predicate: tuple(values) for predicate, values in of.items()}
        for node, of in said.items()
    }
