"""Triples of two tables compared, on more than one engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import polars as pl
import pytest
from generation_pairs import A, B, G, H, P

from kg import quads
from kg.diff.names import SAME, Names
from kg.diff.triples import CHANGES, TRIPLE, changes, prepared
from kg.model import Quad
from kg.namespaces import KG, ONET, RDF, SKOS, XSD

Engine = Callable[[Iterable[Quad]], Any]


def in_polars(rows: Iterable[Quad]) -> pl.DataFrame:
    """Return quads as a table of Polars."""
    return quads.from_rows(rows)


def in_lazy_polars(rows: Iterable[Quad]) -> pl.LazyFrame:
    """Return quads as a table of Polars that is computed when it is needed."""
    return quads.from_rows(rows).lazy()


def in_pandas(rows: Iterable[Quad]) -> pd.DataFrame:
    """Return quads as a table of pandas."""
    return pd.DataFrame(list(rows), columns=quads.COLUMNS, dtype="str")


def rows_of(table: Any) -> list[tuple[str, ...]]:
    """Return the rows of a table of any engine."""
    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    if isinstance(table, pl.DataFrame):
        return table.rows()
    return list(table.itertuples(index=False, name=None))


def matched(engine: Engine, rows: Iterable[Quad]) -> Any:
    """Return quads ready to be compared."""
    table = prepared(engine(rows), SAME, ())
    if isinstance(table, pd.DataFrame):
        return table.assign(match=table["object"])
    return table.with_columns(match="object")


def changed(
    old: Iterable[Quad],
    new: Iterable[Quad],
    generic: Iterable[str] = (),
    engine: Engine = in_polars,
) -> list[tuple[str, ...]]:
    """Return the changes between two lists of quads."""
    return rows_of(changes(matched(engine, old), matched(engine, new), list(generic)))


@pytest.mark.parametrize("engine", [in_polars, in_lazy_polars, in_pandas])
def test_every_engine_tells_the_same(engine: Engine) -> None:
    """Added, removed and changed nodes come sorted, with what is gone before what is new."""
    old = [
        quads.iri(A, RDF.type, KG.Task, G),
        quads.text(A, SKOS.prefLabel, "A", G),
        quads.literal(A, P, "1", G),
        quads.literal(A, P, "2", G),
        quads.literal(B, P, "b", G),
    ]
    new = [*old[:2], quads.literal(A, P, "2", G), quads.literal(A, P, "3", G)]
    new += [quads.literal(f"{B}b", P, "c", G)]
    strings = ("literal", XSD.string, "")

    assert [
        (A, "changed", KG.Task, RDF.type, "=", KG.Task, "iri", "", ""),
        (A, "changed", KG.Task, SKOS.prefLabel, "=", "A", "literal", RDF.langString, "en"),
        (A, "changed", KG.Task, P, "-", "1", *strings),
        (A, "changed", KG.Task, P, "+", "3", *strings),
        (B, "removed", "", P, "-", "b", *strings),
        (f"{B}b", "added", "", P, "+", "c", *strings),
    ] == changed(old, new, engine=engine)


@pytest.mark.parametrize("engine", [in_polars, in_lazy_polars, in_pandas])
def test_tables_are_prepared(engine: Engine) -> None:
    """IRIs are read as names say, tags are told without case, some predicates are left out."""
    old, new = f"{A}/9.0", f"{A}/10.1"
    rows = [
        quads.iri(f"{old}/x", P, f"{old}/y", G),
        quads.literal(B, P, f"{old}/y", G),
        quads.text(B, P, "x", G, "en-US"),
        quads.literal(B, KG.line, "7", G),
    ]
    table = prepared(engine(rows), Names(((old, new),)), [KG.line])

    assert [
        (f"{new}/x", P, f"{new}/y", "iri", "", "", ""),
        (B, P, f"{old}/y", "literal", XSD.string, "", ""),
        (B, P, "x", "literal", RDF.langString, "en-US", "en-us"),
    ] == rows_of(table)
    columns = table.collect_schema().names() if isinstance(table, pl.LazyFrame) else table.columns
    assert [*TRIPLE, "tag"] == list(columns)


def test_the_columns_are_named() -> None:
    """A table of changes has its columns, in their order."""
    table = changes(matched(in_polars, []), matched(in_polars, []), [])
    assert (list(CHANGES), 0) == (table.columns, table.height)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (quads.literal(A, P, "1", G, XSD.integer), quads.literal(A, P, "1", G, XSD.decimal)),
        (quads.literal(A, P, "1", G), quads.text(A, P, "1", G)),
        (quads.text(A, P, "1", G, "de"), quads.text(A, P, "1", G)),
        (quads.literal(A, P, B, G), quads.iri(A, P, B, G)),
        (quads.literal(A, P, "", G), quads.literal(A, P, " ", G)),
        (quads.literal(A, P, "1", G, XSD.integer), quads.literal(A, P, "01", G, XSD.integer)),
    ],
    ids=["datatype", "tag", "other tag", "kind", "empty", "lexical form"],
)
def test_terms_that_look_alike_differ(old: Quad, new: Quad) -> None:
    """Datatype, language, kind and lexical form all belong to a term."""
    assert ["-", "+"] == [row[4] for row in changed([old], [new])]


def test_graphs_and_the_case_of_tags_do_not_matter() -> None:
    """A triple that stands elsewhere, or twice, or has its tag written otherwise, is the same."""
    old = [quads.text(A, P, "x", G, "en-US"), quads.text(A, P, "x", H, "en-US")]
    assert [] == changed(old, [quads.text(A, P, "x", G, "en-us")])
    assert ["-"] == [row[4] for row in changed(old, [])]


@pytest.mark.parametrize(
    ("expected", "old", "new"),
    [
        ("", [], []),
        (KG.Task, [], [ONET.Task, KG.Task, SKOS.Concept]),
        (ONET.Task, [], [ONET.Task, SKOS.Concept]),
        (SKOS.Collection, [], [SKOS.Concept, SKOS.Collection]),
        (KG.Task, [KG.Element], [KG.Task]),
        (KG.Element, [KG.Element], []),
        (KG.WorkActivity, [], [KG.Element, KG.WorkActivity]),
        (KG.Element, [], [KG.Element, ONET.Element]),
    ],
)
def test_a_node_has_one_class(expected: str, old: list[str], new: list[str]) -> None:
    """A class of ours comes first, one without subclasses before, and what it is before it was."""
    before, after = ([quads.iri(A, RDF.type, t, G) for t in types] for types in (old, new))
    found = changed(
        [*before, quads.literal(A, P, "1", G)], [*after, quads.literal(A, P, "2", G)], [KG.Element]
    )
    assert {expected} == {row[2] for row in found}
