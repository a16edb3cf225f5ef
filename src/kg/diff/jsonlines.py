"""A difference as JSON: one object, of which every entry of a list is on a line of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from kg.diff.difference import Diff
from kg.diff.model import NodeChange, Value
from kg.namespaces import XSD

__all__ = ["as_json"]


def as_json(diff: Diff) -> Iterator[str]:
    """Yield the text of a JSON object; `docs/diff.md` explains its keys."""
    gone, come = diff.graphs
    yield "{\n"
    yield f'"attributions": {_line(diff.attributions)},\n'
    yield f'"old": {_line(asdict(diff.old))},\n'
    yield f'"new": {_line(asdict(diff.new))},\n'
    yield f'"differs": {_line(diff.differs)},\n'
    yield f'"graphs": {_line({"removed": gone, "added": come})},\n'
    classes = ({"class": k or None, **asdict(counts)} for k, counts in diff.counts.items())
    lists: dict[str, Iterable[Any]] = {
        "documents": map(asdict, diff.documents),
        "classes": classes,
        "tasks": map(asdict, diff.tasks),
        "statements": map(asdict, diff.statements),
        "nodes": map(_node, diff.nodes()),
    }
    for name, entries in lists.items():
        yield f'"{name}": ['
        separator = "\n"
        for entry in entries:
            yield separator + _line(entry)
            separator = ",\n"
        yield "]\n" if name == "nodes" else "],\n"
    yield "}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _node(node: NodeChange) -> dict[str, Any]:
    return {
        "node": node.iri,
        "class": node.type,
        "status": node.status,
        "label": node.label,
        "properties": [
            {
                "property": change.predicate,
                "removed": [_term(value) for value in change.removed],
                "added": [_term(value) for value in change.added],
            }
            for change in node.properties
        ],
    }


def _term(value: Value) -> dict[str, str]:
    """Return a term as the SPARQL 1.1 Query Results JSON Format has it (section 3.2.2)."""
    if value.kind == "iri":
        return {"type": "uri", "value": value.value}
    if value.kind == "blank":
        return {"type": "bnode", "value": value.value.removeprefix("_:")}
    term = {"type": "literal", "value": value.value}
    if value.language:
        return {**term, "xml:lang": value.language}
    return term if value.datatype in (None, XSD.string) else {**term, "datatype": value.datatype}
