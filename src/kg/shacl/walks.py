"""Property paths over an encoded graph, for all nodes that they start from at once.

https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
import polars as pl
from rdflib import URIRef
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from kg.errors import RequestError
from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.paths import PropertyPath
from kg.shacl.plan import predicates_of

__all__ = ["MOST_PAIRS", "walk"]

#: So many pairs of a start and an end a path may have, for a validation to stay below 1.5 GB:
#: measured, a pair takes some 35 bytes, and 160 where a constraint reports each of them.
MOST_PAIRS = 8_000_000

#: So many rows a join has at a time, before pairs that are found twice are taken out.
_MOST_ROWS = 10_000_000


def walk(graph: EncodedGraph, path: PropertyPath, starts: pl.DataFrame) -> pl.DataFrame:
    """Return each `focus` of a table of distinct nodes with each `value` that a path leads to.

    Raises RequestError for a path of more than MOST_PAIRS pairs.
    """
    return (
        _Walker(graph)
        .walk(path, starts.select(start="focus"), is_back=False)
        .rename({"start": "focus", "end": "value"})
    )


#: So many edges are followed from one start after the other, in a second, before what groups lead
#: to is merged: said by so many bits at a time, 64 MB, and in so many blocks.
_MOST_FOLLOWED, _MOST_BITS, _MOST_BLOCKS = 10_000_000, 2**29, 8

#: So many steps are taken from the nodes that were just come to, before all others are at once.
_MOST_ROUNDS = 20


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
                return _union(*(self.walk(part, starts, is_back=is_back) for part in path.parts))
            case "zeroOrOne":
                return _union(_identity(starts), self.walk(path.parts[0], starts, is_back=is_back))
            case "zeroOrMore":
                return _union(_identity(starts), self._closure(path.parts[0], starts, is_back))
            case _:
                return self._closure(path.parts[0], starts, is_back)

    def _step(self, predicate: str, starts: pl.DataFrame, is_back: bool) -> pl.DataFrame:
        return self._edges(predicate, is_back).join(starts, on="start", how="semi")

    def _edges(self, predicate: str, is_back: bool) -> pl.DataFrame:
        start, end = ("object", "subject") if is_back else ("subject", "object")
        return self._graph.pairs(predicate).select(start=start, end=end)

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
        """Return what one or more steps lead to."""
        if isinstance(part, URIRef):
            edges = self._edges(str(part), is_back)
            return _reached(edges, starts, _nodes(edges, starts))
        seen, fresh, found = starts, starts, [_identity(starts).clear()]
        while fresh.height:  # the steps from all nodes that can be come to
            if len(found) == _MOST_ROUNDS and (left := self._left(part, seen, fresh, is_back)):
                found += left
                break
            found.append(self.walk(part, fresh, is_back=is_back))
            fresh = found[-1].select(start="end").unique().join(seen, on="start", how="anti")
            seen = pl.concat([seen, fresh])
        edges = pl.concat(found)
        return _reached(edges, starts, _nodes(edges, starts))

    def _left(
        self, part: PropertyPath, seen: pl.DataFrame, fresh: pl.DataFrame, is_back: bool
    ) -> list[pl.DataFrame]:
        """Return the steps from fresh nodes and all that were not seen; nothing if too many."""
        edges = [self._edges(str(iri), is_back) for iri in set(predicates_of(part))]
        others = pl.concat([e.select(start=end) for e in edges for end in ("start", "end")])
        others = others.unique().join(seen, on="start", how="anti")
        try:
            return [self.walk(part, pl.concat([fresh, others]), is_back=is_back)]
        except RequestError:
            return []


def _nodes(edges: pl.DataFrame, starts: pl.DataFrame) -> pl.Series:
    return pl.concat([starts["start"], edges["start"], edges["end"]]).unique()


def _reached(edges: pl.DataFrame, starts: pl.DataFrame, nodes: pl.Series) -> pl.DataFrame:
    """Return `starts` with all that edges lead to from them; `nodes` are all that there are.

    Nodes that lead to each other lead to the same. As one node each they make a graph without
    circles, which is followed from each start by itself. That takes the time of the edges between
    what is found; where they are many, and no more than some sixty thousand nodes are come to, what
    nodes lead to is made of what the next ones lead to, each edge taken once.
    """
    starts = starts.join(edges, on="start", how="semi")
    known = nodes.sort()
    one, other = (known.search_sorted(edges[column]).to_numpy() for column in ("start", "end"))
    size = len(known)
    graph = csr_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    count, groups = connected_components(graph, connection="strong")
    groups = groups.astype(np.int64)
    begun = groups[known.search_sorted(starts["start"]).to_numpy()]
    sources, ends = _followed(
        np.unique(groups[one] * count + groups[other]),
        np.bincount(groups, minlength=count),
        np.bincount(begun, minlength=count),
    )
    members = pl.DataFrame({"end": known, "to": groups})
    return (
        pl.DataFrame({"from": sources, "to": ends})
        .join(starts.with_columns(pl.Series("from", begun)), on="from")
        .join(members, on="to")
        .select("start", "end")
    )


def _followed(
    steps: np.ndarray, sizes: np.ndarray, begun: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the groups that are begun at, each with the groups that steps lead to from it.

    A step is the number of a group times that of all, plus the number of the next; `sizes` are
    the nodes of each group, `begun` those that are starts.
    """
    count = len(sizes)
    offsets = np.searchsorted(steps, np.arange(count + 1) * count).tolist()
    nexts = (steps % count).tolist()
    numbers, starts = sizes.tolist(), begun.tolist()
    sources, ends, total, followed = array("q"), array("q"), 0, 0
    left, order = np.flatnonzero(begun).tolist()[::-1], None
    while left:
        if followed > _MOST_FOLLOWED and order is None:
            order = _last_first(left, nexts, offsets)
            if len(order) ** 2 <= _MOST_BLOCKS * _MOST_BITS:
                break
        group = left.pop()
        seen: set[int] = set()
        pending = [group]
        while pending:
            place = pending.pop()
            targets = nexts[offsets[place] : offsets[place + 1]]
            followed += len(targets)
            for end in targets:
                if end not in seen:
                    seen.add(end)
                    pending.append(end)
        total += starts[group] * sum(numbers[end] for end in seen)
        _check(total)
        sources.extend([group] * len(seen))
        ends.extend(seen)
    found = [(np.array(sources, dtype=np.int64), np.array(ends, dtype=np.int64))]
    if left and order is not None:
        for some in _merged(order, left, nexts, offsets):
            total += int((begun[some[0]] * sizes[some[1]]).sum())
            _check(total)
            found.append(some)
    return np.concatenate([s for s, _ in found]), np.concatenate([e for _, e in found])


