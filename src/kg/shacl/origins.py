"""Where property paths lead to, and where they come from, as sets of nodes.

Other than in `kg.shacl.walks`, which node leads to which is not kept: a set is all that is needed
to tell whom a change concerns, and what has to be read for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl
from rdflib import URIRef

from kg.shacl.encoding import ID
from kg.shacl.paths import PropertyPath

__all__ = ["NODES", "Follow", "Origins", "reached", "together"]

#: Nodes by number: `node`.
NODES = pl.Schema({"node": ID})


#: Returns the triples with a property of which some `node`s are the subject, or the object.
Follow = Callable[[str, str, pl.DataFrame], pl.DataFrame]


def reached(
    follow: Follow, path: PropertyPath, nodes: pl.DataFrame, *, is_back: bool = False
) -> pl.DataFrame:
    """Return the `node`s that a path, or its inverse, leads to from some `node`s."""
    if not nodes.height and isinstance(path, URIRef):
        return NODES.to_frame()
    if isinstance(path, URIRef):
        start, end = ("object", "subject") if is_back else ("subject", "object")
        return follow(str(path), start, nodes).select(node=end).unique()

    def after(part: PropertyPath, start: pl.DataFrame) -> pl.DataFrame:
        return reached(follow, part, start, is_back=is_back)

    match path.kind:
        case "inverse":
            return reached(follow, path.parts[0], nodes, is_back=not is_back)
        case "sequence":
            for part in path.parts[::-1] if is_back else path.parts:
                nodes = after(part, nodes)
            return nodes
        case "alternative":
            return together(after(part, nodes) for part in path.parts)
        case "zeroOrOne":
            return together([nodes, after(path.parts[0], nodes)])
    found, fresh = NODES.to_frame(), nodes
    while fresh.height:
        fresh = after(path.parts[0], fresh).join(found, on="node", how="anti")
        found = pl.concat([found, fresh])
    return together([nodes, found]) if path.kind == "zeroOrMore" else found


class Origins:
    """The nodes from which paths lead elsewhere than before a change.

    `follow` knows the triples of before and after together, and `changed` has those of one of them
    only, as `subject`, `predicate` and `object`.
    """

    def __init__(self, follow: Follow, changed: pl.DataFrame) -> None:
        self._follow = follow
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
        return reached(self._follow, path, nodes, is_back=True)

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
                    earlier = reached(self._follow, part, found, is_back=not is_back)
                    found = together([self._starts(part, is_back=is_back), earlier])
                return found
            case "zeroOrMore" | "oneOrMore":
                here = self._starts(path.parts[0], is_back=is_back)
                found, fresh = here, here
                while fresh.height:
                    further = reached(self._follow, path.parts[0], fresh, is_back=not is_back)
                    fresh = further.join(found, on="node", how="anti")
                    found = pl.concat([found, fresh])
                return found
            case _:
                return together(self._starts(part, is_back=is_back) for part in path.parts)


def together(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the nodes of several tables, once each."""
    return pl.concat([NODES.to_frame(), *tables]).unique()
