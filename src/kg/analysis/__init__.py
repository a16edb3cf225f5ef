"""Analyses of the entity graph: what lies between two nodes, and the graph for NetworkX.

`projection` says which nodes and properties there are and what a hop costs, `corridor` finds the
part that can matter, `search` the best paths in it, `paths` what they rest on, and `wording` and
`formats` what is said of them.
"""

from __future__ import annotations

from kg.analysis.formats import FORMATS
from kg.analysis.model import Citation, Hop, Nearest, Path, Paths, Stop
from kg.analysis.paths import MOST, SECONDS, find_paths
from kg.analysis.projection import to_networkx
from kg.analysis.projections import IMPORTANCE, PROJECTIONS, Projection, project

__all__ = [
    "FORMATS",
    "IMPORTANCE",
    "MOST",
    "PROJECTIONS",
    "SECONDS",
    "Citation",
    "Hop",
    "Nearest",
    "Path",
    "Paths",
    "Projection",
    "Stop",
    "find_paths",
    "project",
    "to_networkx",
]
