"""Paths between skills and work: the graph's projections, and the best ways in them.

`projection` says which nodes and properties there are and what a hop costs (`hops` reads the
triples and links), `ways` finds the part that can matter between two nodes, `search` the best paths
in it, `paths` what they rest on, and `wording` and `formats` what is said of them.
"""

from __future__ import annotations

from kg.analysis.formats import FORMATS
from kg.analysis.model import Citation, Hop, Nearest, Path, Paths, Stop
from kg.analysis.paths import MOST, SECONDS, facts_of, find_paths
from kg.analysis.projection import IMPORTANCE, PROJECTIONS, Projection, project
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
    "project",
    "ways",
]
