"""Analyses of the entity graph: what lies between two nodes, and the graph for NetworkX.

`projection` says which nodes and properties there are and what a hop costs, `corridor` finds the
part that can matter, `search` the best paths in it, `paths` what they rest on, and `wording` and
`formats` what is said of them. `projections` are the named ones, from skills to work, and `ways`
the part of these that can matter.
"""

from __future__ import annotations

from kg.analysis.formats import FORMATS
from kg.analysis.model import Citation, Hop, Nearest, Path, Paths, Stop
from kg.analysis.paths import MOST, SECONDS, facts_of, find_paths, find_ways
from kg.analysis.projection import to_networkx
from kg.analysis.projections import IMPORTANCE, PROJECTIONS, Projection, project
from kg.analysis.ways import Ways, ways

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
    "Ways",
    "facts_of",
    "find_paths",
    "find_ways",
    "project",
    "to_networkx",
    "ways",
]
