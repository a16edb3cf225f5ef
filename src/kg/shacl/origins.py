"""Where property paths lead to, and where they come from, as sets of nodes.

Other than in `kg.shacl.walks`, which node leads to which is not kept: a set is all that is needed
to tell whom a change concerns, and what has to be read for it. Beside the paths of SHACL there are
those that `kg.shacl.views` makes: `ENDING`, `WHERE` and `WITNESSED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import polars as pl
from rdflib import URIRef
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from kg.shacl.encoding import ID
from kg.shacl.paths import PathExpression, PropertyPath

__all__ = [
    "ENDING",
    "NODES",
    "WHERE",
    "WITNESSED",
    "Follow",
    "Origins",
    "Triples",
    "reached",
    "together",
]

#: Nodes by number: `node`.
NODES = pl.Schema({"node": ID})

#: The kind of a path that ends at a node: its parts are a path, and that node.
ENDING = "ending"
#: The kind of a path that ends at nodes with a value: a path, a property, and its value.
WHERE = "where"
#: The kind of a path of which it counts only whether it leads anywhere: its part is the path.
WITNESSED = "witnessed"

#: Returns the triples with a property of which some `node`s are the subject, or the object.
Follow = Callable[[str, str, pl.DataFrame], pl.DataFrame]


class Triples(NamedTuple):
    """How triples are followed, and what number an IRI has in them.

    `edges` returns all triples with a property, as far as they are known without being followed;
    `has_few` tells whether few triples have a property and a value.
    """

    follow: Follow
    edges: Callable[[str], pl.DataFrame]
    number: Callable[[str], int]
    has_few: Callable[[str, str], bool] = lambda _, __: False


def reached(
    triples: Triples, path: PropertyPath, nodes: pl.DataFrame, *, is_back: bool = False
) -> pl.DataFrame:
    """Return the `node`s that a path, or its inverse, leads to from some `node`s."""
    if not nodes.height and isinstance(path, URIRef):
        return NODES.to_frame()
    if isinstance(path, URIRef):
        start, end = ("object", "subject") if is_back else ("subject", "object")
        return triples.follow(str(path), start, nodes).select(node=end).unique()

    def after(part: PropertyPath, start: pl.DataFrame) -> pl.DataFrame:
        return reached(triples, part, start, is_back=is_back)

    match path.kind:
        case "inverse":
            return reached(triples, path.parts[0], nodes, is_back=not is_back)
        case "sequence":
            for part in path.parts[::-1] if is_back else path.parts:
                nodes = after(part, nodes)
            return nodes
        case "alternative":
            return together(after(part, nodes) for part in path.parts)
        case "zeroOrOne":
            return together([nodes, after(path.parts[0], nodes)])
        case "ending" | "where" if is_back:
            return after(path.parts[0], _ends(triples, path, nodes))
        case "where" if (found := _from_few(triples, path, nodes)) is not None:
            return found
        case "ending" | "where":
            return _ends(triples, path, after(path.parts[0], nodes))
        case "witnessed":
            return after(path.parts[0], nodes)
    found = _repeated(triples, path.parts[0], nodes, is_back=is_back)
    return together([nodes, found]) if path.kind == "zeroOrMore" else found


def _repeated(
    triples: Triples, part: PropertyPath, nodes: pl.DataFrame, *, is_back: bool
) -> pl.DataFrame:
    """Return the `node`s that one or more steps lead to from some `node`s."""
    if (ends := _ends_of(part)) is not None:
        predicate, start, end = ends[0], *(ends[:0:-1] if is_back else ends[1:])
        edges = triples.edges(predicate).select(start=start, end=end)
        came = _connected(edges, nodes)
        return triples.follow(predicate, start, came).select(node=end).unique()
    found, fresh = NODES.to_frame(), nodes
    while fresh.height:
        further = reached(triples, part, fresh, is_back=is_back)
        fresh = further.join(found, on="node", how="anti")
        found = pl.concat([found, fresh])
    return found


def _connected(edges: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return some `node`s with all that edges, from `start` to `end`, lead to from them."""
    known = pl.concat([edges["start"], edges["end"], nodes["node"]]).unique().sort()
    size = len(known)  # beside them one node more, which leads to all that are begun at
    one, other = (known.search_sorted(edges[column]).to_numpy() for column in ("start", "end"))
    begun = known.search_sorted(nodes["node"]).to_numpy()
    steps = (np.concatenate([one, np.full(len(begun), size)]), np.concatenate([other, begun]))
    graph = csr_array((np.ones(len(steps[0]), dtype=np.int8), steps), shape=(size + 1, size + 1))
    order = breadth_first_order(graph, size, return_predecessors=False)
    return known.gather(order[1:]).to_frame("node")


