"""The results of a validation as a table, from which single results are made when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import overload

import polars as pl
from rdflib import BNode, Literal, URIRef

from kg.shacl import plan as p
from kg.shacl.constraints import FINDINGS
from kg.shacl.encoding import EncodedGraph
from kg.shacl.evaluation import Evaluation, Found
from kg.shacl.keys import term_of
from kg.shacl.model import ValidationResult, result_key, severity_rank, term_key
from kg.shacl.paths import PropertyPath, path_text
from kg.shacl.wording import explanation

__all__ = ["BATCH", "Results"]

#: So many results are made at a time.
BATCH = 10_000
#: Constraints that say why by what their shapes find.
_REASONED = (p.And, p.Node, p.Or, p.Xone)
_Check = tuple[p.Shape, p.Constraint]


class Results(Sequence[ValidationResult]):
    """Results in their order. The table has a row for each; `check` says what was broken."""

    def __init__(
        self,
        evaluation: Evaluation,
        checks: Sequence[_Check],
        table: pl.DataFrame,
        renamed: Mapping[p.Term, p.Term],
    ) -> None:
        self._evaluation, self._checks = evaluation, checks
        self._renamed = renamed
        #: FINDINGS, and the number of the `check`.
        self.table = table

    @classmethod
    def of(
        cls, evaluation: Evaluation, found: Sequence[Found], renamed: Mapping[p.Term, p.Term]
    ) -> Results:
        """Return what was found in the order of results; `renamed` are names of nodes."""
        checks = [(shape, constraint) for shape, constraint, _ in found]
        order = {place: rank for rank, place in enumerate(_ordered(checks, renamed))}
        tables = [
            table.with_columns(check=pl.lit(order[place], dtype=pl.UInt32))
            for place, (_, _, table) in enumerate(found)
        ]
        empty = pl.Schema({**FINDINGS, "check": pl.UInt32()}).to_frame()
        table = pl.concat([empty, *tables])
        ranked = [checks[place] for place in order]
        return cls(evaluation, ranked, _sorted(evaluation.graph, ranked, table, renamed), renamed)

    @property
    def severities(self) -> Mapping[URIRef, int]:
        """How many results there are of each severity."""
        counted: Counter[URIRef] = Counter()
        for check, number in self.table.group_by("check").len().iter_rows():
            counted[self._checks[check][0].severity] += number
        return counted

    def __len__(self) -> int:
        return self.table.height

    @overload
    def __getitem__(self, index: int) -> ValidationResult: ...

    @overload
    def __getitem__(self, index: slice) -> Results: ...

    def __getitem__(self, index: int | slice) -> ValidationResult | Results:
        if isinstance(index, slice):
            return self.keep(self.table[index])
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return next(self._made(self.table[index % len(self) : index % len(self) + 1]))

    def __iter__(self) -> Iterator[ValidationResult]:
        for part in self.table.iter_slices(BATCH):
            yield from self._made(part)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(one == another for one, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as that of a list

    def keep(self, table: pl.DataFrame) -> Results:
        """Return the results of some rows of the table."""
        return Results(self._evaluation, self._checks, table, self._renamed)

    def keys(self, column: str) -> pl.Series:
        """Return the keys of `focus` or `value` of each result, as the data have them."""
        return self._evaluation.graph.keys(self.table[column])

    def of_checks(self) -> Iterator[ValidationResult]:
        """Yield a result of each check, about no node: what all its results have in common."""
        for shape, constraint in self._checks:
            yield self._result(shape, constraint, ("", None, None, None), None)

    # ------------------------------------------------------------ single results

    def _made(self, rows: pl.DataFrame) -> Iterator[ValidationResult]:
        reasons = self._reasons(rows)
        for row, found in zip(rows.iter_rows(named=True), self._plain(rows), strict=True):
            children = reasons.get((row["check"], row["value"]))
            yield found if not children else _with_children(found, children)

    def _plain(self, rows: pl.DataFrame) -> Iterator[ValidationResult]:
        graph = self._evaluation.graph
        columns = [graph.keys(rows[column]) for column in ("focus", "value", "path", "other")]
        for check, messages, *keys in zip(
            rows["check"], rows["messages"].to_list(), *columns, strict=True
        ):
            shape, constraint = self._checks[check]
            yield self._result(shape, constraint, keys, messages)

    def _result(
        self,
        shape: p.Shape,
        constraint: p.Constraint,
        keys: Sequence[str | None],
        messages: Sequence[str] | None,
    ) -> ValidationResult:
        focus, value, property_, other = (None if key is None else self._named(key) for key in keys)
        assert focus is not None
        path: PropertyPath | None = shape.path
        if isinstance(property_, URIRef):
            path = property_
        # Each a literal, as messages are
        details = tuple(text for text in map(term_of, messages or ()) if isinstance(text, Literal))
        if not details and not shape.messages:
            details = (Literal(explanation(constraint, value, other)),)
        name, source = self._renamed.get(shape.name, shape.name), None
        if isinstance(constraint, p.Sparql):
            source = self._renamed.get(constraint.query.owner, constraint.query.owner)
        return ValidationResult(
            focus_node=focus,
            path=path,
            value=value,
            severity=shape.severity,
            component=constraint.component,
            source_shape=name,  # type: ignore[arg-type]
            source_constraint=source,  # type: ignore[arg-type]
            messages=shape.messages,
            details=tuple(sorted(details, key=term_key)),
        )

    def _named(self, key: str) -> p.Term:
        term = term_of(key)
        return self._renamed.get(term, term) if isinstance(term, BNode) else term

    def _reasons(self, rows: pl.DataFrame) -> dict[tuple[int, int], list[ValidationResult]]:
        """Return why: the findings of the shapes that a constraint asks for, by check and value."""
        reasons: dict[tuple[int, int], list[ValidationResult]] = {}
        for (check,), part in rows.partition_by("check", as_dict=True).items():
            constraint = self._checks[check][1]
            if not isinstance(constraint, _REASONED):
                continue
            names = (constraint.shape,) if isinstance(constraint, p.Node) else constraint.shapes
            for name in dict.fromkeys(names):
                for found, roots in self._evaluation.reasons(name, part):
                    self._add_reasons(reasons, check, found, roots)
        return reasons

    def _add_reasons(
        self,
        reasons: dict[tuple[int, int], list[ValidationResult]],
        check: int,
        found: Found,
        roots: pl.DataFrame,
    ) -> None:
        table = found.table.join(roots, on="focus")
        inner = Results(
            self._evaluation,
            [(found.shape, found.constraint)],
            table.drop("root").with_columns(check=pl.lit(0, dtype=pl.UInt32)),
            self._renamed,
        )
        for root, result in zip(table["root"], inner, strict=True):
            reasons.setdefault((check, root), []).append(result)


def _with_children(
    result: ValidationResult, children: Sequence[ValidationResult]
) -> ValidationResult:
    return replace(result, children=tuple(sorted(children, key=result_key)))


def _ordered(checks: Sequence[_Check], renamed: Mapping[p.Term, p.Term]) -> list[int]:
    """Return the places of checks in the order of their shapes, then of themselves."""

    def key(place: int) -> tuple[object, ...]:
        shape = checks[place][0]
        name = renamed.get(shape.name, shape.name)
        return severity_rank(shape.severity), str(shape.severity), term_key(name), place

    return sorted(range(len(checks)), key=key)


def _sorted(
    graph: EncodedGraph,
    checks: Sequence[_Check],
    table: pl.DataFrame,
    renamed: Mapping[p.Term, p.Term],
) -> pl.DataFrame:
    """Return results in their order: by shape, focus node, path, value, component, words."""
    if not table.height:
        return table
    places: dict[p.ShapeName, int] = {}
    shapes = [places.setdefault(shape.name, len(places)) for shape, _ in checks]
    facts = pl.DataFrame(
        {
            "check": range(len(checks)),
            "by_shape": shapes,
            "by_path": [path_text(s.path) if s.path else "" for s, _ in checks],
            "by_component": [str(constraint.component) for _, constraint in checks],
        },
        schema_overrides={"check": pl.UInt32, "by_shape": pl.UInt32},
    )
    ranks = _ranks(graph, pl.concat([table["focus"], table["value"], table["other"]]), renamed)
    words = pl.lit(None, dtype=pl.String)  # of millions of results most have none
    if table["messages"].null_count() < table.height:
        words = pl.col("messages").list.join(" ").fill_null("")
    return (
        table.with_columns(other_path=graph.keys(table["path"]))
        .join(facts, on="check")
        .join(ranks.rename({"id": "focus", "rank": "by_focus"}), on="focus")
        .join(ranks.rename({"id": "value", "rank": "by_value"}), on="value", how="left")
        .join(ranks.rename({"id": "other", "rank": "by_other"}), on="other", how="left")
        .with_columns(
            by_path=pl.coalesce("other_path", "by_path"),
            by_words=words,
        )
        .sort(
            "by_shape",
            "by_focus",
            "by_path",
            "by_value",
            "by_component",
            "check",
            "by_other",
            "by_words",
            nulls_last=False,
        )
        .select(*FINDINGS, "check")
    )


def _ranks(
    graph: EncodedGraph, numbers: pl.Series, renamed: Mapping[p.Term, p.Term]
) -> pl.DataFrame:
    """Return the `rank` of terms in the order of `term_key`, by `id`."""
    terms = graph.terms(numbers.drop_nulls())
    if renamed:
        names = {f"_:{old}": f"_:{new}" for old, new in renamed.items() if isinstance(old, BNode)}
        terms = terms.with_columns(pl.col("text").replace(names))
    kinds = {"iri": 0, "blank": 1, "literal": 2}
    return (
        terms.with_columns(kind=pl.col("kind").replace_strict(kinds, return_dtype=pl.UInt8))
        .sort("kind", "text", "datatype", "language", nulls_last=False)
        .with_row_index("rank")
        .select("id", "rank")
    )
