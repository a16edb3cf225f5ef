"""Generations: immutable directories of a graph, and the switch from one to the next.

A graph's folder holds `generations/<number>-<digest>/`, each with the quad table (`quads/`, one
Parquet part a named graph), the store loaded from it (`store/`), `manifest.json`, what the next
build may take over (`reuse/`), and what it was checked with (`checked.json`); and `current`, one
line that names the published generation and is replaced in one rename. Whatever stops a build, the
published generation stays as it was.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.generations.checked import checked_with, note_checked
from kg.generations.folder import rollback
from kg.generations.leases import Lease
from kg.generations.model import HOW, Generation, Part, all_of, current, named

if TYPE_CHECKING:
    from kg.generations.drafts import Draft, draft, publish
    from kg.generations.parts import write_part, write_parts

__all__ = [
    "HOW",
    "Draft",
    "Generation",
    "Lease",
    "Part",
    "all_of",
    "checked_with",
    "current",
    "draft",
    "named",
    "note_checked",
    "publish",
    "rollback",
    "write_part",
    "write_parts",
]

#: What only builds need, and takes long to import.
_WRITING = {
    **dict.fromkeys(("Draft", "draft", "publish"), "kg.generations.drafts"),
    **dict.fromkeys(("write_part", "write_parts"), "kg.generations.parts"),
}


def __getattr__(name: str) -> Any:
    if name in _WRITING:
        return getattr(import_module(_WRITING[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
