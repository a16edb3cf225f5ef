"""Found paths as text, JSON, GraphML, Mermaid and Graphviz's DOT.

Labels are strangers' texts: each format escapes what would be more than text in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import networkx as nx

from kg.analysis.diagram import to_svg
from kg.analysis.model import Hop, Path, Paths, Stop
from kg.analysis.wording import (
    citation_sentences,
    evidence,
    nearest_sentence,
    noun,
    sentence,
    way,
)
from kg.namespaces import compact
from kg.texts import for_xml

__all__ = ["FORMATS", "to_dot", "to_graph", "to_graphml", "to_json", "to_mermaid", "to_text"]

# What Mermaid shows as it stands between quotation marks; all else becomes an entity code.
_PLAIN = re.compile(r"[^\w ,.()“”‘’…–—/-]|_")


def to_text(found: Paths) -> str:
    """Return the paths in sentences, each hop with what it rests on, and the citations."""
    ends = f"from {noun(found.start)} to {noun(found.end)}"
    if not found.paths:
        return "\n".join([f"no path {ends}", *map(nearest_sentence, found.nearest)]) + "\n"
    many = len(found.paths)
    if found.is_complete:
        lines = [f"{many} path{'' if many == 1 else 's'} {ends}"]
    else:
        lines = [f"the best {'path' if many == 1 else f'{many} paths'} {ends}"]
    for number, path in enumerate(found.paths, 1):
        lines += ["", f"{number}. {way(path)}"]
        lines += [f"   {line}" for line in _said(path)]
    if found.is_late:
        lines += ["", "The time was over before all paths were looked at."]
    return "\n".join(lines) + "\n"


def _said(path: Path) -> list[str]:
    lines = []
    known = {path.stops[0], path.stops[-1]}  # the heading has named them
    for hop in path.hops:
        lines.append(f"{sentence(hop, known)}  [{evidence(hop)}]")
        known.add(hop.end)
    if sum(hop.confidence is not None for hop in path.hops) > 1:
        lines.append(
            f"All links together: {path.confidence:.2g}, the product of their confidences, "
            "as if they were independent."
        )
    return lines + [f"Evidence: {said}" for said in citation_sentences(path)]


def to_json(found: Paths) -> str:
    """Return the paths with everything known of them, as JSON."""
    document = {
        "from": asdict(found.start),
        "to": asdict(found.end),
        "paths": [_as_dict(path) for path in found.paths],
        "complete": found.is_complete,
        "late": found.is_late,
        "nearest": [
            {
                "from": n.origin.iri,
                "wanted": n.wanted,
                "node": asdict(n.stop) if n.stop else None,
                "sentence": nearest_sentence(n),
            }
            for n in found.nearest
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _as_dict(path: Path) -> dict[str, Any]:
    return {
        "cost": path.cost,
        "confidence": path.confidence,
        "nodes": [asdict(stop) for stop in path.stops],
        "hops": [
            {
                "from": hop.start.iri,
                "to": hop.end.iri,
                "property": hop.property,
                "direction": "forward" if hop.is_forward else "backward",
                "basis": hop.basis,
                "confidence": float(hop.confidence) if hop.confidence is not None else None,
                "tentative": hop.is_tentative,
                "rule": hop.rule,
                "graph": hop.graph,
                "sentence": sentence(hop),
            }
            for hop in path.hops
        ],
        "citations": [
            {"node": c.stop.iri, "source": c.source.iri, "title": c.source.label}
            for c in path.citations
        ],
    }


def to_graph(found: Paths) -> Any:
    """Return the paths laid over each other, as a `networkx.MultiDiGraph` in RDF's directions."""
    graph = nx.MultiDiGraph()
    for number, path in enumerate(found.paths, 1):
        for stop in path.stops:
            graph.add_node(stop.iri, kind=stop.kind, label=stop.label)
        for hop in path.hops:
            tail, head = _ends(hop)
            if graph.has_edge(tail.iri, head.iri, hop.property):
                graph.edges[tail.iri, head.iri, hop.property]["paths"] += f" {number}"
                continue
            facts: dict[str, Any] = {"property": compact(hop.property), "basis": hop.basis}
            if hop.confidence is not None:
                facts["confidence"] = float(hop.confidence)
            if hop.is_tentative:
                facts["tentative"] = True
            graph.add_edge(tail.iri, head.iri, hop.property, **facts, paths=str(number))
    return graph


def _ends(hop: Hop) -> tuple[Stop, Stop]:
    return (hop.start, hop.end) if hop.is_forward else (hop.end, hop.start)


def to_graphml(found: Paths) -> str:
    """Return the paths laid over each other, as GraphML."""
    graph = to_graph(found)
    for _, facts in graph.nodes(data=True):
        facts["label"] = for_xml(facts["label"])
    return "\n".join(nx.generate_graphml(graph, named_key_ids=True)) + "\n"


def to_mermaid(found: Paths) -> str:
    """Return the paths laid over each other, as a Mermaid flowchart; inferred hops are dotted."""
    lines = ["flowchart LR"]
    lines += [f'  {i}["{_mermaid(name)}"]' for i, name in _names(found).values()]
    for start, end, label, is_inferred in _edges(found):
        arrow = "-.->" if is_inferred else "-->"
        lines.append(f'  {start} {arrow}|"{label}"| {end}')
    return "\n".join(lines) + "\n"


def _mermaid(text: str) -> str:
    return _PLAIN.sub(lambda match: f"#{ord(match[0])};", text)


def to_dot(found: Paths) -> str:
    """Return the paths laid over each other, for Graphviz; inferred hops are dashed."""
    lines = ["digraph paths {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f"  {i} [label={_quoted(name)}];" for i, name in _names(found).values()]
    for start, end, label, is_inferred in _edges(found):
        style = ", style=dashed" if is_inferred else ""
        lines.append(f"  {start} -> {end} [label={_quoted(label)}{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _names(found: Paths) -> dict[str, tuple[str, str]]:
    """Return each node's short identifier and what it is called, by its IRI."""
    stops = {stop.iri: stop for path in found.paths for stop in path.stops}
    return {
        iri: (f"n{i}", noun(stop).removeprefix("the "))
        for i, (iri, stop) in enumerate(stops.items())
    }


def _edges(found: Paths) -> list[tuple[str, str, str, bool]]:
    names = _names(found)
    edges = {}
    for path in found.paths:
        for hop in path.hops:
            tail, head = (names[stop.iri][0] for stop in _ends(hop))
            sure = f" {float(hop.confidence):.2f}" if hop.confidence is not None else ""
            label = compact(hop.property) + sure
            edges[tail, head, hop.property] = (tail, head, label, hop.basis == "inferred")
    return list(edges.values())


#: What `kg paths --format` takes.
FORMATS: dict[str, Callable[[Paths], str]] = {
    "text": to_text,
    "json": to_json,
    "graphml": to_graphml,
    "mermaid": to_mermaid,
    "dot": to_dot,
    "svg": to_svg,
}
