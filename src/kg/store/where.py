"""Where triples stand: the named graphs of a store that have some, found by its indexes.

Of a graph in a thousand files, only those that have what is asked for need to be opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["MOST", "Pattern", "graphs_with"]

#: So many triples are looked through, which takes less time than opening all files.
MOST = 20_000
#: Subject, predicate and object, each an IRI, or None for any.
Pattern = tuple[str | None, str | None, str | None]


def graphs_with(store: Path, patterns: Iterable[Pattern], most: int = MOST) -> set[str] | None:
    """Return the names of all graphs that have a triple of one of the patterns.

    None where more than `most` triples would have to be looked through, and where a graph has no
    IRI for a name. Raises OSError for a store that cannot be opened.
    """
    import pyoxigraph as ox

    def term(iri: str | None) -> Any:
        return None if iri is None else ox.NamedNode(iri)

    opened, left = ox.Store.read_only(str(store)), most
    names: set[Any] = set()
    for subject, predicate, value in patterns:
        for quad in opened.quads_for_pattern(term(subject), term(predicate), term(value)):
            names.add(quad.graph_name)
            left -= 1
            if left < 0:
                return None
    if not all(isinstance(name, ox.NamedNode) for name in names):
        return None
    return {name.value for name in names}
