"""Node-link JSON: the entity graph as `networkx.node_link_graph` and D3 read it.

One object with `directed`, `multigraph`, `graph` (with whom to credit), `nodes` (`id`, `kind`,
`label`) and `edges` (`source`, `target`, `key`, the property; `confidence` where there is one;
`inferred`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from kg.export.attribution import attributions
from kg.export.network import Network
from kg.export.selection import Selection

__all__ = ["node_link"]


def node_link(selection: Selection) -> Iterator[str]:
    """Yield node-link JSON, a node or an edge a line: nodes by IRI, edges by ends and property."""
    network = Network(selection)
    credit = _text({"attribution": attributions(selection)})
    yield f'{{"directed": true, "multigraph": true, "graph": {credit},\n"nodes": [\n'
    yield from _listed({"id": n.iri, "kind": n.kind, "label": n.label} for n in network.nodes())
    yield '\n],\n"edges": [\n'
    yield from _listed(
        {
            "source": edge.source,
            "target": edge.target,
            "key": edge.property,
            **({} if edge.confidence is None else {"confidence": float(edge.confidence)}),
            "inferred": edge.inferred,
        }
        for edge in network.edges()
    )
    yield "\n]}\n"


def _listed(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    for number, item in enumerate(items):
        yield (",\n" if number else "") + _text(item)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
