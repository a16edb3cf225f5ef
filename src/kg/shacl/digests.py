"""Digests of shapes: two shapes of one digest find the same in any data.

A digest is of all that a plan holds of a shape, with the shapes that it uses. Blank nodes have no
names in it, whose names differ from reading to reading; those of shapes are none of the data.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from rdflib import BNode
from rdflib.term import Identifier

from kg.shacl import plan as p
from kg.shacl.keys import key_of

__all__ = ["digests_of"]

_BLANK = "_:"


def digests_of(plan: p.Plan) -> dict[p.ShapeName, str]:
    """Return the digest of each shape that has targets, as 64 hexadecimal digits."""
    found = dict[p.ShapeName, str]()
    return {name: _digest(plan, name, found) for name, s in plan.shapes.items() if s.targets}


def _digest(plan: p.Plan, name: p.ShapeName, found: dict[p.ShapeName, str]) -> str:
    if name not in found:
        shape = plan.shapes[name]
        stated = _fields(shape, "name", "constraints") | {
            "name": _name(name),
            "constraints": sorted(_constraint(plan, c, found) for c in shape.constraints),
        }
        found[name] = sha256(_text(stated).encode()).hexdigest()
    return found[name]


def _constraint(plan: p.Plan, constraint: p.Constraint, found: dict[p.ShapeName, str]) -> str:
    """Return what a constraint says as a text, which has the digests of the shapes that it uses."""
    used = p.CHILDREN.get(type(constraint), ())
    stated = _fields(constraint, *used)
    for attribute in used:
        value = getattr(constraint, attribute)
        names = value if isinstance(value, tuple) else (value,)
        stated[attribute] = sorted(_digest(plan, name, found) for name in names)
    return _text(stated)


def _fields(value: Any, *leaving: str) -> dict[str, Any]:
    """Return the fields of a dataclass by name, but for some, with the name of its class."""
    stated = {
        f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in leaving
    }
    return {"": type(value).__name__, **stated}


def _plain(value: Any) -> Any:
    """Return a part of a plan as JSON has it."""
    match value:
        case Identifier():
            return _name(value)
        case p.Query():
            return _fields(value, "owner", "name") | {"owner": _name(value.owner)}
        case p.Target():
            return [value.kind, _name(value.term)]
        case frozenset():
            return sorted(map(_plain, value), key=_text)
        case tuple():
            return list(map(_plain, value))
        case _ if is_dataclass(value):
            return _fields(value)
        case _:
            return value


def _name(node: Identifier) -> str:
    return _BLANK if isinstance(node, BNode) else key_of(node)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
