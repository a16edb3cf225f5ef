"""Property paths over an encoded graph, for all nodes that they start from at once.

https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

import polars as pl
from rdflib import URIRef

from kg.errors import RequestError
from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.paths import PropertyPath

__all__ = ["MOST_PAIRS", "walk"]

#: So many pairs of a start and an end are kept of one path; each takes eight bytes, and as much
#: again while they are joined.
MOST_PAIRS = 100_000_000


def walk(graph: EncodedGraph, path: PropertyPath, starts: pl.DataFrame) -> pl.DataFrame:
    """Return each `focus` of a table of distinct nodes with each `value` that a path leads to.

    Raises RequestError for a path of more than MOST_PAIRS pairs.
    """
    return (
        _Walker(graph)
        .walk(path, starts.select(start="focus"), is_back=False)
        .rename({"start": "focus", "end": "value"})
    )


class _Walker:
    def __init__(self, graph: EncodedGraph) -> None:
        self._graph = graph

    def walk(self, path: PropertyPath, starts: pl.DataFrame, *, is_back: bool) -> pl.DataFrame:
        """Return the distinct pairs of `start` and `end`, of a path or of its inverse."""
        if isinstance(path, URIRef):
            return self._step(str(path), starts, is_back)
        match path.kind:
            case "inverse":
                return self.walk(path.parts[0], starts, is_back=not is_back)
            case "sequence":
                return self._sequence(path.parts[::-1] if is_back else path.parts, starts, is_back)
            case "alternative":
                ways = [self.walk(part, starts, is_back=is_back) for part in path.parts]
                return _checked(pl.concat(ways).unique())
            case "zeroOrOne":
                once = self.walk(path.parts[0], starts, is_back=is_back)
                return pl.concat([_identity(starts), once]).unique()
            case "zeroOrMore":
                more = self._closure(path.parts[0], starts, is_back)
                return pl.concat([_identity(starts), more]).unique()
            case _:
                return self._closure(path.parts[0], starts, is_back)

    def _step(self, predicate: str, starts: pl.DataFrame, is_back: bool) -> pl.DataFrame:
        start, end = ("object", "subject") if is_back else ("subject", "object")
        pairs = self._graph.pairs(predicate).select(start=start, end=end)
        return pairs.join(starts, on="start", how="semi")

    def _sequence(
        self, parts: tuple[PropertyPath, ...], starts: pl.DataFrame, is_back: bool
    ) -> pl.DataFrame:
        found = self.walk(parts[0], starts, is_back=is_back)
        for part in parts[1:]:
            middle = found.select(start="end").unique()
            following = self.walk(part, middle, is_back=is_back)
            found = _joined(found, following)
        return found

    def _closure(self, part: PropertyPath, starts: pl.DataFrame, is_back: bool) -> pl.DataFrame:
        """Return what one or more steps lead to: only pairs that are new take a further step."""
        edges, seen, fresh = None, starts, starts
        while fresh.height:  # the steps from all nodes that can be come to
            steps = self.walk(part, fresh, is_back=is_back)
            edges = steps if edges is None else pl.concat([edges, steps])
            fresh = steps.select(start="end").unique().join(seen, on="start", how="anti")
            seen = pl.concat([seen, fresh])
        if edges is None:
            return _identity(starts)
        found = edges.join(starts, on="start", how="semi")
        new = found
        while new.height:
            further = _joined(new, edges)
            new = further.join(found, on=["start", "end"], how="anti")
            found = _checked(pl.concat([found, new]))
        return found


def _joined(pairs: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    joined = pairs.join(steps.rename({"start": "end", "end": "further"}), on="end")
    return _checked(joined.select("start", end="further").unique())


def _identity(starts: pl.DataFrame) -> pl.DataFrame:
    return starts.select("start", end="start").cast(ID)


def _checked(pairs: pl.DataFrame) -> pl.DataFrame:
    if pairs.height > MOST_PAIRS:
        raise RequestError(
            f"a property path has more than {MOST_PAIRS:,} pairs of nodes in the data; "
            "give the shape fewer focus nodes, or a narrower path"
        )
    return pairs