def _merged(
    order: list[int], begun: list[int], nexts: list[int], offsets: list[int]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield groups with all that steps lead to from them, made of what the next ones lead to.

    Each step is taken once for a block of ends, of which a group has a bit for each: blocks are
    as large as _MOST_BITS lets them be.
    """
    rank = dict(zip(order, range(len(order)), strict=True))
    targets = [
        np.array([rank[end] for end in nexts[offsets[group] : offsets[group + 1]]], dtype=np.int64)
        for group in order
    ]
    groups = np.array(order, dtype=np.int64)
    asked = np.array([rank[group] for group in begun], dtype=np.int64)
    width = max(1, min(len(order), _MOST_BITS // len(order)) // 8 + 1)
    for start in range(0, len(order), 8 * width):
        bits = np.zeros((len(order), width), dtype=np.uint8)
        for place, ends in enumerate(targets):
            bits[place] = np.bitwise_or.reduce(bits[ends], axis=0)
            inside = ends[(ends >= start) & (ends < start + 8 * width)] - start
            np.bitwise_or.at(bits[place], inside // 8, (128 >> inside % 8).astype(np.uint8))
        rows = max(1, _MOST_BITS // (64 * width))
        for some in (asked[at : at + rows] for at in range(0, len(asked), rows)):
            one, end = np.unpackbits(bits[some], axis=1).nonzero()
            yield groups[some[one]], groups[end + start]


def _last_first(begun: list[int], nexts: list[int], offsets: list[int]) -> list[int]:
    """Return all groups that are come to, each after those that steps lead to from it."""
    order: list[int] = []
    seen: set[int] = set()
    for start in begun:
        pending = [start]
        while pending:
            group = pending.pop()
            if group < 0:
                order.append(~group)
            elif group not in seen:
                seen.add(group)
                pending.append(~group)  # once all that it leads to are done
                pending += nexts[offsets[group] : offsets[group + 1]]
    return order


def _joined(pairs: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct pairs of a start and what steps lead to from its end.

    A pair is found as often as there are ways, so that the rows of a join are counted before it.
    """
    steps = steps.rename({"start": "end", "end": "further"})
    ways = steps.group_by("end").len("ways")
    rows = (
        pairs.join(ways.cast({"ways": pl.Int64}), on="end")
        .group_by("start")
        .agg(pl.sum("ways"), least=pl.max("ways"))
    )
    _check(int(rows["least"].sum()))  # no fewer, whatever the others lead to
    parts = rows.sort("start").with_columns(part=pl.col("ways").cum_sum() // _MOST_ROWS)
    found, total = [_identity(pairs.select("start")).clear()], 0
    for part in parts.select("start", "part").partition_by("part", include_key=False):
        some = pairs.join(part, on="start", how="semi")
        if part.height == 1:  # whatever number of ways it has
            last = steps.join(some, on="end", how="semi").select(end="further").unique()
            found.append(part.join(last, how="cross"))
        else:
            found.append(_distinct(some.join(steps, on="end").select("start", end="further")))
        total += found[-1].height
        _check(total)
    return pl.concat(found)


def _union(*tables: pl.DataFrame) -> pl.DataFrame:
    return _checked(_distinct(pl.concat(tables)))


def _distinct(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs once each, told apart by one number in half the space of two."""
    both = (
        pairs.select(pl.col("start").cast(pl.UInt64) * 2**32 + pl.col("end")).to_series().unique()
    )
    return pl.DataFrame({"start": (both // 2**32).cast(ID), "end": (both % 2**32).cast(ID)})


def _identity(starts: pl.DataFrame) -> pl.DataFrame:
    return starts.select("start", end="start").cast(ID)


def _checked(pairs: pl.DataFrame) -> pl.DataFrame:
    _check(pairs.height)
    return pairs


def _check(number: int) -> None:
    if number > MOST_PAIRS:
        raise RequestError(
            f"a property path has more than {MOST_PAIRS:,} pairs of nodes in the data; "
            "give the shape fewer focus nodes, or a narrower path"
        )
