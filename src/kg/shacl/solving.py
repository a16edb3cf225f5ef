"""The queries of constraints, run for the focus nodes that they are about.

Variables are bound before a query runs (https://www.w3.org/TR/shacl/#pre-binding), which rdflib
does for one focus node after the other, on terms as the data have them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import polars as pl
from rdflib import Graph, Literal, URIRef, Variable
from rdflib.plugins.sparql.sparql import Query

from kg.errors import RequestError, ShapesError
from kg.queries import scan
from kg.shacl import plan as p
from kg.shacl.algebra import MOST_SOLUTIONS, Algebra, NotCovered, TooManySolutions
from kg.shacl.constraints.scope import FINDINGS, findings
from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.keys import key_of, term_of
from kg.shacl.paths import path_text
from kg.shacl.queries import read
from kg.shacl.terms import compact, one_line

__all__ = ["Solver"]

_PATH = ("$PATH", "?PATH")
_THIS = Variable("this")
_PLACE = re.compile(r"\{[?$](\w+)\}")
#: So many solutions get their messages at a time.
_MOST_TEXTS = 100_000

#: So many solutions of all focus nodes are made part by part, in some twenty seconds, and so often
#: focus nodes are halved and the query tried, before it is refused.
_MOST_AT_ALL, _MOST_TRIES = 16 * MOST_SOLUTIONS, 64
_Row = tuple[int, str | None, str | None, list[str] | None]


class Solver:
    """Runs queries on the triples that `opened` returns, which is called where one needs them."""

    def __init__(self, graph: EncodedGraph, opened: Callable[[], Graph]) -> None:
        self._graph, self._opened = graph, opened
        self._algebra = Algebra(graph)

    @cached_property
    def _data(self) -> Graph:
        return self._opened()

    def solutions(
        self, constraint: p.Sparql | p.Custom, shape: p.Shape, pairs: pl.DataFrame
    ) -> pl.DataFrame:
        """Return what a query finds, with the columns of FINDINGS.

        `pairs` has the `focus` nodes, and for an ASK the `value` that each is asked with. Raises
        ShapesError where the query reports a failure, or cannot be run, RequestError where it has
        too many solutions.
        """
        query = self.query(constraint, shape)
        try:
            return self.solved(constraint, shape, query, pairs)
        except NotCovered:
            return self.each(constraint, shape, query, pairs)
        except TooManySolutions as error:
            raise RequestError(f"the query of {constraint.query.name} has {error}") from error

    def targets(self, target: p.QueryTarget) -> pl.DataFrame:
        """Return the nodes that a query chooses as targets, once each: `focus`.

        Raises ShapesError where the query cannot be run, RequestError where it has too many
        solutions.
        """
        query = read(target.query.text, target.query.prefixes)
        parameters = dict(target.parameters)
        # A row in which nothing is bound goes with all solutions
        bound = {"__one__": 0} | {n: self._graph.number(key_of(v)) for n, v in parameters.items()}
        try:
            row = pl.DataFrame([bound], schema=dict.fromkeys(bound, ID))
            solutions = self._algebra.solve(query.algebra.p, row)
            nodes = solutions["this"] if "this" in solutions.columns else pl.Series([], dtype=ID)
        except NotCovered:
            terms = (row.get(_THIS) for row in self._run(target.query, query, parameters))
            keys = [key_of(term) for term in terms if term is not None]
            nodes = self._graph.numbers(pl.Series(keys, dtype=pl.String))
        except TooManySolutions as error:
            raise RequestError(f"the query of {target.query.name} has {error}") from error
        return nodes.drop_nulls().unique(maintain_order=True).to_frame("focus")

    def query(self, constraint: p.Sparql | p.Custom, shape: p.Shape) -> Query:
        """Return the query with the path of the shape put in where it says $PATH."""
        text = constraint.query.text
        places = [t for t in scan(text) if t.kind == "variable" and t.text in _PATH]
        if places and shape.path is None:
            raise ShapesError(
                f"the query of {constraint.query.name} has $PATH, but its shape no sh:path"
            )
        for place in reversed(places):  # never within a string or a comment
            assert shape.path is not None
            path = path_text(shape.path, lambda iri: f"<{iri}>")
            text = f"{text[: place.start]}({path}){text[place.end :]}"
        return read(text, constraint.query.prefixes)

    def solved(
        self,
        constraint: p.Sparql | p.Custom,
        shape: p.Shape,
        query: Query,
        pairs: pl.DataFrame,
    ) -> pl.DataFrame:
        """Return what a query finds for all focus nodes at once; raises NotCovered."""
        asked = pairs if constraint.query.is_ask else pairs.select("focus").unique()
        constants: dict[str, p.Term] = {"currentShape": shape.name}
        if isinstance(constraint, p.Custom):
            constants.update(constraint.parameters)
        bound = asked.select(
            pl.col("focus").alias("this"),
            *([pl.col("value")] if constraint.query.is_ask else []),
            *(
                pl.lit(self._graph.number(key_of(term)), dtype=ID).alias(name)
                for name, term in constants.items()
                if _mentions(constraint.query.text, name)
            ),
        )
        solutions = self._in_parts(query, bound)
        if constraint.query.is_ask:
            solutions = bound.join(solutions, on=["this", "value"], how="anti")
        if solutions.height and "failure" in solutions.columns:
            raise NotCovered("a failure")
        return self._findings(constraint, shape, solutions)

    def _in_parts(self, query: Query, bound: pl.DataFrame) -> pl.DataFrame:
        """Return the solutions of a query, of some focus nodes at a time where all have too many.

        Raises NotCovered, and TooManySolutions where all the same there are too many.
        """
        found: list[pl.DataFrame] = []
        pending, tries = [bound], 0
        while pending:
            part = pending.pop()
            tries += 1
            try:
                found.append(self._algebra.solve(query.algebra.p, part))
            except TooManySolutions as error:
                if part.height < 2 or error.number > _MOST_AT_ALL or tries >= _MOST_TRIES:
                    raise
                half = part.height // 2
                pending += [part[half:], part[:half]]
            if (number := sum(table.height for table in found)) > MOST_SOLUTIONS:
                raise TooManySolutions(number)
        return pl.concat(found, how="diagonal")

    def _findings(
        self, constraint: p.Sparql | p.Custom, shape: p.Shape, solutions: pl.DataFrame
    ) -> pl.DataFrame:
        """Return solutions as FINDINGS, one for each that differs in what the query selects.

        https://www.w3.org/TR/shacl/#sparql-constraints-validation
        """
        solutions = solutions.unique(maintain_order=True)
        absent = pl.lit(None, dtype=ID)
        has = solutions.columns
        value = pl.col("value") if "value" in has else absent
        if shape.path is None:
            value = pl.coalesce(value, "this")
        path = absent
        if "path" in has:
            keys = self._graph.keys(solutions["path"])
            is_iri = ~keys.str.contains('^(?:"|_:)').fill_null(True)
            path = pl.when(pl.lit(is_iri)).then(pl.col("path"))
        messages = self._texts(constraint, shape, solutions)
        table = solutions.with_columns(messages.alias("__messages__"))
        return findings(table.select(focus="this", value=value, path=path, messages="__messages__"))

    def _texts(
        self, constraint: p.Sparql | p.Custom, shape: p.Shape, solutions: pl.DataFrame
    ) -> pl.Series:
        """Return the messages of each solution."""
        constants = _constants(constraint, shape)
        used = {n for m in constraint.query.messages for n in _PLACE.findall(str(m))} | {"message"}
        names = [c for c in solutions.columns if c in used]
        if not names:
            said = pl.Series([_messages(constraint, constants)], dtype=FINDINGS["messages"])
            return said.new_from_index(0, solutions.height)
        found = [pl.Series([], dtype=FINDINGS["messages"])]
        for some in solutions.select(names).iter_slices(_MOST_TEXTS):
            columns = [self._graph.keys(column) for column in some]
            found.append(
                _lists(
                    _messages(
                        constraint,
                        constants | {n: term_of(k) for n, k in zip(names, keys, strict=True) if k},
                    )
                    for keys in zip(*columns, strict=True)
                )
            )
        return pl.concat(found)

    def each(
        self,
        constraint: p.Sparql | p.Custom,
        shape: p.Shape,
        query: Query,
        pairs: pl.DataFrame,
    ) -> pl.DataFrame:
        """Return what a query finds for one focus node after the other."""
        bound: dict[str, Any] = {"currentShape": shape.name}
        if isinstance(constraint, p.Custom):
            bound.update(constraint.parameters)
        said = _constants(constraint, shape)
        rows: list[_Row] = []
        numbers = pairs["focus"].unique(maintain_order=True)
        columns = [numbers, numbers]
        if constraint.query.is_ask:
            columns = [pairs["focus"], pairs["value"]]
        keys = [self._graph.keys(column) for column in columns]
        for number, focus, value in zip(columns[0], *keys, strict=True):
            bound["this"] = term_of(focus)
            if not constraint.query.is_ask:
                rows += ((number, *row) for row in self._selected(constraint, shape, query, bound))
                continue
            bound["value"] = term_of(value)
            if not self._run(constraint.query, query, bound):
                rows.append((number, value, None, _messages(constraint, said | bound)))
        return self._table(rows)

    def _selected(
        self, constraint: p.Sparql | p.Custom, shape: p.Shape, query: Query, bound: dict[str, Any]
    ) -> Iterator[tuple[str | None, str | None, list[str] | None]]:
        """https://www.w3.org/TR/shacl/#sparql-constraints-variables"""
        seen: set[frozenset[tuple[str, str]]] = set()
        for row in self._run(constraint.query, query, bound):
            found = {str(variable): term for variable, term in row.items()}
            if (failure := found.get("failure")) is not None and str(failure) in ("true", "1"):
                raise ShapesError(
                    f"the query of {constraint.query.name} reports a failure for "
                    f"{one_line(str(bound['this']), 200)}"
                )
            solution = frozenset((name, key_of(term)) for name, term in found.items())
            if solution in seen:
                continue
            seen.add(solution)
            value = found.get("value")
            if value is None and shape.path is None:
                value = bound["this"]
            path = found.get("path")
            yield (
                None if value is None else key_of(value),
                str(path) if isinstance(path, URIRef) else None,
                _messages(constraint, _constants(constraint, shape) | bound | found),
            )

    def _run(self, given: p.Query, query: Query, bound: Mapping[str, Any]) -> Any:
        """Return the rows of a SELECT, or what an ASK says."""
        try:
            result = self._data.query(query, initBindings=dict(bound))
            # rdflib evaluates while rows are taken
            return result.askAnswer if given.is_ask else result.bindings
        except Exception as error:  # of any kind, as the functions of a query raise it
            where = f"the query of {given.name}"
            reason = one_line(str(error), 200) or type(error).__name__
            raise ShapesError(f"{where} cannot be run: {reason}") from error

    def _table(self, rows: list[_Row]) -> pl.DataFrame:
        schema = {
            "focus": FINDINGS["focus"],
            "value": pl.String(),
            "path": pl.String(),
            "messages": FINDINGS["messages"],
        }
        table = pl.DataFrame(rows, schema=schema, orient="row")
        return findings(
            table.with_columns(
                self._graph.numbers(table["value"]).alias("value"),
                self._graph.numbers(table["path"]).alias("path"),
            )
        )


