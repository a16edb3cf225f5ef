"""The best paths between two nodes of a projection, with what each hop rests on."""

from __future__ import annotations

import time
from collections.abc import Collection
from itertools import pairwise
from typing import Any

import polars as pl

from kg import lookup
from kg.analysis.model import Citation, Hop, Nearest, Path, Paths, Stop
from kg.analysis.projection import KINDS, UNIT
from kg.analysis.search import Route, best_routes
from kg.analysis.ways import PASSING, Ways
from kg.errors import RequestError
from kg.facts import Facts
from kg.namespaces import DCT, KG, LABELS, PAV, SKOS, tail

__all__ = ["MOST", "SECONDS", "facts_of", "find_paths"]

#: How many paths are looked for, and for how long, unless one says otherwise.
MOST = 5
SECONDS = 10.0
#: What is said of the nodes of a path, beside their kinds.
_TOLD = (*LABELS, KG.cites, KG.stageBasis, KG.taskId, DCT.source, PAV.version, SKOS.notation)
#: The kinds that cite a source, or take their value from one.
_CITING = ("classification", "figure", "statement")
#: The kinds that are known by a code, beside tasks.
_CODED = ("element", "occupation")


def facts_of(table: pl.LazyFrame) -> Facts:
    """Return what is said of the nodes of paths, to be kept for many searches in a table."""
    return Facts(table, pl.col("predicate").is_in(_TOLD))


def find_paths(
    facts: Facts, among: Ways, start: str, end: str, most: int = MOST, seconds: float = SECONDS
) -> Paths:
    """Return at most `most` of the best simple paths between two nodes, given by their IRIs.

    By cost, as `kg.analysis.projection` defines it, then hops, then IRIs; detours are left out.
    The first path is always looked for to the end; when `seconds` are over after it, what was found
    is all. `facts` are those of the projection's table, as `facts_of` gives them. Raises
    RequestError for nodes that the projection does not have.
    """
    if most < 1:
        raise RequestError("at least one path must be asked for")
    if start == end:
        raise RequestError(f"a path leads from one node to another, and both are {start}")
    for iri in (start, end):
        if among.number(iri) is None:
            raise RequestError(
                f"no path leads from or to {iri}: it is none of {', '.join(sorted(KINDS))}"
            )
    until = time.monotonic() + seconds
    graph, limit = among.corridor(start, end)
    routes: list[Route] = []
    is_complete, is_late = True, False
    for route in best_routes(graph, start, end, limit):
        if len(routes) == most:
            is_complete = False
            break
        routes.append(route)
        if time.monotonic() > until:
            is_late = True
            break
    if not routes:
        return _without_path(facts, among, start, end)
    return _described(facts, graph, routes, is_complete, is_late)


def _described(
    facts: Facts, graph: Any, routes: list[Route], is_complete: bool, is_late: bool
) -> Paths:
    kinds = {node: graph.nodes[node]["kind"] for route in routes for node in route.nodes}
    here = facts.about(kinds)
    cited = _cited(here, [n for n, kind in kinds.items() if kind in _CITING])
    bases = _values(here, kinds, KG.stageBasis)
    sources = {source for found in cited.values() for source in found}
    there = facts.about(sources | set(bases.values()))
    stops = _stops(pl.concat([here, there]), dict.fromkeys(sources, "source") | kinds)
    labels = lookup.labels_of(there, bases.values())
    rules = {node: labels.get(basis, tail(basis)) for node, basis in bases.items()}
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
        paths.append(Path(way, route.cost % PASSING / UNIT, citations))
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
        label = labels.get(iri, tail(iri))
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


def _without_path(facts: Facts, among: Ways, start: str, end: str) -> Paths:
    kinds = dict(among.nodes.filter(pl.col("iri").is_in([start, end])).iter_rows())
    found: list[tuple[str, str, str | None]] = []
    for origin, other in ((start, end), (end, start)):
        reached = among.reached(origin)
        wanted = kinds[other]
        alike = reached.filter(pl.col("kind") == wanted)
        best = (alike if alike.height else reached).head(1)
        kinds |= dict(best.select("iri", "kind").iter_rows())
        found.append((origin, wanted, best["iri"].item() if best.height else None))
    stops = _stops(facts.about(kinds), kinds)
    nearest = tuple(Nearest(stops[o], wanted, stops[i] if i else None) for o, wanted, i in found)
    return Paths(stops[start], stops[end], (), nearest=nearest)
