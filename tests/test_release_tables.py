"""Every cell of a release is found again, and every row is counted.

What a cell becomes is written down here once more, by itself and in other words than in
`build/onet.toml`; the cells are read from the files of the release, without the readers.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import polars as pl
import pytest
from releases import count_rows, read_tables

from kg import quads
from kg.assembly import assemble
from kg.graph import Graph, open_graph
from kg.mapping.iris import Iris, digest
from kg.mapping.release import map_release
from kg.model import SourceRef
from kg.namespaces import BASE, KG, ONET, RDF, SKOS, XSD
from kg.pipeline import build
from kg.readers.onet import read_release
from kg.resources import folder

EXAMPLE = folder("build") / "example" / "onet_30_2_text"
RELEASE = "30.2"
SAMPLE = 100

Row = Mapping[str, str | None]
Node = Callable[[Row], str]


def iri(*steps: str | None) -> str:
    """Return the IRI below the base with these steps, absent ones left out."""
    return BASE + "/".join(step(cell) for cell in steps if cell is not None)


def step(cell: str) -> str:
    """Return a cell as a step of a path: with `_` for spaces, and percent-encoded where need be."""
    return "".join(
        "_"
        if c == " "
        else "%5F"
        if c == "_"
        else c
        if ord(c) > 127
        else quote(c, "!$&'()*+,;=:@~")
        for c in cell
    )


def made(kind: str, *columns: str, release: bool = False) -> Node:
    """Return a function that gives the node of a kind with the cells of these columns."""

    def node(row: Row) -> str:
        return iri(kind, *([RELEASE] if release else []), *(row[c] for c in columns))

    return node


CODE = "O*NET-SOC Code"
occupation = made("occupation", CODE)
element = made("element", "Element ID")
scale = made("scale", "Scale ID")
task = made("task", "Task ID")
category = made("category", "Element ID", "Scale ID", "Category")
commodity = made("unspsc", "Commodity Code")


@dataclass(frozen=True)
class Says:
    """What a cell says: of which node (None: that of its row), and by which property.

    `value` is a datatype, "en", a function that gives a node, or None for the node of the row.
    """

    predicate: str
    value: str | Node | None
    of: Node | None = None


TEXT, STRING, INTEGER, DECIMAL = "en", XSD.string, XSD.integer, XSD.decimal

DATED = {"Date": Says(KG.updated, STRING), "Domain Source": Says(KG.domainSource, STRING)}
ESTIMATE = {
    "N": Says(KG.sampleSize, INTEGER),
    "Standard Error": Says(KG.standardError, DECIMAL),
    "Lower CI Bound": Says(KG.lowerBound, DECIMAL),
    "Upper CI Bound": Says(KG.upperBound, DECIMAL),
    "Recommend Suppress": Says(KG.recommendSuppress, STRING),
}
NAMED = {
    "Element ID": Says(ONET.refersTo, element),
    "Element Name": Says(ONET.elementName, TEXT, element),
}
RATED = {
    CODE: Says(ONET.hasRating, None, occupation),
    **NAMED,
    "Scale ID": Says(ONET.refersTo, scale),
    "Data Value": Says(ONET.dataValue, DECIMAL),
    **DATED,
}
LEVEL = {**RATED, **ESTIMATE, "Not Relevant": Says(KG.notRelevant, STRING)}
SHARES = {**LEVEL, "Category": Says(ONET.refersTo, category)}
CATEGORIES = {
    **NAMED,
    "Scale ID": Says(ONET.refersTo, scale),
    "Category": Says(KG.categoryNumber, INTEGER),
    "Category Description": Says(ONET.categoryDescription, TEXT),
}
rating = made("rating", CODE, "Element ID", "Scale ID", release=True)
share = made("rating", CODE, "Element ID", "Scale ID", "Category", release=True)


def linkage(first: str, second: str) -> tuple[Node, dict[str, Says]]:
    """Return what a table says that links elements of two kinds."""
    ends = [made("element", f"{name} Element ID") for name in (first, second)]
    link = Says(ONET.linkedTo, ends[1], ends[0])
    names = [Says(ONET.elementName, TEXT, end) for end in ends]
    columns = {f"{first} Element ID": link, f"{second} Element ID": link}
    columns |= {f"{n} Element Name": says for n, says in zip((first, second), names, strict=True)}
    return ends[0], columns


def activity(column: str, *above: str) -> tuple[Node, dict[str, Says]]:
    """Return what a table of activities says: IWA or DWA, each below the one before."""
    node = made("element", f"{column} ID")
    return node, {
        f"{column} ID": Says(ONET.elementID, STRING),
        f"{column} Title": Says(ONET.elementName, TEXT),
        above[-1]: Says(SKOS.broader, made("element", above[-1])),
        **{name: Says(KG.workActivity, made("element", name)) for name in above[:-1]},
    }


def text_of(kind: str, *columns: str, text: str) -> Node:
    """Return a function that gives a node whose last step is a short form of a text."""
    return lambda row: f"{iri(kind, *(row[c] for c in columns))}/{digest(row[text] or '')}"


def software(kind: str, example: str, link: str) -> dict[str, Says]:
    """Return what tables of technologies and tools say."""
    return {
        CODE: Says(link, None, occupation),
        "Example": Says(ONET.workplaceExample, TEXT, made(example, "Example")),
        "Commodity Code": Says(ONET.refersTo, commodity),
        "Commodity Title": Says(ONET.name, TEXT, commodity),
    }


def commodities() -> dict[str, Says]:
    """Return what the classes of commodities say, each below the next."""
    names = ["Commodity", "Class", "Family", "Segment"]
    nodes = {name: made("unspsc", f"{name} Code") for name in names}
    says = {f"{n} Title": Says(SKOS.prefLabel, TEXT, nodes[n]) for n in names}
    says["Commodity Code"] = Says(SKOS.notation, STRING, nodes["Commodity"])
    for lower, upper in pairwise(names):
        says[f"{upper} Code"] = Says(SKOS.broader, nodes[upper], nodes[lower])
    return says


#: The node of a row and what its columns say, for each table of the release.
TABLES: Mapping[str, tuple[Node, Mapping[str, Says]]] = {
    "Occupation Data": (
        occupation,
        {
            CODE: Says(ONET.onetSOCCode, STRING),
            "Title": Says(ONET.title, TEXT),
            "Description": Says(ONET.description, TEXT),
        },
    ),
    "Alternate Titles": (
        made("job-title", CODE, "Alternate Title", "Short Title"),
        {
            CODE: Says(ONET.hasJobTitle, None, occupation),
            "Alternate Title": Says(ONET.jobTitle, TEXT),
            "Short Title": Says(KG.shortTitle, TEXT),
            "Source(s)": Says(KG.titleSource, STRING),
        },
    ),
    "Sample of Reported Titles": (
        made("reported-title", CODE, "Reported Job Title"),
        {
            CODE: Says(ONET.hasReportedTitle, None, occupation),
            "Reported Job Title": Says(ONET.reportedJobTitle, TEXT),
            "Shown in My Next Move": Says(KG.shownInMyNextMove, STRING),
        },
    ),
    "Job Zones": (
        lambda row: iri("rating", RELEASE, row[CODE], "job-zone"),
        {
            CODE: Says(ONET.hasRating, None, occupation),
            "Job Zone": Says(KG.jobZone, INTEGER, occupation),
            **DATED,
        },
    ),
    "Job Zone Reference": (
        made("job-zone", "Job Zone"),
        {
            "Job Zone": Says(SKOS.notation, STRING),
            "Name": Says(ONET.name, TEXT),
            "Experience": Says(ONET.experience, TEXT),
            "Education": Says(ONET.education, TEXT),
            "Job Training": Says(ONET.jobTraining, TEXT),
            "Examples": Says(KG.examples, TEXT),
            "SVP Range": Says(KG.svpRange, STRING),
        },
    ),
    "Related Occupations": (
        made("related-occupation", CODE, "Related O*NET-SOC Code"),
        {
            CODE: Says(ONET.hasRelatedOccupation, None, occupation),
            "Related O*NET-SOC Code": Says(
                ONET.refersTo, made("occupation", "Related O*NET-SOC Code")
            ),
            "Relatedness Tier": Says(KG.relatednessTier, STRING),
            "Index": Says(ONET.relatedIndex, INTEGER),
        },
    ),
    "Occupation Level Metadata": (
        made("survey-response", CODE, "Item", "Response", release=True),
        {
            CODE: Says(KG.hasSurveyResponse, None, occupation),
            "Item": Says(KG.surveyItem, TEXT),
            "Response": Says(KG.surveyAnswer, TEXT),
            "N": Says(KG.sampleSize, INTEGER),
            "Percent": Says(KG.percent, DECIMAL),
            "Date": Says(KG.updated, STRING),
        },
    ),
    "Task Statements": (
        task,
        {
            CODE: Says(ONET.hasTask, None, occupation),
            "Task ID": Says(KG.taskId, STRING),
            "Task": Says(ONET.task, TEXT),
            "Task Type": Says(KG.taskType, STRING),
            "Incumbents Responding": Says(KG.incumbentsResponding, INTEGER),
            **DATED,
        },
    ),
    "Task Ratings": (
        lambda row: iri(
            *("rating", RELEASE, row[CODE], "task"),
            *(row[c] for c in ("Task ID", "Scale ID", "Category")),
        ),
        {
            CODE: Says(ONET.hasRating, None, occupation),
            "Task ID": Says(ONET.refersTo, task),
            "Scale ID": Says(ONET.refersTo, scale),
            "Category": Says(ONET.refersTo, made("category", "Scale ID", "Category")),
            "Data Value": Says(ONET.dataValue, DECIMAL),
            **ESTIMATE,
            **DATED,
        },
    ),
    "Task Categories": (
        made("category", "Scale ID", "Category"),
        {k: v for k, v in CATEGORIES.items() if not k.startswith("Element")},
    ),
    "Emerging Tasks": (
        text_of("emerging-task", CODE, text="Task"),
        {
            CODE: Says(KG.hasEmergingTask, None, occupation),
            "Task": Says(ONET.task, TEXT),
            "Category": Says(KG.emergence, STRING),
            "Original Task ID": Says(KG.originalTask, made("task", "Original Task ID")),
            "Original Task": Says(ONET.task, TEXT, made("task", "Original Task ID")),
            **DATED,
        },
    ),
    "Tasks to DWAs": (
        made("task-activity", "Task ID", "DWA ID"),
        {
            CODE: Says(KG.occupation, occupation),
            "Task ID": Says(KG.hasTaskActivity, None, task),
            "DWA ID": Says(ONET.linkedTo, made("element", "DWA ID"), task),
            **DATED,
        },
    ),
    "Content Model Reference": (
        element,
        {
            "Element ID": Says(ONET.elementID, STRING),
            "Element Name": Says(ONET.elementName, TEXT),
            "Description": Says(ONET.description, TEXT),
        },
    ),
    "IWA Reference": activity("IWA", "Element ID"),
    "DWA Reference": activity("DWA", "Element ID", "IWA ID"),
    "Abilities to Work Activities": linkage("Abilities", "Work Activities"),
    "Abilities to Work Context": linkage("Abilities", "Work Context"),
    "Skills to Work Activities": linkage("Skills", "Work Activities"),
    "Skills to Work Context": linkage("Skills", "Work Context"),
    "Basic Interests to RIASEC": linkage("Basic Interests", "RIASEC"),
    "Abilities": (rating, LEVEL),
    "Knowledge": (rating, LEVEL),
    "Skills": (rating, LEVEL),
    "Work Activities": (rating, LEVEL),
    "Work Context": (share, SHARES),
    "Education, Training, and Experience": (share, SHARES),
    "Work Styles": (rating, LEVEL),
    "Work Values": (rating, RATED),
    "Interests": (rating, RATED),
    "Technology Skills": (
        made("technology-skill", CODE, "Commodity Code", "Example"),
        {
            **software("technology-skill", "technology", ONET.hasSoftware),
            "Hot Technology": Says(KG.hotTechnology, STRING),
            "In Demand": Says(KG.inDemand, STRING),
        },
    ),
    "Tools Used": (
        made("tool-use", CODE, "Commodity Code", "Example"),
        software("tool-use", "tool", KG.hasToolUse),
    ),
    "UNSPSC Reference": (commodity, commodities()),
    "Interests Illustrative Activities": (
        text_of("illustrative-activity", "Element ID", "Interest Type", text="Activity"),
        {
            **NAMED,
            "Interest Type": Says(KG.interestType, STRING),
            "Activity": Says(ONET.description, TEXT),
        },
    ),
    "Interests Illustrative Occupations": (
        made("illustrative-occupation", "Element ID", "Interest Type", CODE),
        {
            **NAMED,
            "Interest Type": Says(KG.interestType, STRING),
            CODE: Says(KG.occupation, occupation),
        },
    ),
    "RIASEC Keywords": (
        made("interest-keyword", "Element ID", "Keyword Type", "Keyword"),
        {
            **NAMED,
            "Keyword": Says(KG.keyword, TEXT),
            "Keyword Type": Says(KG.keywordType, STRING),
        },
    ),
    "Scales Reference": (
        scale,
        {
            "Scale ID": Says(SKOS.notation, STRING),
            "Scale Name": Says(ONET.name, TEXT),
            "Minimum": Says(KG.minimum, DECIMAL),
            "Maximum": Says(KG.maximum, DECIMAL),
        },
    ),
    "Level Scale Anchors": (
        made("scale-anchor", "Element ID", "Scale ID", "Anchor Value"),
        {
            **NAMED,
            "Scale ID": Says(ONET.refersTo, scale),
            "Anchor Value": Says(KG.anchorValue, DECIMAL),
            "Anchor Description": Says(ONET.description, TEXT),
        },
    ),
    "Education, Training, and Experience Categories": (category, CATEGORIES),
    "Work Context Categories": (category, CATEGORIES),
    "Survey Booklet Locations": (
        made("survey-item", "Element ID", "Scale ID", "Survey Item Number"),
        {
            **NAMED,
            "Scale ID": Says(ONET.refersTo, scale),
            "Survey Item Number": Says(KG.surveyItemNumber, STRING),
        },
    ),
}


@dataclass(frozen=True)
class Expected:
    """The triple that a cell gives: its value is a node, or a literal; None where it is absent."""

    subject: str
    predicate: str
    value: str | None
    datatype: str | None = None
    #: What an absent node would be: the beginning of its IRI.
    kind: str = ""

    def term(self) -> str:
        """Return the value as SPARQL writes it."""
        if self.value is None or self.datatype is None:
            return f"<{self.value}>"
        text = re.sub(r'["\\]', r"\\\g<0>", self.value)
        return f'"{text}"@en' if self.datatype == TEXT else f'"{text}"^^<{self.datatype}>'


def cells_of(
    table: str, rows: Sequence[Sequence[str]], chance: random.Random
) -> Iterator[Expected]:
    """Yield what a hundred cells of a table give, drawn at random from its file."""
    node, columns = TABLES[table]
    header, *body = rows
    assert set(header) <= columns.keys(), f"{table} has columns that are not known here"
    places = [(row, column) for row in range(len(body)) for column in header]
    for row, column in chance.sample(places, min(SAMPLE, len(places))):
        cells: Row = {
            name: None if cell in ("n/a", "") else cell
            for name, cell in zip(header, body[row], strict=True)
        }
        cell, says = cells[column], columns[column]
        if cell is None and says.of and says.of is not occupation:
            continue  # what would be said of, is absent with it
        subject = (says.of or node)(cells)
        if not callable(says.value) and says.value is not None:
            yield Expected(subject, says.predicate, cell, says.value)
        elif cell is None:
            assert callable(says.value)
            kind = says.value(dict.fromkeys((*cells, "release"), None))
            yield Expected(subject, says.predicate, None, kind=kind)
        else:
            yield Expected(subject, says.predicate, (says.value or node)(cells))


def check_cells(graph: Graph, release: Path) -> None:
    """Check that cells of each table of a release are found by SPARQL, and in the quad table."""
    tables = read_tables(release)
    assert tables.keys() <= TABLES.keys()
    quad_table = graph.table.filter(graph=f"{BASE}graph/onet/{RELEASE}").collect()
    for table, rows in sorted(tables.items()):
        found = list(cells_of(table, rows, random.Random(table)))
        present = [cell for cell in found if cell.value is not None]
        absent = [cell for cell in found if cell.value is None]
        assert present, table
        near = quad_table.filter(pl.col("subject").is_in({cell.subject for cell in found}))
        assert set() == set(present) - asked(graph, present)
        assert set() == set(present) - looked_up(near, present)
        for cell in absent:
            given = near.filter(subject=cell.subject, predicate=cell.predicate)
            assert not given["object"].str.starts_with(cell.kind).any(), (table, cell)


def asked(graph: Graph, cells: Sequence[Expected]) -> set[Expected]:
    """Return the cells that SPARQL finds with their values."""
    # Patterns of their own: to join a list of values, the store would look at every triple.
    patterns = " UNION ".join(
        f"{{ <{cell.subject}> <{cell.predicate}> {cell.term()} BIND({number} AS ?n) }}"
        for number, cell in enumerate(cells)
    )
    query = f"SELECT ?n {{ {patterns} }}"
    return {cells[int(number)] for (number,) in graph.query(query).rows if number}


def looked_up(table: pl.DataFrame, cells: Sequence[Expected]) -> set[Expected]:
    """Return the cells that stand in the quad table, letter by letter."""
    wanted = pl.DataFrame(
        {
            "subject": [cell.subject for cell in cells],
            "predicate": [cell.predicate for cell in cells],
            "object": [cell.value for cell in cells],
            "kind": ["literal" if cell.datatype else "iri" for cell in cells],
            "datatype": [RDF.langString if c.datatype == TEXT else c.datatype for c in cells],
            "language": ["en" if cell.datatype == TEXT else None for cell in cells],
        },
        schema_overrides={"datatype": pl.String, "language": pl.String},
    ).with_row_index("n")
    here = wanted.join(table, on=wanted.columns[1:], how="semi", nulls_equal=True)
    return {cells[number] for number in here["n"]}


def test_steps() -> None:
    """A cell in an IRI is written here as the other tests have it."""
    assert f"{BASE}tool/A%2FB_%22c%5Fd%22" == iri("tool", None, 'A/B "c_d"')


def test_every_table_is_known_here() -> None:
    """What is written down here is about all tables of the release."""
    assert 40 == len(TABLES)


def test_cells_of_the_example(example_graph: Graph) -> None:
    """Cells of the example are found again, in the store and in the quad table."""
    check_cells(example_graph, EXAMPLE)


@pytest.mark.slow
def test_cells_of_a_real_release(shared: Callable[[str], Path], tmp_path: Path) -> None:
    """Cells of a real release are found again, in the store and in the quad table."""
    release = shared("data/onet/db_30_2_text.zip")
    build([release], tmp_path / "graph")
    check_cells(open_graph(tmp_path / "graph"), release)


#: Tables whose rows say no more than their keys.
LINKAGES = {name for name in TABLES if " to " in name and name != "Tasks to DWAs"}


def check_counts(release: Path) -> Mapping[str, Mapping[str, int]]:
    """Check that all rows of a release are read and mapped, each to a node of its own."""
    tables = assemble([release]).tables
    rows = count_rows(release)
    assert rows == {name: table["read"] for name, table in tables.items()}
    for name, table in tables.items():
        assert {} == table["left_out"]
        assert table["read"] == table["mapped"]
        assert (0 if name in LINKAGES else table["read"]) == table["nodes"]
        assert table["quads"] >= table["mapped"]
    return tables


def test_counts_of_the_example() -> None:
    """Every row of the example is mapped, and has a node of its own."""
    check_counts(EXAMPLE)


@pytest.mark.slow
def test_counts_of_a_real_release(shared: Callable[[str], Path]) -> None:
    """Every row of a real release is mapped, and has a node of its own."""
    path = shared("data/onet/db_30_2_text.zip")
    tables = check_counts(path)
    expected = {
        "Alternate Titles": 57_543,
        "Knowledge": 59_004,
        "Related Occupations": 18_460,
        "Skills": 62_580,
        "Task Statements": 18_796,
        "Tasks to DWAs": 23_850,
        "Technology Skills": 32_773,
    }
    assert expected == {name: tables[name]["nodes"] for name in expected}
    assert (36, 457_531) == (len(tables), sum(table["read"] for table in tables.values()))
    mapped = map_release(read_release(path), SourceRef("onet"), Iris())
    ratings = quads.concat(mapped.chunks(["rating"])).filter(predicate=RDF.type, object=KG.Rating)
    assert 212_304 == ratings.height
