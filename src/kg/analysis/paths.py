"""The best paths between two nodes of a graph, with what each hop rests on."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from itertools import islice, pairwise
from typing import Any

import polars as pl

from kg import lookup
from kg.analysis.corridor import Corridor, corridor
from kg.analysis.model import Citation, Hop, Nearest, Path, Paths, Stop
from kg.analysis.projection import SHARED, UNIT, entities, hops
from kg.analysis.projections import KINDS
from kg.analysis.search import Route, best_routes
from kg.analysis.ways import Ways
from kg.errors import RequestError
from kg.facts import Facts
from kg.namespaces import DCT, KG, LABELS, PAV, SKOS

__all__ = ["MOST", "SECONDS", "facts_of", "find_paths", "find_ways"]

#: How many paths are looked for, and for how long, unless one says otherwise.
MOST = 5
SECONDS = 10.0
#: What is said of the nodes of a path, beside their kinds.
_TOLD = (*LABELS, KG.cites, KG.stageBasis, KG.taskId, DCT.source, PAV.version, SKOS.notation)
#: The kinds that are known by a code, beside tasks.
_CODED = ("element", "occupation")


def facts_of(table: pl.LazyFrame) -> Facts:
    """Return what is said of the nodes of paths, to be kept for many searches in a table."""
    return Facts(table, pl.col("predicate").is_in(_TOLD))


def find_paths(
    table: pl.LazyFrame,
    start: str,
    end: str,
    most: int = MOST,
    seconds: float = SECONDS,
    otherwise: Callable[[], Ways] | None = None,
    facts: Facts | None = None,
) -> Paths:
    """Return at most `most` of the best simple paths between two nodes, given by their IRIs.

    Of equal cost, those with fewer hops come first, then those with the lesser IRIs. Detours, and
    longer paths through more shared nodes than the best one needs, are left out. The first path is
    always looked for to the end; when `seconds` are over after it, what was found is all. Where no
    path is found here, or one of the nodes is of a kind that only a projection has, it is looked
    for in the projection that `otherwise` makes. `facts` are those of the table, where they were
    read already. Raises RequestError for nodes that cannot stand on
    a path.
    """
    _check(start, end, most)
    facts = facts or facts_of(table)
    nodes = entities(table)
    kinds = dict(nodes.filter(pl.col("iri").is_in([start, end])).iter_rows())
    for iri in (start, end):
        if iri not in kinds:
            if otherwise:
                return find_ways(facts, otherwise(), start, end, most)
            raise _no_end(iri, lookup.ENTITIES)
    near = corridor(nodes, hops(table, nodes), start, end)
    if near.reached is not None:
        among = otherwise() if otherwise else None
        if among and None not in (among.number(start), among.number(end)):
            wider = find_ways(facts, among, start, end, most)
            if wider.paths:
                return wider
        return _without_path(facts, near, (start, kinds[start]), (end, kinds[end]))
    until = time.monotonic() + seconds
    routes, is_complete, is_late = _routes(near, start, end, most, until)
    return _described(facts, near.graph, routes, is_complete, is_late)


def find_ways(facts: Facts, among: Ways, start: str, end: str, most: int = MOST) -> Paths:
    """Return at most `most` of the best simple paths between two nodes of a projection.

    By cost, as `kg.analysis.projections` defines it, then hops, then IRIs; detours are left out.
    `facts` are those of the projection's table, as `facts_of` gives them.
    Raises RequestError for nodes that the projection does not have.
    """
    _check(start, end, most)
    for iri in (start, end):
        if among.number(iri) is None:
            raise _no_end(iri, KINDS)
    graph, limit = among.corridor(start, end)
    routes = list(islice(best_routes(graph, start, end, limit), most + 1))
    if not routes:
        ends = among.nodes.filter(pl.col("iri").is_in([start, end]))
        stops = _stops(facts.about([start, end]), dict(ends.iter_rows()))
        return Paths(stops[start], stops[end], ())
    return _described(facts, graph, routes[:most], len(routes) <= most, False)


def _check(start: str, end: str, most: int) -> None:
    if most < 1:
        raise RequestError("at least one path must be asked for")
    if start == end:
        raise RequestError(f"a path leads from one node to another, and both are {start}")


def _no_end(iri: str, kinds: Iterable[str]) -> RequestError:
    return RequestError(f"no path leads from or to {iri}: it is none of {', '.join(kinds)}")


def _routes(
    near: Corridor, start: str, end: str, most: int, until: float
) -> tuple[list[Route], bool, bool]:
    shared = {node for node, kind in near.graph.nodes(data="kind") if kind in SHARED}
    found: list[Route] = []
    fewest = 0
    for route in best_routes(near.graph, start, end, near.limit):
        passed = sum(node in shared for node in route.nodes[1:-1])
        if not found:
            fewest = passed
        if passed <= fewest or route.hops < found[0].hops:
            if len(found) == most:
                return found, False, False
            found.append(route)
        if time.monotonic() > until:
            return found, False, True
    return found, True, False


def _described(
    facts: Facts, graph: Any, routes: list[Route], is_complete: bool, is_late: bool
) -> Paths:
    kinds = {node: graph.nodes[node]["kind"] for route in routes for node in route.nodes}
    here = facts.about(kinds)
    cited = _cited(here, [n for n, kind in kinds.items() if kind not in SHARED])
    bases = _values(here, kinds, KG.stageBasis)
    sources = {source for found in cited.values() for source in found}
    there = facts.about(sources | set(bases.values()))
    stops = _stops(pl.concat([here, there]), dict.fromkeys(sources, "source") | kinds)
    labels = lookup.labels_of(there, bases.values())
    rules = {node: labels.get(basis, _tail(basis)) for node, basis in bases.items()}
    paths = []
    for route in routes:
        way = tuple(
            _hop(stops[a], stops[b], graph.edges[a, b], rules) for a, b in pairwise(route.nodes)
        )
        citations = tuple(
            Citation(stops[node], stops[source])
            for node in route.nodes
            for source in cited.get(node, ())
        )
        paths.append(Path(way, route.cost / UNIT, citations))
    first = paths[0]
    return Paths(first.stops[0], first.stops[-1], tuple(paths), is_complete, is_late)


def _hop(start: Stop, end: Stop, edge: dict[str, Any], rules: dict[str, str]) -> Hop:
    is_forward = edge["is_forward"] == (start.iri < end.iri)
    statement = start if is_forward else end
    return Hop(
        start,
        end,
        edge["property"],
        is_forward,
        edge["basis"],
        edge["confidence"],
        rules.get(statement.iri) if edge["property"] == KG.stage else None,
        edge["graph"],
        edge["is_tentative"],
    )


def _cited(table: pl.LazyFrame, nodes: Collection[str]) -> dict[str, list[str]]:
    """Return the sources of each statement, figure and classification that has one."""
    rows = (
        table.filter(
            pl.col("subject").is_in(list(nodes)),
            pl.col("predicate").is_in([KG.cites, DCT.source]),
            pl.col("kind") != "literal",
        )
        .select("subject", "object")
        .unique()
        .sort("subject", "object")
        .collect()
    )
    found: dict[str, list[str]] = {}
    for node, source in rows.iter_rows():
        found.setdefault(node, []).append(source)
    return found


def _stops(table: pl.LazyFrame, kinds: dict[str, str]) -> dict[str, Stop]:
    labels = lookup.labels_of(table, kinds)
    codes = _values(table, [n for n, k in kinds.items() if k == "task"], KG.taskId)
    codes |= _values(table, [n for n, k in kinds.items() if k in _CODED], SKOS.notation)
    versions = _values(table, [n for n, k in kinds.items() if k == "source"], PAV.version)
    stops = {}
    for iri, kind in kinds.items():
        label = labels.get(iri, _tail(iri))
        version = versions.get(iri, "")
        shown = f"{label} {version}" if version and version not in label else label
        stops[iri] = Stop(iri, kind, shown, codes.get(iri))
    return stops


def _values(table: pl.LazyFrame, nodes: Collection[str], predicate: str) -> dict[str, str]:
    rows = (
        table.filter(pl.col("subject").is_in(list(nodes)), pl.col("predicate") == predicate)
        .group_by("subject")
        .agg(pl.col("object").min())
        .collect()
    )
    return dict(rows.iter_rows())


def _tail(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri


def _without_path(
    facts: Facts, near: Corridor, start: tuple[str, str], end: tuple[str, str]
) -> Paths:
    assert near.reached is not None
    kinds = dict([start, end])
    found: list[tuple[str, str, str | None]] = []
    for reached, (origin, _), (_, wanted) in zip(
        near.reached, (start, end), (end, start), strict=True
    ):
        others = reached.filter(pl.col("iri") != origin)
        alike = others.filter(pl.col("kind") == wanted)
        best = (alike if alike.height else others).head(1)
        iri = best["iri"].item() if best.height else None
        kinds |= dict(best.select("iri", "kind").iter_rows())
        found.append((origin, wanted, iri))
    stops = _stops(facts.about(kinds), kinds)
    nearest = tuple(Nearest(stops[o], wanted, stops[i] if i else None) for o, wanted, i in found)
    return Paths(stops[start[0]], stops[end[0]], (), nearest=nearest)
