"""The algebra of SPARQL over an encoded graph: the solutions of a query for all focus nodes.

A table has a column of term numbers for each variable, null where it is not bound. What is bound
before a query runs is where every pattern starts from, so that each operator sees the bound value
as if it stood in its text: https://www.w3.org/TR/shacl/#pre-binding

Of the algebra this has what constraints are mostly made of. `NotCovered` is raised for the rest,
and the query then runs elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from rdflib import BNode, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.evalutils import _val
from rdflib.plugins.sparql.parserutils import CompValue

from kg.errors import RequestError
from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.expressions import conjuncts, evaluated, replaced, satisfied
from kg.shacl.functions import EXISTS, HAS_MEMBERS, MEMBERS, has_value
from kg.shacl.keys import key_of, term_of
from kg.shacl.paths import PathExpression, PropertyPath
from kg.shacl.walks import walk

__all__ = ["MOST_SOLUTIONS", "Algebra", "NotCovered", "TooManySolutions", "path_of"]

#: So many rows a table of solutions has at most, for a validation to stay below 1.5 GB: measured,
#: a row takes some 35 bytes while it is joined.
MOST_SOLUTIONS = 4_000_000

_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
#: Functions that give each solution a value of its own, where one is computed for equal cases here.
_ANEW = frozenset({"Builtin_BNODE", "Builtin_RAND", "Builtin_STRUUID", "Builtin_UUID"})
_Pattern = tuple[Any, Any, Any]
_MULTIPLE = {"*": "zeroOrMore", "+": "oneOrMore", "?": "zeroOrOne"}


class NotCovered(Exception):
    """A query has a part that is not evaluated here."""


class TooManySolutions(RequestError):
    """A part of a query has more than MOST_SOLUTIONS for the rows that were bound: `number`."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            f"more than {MOST_SOLUTIONS:,} solutions on the way to its answer; "
            "let its patterns share more variables, or say FILTER EXISTS"
        )


