"""The entries of tables: how they are written, and what is refused in them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kg.errors import InputError
from kg.namespaces import KG, ONET, RDF
from kg.readers.onet.entries import Cell, Entries, Repeat, Template, Triple, load_entries

WRITTEN = """
[columns.Code]
form = "[0-9]+"
in = ["Things", "Code"]

[columns.Name]
repeats = ["Code", "Things", "Code", "Name", "onet:name", "thing/{Code}"]

[patterns.dated]
columns = ["Date"]
triples = [["row", "kg:updated", "{Date}", "string"]]

[patterns.rated]
like = "dated"
columns = ["Code"]
optional = ["Name"]
key = ["Code"]
row = "rating/{release}/{Code}"

[tables.Things]
required = true
columns = ["Code", "Name"]
key = ["Code"]
row = "thing/{Code}"
triples = [["row", "rdf:type", "kg:Element"], ["row", "onet:name", "{Name}", "en"]]

[tables.Ratings]
like = "rated"
also = ["Old Ratings"]
since = "10.1"
until = "29.3"
renamed = { "Old Code" = "Code" }
columns = ["Category", "Value"]
optional = ["Date", "Note"]
key = ["Code", "Category"]
row = "rating/{release}/{Code}[/{Category}]"
triples = [
    ["thing/{Code}", "onet:hasRating", "row"],
    ["row", "onet:dataValue", "{Value}", "decimal"],
]
"""


def written(path: Path, text: str = WRITTEN) -> Entries:
    """Return the entries of a text."""
    file = path / "entries.toml"
    file.write_text(text, encoding="utf-8")
    load_entries.cache_clear()
    return load_entries(file)


def test_layers(tmp_path: Path) -> None:
    """A table goes on from its pattern, and that from its own: lists add up, the rest replaces."""
    entry = written(tmp_path).tables["Ratings"]
    assert ("Date", "Code", "Category", "Value") == entry.columns
    assert ("Name", "Note") == entry.optional
    assert ("Code", "Category") == entry.key
    assert ("Code",) == entry.needed_columns
    parts = ("rating/", Cell("release"), "/", Cell("Code"), Cell("Category", optional=True))
    assert Template(parts) == entry.row
    assert [KG.updated, ONET.hasRating, ONET.dataValue] == [
        triple.predicate for triple in entry.triples
    ]
    assert (False, {"Old Code": "Code"}) == (entry.required, dict(entry.renamed))


def test_triples(tmp_path: Path) -> None:
    """A triple has nodes, the node of its row, the same node for all rows, or a cell as literal."""
    tables = written(tmp_path).tables
    things, ratings = tables["Things"].triples, tables["Ratings"].triples
    assert Triple(None, RDF.type, KG.Element, None) == things[0]
    name = Template((Cell("Name"),))
    assert Triple(None, ONET.name, name, "en") == things[1]
    thing = Template(("thing/", Cell("Code")))
    assert Triple(thing, ONET.hasRating, None, None) == ratings[1]
    assert ({"Value"}, {"Date"}, set()) == tuple(
        tables["Ratings"].literal_columns(kind) for kind in ("decimal", "string", "integer")
    )


def test_of_release(tmp_path: Path) -> None:
    """The number of the release takes its place in a template."""
    row = written(tmp_path).tables["Ratings"].row
    assert row is not None
    parts = ("rating/", "30.2", "/", Cell("Code"), Cell("Category", optional=True))
    assert parts == row.of_release("30.2").parts
    assert "rating" == row.kind


def test_repeats(tmp_path: Path) -> None:
    """A column that repeats another table's does so in every table but that one."""
    entries = written(tmp_path)
    node = Template(("thing/", Cell("Code")))
    expected = {"Name": Repeat("Code", "Things", "Code", "Name", ONET.name, node)}
    assert expected == entries.repeats(entries.tables["Ratings"])
    assert {} == entries.repeats(entries.tables["Things"])


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        ("Ratings", "Ratings"),
        ("Ratings", "Old Ratings"),
        ("Ratings", "Old_Ratings"),
        ("Ratings", "  old   RATINGS "),
        (None, "Old-Ratings"),
        (None, "Rating"),
        (None, ""),
    ],
)
def test_names(tmp_path: Path, expected: str | None, name: str) -> None:
    """A table is found by each of its names, as copies may write them."""
    entry = written(tmp_path).entry(name)
    assert expected == (entry.name if entry else None)


