"""Generations: immutable directories of a graph, and the switch from one to the next.

A graph's folder holds `generations/<number>-<digest>/`, each with the quad table (`quads/`, one
Parquet part a named graph), the store loaded from it (`store/`), `manifest.json`, and what the
next build may take over (`reuse/`); and `current`, one line that names the published generation
and is replaced in one rename. Whatever stops a build, the published generation stays as it was.
"""

from kg.generations.draft import Draft, draft, publish
from kg.generations.folder import rollback
from kg.generations.leases import Lease
from kg.generations.model import HOW, Generation, all_of, current, named
from kg.generations.parts import Part, write_part, write_parts

__all__ = [
    "HOW",
    "Draft",
    "Generation",
    "Lease",
    "Part",
    "all_of",
    "current",
    "draft",
    "named",
    "publish",
    "rollback",
    "write_part",
    "write_parts",
]