class Algebra:
    """Evaluates parts of queries on a graph."""

    def __init__(self, graph: EncodedGraph) -> None:
        self._graph = graph
        self._parts: dict[str, Callable[[CompValue, pl.DataFrame], pl.DataFrame]] = {
            "AggregateJoin": self._aggregated,
            "BGP": self._patterns,
            "Distinct": self._distinct,
            "Extend": self._extended,
            "Filter": self._filtered,
            "Join": self._join,
            "LeftJoin": self._left_join,
            "Project": self._projected,
            "SelectQuery": lambda part, bound: self.solve(part.p, bound),
            "ToMultiSet": lambda part, bound: self.solve(part.p, bound),
            "Union": self._union,
        }
        self._fresh = 0

    def solve(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        """Return the solutions of a part of a query that go with distinct rows of bound variables.

        Raises NotCovered, and TooManySolutions before they are made.
        """
        evaluate = self._parts.get(part.name) if isinstance(part, CompValue) else None
        if evaluate is None:
            raise NotCovered(getattr(part, "name", str(part)))
        return evaluate(part, bound)

    # ------------------------------------------------------------ patterns

    def _patterns(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        """Join the patterns, each time one that has a term known, the rarest first."""
        anonymous = dict[BNode, Variable]()
        left = [
            step
            for pattern in part.triples
            for step in self._steps(self._named(pattern, anonymous))
        ]
        solutions = bound
        while left:
            known = set(solutions.columns)
            pattern = min(left, key=lambda p: self._weight(p, known))
            left.remove(pattern)
            solutions = self._with_pattern(solutions, pattern)
        internal = [c for c in solutions.columns if c.startswith("__step_")]
        return solutions.drop(internal)

    def _named(self, pattern: _Pattern, anonymous: dict[BNode, Variable]) -> _Pattern:
        """Return a pattern with variables for its blank nodes, which stand for any node.

        https://www.w3.org/TR/sparql11-query/#QSynBlankNodes
        """
        for end in pattern[::2]:
            if isinstance(end, BNode) and end not in anonymous:
                anonymous[end] = self._step()
        subject, predicate, value = pattern
        return anonymous.get(subject, subject), predicate, anonymous.get(value, value)

    def _step(self) -> Variable:
        """Return a variable that no query has."""
        self._fresh += 1
        return Variable(f"__step_{self._fresh}__")

    def _steps(self, pattern: _Pattern) -> list[_Pattern]:
        """Return a pattern as several: a sequence as its steps, an inverse turned round."""
        subject, predicate, value = pattern
        if isinstance(predicate, InvPath) and not isinstance(predicate.arg, str):
            raise NotCovered("an inverse of a path")
        if isinstance(predicate, InvPath):
            return [(value, URIRef(str(predicate.arg)), subject)]
        if not isinstance(predicate, SequencePath):
            return [pattern]
        steps, start = [], subject
        for place, path in enumerate(predicate.args):
            is_last = place == len(predicate.args) - 1
            end = value if is_last else self._step()
            steps += self._steps((start, path, end))
            start = end
        return steps

    def _weight(self, pattern: _Pattern, known: set[str]) -> tuple[bool, int, int]:
        subject, predicate, value = pattern
        variables = [str(t) for t in (subject, value) if isinstance(t, Variable)]
        # What has nothing in common with the solutions so far multiplies them.
        is_apart = bool(variables) and known.isdisjoint(variables)
        ends = [not isinstance(t, Variable) or str(t) in known for t in (subject, value)]
        size = self._graph.pairs(str(predicate)).height if isinstance(predicate, URIRef) else 0
        if not isinstance(predicate, URIRef) and not any(ends):
            return True, 3, size  # a path can only be walked from somewhere
        return is_apart, 2 - sum(ends), size

    def _with_pattern(self, solutions: pl.DataFrame, pattern: _Pattern) -> pl.DataFrame:
        subject, predicate, value = pattern
        if isinstance(predicate, URIRef):
            pairs = self._graph.pairs(str(predicate)).select(start="subject", end="object")
        elif isinstance(predicate, Path):
            pairs = self._walked(solutions, subject, path_of(predicate), value)
        else:
            raise NotCovered("a variable for a property")
        ends = {"start": subject, "end": value}
        for column, term in ends.items():
            if not isinstance(term, Variable):
                pairs = pairs.filter(pl.col(column) == self._graph.number(key_of(term)))
        names = {c: str(t) for c, t in ends.items() if isinstance(t, Variable)}
        if len(names) == 2 and len(set(names.values())) == 1:
            pairs = pairs.filter(pl.col("start") == pl.col("end"))
            names.pop("end")
        table = pairs.select(pl.col(column).alias(name) for column, name in names.items())
        shared = [name for name in names.values() if name in solutions.columns]
        if not names:
            return solutions if pairs.height else solutions.clear()
        return self._joined(solutions, table, shared)

    def _walked(
        self, solutions: pl.DataFrame, subject: Any, path: PropertyPath, value: Any
    ) -> pl.DataFrame:
        if (starts := self._known(solutions, subject)) is not None:
            return walk(self._graph, path, starts).select(start="focus", end="value")
        if (ends := self._known(solutions, value)) is not None:
            back = walk(self._graph, PathExpression("inverse", (path,)), ends)
            return back.select(start="value", end="focus")
        raise NotCovered("a path from nowhere")

    def _known(self, solutions: pl.DataFrame, term: Any) -> pl.DataFrame | None:
        if not isinstance(term, Variable):
            number = self._graph.number(key_of(term))
            return pl.DataFrame({"focus": [number]}, schema={"focus": ID})
        if str(term) in solutions.columns:
            return solutions.select(focus=str(term)).drop_nulls().unique()
        return None

    # ------------------------------------------------------------ operators

    def _join(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        left = self.solve(part.p1, bound)
        right = self._right(part.p2, left, bound)
        return self._joined(left, right, _shared(left, right))

    def _left_join(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        left = self.solve(part.p1, bound).with_row_index("__row__")
        right = self._right(part.p2, left.drop("__row__"), bound)
        both = self._joined(left, right, _shared(left, right))
        if part.expr.name != "TrueFilter":
            both = self._kept(both, part.expr)
        alone = left.join(both.select("__row__").unique(), on="__row__", how="anti")
        return pl.concat([both, alone], how="diagonal").drop("__row__")

    def _right(self, part: CompValue, left: pl.DataFrame, bound: pl.DataFrame) -> pl.DataFrame:
        """Return the other side of a join; what it can only be joined with narrows plain patterns.

        Filters in it must not see the variables of the first side.
        """
        if part.name != "BGP":
            return self.solve(part, bound)
        named = {str(t) for pattern in part.triples for t in pattern if isinstance(t, Variable)}
        shared = [c for c in left.columns if c in named or c in bound.columns]
        if not shared or left.select(pl.any_horizontal(pl.col(shared).is_null().any())).item():
            return self.solve(part, bound)
        return self.solve(part, left.select(shared).unique())

    def _joined(self, left: pl.DataFrame, right: pl.DataFrame, shared: list[str]) -> pl.DataFrame:
        most = left.height * right.height
        if not shared:
            _check(most)
            return left.join(right, how="cross")
        for table in (left, right):
            # A variable that is not bound goes with any value, which is no join of tables
            if table.height and any(table[column].null_count() for column in shared):
                raise NotCovered("a join on variables that may be unbound")
        if most > MOST_SOLUTIONS:
            ways = right.group_by(shared).len("__ways__").cast({"__ways__": pl.Int64})
            _check(int(left.select(shared).join(ways, on=shared)["__ways__"].sum()))
        return left.join(right, on=shared)

    def _union(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        tables = [self.solve(part.p1, bound), self.solve(part.p2, bound)]
        _check(sum(table.height for table in tables))
        return pl.concat(tables, how="diagonal")

    def _filtered(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        if part.expr.name == HAS_MEMBERS:  # as all groups have here
            return self.solve(part.p, bound)
        return self._kept(self.solve(part.p, bound), part.expr)

    def _kept(self, rows: pl.DataFrame, expression: Any) -> pl.DataFrame:
        for condition in conjuncts(expression):
            if not rows.height:
                break
            patterns: dict[str, CompValue] = {}
            plain = replaced(condition, patterns)
            for name, exists in patterns.items():
                rows = rows.with_columns(self._exists(rows, exists).alias(name))
            rows = rows.filter(satisfied(self._graph, rows, plain)).drop(list(patterns))
        return rows

    def _exists(self, rows: pl.DataFrame, exists: CompValue) -> pl.Series:
        """Tell for each row whether the pattern has a solution that goes with it."""
        pattern = exists.graph
        named = [c for c in rows.columns if c in _all_variables(pattern)]
        if not named:
            one = pl.DataFrame({"__one__": [0]}, schema={"__one__": ID})
            found = self.solve(pattern, one).height > 0
            truth = pl.repeat(found, rows.height, dtype=pl.Boolean)
            holds = pl.select(truth).to_series()
        else:
            cases = rows.select(named).unique()
            if any(cases[column].null_count() for column in named):
                raise NotCovered("EXISTS on variables that may be unbound")
            found_cases = self.solve(pattern, cases).select(named).unique()
            marked = found_cases.with_columns(__found__=pl.lit(True))
            joined = rows.select(named).join(marked, on=named, how="left", maintain_order="left")
            holds = joined["__found__"].fill_null(False)
        return ~holds if exists.name == "Builtin_NOTEXISTS" else holds

    def _extended(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        rows = self.solve(part.p, bound)
        name = str(part.var)
        if isinstance(part.expr, Variable):
            source = str(part.expr)
            column = rows[source] if source in rows.columns else None
        elif any(exists in _names_in(part.expr) for exists in EXISTS):
            raise NotCovered("EXISTS in a value")
        elif not _ANEW.isdisjoint(_names_in(part.expr)):
            raise NotCovered("a value that is another for each solution")
        else:
            column = evaluated(self._graph, rows, part.expr)
        if column is None:
            return rows.with_columns(pl.lit(None, dtype=ID).alias(name))
        return rows.with_columns(column.alias(name))

    def _distinct(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        return self.solve(part.p, bound).unique()

    def _projected(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        rows = self.solve(part.p, bound)
        wanted = [str(v) for v in part.PV]
        kept = [c for c in rows.columns if c in wanted or c in bound.columns]
        return rows.select(kept)

    # ------------------------------------------------------------ groups

    def _aggregated(self, part: CompValue, bound: pl.DataFrame) -> pl.DataFrame:
        group = part.p
        keys = list(group.expr or [])
        if not keys or not all(isinstance(key, Variable) for key in keys):
            raise NotCovered("a group by something else than variables")
        rows = self.solve(group.p, bound)
        by = list(dict.fromkeys([*map(str, keys), *bound.columns]))
        if any(name not in rows.columns for name in by):
            raise NotCovered("a group by a variable that is nowhere")
        made, ordered = [], {}
        aggregates = [aggregate for aggregate in part.A if aggregate.res != MEMBERS]
        for aggregate in aggregates:
            if aggregate.name in ("Aggregate_Min", "Aggregate_Max"):
                source = _source(aggregate, rows)
                ordered[str(aggregate.res)] = ids = self._in_order(rows[source])
                ranks = ids.to_frame("id").with_row_index("rank")
                ranked = rows.select(id=source).join(
                    ranks, on="id", how="left", maintain_order="left"
                )
                rows = rows.with_columns(ranked["rank"].alias(f"__rank_{source}__"))
            made.append(_aggregate(aggregate, rows, by))
        grouped = rows.group_by(by, maintain_order=True).agg(made)
        for name, ids in ordered.items():
            grouped = grouped.with_columns(ids.gather(grouped[name]).alias(name))
        for aggregate in aggregates:
            if aggregate.name == "Aggregate_Count":
                name = str(aggregate.res)
                key = pl.concat_str(pl.lit('"'), pl.col(name), pl.lit(f'"^^{_INTEGER}'))
                counts = grouped.select(key).to_series()
                grouped = grouped.with_columns(self._graph.numbers(counts).alias(name))
        return grouped

    def _in_order(self, numbers: pl.Series) -> pl.Series:
        """Return the distinct terms of a column in the order that rdflib's MIN and MAX go by.

        Literals without a value stand after all others, by their texts: rdflib fails on some.
        """
        ids = numbers.drop_nulls().unique()
        terms = list(zip(ids, map(term_of, self._graph.keys(ids)), strict=True))
        odd = {n: str(t) for n, t in terms if isinstance(t, Literal) and not has_value(t)}
        known = [pair for pair in terms if pair[0] not in odd]
        ordered = sorted(known, key=lambda pair: _val(pair[1]))  # type: ignore[type-var]
        last = sorted(odd, key=lambda number: odd[number])
        return pl.Series([*(number for number, _ in ordered), *last], dtype=ID)


def _check(number: int) -> None:
    if number > MOST_SOLUTIONS:
        raise TooManySolutions(number)


def _source(aggregate: CompValue, rows: pl.DataFrame) -> str:
    """Return the column that an aggregate is of."""
    if not isinstance(aggregate.vars, Variable) or str(aggregate.vars) not in rows.columns:
        raise NotCovered("an aggregate of an expression")
    return str(aggregate.vars)


def _aggregate(aggregate: CompValue, rows: pl.DataFrame, by: list[str]) -> pl.Expr:
    target, source = str(aggregate.res), _source(aggregate, rows)
    match aggregate.name:
        case "Aggregate_Count":
            known = pl.col(source).drop_nulls()
            count = known.n_unique() if aggregate.distinct else known.len()
            return count.cast(ID).alias(target)
        case "Aggregate_Sample" if source in by:
            return pl.col(source).first().alias(target)
        case "Aggregate_Min":
            return pl.col(f"__rank_{source}__").min().alias(target)
        case "Aggregate_Max":
            return pl.col(f"__rank_{source}__").max().alias(target)
    raise NotCovered(aggregate.name)


def _shared(left: pl.DataFrame, right: pl.DataFrame) -> list[str]:
    return [column for column in left.columns if column in right.columns]


def path_of(path: Any, *, is_repeated: bool = False) -> PropertyPath:
    """Return a path of a query as one of shapes."""

    def parts(of: Any) -> tuple[PropertyPath, ...]:
        return tuple(path_of(part, is_repeated=is_repeated) for part in of)

    if isinstance(path, URIRef):
        return path
    if isinstance(path, MulPath) and path.mod in _MULTIPLE:
        return PathExpression(_MULTIPLE[path.mod], (path_of(path.path, is_repeated=True),))
    if isinstance(path, InvPath):
        return PathExpression("inverse", parts([path.arg]))
    # Of two ways to one node SPARQL makes two solutions, which counts could see; but not where
    # they are walked repeatedly
    if isinstance(path, SequencePath) and is_repeated:
        return PathExpression("sequence", parts(path.args))
    if isinstance(path, AlternativePath) and is_repeated:
        return PathExpression("alternative", parts(path.args))
    raise NotCovered("alternatives, or a negated path")


def _all_variables(part: Any) -> set[str]:
    """Return every variable of a pattern, those of its expressions and inner patterns too."""
    found: set[str] = set()
    pending: list[Any] = [part]
    while pending:
        part = pending.pop()
        if isinstance(part, Variable):
            found.add(str(part))
        elif isinstance(part, CompValue):
            pending.extend(dict.values(part))
            pending.extend(v for k, v in vars(part).items() if k in part)
        elif isinstance(part, list | tuple | set | frozenset):
            pending.extend(part)
    return found


def _names_in(expression: Any) -> set[str]:
    names: set[str] = set()
    pending = [expression]
    while pending:
        part = pending.pop()
        if isinstance(part, CompValue):
            names.add(part.name)
            pending.extend(dict.values(part))
        elif isinstance(part, list | tuple):
            pending.extend(part)
    return names