@pytest.mark.parametrize(
    ("expected", "release"),
    [(False, "9.9"), (False, "10.0"), (True, "10.1"), (True, "29.3"), (False, "30.0")],
)
def test_releases(tmp_path: Path, expected: bool, release: str) -> None:
    """A table is one of the releases from its first to its last, by number and not by letter."""
    tables = written(tmp_path).tables
    assert expected == tables["Ratings"].is_of(release)
    assert tables["Things"].is_of(release)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[tables.Things]", "[tables.Things", "cannot be read"),
        ("required = true", "need = true", "table 'Things': unknown key 'need'"),
        ('form = "[0-9]+"', 'forms = "x"', "column 'Code': unknown key 'forms'"),
        ('form = "[0-9]+"', 'form = "["', "column 'Code': "),
        ('in = ["Things"', 'in = ["Thing"', "'Code' is no column of a table 'Thing'"),
        ('"Code", "Name", "onet', '"Code", "Title", "onet', "column 'Name': 'Title' is no column"),
        ('repeats = ["Code", ', "repeats = [", "column 'Name': "),
        ('columns = ["Date"]', 'column = ["Date"]', "pattern 'dated': unknown key 'column'"),
        ('like = "dated"', 'like = "daily"', "table 'Ratings': 'daily' is no pattern"),
        ('like = "dated"', 'like = "rated"', "'rated' is like itself"),
        ('also = ["Old Ratings"]', 'also = ["things"]', "'Things' is called 'things' too"),
        ('key = ["Code"]\nrow = "thing', 'row = "thing', "table 'Things': has no key"),
        ('row = "thing/{Code}"', "", "table 'Things': its rows have no node"),
        ('row = "thing/{Code}"', 'row = "thing/{Name}"', "is not made of its key"),
        ('row = "thing/{Code}"', 'row = ""', "a template is empty"),
        ('row = "thing/{Code}"', 'row = "thing/{Code"', "is no template"),
        ('row = "thing/{Code}"', 'row = "thing/{Code|upper}"', "'upper' is no form of a cell"),
        ("[/{Category}]", "[-{Category}]", "what is optional is a slash and a cell"),
        ("{Value}", "{Values}", "table 'Ratings': has no column 'Values'"),
        ('"{Value}"', '"{Value} kg"', "a literal is a cell as it stands"),
        ('"{Value}"', '"{Value|digest}"', "a literal is a cell as it stands"),
        ('"{Value}"', '"row"', "a literal is a cell as it stands"),
        ('"decimal"', '"number"', "'number' is no kind of literal: string, en, integer, decimal"),
        ('"onet:dataValue"', '"dataValue"', "'dataValue' is no name with a known prefix"),
        ('"onet:dataValue"', '"onett:dataValue"', "is no name with a known prefix"),
        ('"kg:Element"]', '"kg:Element", "en"]', "a literal is a cell as it stands"),
        ('["row", "rdf:type", "kg:Element"]', '["row", "rdf:type"]', "table 'Things': "),
        ('"Old Code" = "Code"', '"Old Code" = "Id"', "has no column 'Id'"),
        ('key = ["Code", "Category"]', 'key = ["Code", "Categories"]', "no column 'Categories'"),
    ],
)
def test_faults(tmp_path: Path, old: str, new: str, words: str) -> None:
    """What is wrong in an entry is refused with the file, the table and what is wrong."""
    assert 1 == WRITTEN.count(old)
    with pytest.raises(InputError) as caught:
        written(tmp_path, WRITTEN.replace(old, new))
    assert words in caught.value.message
    assert str(tmp_path / "entries.toml") == caught.value.file


def test_shipped() -> None:
    """The shipped entries are whole; the two tables that nothing works without are required."""
    entries = load_entries()
    required = {"Occupation Data", "Task Statements"}
    assert required == {name for name, entry in entries.tables.items() if entry.required}
    old, new = (
        {name for name, entry in entries.tables.items() if entry.is_of(number)}
        for number in ("30.2", "30.3")
    )
    assert 40 == len(old)
    assert {
        "Education, Training, and Experience",
        "Education, Training, and Experience Categories",
        "Skills",
        "Skills to Work Activities",
        "Skills to Work Context",
        "Technology Skills",
        "Tools Used",
        "UNSPSC Reference",
        "Work Values",
    } == old - new
    assert {"Essential Skills", "Software Skills", "Transferable Skills"} < new - old


def test_codes() -> None:
    """A form lets pass what codes look like, and neither other digits nor more than that."""
    form = load_entries().column("O*NET-SOC Code").form
    codes = ["15-1232.00", "15-1232", "15-1232.00\n", "\u0661\u0665-1232.00", "x15-1232.00"]
    matches = pl.Series(codes).str.contains(f"^({form})$")
    assert [True, False, False, False, False] == matches.to_list()
