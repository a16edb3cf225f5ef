"""Which focus nodes a change of the data can affect: of all others, the findings stay as they are.

A shape says something else of a node only where a triple changed that the shape comes to from it:
one on the way of its path, one that a constraint looks at where the path ends, or one that makes
the node a target. So from each such triple the paths are walked backwards, in what the data were
and are together. The patterns of a query are such paths too, where they hang together with the
focus node. A pattern that hangs together with nothing concerns every focus node once a changed
triple matches it, and none before. What else a query looks at cannot be bounded like that: a shape
with one that may see a changed triple is checked whole.
"""

from __future__ import annotations

import polars as pl

from kg.namespaces import RDF, RDFS
from kg.shacl import plan as p
from kg.shacl.encoding import EncodedGraph
from kg.shacl.keys import key_of
from kg.shacl.origins import NODES, Origins, Triples, together
from kg.shacl.paths import PropertyPath
from kg.shacl.relevant import of_query
from kg.shacl.views import Unbounded, view_of_query
from kg.store import Pattern

__all__ = ["Effects"]

#: What makes a node an instance of a class.
_TYPING = frozenset((RDF.type, RDFS.subClassOf))


class Effects:
    """What changed between two states of data, and whom it concerns.

    `both` has the triples of the two together, and `changed` those of one of them only, as
    `subject`, `predicate` and `object`.
    """

    def __init__(
        self,
        plan: p.Plan,
        old: EncodedGraph,
        new: EncodedGraph,
        both: EncodedGraph,
        changed: pl.DataFrame,
    ) -> None:
        self._plan, self._old, self._new = plan, old, new
        self._changed = changed.unique()

        def follow(predicate: str, end: str, nodes: pl.DataFrame) -> pl.DataFrame:
            return both.pairs(predicate).join(nodes, left_on=end, right_on="node", how="semi")

        self._origins = Origins(Triples(follow, both.pairs, new.number), self._changed)
        self._predicates = frozenset(self._changed["predicate"])
        self._known: dict[p.ShapeName, pl.DataFrame | None] = {}

    def concerned(self, shape: p.Shape) -> pl.DataFrame | None:
        """Return the `node`s that can be affected as a shape's focus; None where all can be."""
        if not self._changed.height:
            return NODES.to_frame()
        concerned = self._of_shape(shape.name)
        if concerned is None:
            return None
        simple = [t for t in shape.targets if isinstance(t, p.Target)]
        chosen = [t for t in shape.targets if isinstance(t, p.QueryTarget)]
        if any(self._is_seen(target.query, None) for target in chosen):
            return None
        return together([concerned, *map(self._of_target, simple)])

    # ------------------------------------------------------------ shapes

    def _of_shape(self, name: p.ShapeName) -> pl.DataFrame | None:
        """Return the nodes of which a shape can say something else; None for any."""
        if name not in self._known:
            shape = self._plan.shapes[name]
            self._known[name] = NODES.to_frame() if shape.is_deactivated else self._nodes(shape)
        return self._known[name]

    def _nodes(self, shape: p.Shape) -> pl.DataFrame | None:
        nodes = [self._origins.of(shape.path)] if shape.path is not None else []
        at_end = list[pl.DataFrame]()
        for constraint in shape.constraints:
            match constraint:
                case p.Sparql() | p.Custom():
                    if not self._is_seen(constraint.query, shape.path):
                        continue
                    try:
                        view = view_of_query(constraint.query, shape.path)
                    except Unbounded:
                        return None
                    if any(map(self._is_matched, view.loose)):
                        return None
                    nodes += map(self._origins.of, view.of_focus)
                    at_end += map(self._origins.of, view.of_value)
                case p.Equals(other=other) | p.Disjoint(other=other) | p.LessThan(other=other):
                    nodes.append(self._origins.ends(str(other), "subject"))
                case p.Class(of=of):
                    at_end.append(self._of_class(key_of(of)))
                case p.Closed():
                    at_end.append(self._changed.select(node="subject"))
            for child in self._plan.children(constraint):
                below = self._of_shape(child.name)
                if below is None:
                    return None
                at_end.append(below)
        ends = together(at_end)
        if shape.path is None:
            return together([*nodes, ends])
        return together([*nodes, self._origins.before(shape.path, ends)])

    def _of_target(self, target: p.Target) -> pl.DataFrame:
        key = key_of(target.term)
        match target.kind:
            case "class":
                return self._of_class(key)
            case "subjectsOf":
                return self._origins.ends(key, "subject")
            case "objectsOf":
                return self._origins.ends(key, "object")
        return NODES.to_frame()

    def _of_class(self, key: str) -> pl.DataFrame:
        """Return the nodes that became or ceased to be instances of a class."""
        if _TYPING.isdisjoint(self._predicates):
            return NODES.to_frame()
        was, now = self._old.instances(key), self._new.instances(key)
        return pl.concat(
            [was.join(now, on="node", how="anti"), now.join(was, on="node", how="anti")]
        )

    def _is_matched(self, pattern: Pattern) -> bool:
        """Tell whether a triple changed that matches a pattern."""
        subject, predicate, value = pattern
        is_matched = pl.col("predicate") == predicate
        for column, term in (("subject", subject), ("object", value)):
            if term is not None:
                is_matched &= pl.col(column) == self._new.number(term)
        return not self._changed.filter(is_matched).is_empty()

    def _is_seen(self, query: p.Query, path: PropertyPath | None) -> bool:
        """Tell whether a query may look at a triple that changed."""
        seen = of_query(query.text, query.prefixes, path)
        if seen.predicates is None or not seen.predicates.isdisjoint(self._predicates):
            return True
        return seen.classes != frozenset() and RDF.type in self._predicates
