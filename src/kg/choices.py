"""Names to choose from, for those who list them before what they name is loaded.

The command line tells them in its help, which must not wait for tables and graphs to be imported.
"""

from __future__ import annotations

__all__ = ["ANALYSES", "PROJECTIONS"]

#: The analyses of `kg.analyses`.
ANALYSES = (
    "centrality",
    "communities",
    "coverage",
    "crosswalk",
    "evidence",
    "nearest",
    "progression",
    "transition",
)
#: The projections of `kg.analysis`.
PROJECTIONS = ("asserted", "linked")
