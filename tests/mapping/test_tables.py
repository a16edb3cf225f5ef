"""Tables to quads by the triples of their entries."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg import quads, rdf
from kg.mapping.iris import digest
from kg.mapping.tables import MappedTable, map_tables
from kg.namespaces import KG, ONET, PREFIXES, RDF, SKOS, XSD
from kg.readers.onet import NODE, load_entries

BASE = "https://example.org/"
GRAPH = f"{BASE}graph/g"
Rows = Sequence[Mapping[str, str | None]]
Triple = tuple[str, str, str]


def mapped(name: str, rows: Rows) -> MappedTable:
    """Return a table of some rows, ready to give its quads; columns that are not said are empty."""
    entry = load_entries().tables[name]
    columns = dict.fromkeys((*entry.columns, *(c for row in rows for c in row)), pl.String())
    frame = pl.DataFrame(list(rows), schema=columns)
    (table,) = map_tables({name: frame}, load_entries(), BASE, "9.1")
    return table


def table_of(table: MappedTable) -> pl.DataFrame:
    """Return the quads of a table, as they come."""
    return quads.concat(
        frame.to_native() for kind in sorted(table.kinds) for frame in table.select(kind, GRAPH)
    )


def triples(table: MappedTable) -> set[Triple]:
    """Return the triples of a table, the base and the prefixes taken off."""
    rows = table_of(table).select("subject", "predicate", "object").iter_rows()
    return {(short(s), short(p), short(o)) for s, p, o in rows}


def short(iri: str) -> str:
    """Return an IRI without its base, or with a prefix."""
    for prefix in ("kg", "onet", "rdf", "skos"):
        if iri.startswith(PREFIXES[prefix]):
            return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}"
    return iri.removeprefix(BASE)


SKILL: Mapping[str, str | None] = {
    "O*NET-SOC Code": "11-0000.00",
    "Element ID": "2.A",
    "Scale ID": "IM",
    "Data Value": "4.50",
    "N": "8",
    "Recommend Suppress": "N",
    "Date": "01/2026",
}


def test_a_row() -> None:
    """A row is a node that says what its cells do; absent ones say nothing."""
    rating = "rating/9.1/11-0000.00/2.A/IM"
    expected = {
        ("occupation/11-0000.00", "onet:hasRating", rating),
        (rating, "rdf:type", "kg:Rating"),
        (rating, "onet:refersTo", "element/2.A"),
        (rating, "onet:refersTo", "scale/IM"),
        (rating, "onet:dataValue", "4.50"),
        (rating, "kg:sampleSize", "8"),
        (rating, "kg:recommendSuppress", "N"),
        (rating, "kg:updated", "01/2026"),
    }
    table = mapped("Skills", [SKILL])
    assert expected == triples(table)
    assert (1, 8) == (table.nodes, table.count())


def test_objects() -> None:
    """Literals have the datatype and language of their kind, and their lexical form; nodes none."""
    found = {
        predicate: (kind, datatype, language, graph)
        for predicate, kind, datatype, language, graph in table_of(mapped("Skills", [SKILL]))
        .select("predicate", "kind", "datatype", "language", "graph")
        .iter_rows()
    }
    assert ("literal", XSD.decimal, None, GRAPH) == found[ONET.dataValue]
    assert ("literal", XSD.integer, None, GRAPH) == found[KG.sampleSize]
    assert ("literal", XSD.string, None, GRAPH) == found[KG.updated]
    assert ("iri", None, None, GRAPH) == found[ONET.refersTo]
    titles = table_of(mapped("Occupation Data", [{"O*NET-SOC Code": "x", "Title": "Potters"}]))
    expected = [("Potters", "literal", RDF.langString, "en")]
    title = titles.filter(predicate=ONET.title)
    assert expected == title.select("object", "kind", "datatype", "language").rows()


def test_optional_steps() -> None:
    """A part of a row's IRI is left out where its cell is absent, and what refers to it too."""
    rows = [{**SKILL, "Category": "3"}, SKILL]
    found = triples(mapped("Education, Training, and Experience", rows))
    with_category, without = (f"rating/9.1/11-0000.00/2.A/IM{end}" for end in ("/3", ""))
    assert (with_category, "onet:refersTo", "category/2.A/IM/3") in found
    assert (without, "onet:dataValue", "4.50") in found
    of_categories = {triple for triple in found if triple[2].startswith("category/")}
    assert 1 == len(of_categories)


def test_an_absent_cell_of_a_node() -> None:
    """A triple whose node lacks a cell is left out; the others of its row stay."""
    found = triples(mapped("Job Zones", [{"O*NET-SOC Code": "11-0000.00", "Date": "01/2026"}]))
    row = "rating/9.1/11-0000.00/job-zone"
    assert {
        ("occupation/11-0000.00", "onet:hasRating", row),
        (row, "rdf:type", "onet:JobZoneRating"),
        (row, "kg:updated", "01/2026"),
    } == found


def test_short_forms_of_texts() -> None:
    """A node made of a long text has the beginning of it, and a hash of the whole."""
    task = "Keep borrower accounts correct and up to date."
    rows = [{"O*NET-SOC Code": "11-0000.00", "Task": task, "Category": "New"}]
    node = f"emerging-task/11-0000.00/{digest(task)}"
    assert (node, "onet:task", task) in triples(mapped("Emerging Tasks", rows))


