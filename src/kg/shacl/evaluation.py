"""A validation while it runs: each shape once, on all its focus nodes together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import polars as pl

from kg.shacl import plan as p
from kg.shacl.constraints import CHECKS, Scope, findings
from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.keys import key_of
from kg.shacl.paths import PropertyPath
from kg.shacl.solving import Solver
from kg.shacl.walks import walk

__all__ = ["Evaluation", "Found"]


#: How often a node comes to a property shape.
_TIMES = pl.UInt32()


class Found(NamedTuple):
    """What breaks one constraint of a shape; the columns of `table` are FINDINGS."""

    shape: p.Shape
    constraint: p.Constraint
    table: pl.DataFrame


class Evaluation:
    """Shapes over data, with what is remembered of shapes that are asked for repeatedly."""

    def __init__(
        self,
        graph: EncodedGraph,
        plan: p.Plan,
        solver: Solver,
        chosen: Callable[[p.Shape, Callable[[], pl.DataFrame]], pl.DataFrame] | None = None,
    ) -> None:
        """`chosen` returns which nodes a shape is checked for, given it and what gets its targets.

        None given: all.
        """
        self.graph = graph
        self._chosen = chosen
        self._plan, self._solver = plan, solver
        #: Which nodes were asked for, and whether they fail.
        self._verdicts: dict[p.ShapeName, pl.DataFrame] = {}
        self._targets: dict[tuple[p.Target | p.QueryTarget, ...], pl.DataFrame] = {}
        #: Value nodes by path and targets: many shapes share both.
        self._values: dict[
            tuple[PropertyPath, tuple[p.Target | p.QueryTarget, ...]], pl.DataFrame
        ] = {}

    def run(self) -> Iterator[Found]:
        """Yield what is found, by constraint.

        A property shape is checked once for each node, and reported as often as the node comes
        to it: that is how often the specification has a result of it.
        """
        pending: dict[p.ShapeName, list[pl.DataFrame]] = {}
        for shape in self._in_order():
            asked = self._asked(shape, pending.pop(shape.name, []))
            if asked is None:
                continue
            focus, times = asked
            scope = self._scope(shape, focus)
            for constraint in shape.constraints:
                if isinstance(constraint, p.Property):
                    lower = _weighted(scope.pairs, times).group_by("value").agg(pl.sum("times"))
                    pending.setdefault(constraint.shape, []).append(
                        lower.rename({"value": "focus"})
                    )
                    continue
                table = findings(CHECKS[type(constraint)](scope, constraint))
                if table.height:
                    yield Found(shape, constraint, _repeated(table, times))

    def _asked(
        self, shape: p.Shape, pending: list[pl.DataFrame]
    ) -> tuple[pl.DataFrame, pl.DataFrame | None] | None:
        """Return the nodes that a shape is reported for, and how often where that is not once."""
        if shape.is_deactivated:
            return None
        targets = None
        if shape.targets and self._chosen is not None:
            targets = self._chosen(shape, lambda: self.focus_nodes(shape))
        elif shape.targets:
            targets = self.focus_nodes(shape)
        if not pending:
            return None if targets is None or not targets.height else (targets, None)
        if targets is not None:
            pending = [*pending, targets.with_columns(times=pl.lit(1, dtype=_TIMES))]
        total = pl.concat(pending).group_by("focus", maintain_order=True).agg(pl.sum("times"))
        if not total.height:
            return None
        focus = total.select("focus")
        return focus, None if total["times"].max() == 1 else total

    def reasons(
        self, name: p.ShapeName, nodes: pl.DataFrame
    ) -> Iterator[tuple[Found, pl.DataFrame]]:
        """Yield what a shape finds for the `value`s of a table, with the value that it is about.

        That is a table of `focus` and `root`: of a property shape's findings, `focus` is what the
        shape's path leads to from the `root`.
        """
        focus = nodes.select(focus="value").unique()
        yield from self._reasons(name, focus.with_columns(root="focus"))

    def _reasons(
        self, name: p.ShapeName, roots: pl.DataFrame
    ) -> Iterator[tuple[Found, pl.DataFrame]]:
        shape = self._plan.shapes[name]
        if shape.is_deactivated or not roots.height:
            return
        scope = self._scope(shape, roots.select("focus").unique())
        for constraint in shape.constraints:
            if isinstance(constraint, p.Property):
                lower = scope.pairs.join(roots, on="focus").select("root", focus="value").unique()
                yield from self._reasons(constraint.shape, lower)
                continue
            table = CHECKS[type(constraint)](scope, constraint)
            if table.height:
                yield Found(shape, constraint, findings(table)), roots

    def focus_nodes(self, shape: p.Shape) -> pl.DataFrame:
        """Return the focus nodes that a shape targets, once each: `focus`.

        https://www.w3.org/TR/shacl/#targets
        """
        if shape.targets not in self._targets:
            tables = [self._target(target) for target in shape.targets]
            table = tables[0] if len(tables) == 1 else pl.concat(tables)
            self._targets[shape.targets] = table.unique(maintain_order=True)
        return self._targets[shape.targets]

    def failing(self, shape: p.ShapeName, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return which `value`s of a table do not conform to a shape, once each."""
        asked = nodes.select("value")
        known = self._verdicts.get(shape)
        new = asked if known is None else asked.join(known, on="value", how="anti")
        if new.height:
            bad = self._failing(self._plan.shapes[shape], new.rename({"value": "focus"}))
            verdicts = new.with_columns(fails=pl.col("value").is_in(bad["focus"].implode()))
            known = verdicts if known is None else pl.concat([known, verdicts])
            self._verdicts[shape] = known
        if known is None:
            return asked
        return asked.join(known.filter("fails"), on="value", how="semi")

    def _failing(self, shape: p.Shape, focus: pl.DataFrame) -> pl.DataFrame:
        bad = focus.clear()
        if shape.is_deactivated:
            return bad
        for constraint in shape.constraints:
            # What failed already is not asked again.
            left = focus.join(bad, on="focus", how="anti") if bad.height else focus
            if not left.height:
                break
            table = CHECKS[type(constraint)](self._scope(shape, left), constraint)
            bad = pl.concat([bad, table.select("focus").unique()])
        return bad

    def solutions(
        self, constraint: p.Sparql | p.Custom, shape: p.Shape, pairs: pl.DataFrame
    ) -> pl.DataFrame:
        """Return what the query of a constraint finds, as `kg.shacl.solving` says."""
        return self._solver.solutions(constraint, shape, pairs)

    def _scope(self, shape: p.Shape, focus: pl.DataFrame) -> Scope:
        if shape.path is None:
            return Scope(self, shape, focus, focus.with_columns(value="focus"))
        if self._targets.get(shape.targets) is not focus:
            return Scope(self, shape, focus, walk(self.graph, shape.path, focus))
        key = (shape.path, shape.targets)
        if key not in self._values:
            self._values[key] = walk(self.graph, shape.path, focus)
        return Scope(self, shape, focus, self._values[key])

    def _in_order(self) -> list[p.Shape]:
        """Return the shapes, each before the property shapes that it reports."""
        order: list[p.Shape] = []
        state: dict[p.ShapeName, bool] = {}
        for start in self._plan.shapes:
            pending = [(start, False)]
            while pending:
                name, is_done = pending.pop()
                if is_done:
                    order.append(self._plan.shapes[name])
                elif name not in state:
                    state[name] = True
                    pending.append((name, True))
                    pending += [
                        (constraint.shape, False)
                        for constraint in self._plan.shapes[name].constraints
                        if isinstance(constraint, p.Property)
                    ]
        return order[::-1]

    def _target(self, target: p.Target | p.QueryTarget) -> pl.DataFrame:
        if isinstance(target, p.QueryTarget):
            return self._solver.targets(target)
        key = key_of(target.term)
        if target.kind == "node":
            return pl.DataFrame({"focus": [self.graph.number(key)]}, schema={"focus": ID})
        if target.kind == "class":
            return self.graph.instances(key).select(focus="node")
        column = "subject" if target.kind == "subjectsOf" else "object"
        return self.graph.pairs(key).select(focus=column).unique()


def _weighted(pairs: pl.DataFrame, times: pl.DataFrame | None) -> pl.DataFrame:
    if times is None:
        return pairs.with_columns(times=pl.lit(1, dtype=_TIMES))
    return pairs.join(times, on="focus")


def _repeated(table: pl.DataFrame, times: pl.DataFrame | None) -> pl.DataFrame:
    if times is None:
        return table
    counted = table.join(times, on="focus", how="left", maintain_order="left")
    rows = pl.int_range(pl.len(), dtype=pl.UInt32).repeat_by("times").explode()
    return table[counted.select(rows).to_series()]