def _ends(triples: Triples, path: PathExpression, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return the nodes that a path may end at, of those that its first part leads to."""
    value = pl.lit(triples.number(str(path.parts[-1])), dtype=ID)
    if path.kind == ENDING:
        return nodes.filter(pl.col("node") == value)
    rows = triples.follow(str(path.parts[1]), "subject", nodes)
    return rows.filter(pl.col("object") == value).select(node="subject").unique()


def _from_few(triples: Triples, path: PathExpression, nodes: pl.DataFrame) -> pl.DataFrame | None:
    """Return where a path leads to, from its other end, where few nodes have the value; or None."""
    step, predicate, value = path.parts
    ends = _ends_of(step)
    if ends is None or not triples.has_few(str(predicate), str(value)):
        return None
    number = pl.DataFrame({"node": [triples.number(str(value))]}, schema=NODES)
    few = triples.follow(str(predicate), "object", number).select(node="subject").unique()
    of, near, far = ends
    rows = triples.follow(of, far, few)
    return rows.join(nodes, left_on=near, right_on="node", how="semi").select(node=far).unique()


def _ends_of(step: PropertyPath) -> tuple[str, str, str] | None:
    """Return the property of a single step, and at which ends it starts and stops; else None."""
    if isinstance(step, URIRef):
        return str(step), "subject", "object"
    if step.kind == "inverse" and isinstance(step.parts[0], URIRef):
        return str(step.parts[0]), "object", "subject"
    return None


class Origins:
    """The nodes from which paths lead elsewhere than before a change.

    `triples` are those of before and after together, and `changed` has those of one of them only,
    as `subject`, `predicate` and `object`.
    """

    def __init__(self, triples: Triples, changed: pl.DataFrame) -> None:
        self._triples = triples
        parts = changed.partition_by("predicate", as_dict=True, include_key=False)
        self._changed = {str(predicate): rows for (predicate,), rows in parts.items()}
        self._known: dict[PropertyPath, pl.DataFrame] = {}

    def of(self, path: PropertyPath) -> pl.DataFrame:
        """Return the `node`s from which a path may lead elsewhere."""
        if path not in self._known:
            self._known[path] = self._starts(path, is_back=False)
        return self._known[path]

    def ends(self, predicate: str, column: str) -> pl.DataFrame:
        """Return the subjects or objects of the changed triples with a property."""
        rows = self._changed.get(predicate)
        return NODES.to_frame() if rows is None else rows.select(node=column).unique()

    def before(self, path: PropertyPath, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the nodes from which a path leads to some nodes, before or after the change."""
        return reached(self._triples, path, nodes, is_back=True)

    def _starts(self, path: PropertyPath, *, is_back: bool) -> pl.DataFrame:
        if isinstance(path, URIRef):
            return self.ends(str(path), "object" if is_back else "subject")
        match path.kind:
            case "inverse":
                return self._starts(path.parts[0], is_back=not is_back)
            case "sequence":
                parts = path.parts[::-1] if is_back else path.parts
                found = NODES.to_frame()
                for part in reversed(parts):
                    earlier = reached(self._triples, part, found, is_back=not is_back)
                    found = together([self._starts(part, is_back=is_back), earlier])
                return found
            case "ending" | "where":
                return self._starts_to(path, is_back=is_back)
            case "zeroOrMore" | "oneOrMore":
                here = self._starts(path.parts[0], is_back=is_back)
                return together(
                    [here, _repeated(self._triples, path.parts[0], here, is_back=not is_back)]
                )
            case _:
                return together(self._starts(part, is_back=is_back) for part in path.parts)

    def _starts_to(self, path: PathExpression, *, is_back: bool) -> pl.DataFrame:
        """Return the starts of a path of which not every end counts."""
        ends = _ends_of(path.parts[0])
        if ends is None or is_back:  # too many rather than too few
            return self._starts(path.parts[0], is_back=is_back)
        predicate, near, far = ends
        rows = self._changed.get(predicate)
        if rows is None:
            return NODES.to_frame()
        counting = _ends(self._triples, path, rows.select(node=far).unique())
        rows = rows.join(counting, left_on=far, right_on="node", how="semi")
        return rows.select(node=near).unique()


def together(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the nodes of several tables, once each."""
    return pl.concat([NODES.to_frame(), *tables]).unique()