def test_parents() -> None:
    """An element is below the one whose ID its own goes on from, if the table lists that."""
    ids = ["1", "1.A", "1.A.1", "1.B.2", "10.A"]
    found = triples(mapped("Content Model Reference", [{"Element ID": i} for i in ids]))
    expected = {("element/1.A", "element/1"), ("element/1.A.1", "element/1.A")}
    assert expected == {(s, o) for s, p, o in found if p == "skos:broader"}


def test_names_that_differ_and_names_of_nodes() -> None:
    """A name that differs is said of its row, one that no table lists of what it names."""
    rows = [
        {**SKILL, "Element Name": "Clay", f"{NODE}Element Name": None},
        {**SKILL, "Element ID": "2.B", "Element Name": None, f"{NODE}Element Name": "Fire"},
    ]
    found = {
        triple for triple in triples(mapped("Skills", rows)) if triple[1] == "onet:elementName"
    }
    assert {
        ("rating/9.1/11-0000.00/2.A/IM", "onet:elementName", "Clay"),
        ("element/2.B", "onet:elementName", "Fire"),
    } == found


def test_tables_without_row_nodes() -> None:
    """A table that says no more than its key has no nodes of its own."""
    table = mapped("Skills to Work Context", [{"From Element ID": "2.A", "To Element ID": "4.C"}])
    assert {("element/2.A", "onet:linkedTo", "element/4.C")} == triples(table)
    assert (0, 1) == (table.nodes, table.count())


def test_no_rows() -> None:
    """A table without rows gives no quads."""
    table = mapped("Skills", [])
    assert (0, 0, 0) == (table.nodes, table.count(), table_of(table).height)


def test_kinds() -> None:
    """The quads of a table can be had by the kind of their subjects."""
    rows = [{"O*NET-SOC Code": "11-0000.00", "Example": "Kiln", "Commodity Code": "1"}]
    table = mapped("Tools Used", rows)
    assert {"occupation", "tool", "tool-use"} == table.kinds
    for kind in table.kinds:
        for frame in table.select(kind, GRAPH):
            subjects = frame["subject"].to_list()
            assert all(subject.startswith(f"{BASE}{kind}/") for subject in subjects)
    assert [] == list(table.select("task", GRAPH))


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("Tools Used", ("O*NET-SOC Code", "Example", "Commodity Code")),
        ("Technology Skills", ("O*NET-SOC Code", "Example", "Commodity Code", "In Demand")),
        ("UNSPSC Reference", ("Commodity Code", "Class Code", "Class Title", "Segment Code")),
        ("Alternate Titles", ("O*NET-SOC Code", "Alternate Title", "Short Title")),
        ("Skills to Work Context", ("From Element ID", "To Element ID")),
    ],
)
def test_count(name: str, columns: Sequence[str]) -> None:
    """The count of a table's quads has each once, however often rows say it or share a node."""
    chance = random.Random(7)
    rows = [{c: chance.choice(["a", "b", "c", None]) for c in columns} for _ in range(60)]
    needed = load_entries().tables[name].needed_columns
    table = mapped(name, [row for row in rows if all(row[c] for c in needed)])
    assert table.nodes < len(table.frame)
    assert table_of(table).unique().height == table.count()


@pytest.mark.parametrize(
    ("expected", "cell"),
    [
        ("Adobe_Acrobat", "Adobe Acrobat"),
        ("C++", "C++"),
        ("C%23", "C#"),
        ("A%2FB", "A/B"),
        ("a%5Fb", "a_b"),
        ("100%25", "100%"),
        ("%22x%22%3Cy%3E", '"x"<y>'),
        ("tab%09line%0A", "tab\tline\n"),
        ("%5Ba%5D%7Bb%7D%7C%5C%5E%60%7F?".replace("?", "%3F"), "[a]{b}|\\^`\x7f?"),
        ("é漢😀", "é漢😀"),
    ],
)
def test_cells_in_iris(expected: str, cell: str) -> None:
    """A cell is made fit for a step of an IRI's path, and stays readable."""
    rows = [{"O*NET-SOC Code": "x", "Example": cell, "Commodity Code": "1"}]
    assert f"tool/{expected}" in {subject for subject, _, _ in triples(mapped("Tools Used", rows))}


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@settings(deadline=None)
@example(["\ufffd", "\ue000", "\x80", "\U000e0001", "\U0001fffe", "\U0010ffff", "a_ %_5F"])
@given(st.lists(names | st.text(st.sampled_from("%_ /2F5"), min_size=1), min_size=1, max_size=5))
def test_iris_tell_cells_apart(cells: list[str]) -> None:
    """Every cell gives an IRI that RDF allows, from which it can be read again."""
    rows = [{"O*NET-SOC Code": "x", "Example": cell, "Commodity Code": "1"} for cell in cells]
    table = table_of(mapped("Tools Used", rows)).filter(predicate=SKOS.prefLabel)
    for subject, label in table.select("subject", "object").iter_rows():
        assert rdf.is_iri(subject)
        step = subject.removeprefix(f"{BASE}tool/")
        assert "/" not in step
        assert label == unquote(step.replace("_", " "))
