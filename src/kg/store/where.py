"""Where triples stand: the named graphs of a store that have some, found by its indexes.

Of a graph in a thousand files, only those that have what is asked for need to be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

__all__ = ["MOST", "Pattern", "Places"]

#: So many triples are looked through, which takes less time than opening all files.
MOST = 20_000
#: Subject, predicate and object, each an IRI, or None for any.
Pattern = tuple[str | None, str | None, str | None]


class Places:
    """Tells in which named graphs of a store triples stand; it is opened once it is asked."""

    def __init__(self, store: Path) -> None:
        self._path = store

    @cached_property
    def _store(self) -> Any:
        import pyoxigraph as ox

        return ox.Store.read_only(str(self._path))

    def graphs_with(
        self, patterns: Iterable[Pattern], witnessed: Iterable[Pattern] = (), most: int = MOST
    ) -> set[str] | None:
        """Return the names of all graphs that have a triple of one of the patterns.

        Of each pattern that is `witnessed`, one graph that has a triple of it will do, if there is
        any. None where more than `most` triples would have to be looked through, and where a graph
        has no IRI for a name. Raises OSError for a store that cannot be opened.
        """
        import pyoxigraph as ox

        left = most
        names = {q.graph_name for pattern in witnessed for q in islice(self._quads(pattern), 1)}
        for pattern in patterns:
            for quad in self._quads(pattern):
                names.add(quad.graph_name)
                left -= 1
                if left < 0:
                    return None
        if not all(isinstance(name, ox.NamedNode) for name in names):
            return None
        return {name.value for name in names}

    def _quads(self, pattern: Pattern) -> Iterator[Any]:
        import pyoxigraph as ox

        terms = (None if iri is None else ox.NamedNode(iri) for iri in pattern)
        return iter(self._store.quads_for_pattern(*terms))
