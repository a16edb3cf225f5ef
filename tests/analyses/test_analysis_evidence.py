"""The evidence analysis: no figure is lost, and the picture is of one source that it names."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kg import quads
from kg.analyses import evidence
from kg.namespaces import BASE, DCT, KG, ONET, RDF, SCHEMA, XSD, concept
from kg.pictures import Bars

OCCUPATION, STATEMENT, TASK = (f"{BASE}{name}" for name in ("o", "framework/f/base/s", "t"))
SHARE = {KG.metric: concept("metric", "usage-share"), KG.unit: concept("unit", "percent")}


def table(*figures: tuple[str, str, Mapping[str, str]]) -> pl.LazyFrame:
    """Return an occupation whose statement supports its task, and figures about the task.

    Each is its name, its value and what else is said of it.
    """
    rows = [
        quads.iri(OCCUPATION, RDF.type, KG.Occupation, None),
        quads.iri(OCCUPATION, ONET.hasTask, TASK, None),
        quads.iri(STATEMENT, KG.occupation, OCCUPATION, None),
        quads.iri(STATEMENT, KG.framework, f"{BASE}framework/f/base", None),
        quads.iri(STATEMENT, KG.supports, TASK, None),
        # What is about the task and has no value is no figure.
        quads.iri(f"{BASE}note", SCHEMA.about, TASK, None),
    ]
    for name, value, said in figures:
        rows.append(quads.iri(name, SCHEMA.about, TASK, None))
        rows.append(quads.literal(name, KG.value, value, None, XSD.decimal))
        rows += [quads.iri(name, predicate, node, None) for predicate, node in said.items()]
    return quads.from_rows(rows).lazy()


def test_a_figure_needs_only_a_value() -> None:
    """A figure without a unit, a metric or a source has a row, with nothing in these columns."""
    found = evidence(table(("f", "2.5", {})), OCCUPATION)
    columns = ("task", "metric", "value", "unit", "source")
    assert [(TASK, None, 2.5, None, None)] == found.table.select(columns).rows()
    assert (f"1 of 1 tasks of {OCCUPATION} have figures",) == found.notes


def test_the_picture_names_its_source() -> None:
    """Of two sources the picture shows one, and it is said which; the table has both."""
    one, other = ({**SHARE, DCT.source: f"{BASE}source/{name}"} for name in ("a", "b"))
    found = evidence(table(("f", "2.5", other), ("g", "7", one)), OCCUPATION)
    assert isinstance(found.picture, Bars)
    assert [7.0, 2.5] == found.table["value"].to_list()
    assert ((7.0,),) == found.picture.values
    assert found.picture.title.endswith(f": {BASE}source/a")
    assert f"the picture shows the usage that {BASE}source/a gives" in found.notes[-1]


def test_what_is_no_number_is_not_drawn() -> None:
    """A value in words is no bar of length 0."""
    found = evidence(table(("f", "often", SHARE), ("g", "NaN", SHARE)), OCCUPATION)
    assert isinstance(found.picture, Bars)
    assert [None, None] == found.table["value"].to_list()
    assert () == found.picture.values
