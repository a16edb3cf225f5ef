"""Exports as tables, read back by other programs' readers."""

from __future__ import annotations

import csv
import io
import math
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape as excel_unescape
from samples import LINKS, OCCUPATION, PAGE, linked, select

from kg import quads
from kg.errors import RequestError
from kg.export import Selection, export, sheets
from kg.export.tables import TABLES, make_tables
from kg.graph import Graph
from kg.namespaces import BASE, KG, RDF, SKOS

DOCS = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
TYPES = {
    "boolean": pl.Boolean(),
    "integer": pl.Int64(),
    "list": pl.List(pl.String),
    "number": pl.Float64(),
    "text": pl.String(),
}


@pytest.fixture(scope="module")
def example(page_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Selection:
    """Return the whole of the linked example."""
    return select(linked(page_graph), tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def tables(example: Selection) -> dict[str, pl.DataFrame]:
    """Return the tables of the linked example."""
    return make_tables(example)


def counted(selection: Selection, kind: str) -> int:
    """Return the number of selected nodes of a class."""
    typed = selection.quads.filter(predicate=RDF.type, object=kind)
    return typed.collect()["subject"].n_unique()


def plain(table: pl.DataFrame) -> list[list[object]]:
    """Return rows with lists joined, as formats without lists have them."""
    flat = table.with_columns(pl.col(pl.List(pl.String)).list.join("; "))
    return [list(row) for row in flat.iter_rows()]


def as_text(value: object) -> str:
    """Return a value as a cell of a CSV file."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def unescape(cell: str) -> str:
    """Undo the escape of formulas, as the documentation says it."""
    return cell[1:] if re.match("'+[=+\\-@\t\r\n＝＋－＠]", cell) else cell


def test_every_column_is_explained() -> None:
    """The documentation has every table with its columns, in order, and their types."""
    explained = {}
    for section in re.split(r"^## ", DOCS, flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| (\w+) \| (\w+) \| (\S.*) \|$", section, re.MULTILINE)
        explained[section.split("\n")[0]] = [(n, TYPES[t]) for n, t, _ in rows if n != "column"]

    assert {n: list(s.items()) for n, s in TABLES.items()} == explained


def test_tables_have_their_schemas(tables: dict[str, pl.DataFrame]) -> None:
    """What is made is what is declared, and no table of the example is empty."""
    assert dict(TABLES) == {name: table.schema for name, table in tables.items()}
    assert [] == [name for name, table in tables.items() if not table.height]


def test_statements(example: Selection, tables: dict[str, pl.DataFrame]) -> None:
    """A statement's row has what the page says of it, in the page's order."""
    table = tables["statements"]
    first = table.row(0, named=True)

    assert counted(example, KG.Statement) == table.height
    assert table["line"].is_sorted()
    assert first == {
        "occupation_code": "25-4031.00",
        "occupation": "Library Technicians",
        "framework": "base",
        "domain": None,
        "stage": "Career stage 1",
        "position": 1,
        "label": "Returned items",
        "text": first["text"],
        "sources": ["onet"],
        "task_ids": ["900001"],
        "file": "library-technicians.txt",
        "line": 3,
        "statement": f"{BASE}framework/{PAGE}/base/returned-items",
    }
    assert first["text"].startswith("check in at the loans desk")
    assert {"base": 8, "ai": 5, "durable": 44} == dict(
        table["framework"].value_counts().iter_rows()
    )
    assert 10 == table["domain"].n_unique() - 1


def test_links(tables: dict[str, pl.DataFrame]) -> None:
    """Every link is there with its confidence, and says whether it is asserted."""
    rows = tables["links"].select("label", "task_id", "confidence", "asserted").rows()

    assert sum(map(len, LINKS.values())) == len(rows)
    assert ("Returned items", "900001", 0.91, True) in rows
    assert ("Returned items", "900006", 0.4, False) in rows
    row = tables["links"].row(0, named=True)
    assert ("skills-kg tfidf", "1", 0.6) == (row["tool"], row["tool_version"], row["threshold"])
    assert "semapv:LexicalSimilarityThresholdMatching" == row["justification"]
    assert ("kg:supports", False) == (row["property"], row["negated"])


def test_links_come_in_the_order_of_their_statements(tables: dict[str, pl.DataFrame]) -> None:
    """Links stand as their statements do in the file, the surest of a statement first."""
    order = {statement: n for n, statement in enumerate(tables["statements"]["statement"])}
    rows = tables["links"].select("statement", "confidence").rows()
    assert sorted(rows, key=lambda row: (order[row[0]], -row[1])) == rows
    assert rows != sorted(rows)


def test_tasks(example: Selection, tables: dict[str, pl.DataFrame]) -> None:
    """Tasks say whose they are, whether a page shows them, and how many statements support them."""
    table = tables["tasks"]
    mine = table.filter(occupation_code="25-4031.00")

    assert counted(example, KG.Task) == table.height
    assert 6 == mine["anchor"].sum()
    assert {"900001": 1, "900004": 1} == {
        t: n for t, n in mine.select("task_id", "statements").iter_rows() if n
    }


def test_tasks_that_only_a_page_words(tmp_path: Path) -> None:
    """A source anchor without an ID is a task of the page's occupation, and can be supported."""
    graph, task = f"{BASE}graph/one", f"{BASE}task/sweep-12345678"
    document, section, statement = (f"{BASE}{n}" for n in ("document/a", "document/a/n", "s"))
    rows = [
        quads.iri(task, RDF.type, KG.Task, graph),
        quads.iri(section, KG.groundedIn, task, graph),
        quads.iri(section, "http://purl.org/dc/terms/isPartOf", document, graph),
        quads.iri(document, "https://schema.org/about", OCCUPATION, graph),
        quads.text(OCCUPATION, SKOS.prefLabel, "Sweepers", graph),
        quads.iri(statement, RDF.type, KG.Statement, graph),
        quads.iri(statement, KG.supports, task, graph),
    ]
    made = make_tables(select(rows, tmp_path))

    assert [("Sweepers", None, True, 1)] == made["tasks"].select(
        "occupation", "task_id", "anchor", "statements"
    ).rows()
    assert ["sweep-12345678"] == made["statements"]["task_ids"][0].to_list()


def test_evidence_and_sources(example: Selection, tables: dict[str, pl.DataFrame]) -> None:
    """Figures are numbers with units, classifications have codes, sources say what to cite."""
    figures = {r["metric"]: r for r in tables["figures"].iter_rows(named=True)}
    classes = {r["metric"]: r for r in tables["classifications"].iter_rows(named=True)}
    sources = {r["source"]: r for r in tables["sources"].iter_rows(named=True)}

    assert counted(example, KG.Figure) == len(figures)
    assert (2.6, "one", "aei") == tuple(
        figures["AI autonomy"][k] for k in ("value", "unit", "source")
    )
    assert "2.A.1.a" == classes["Top skill"]["category_code"]
    assert counted(example, KG.Source) == len(sources)
    assert (True, True, 0) == tuple(
        sources["ler"][k] for k in ("version_unknown", "rights_unknown", "statements")
    )
    cited = tables["citations"].group_by("source").len()
    assert dict(cited.iter_rows()) == {
        k: r["statements"] for k, r in sources.items() if r["statements"]
    }
    assert sources["onet"]["citation"].startswith("This graph includes information from the O*NET")


def test_citations_join_statements(tables: dict[str, pl.DataFrame]) -> None:
    """Citations are the sources of the statements, one a row."""
    lists = tables["statements"].select("statement", pl.col("sources").alias("source"))
    pairs = set(lists.explode("source").drop_nulls().iter_rows())

    assert pairs == set(tables["citations"].select("statement", "source").iter_rows())


@pytest.mark.parametrize(
    ("part", "statements", "links"),
    [
        ({"framework": "base"}, 8, 2),
        ({"framework": "ai", "occupation": OCCUPATION}, 5, 1),
        ({"occupation": f"{BASE}occupation/25-4022.00"}, 0, 0),
        ({"graph": f"{BASE}graph/page/{PAGE}"}, 57, 0),
        ({"graph": f"{BASE}graph/links/page/{PAGE}"}, 0, 3),
    ],
)
def test_parts(example: Selection, part: dict[str, str], statements: int, links: int) -> None:
    """A part has its rows and relations; names come from the whole graph."""
    made = make_tables(Selection(example.parts, BASE, **part))
    titles = set(made["statements"]["occupation"]) | set(made["links"]["occupation"])

    assert (statements, links) == (made["statements"].height, made["links"].height)
    assert titles <= {"Library Technicians"}
    if part.get("graph", "").endswith(f"graph/page/{PAGE}"):
        assert 0 == made["statements"]["task_ids"].list.len().sum()  # inferred, so not in it


def test_csv_is_read_back(
    example: Selection, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """The csv module reads the same rows."""
    export(example, "csv", tmp_path / "out")

    for name, table in tables.items():
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert table.columns == header
        assert [[as_text(v) for v in row] for row in plain(table)] == [
            [unescape(c) for c in row] for row in rows
        ]


def test_xlsx_is_read_back(
    example: Selection, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """openpyxl reads the same rows, with numbers and booleans as such, and the attributions."""
    export(example, "xlsx", tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "tables.xlsx", read_only=True)

    assert [*tables, "attribution"] == book.sheetnames
    for name, table in tables.items():
        header, *rows = book[name].iter_rows(values_only=True)
        assert table.columns == list(header)
        assert plain(table) == [[*row, *[None] * (table.width - len(row))] for row in rows]
    said = [row[0] for row in book["attribution"].iter_rows(values_only=True)]
    assert any("O*NET 30.2 Database" in line for line in said)
    book.close()


def test_parquet_is_read_back(
    example: Selection, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """Arrow reads the same rows with their types, and the same dataset."""
    export(example, "parquet", tmp_path / "out")

    for name, table in tables.items():
        read = pq.read_table(tmp_path / "out" / f"{name}.parquet")
        assert table.to_dicts() == read.to_pylist()
    read = pq.read_table(tmp_path / "out" / "quads.parquet")
    assert list(quads.COLUMNS) == read.column_names
    assert example.quads.collect().to_dicts() == read.to_pylist()
    note = (tmp_path / "out" / sheets.ATTRIBUTION).read_text(encoding="utf-8")
    assert "O*NET 30.2 Database" in note


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", "'", "''=", "'a", "＝", "<r>"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.builds("{}{}".format, STARTS, TEXTS), min_size=1, max_size=6))
def test_formulas_are_escaped_and_nothing_is_lost(texts: list[str]) -> None:
    """No cell of a CSV file begins like a formula, and every one can be had back."""
    table = pl.DataFrame({"a": texts, "n": [-1] * len(texts)})
    out = io.BytesIO()
    sheets.write_csv(table, out)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))[1:]
    cells = [row[0] for row in rows]

    assert [] == [c for c in cells if c[:1] and c[0] in "=+-@\t\r\n＝＋－＠"]
    assert texts == [unescape(c) for c in cells]
    assert texts == pl.DataFrame({"a": cells}).select(sheets.unescape(pl.col("a")))["a"].to_list()
    assert [c for c in cells if c in texts] or all(c[0] == "'" for c in cells)
    assert {"-1"} == {row[1] for row in rows}  # a number is no formula


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.builds("{}{}".format, STARTS, TEXTS), min_size=1, max_size=6))
def test_workbooks_hold_texts_as_they_are(texts: list[str]) -> None:
    """No text becomes a formula, a number or markup; only two non-characters are replaced."""
    texts = [*texts, "=1+1", "<r>x</r>", "_x0041_", "1e5", "http://a.b/", " x "]
    out = io.BytesIO()
    sheets.write_sheets({"sheet": pl.DataFrame({"text": texts})}, out)
    cells = [row[0] for row in openpyxl.load_workbook(out)["sheet"].iter_rows(min_row=2)]

    expected = [re.sub("[\ufffe\uffff]", "\ufffd", text) for text in texts]
    # openpyxl leaves it to its caller to undo what the format escapes.
    assert expected == [excel_unescape(cell.value) for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}
    begin = [cell for cell, text in zip(cells, texts, strict=True) if text[:1] in [*"=+-@"]]
    assert all(cell.quotePrefix for cell in begin)


def test_workbooks_hold_what_is_no_number() -> None:
    """Not a number and infinity, which a cell of numbers cannot be, are texts."""
    out = io.BytesIO()
    table = pl.DataFrame({"n": [1.5, math.nan, -math.inf, None]})
    sheets.write_sheets({"sheet": table}, out)
    cells = [row[0] for row in openpyxl.load_workbook(out)["sheet"].iter_rows(min_row=2)]
    assert [1.5, "nan", "-inf"] == [cell.value for cell in cells]


def test_workbooks_do_not_know_the_time(example: Selection) -> None:
    """Two workbooks are the same bytes, and their dates are fixed."""
    one, two = io.BytesIO(), io.BytesIO()
    sheets.write_workbook(example, one)
    sheets.write_workbook(example, two)
    with zipfile.ZipFile(one) as archive:
        core = archive.read("docProps/core.xml").decode()

    assert one.getvalue() == two.getvalue()
    assert {"2000-01-01T00:00:00Z"} == set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core))


def test_what_no_sheet_holds_is_refused(
    example: Selection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text or a table that is too long for a spreadsheet is an error, not cut."""
    graph, statement = f"{BASE}graph/one", f"{BASE}s"
    rows = [
        quads.iri(statement, RDF.type, KG.Statement, graph),
        quads.text(statement, SKOS.prefLabel, "🐍" * 16_384, graph),
    ]
    with pytest.raises(RequestError, match=r"statements\.label has a text of 32,768 characters"):
        sheets.write_workbook(select(rows, tmp_path), io.BytesIO())
    monkeypatch.setattr(sheets, "_MOST_ROWS", 50)
    with pytest.raises(RequestError, match="statements has 57 rows, and a sheet 50"):
        sheets.write_workbook(example, io.BytesIO())


def test_the_extra_is_named(
    example: Selection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without xlsxwriter one message says what to install, and nothing is written."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(RequestError, match=re.escape("the extra skills-kg[xlsx] brings")):
        export(example, "xlsx", tmp_path / "out")
    assert [] == list(tmp_path.iterdir())