def _constants(constraint: p.Sparql | p.Custom, shape: p.Shape) -> dict[str, Any]:
    """Return what stands for the same in every message of a constraint."""
    found: dict[str, Any] = {}
    if shape.path is not None:
        found["PATH"] = path_text(shape.path, compact)
    if isinstance(constraint, p.Custom):
        found.update(constraint.parameters)
    return found


def _lists(texts: Iterable[list[str] | None]) -> pl.Series:
    """Return lists as a column; Polars would make a column of each of them on the way."""
    lists = list(texts)
    rows = (row for row, texts in enumerate(lists) for _ in texts or ())
    flat = (text for texts in lists for text in texts or ())
    table = pl.DataFrame({"row": rows, "text": flat}, {"row": pl.Int64(), "text": pl.String()})
    grouped = table.group_by("row", maintain_order=True).agg("text")
    every = pl.DataFrame({"row": range(len(lists))}, {"row": pl.Int64()})
    return every.join(grouped, on="row", how="left", maintain_order="left")["text"]


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"[$?]{name}\b", text) is not None


def _messages(constraint: p.Sparql | p.Custom, bound: dict[str, Any]) -> list[str] | None:
    """Return what a query says of one case: keys of texts, with terms put in."""
    message = bound.get("message")
    if isinstance(message, Literal):
        return [key_of(message)]

    def put_in(place: re.Match[str]) -> str:
        term = bound.get(place[1])
        return place[0] if term is None else str(term)

    texts = [
        Literal(_PLACE.sub(put_in, str(message)), lang=message.language)
        for message in constraint.query.messages
    ]
    return [key_of(text) for text in texts] or None
