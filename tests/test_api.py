"""The Python interface: documentation that runs, typed tables, and what a notebook shows."""

from __future__ import annotations

import doctest
import importlib
import math
import re
import runpy
import shutil
import subprocess
import sys
from contextlib import chdir
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from unittest import mock

import polars as pl
import pytest
from conftest import ROOT
from endpoints import PEAK, oxigraph
from releases import TABLES, write_release

import kg
from kg.errors import KgError, RequestError
from kg.generations import current
from kg.graph import Graph
from kg.namespaces import XSD
from kg.store import Answer
from kg.store.tables import Term

OPTIONS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
DOCUMENTS = ("README.md", "docs/python.md")
MODULES = ("kg", "kg.api")


def literal(value: str, datatype: str = XSD.string) -> Term:
    """Return a literal."""
    return Term("literal", value, datatype, None)


def column(*terms: Term | None) -> pl.Series:
    """Return the column that terms become."""
    return Answer(["x"], [(term,) for term in terms]).to_polars()["x"]


# What is written of it.


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python example of the documentation gives what is shown."""
    monkeypatch.chdir(tmp_path)
    text = (ROOT / name).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(code, {}, name, name, 0)

    assert len(test.examples) >= 5
    assert 0 == doctest.DocTestRunner(optionflags=OPTIONS).run(test).failed


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of a docstring gives what is shown."""
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testmod(importlib.import_module(name), optionflags=OPTIONS)

    assert (0, True) == (failed, tried > 0)


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("researcher", 0, "Pathsmith Durable Skills Framework: 7"),
        ("analyst", 0, "Durable-skills framework ┆ 44"),
        ("maintainer", 1, "library-technicians.txt:6: Shelf-reading rounds"),
    ],
)
def test_example_scripts_run(
    name: str, code: int, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The script of each of the three users runs on the bundled example."""
    words = [str(tmp_path)] if name == "analyst" else []
    with chdir(tmp_path), mock.patch.object(sys, "argv", [f"{name}.py", *words]):
        try:
            runpy.run_path(str(ROOT / "docs" / "examples" / f"{name}.py"), run_name="__main__")
            ended: object = 0
        except SystemExit as end:
            ended = end.code
    said = capsys.readouterr()

    assert (code, "") == (ended, said.err)
    assert expected in said.out
    if name == "analyst":
        check_tables(tmp_path)


def check_tables(tmp_path: Path) -> None:
    """Assert that another program reads the analyst's tables, with their types."""
    statements = pl.read_parquet(tmp_path / "statements.parquet")
    assert (57, pl.Int64, pl.Int64) == (
        statements.height,
        statements.schema["position"],
        statements.schema["stage"],
    )
    assert 5 == pl.read_csv(tmp_path / "figures.csv").height


def test_errors_are_documented() -> None:
    """Every error that is offered is in the documentation."""
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    errors = [n for n in kg.__all__ if n.endswith("Error") and issubclass(getattr(kg, n), KgError)]

    assert 9 == len(errors)
    assert [] == [name for name in errors if f"`kg.{name}`" not in text]


# The package.


def test_importing_is_light() -> None:
    """Importing kg loads nothing of what it is made of."""
    script = "import sys, kg; print(*sorted(m for m in sys.modules if m.startswith('kg')))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "kg kg.errors" == run.stdout.strip()


def test_everything_that_is_offered_is_there() -> None:
    """Every exported name leads somewhere and is listed; no other name does."""
    assert [] == [name for name in kg.__all__ if getattr(kg, name, None) is None]
    assert set(kg.__all__) <= set(dir(kg))
    assert not hasattr(kg, "no_such_thing")
    assert (ROOT / "src" / "kg" / "py.typed").exists()


def test_paths_may_be_texts(tmp_path: Path) -> None:
    """Inputs and folders may be given as texts; what was noticed comes with the graph."""
    page = tmp_path / "page.txt"
    text = (ROOT / "build" / "example" / "library-technicians.txt").read_text("utf-8")
    page.write_text(text.replace("\n1Communication8 ", "\n1Communication9 "), "utf-8")
    built = kg.build(str(page), graph=str(tmp_path / "graph"))

    assert built.base == kg.open(str(tmp_path / "graph")).base
    assert () == kg.open(tmp_path / "graph").findings
    assert {"page.txt"} == {Path(str(f.file)).name for f in built.findings}
    with pytest.raises(kg.RefusedError):
        kg.build(page, graph=tmp_path / "other", strict=True)


def test_releases(tmp_path: Path) -> None:
    """What is wrong in a release may be left out, and its number be given."""
    rows = TABLES["Job Zones"] + "Bakers\t3\t01/2026\tAnalyst\n"
    release = write_release(tmp_path / "r", {"Job Zones": rows, "Read Me": None})
    with pytest.raises(kg.InputError, match="cannot be 'Bakers'"):
        kg.build(release, graph=tmp_path / "graph", onet_release="9.1")
    with pytest.raises(kg.InputError, match="does not say which release"):
        kg.build(release, graph=tmp_path / "graph", lenient=True)
    built = kg.build(release, graph=tmp_path / "graph", lenient=True, onet_release="9.1")

    graphs = {graph["graph"] for graph in built.info()["graphs"]}
    assert any(graph.endswith("graph/onet/9.1") for graph in graphs)
    assert ["r/Job Zones.txt:4"] == [f"{f.file}:{f.line}" for f in built.findings if f.line]


# Typed tables.


@pytest.mark.parametrize(
    ("dtype", "values", "terms"),
    [
        (pl.Int64, [3, None], [literal("3", XSD.integer), None]),
        (pl.Int64, [2, -1], [literal("2", XSD.integer), literal("-1", f"{XSD.iri}int")]),
        (
            pl.Decimal(38, 2),
            [Decimal("1.50"), Decimal(2)],
            [literal("1.50", XSD.decimal), literal("2", XSD.integer)],
        ),
        (pl.Float64, [1.5, 2.0], [literal("1.5E0", XSD.double), literal("2", XSD.integer)]),
        (pl.Boolean, [True, False], [literal("true", XSD.boolean), literal("0", XSD.boolean)]),
        (pl.Date, [date(2026, 2, 1)], [literal("2026-02-01", XSD.date)]),
        (
            pl.Datetime("us", "UTC"),
            [datetime(2026, 2, 1, 11, tzinfo=UTC)],
            [literal("2026-02-01T12:00:00+01:00", XSD.dateTime)],
        ),
        (
            pl.Datetime("us"),
            [datetime(2026, 2, 1, 12)],
            [literal("2026-02-01T12:00:00", XSD.dateTime)],
        ),
        (pl.Int64, [2026], [literal("2026", XSD.gYear)]),
        (pl.String, ["2026-02"], [literal("2026-02", XSD.gYearMonth)]),
        (pl.String, ["urn:a", "text"], [Term("iri", "urn:a", None, None), literal("text")]),
        (pl.String, ["3", "text"], [literal("3", XSD.integer), literal("text")]),
        (pl.String, ["3", "no"], [literal("3", XSD.integer), literal("no", XSD.integer)]),
        (pl.String, ["2026", "3"], [literal("2026", XSD.gYear), literal("3", XSD.integer)]),
        (pl.String, ["9" * 30], [literal("9" * 30, XSD.integer)]),
        (pl.String, ["0." + "1" * 40], [literal("0." + "1" * 40, XSD.decimal)]),
        (pl.String, ["NaN"], [literal("NaN", XSD.decimal)]),
        (pl.String, ["-0044-03-15"], [literal("-0044-03-15", XSD.date)]),
        # what Python would read, and the datatype does not allow
        (pl.String, ["1_000"], [literal("1_000", XSD.integer)]),
        (pl.String, ["٣"], [literal("٣", XSD.integer)]),
        (pl.String, ["1_0.5"], [literal("1_0.5", XSD.decimal)]),
        (pl.String, ["1e5"], [literal("1e5", XSD.decimal)]),
        (pl.String, ["infinity"], [literal("infinity", XSD.double)]),
        (pl.String, ["20260201"], [literal("20260201", XSD.date)]),
        (pl.String, ["2026-02-30"], [literal("2026-02-30", XSD.date)]),
        (pl.String, ["2026-02-01Z"], [literal("2026-02-01Z", XSD.date)]),
        (pl.String, ["2026-02-01"], [literal("2026-02-01", XSD.dateTime)]),
        (pl.String, ["True"], [literal("True", XSD.boolean)]),
        (pl.String, ["+2026"], [literal("+2026", XSD.gYear)]),
        # what a column of the type cannot hold
        (
            pl.String,
            ["2026-02-01T12:00:00.1234567"],
            [literal("2026-02-01T12:00:00.1234567", XSD.dateTime)],
        ),
        (
            pl.String,
            ["1.5", "1" + "0" * 400],
            [literal("1.5", XSD.double), literal("1" + "0" * 400, XSD.integer)],
        ),
        # what is unusual, and allowed
        (pl.Int64, [3], [literal(" +03\n", XSD.integer)]),
        (
            pl.Decimal(38, 1),
            [Decimal("0.5"), Decimal(4)],
            [literal(".5", XSD.decimal), literal("4.", XSD.decimal)],
        ),
        (
            pl.Float64,
            [math.inf, -math.inf],
            [literal("INF", XSD.double), literal("-INF", XSD.float)],
        ),
        (pl.String, [None, None], [None, None]),
        (pl.String, [], []),
    ],
)
def test_columns_are_typed(
    dtype: pl.DataType, values: list[object], terms: list[Term | None]
) -> None:
    """A column has the type of its values, and is text where they have none in common."""
    found = column(*terms)

    assert (dtype, values) == (found.dtype, found.to_list())


def test_rows_are_python_values() -> None:
    """Iteration gives the same values as the tables hold, row by row."""
    terms = [(literal("3", XSD.integer), None), (literal("no", XSD.integer), literal("a"))]
    answer = Answer(["n", "t"], terms)

    assert [{"n": 3, "t": None}, {"n": "no", "t": "a"}] == list(answer)
    assert 2 == len(answer)


def test_pandas_and_arrow_have_the_same_table(example_graph: Graph) -> None:
    """The three kinds of table hold the same values."""
    answer = example_graph.query("evidence-figures")
    expected = answer.to_polars()

    assert expected.to_dicts() == answer.to_pandas().to_dict("records")
    assert expected.to_dicts() == answer.to_arrow().to_pylist()


@pytest.mark.parametrize("name", ["to_pandas", "to_arrow"])
def test_a_missing_extra_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the error says how to install it."""
    for part in ("pandas", "pyarrow"):
        monkeypatch.setitem(sys.modules, part, None)
    monkeypatch.setattr(pl.DataFrame, name, lambda _: importlib.import_module("pyarrow"))
    with pytest.raises(RequestError, match=r"skills-kg\[pandas\]"):
        getattr(Answer(["x"], []), name)()


def test_a_stream_gives_what_an_answer_holds(example_graph: Graph) -> None:
    """Rows that are read as they come are those of an answer, and end once."""
    expected = example_graph.query("citations-per-source")
    rows = example_graph.stream("citations-per-source")

    assert expected.columns == rows.columns
    assert list(expected) == list(rows)
    assert [] == list(rows)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_stream_holds_little(example_graph: Graph) -> None:
    """A long answer is not in memory while its rows are read."""
    script = (
        f"import sys, kg\n{PEAK}"
        "graph = kg.open(sys.argv[1])\n"
        "query = 'SELECT * { ?a ?b ?c . ?d a kg:Statement }'\n"
        "next(graph.stream(query + ' LIMIT 10'))\n"
        "before = peak()\n"
        "print(sum(1 for _ in graph.stream(query + ' LIMIT 100000')))\n"
        "print(peak() - before)\n"
    )
    root = example_graph.generation.path.parents[1]
    run = subprocess.run(
        [sys.executable, "-c", script, root], capture_output=True, text=True, check=True
    )
    number, grown = map(int, run.stdout.split())
    assert number == 100_000
    assert grown < 30


# Notebooks.


def test_an_answer_shows_itself_escaped() -> None:
    """The HTML of an answer escapes what it holds, and cuts what is long."""
    answer = Answer(["<x>"], [(literal("<script>&" + "a" * 500),), *[(None,)] * 30])
    shown = answer._repr_html_()

    assert "<th>&lt;x&gt;</th>" in shown
    assert "<td>&lt;script&gt;&amp;aaa" in shown
    assert (21, True) == (shown.count("<tr>"), len(shown) < 1500)
    assert "31 rows, the first 20 shown" in shown
    assert "1 row<" in Answer(["x"], [(None,)])._repr_html_()
    assert "1 row and more" in Answer(["x"], [(None,)], cut=True)._repr_html_()


def test_a_graph_shows_itself(tmp_path: Path) -> None:
    """The HTML of a graph names its inputs, escaped, and counts its nodes."""
    page = tmp_path / "<b>.txt"
    shutil.copy(ROOT / "build" / "example" / "library-technicians.txt", page)
    shown = kg.build(page, graph=tmp_path / "graph")._repr_html_()

    assert "from &lt;b&gt;.txt" in shown
    assert "<td>kg:Statement</td><td>57</td>" in shown


# Validation and endpoints.


def test_a_graph_is_validated_against_other_shapes(example_graph: Graph, tmp_path: Path) -> None:
    """Shapes of one's own are taken from files, and wrong ones are an error."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix kg: <https://w3id.org/skills-kg/ontology#> .\n"
        "<urn:shape> a sh:NodeShape ; sh:targetClass kg:Statement ;\n"
        "  sh:property [ sh:path kg:line ; sh:minCount 1 ] .\n"
    )

    assert example_graph.validate([str(shapes)]).conforms
    with pytest.raises(kg.RequestError, match="no profile 'other'"):
        example_graph.validate(profile="other")
    shapes.write_text("no turtle")
    with pytest.raises(kg.ShapesError):
        example_graph.validate([shapes])


def test_an_endpoint_answers_like_a_graph(example_graph: Graph, tmp_path: Path) -> None:
    """The same query has the same table; names are found in the graph."""
    shutil.copytree(current(example_graph.generation.path.parents[1]).store, tmp_path / "store")
    params = {"domain": "Creativity"}
    with oxigraph(tmp_path / "store", "--union-default-graph") as address:
        endpoint = kg.Endpoint(address, example_graph)
        answer = endpoint.query("statements-of-domain", params)
        with endpoint.query_as("statements-of-domain", "csv", params) as file:
            written = file.read()
        with pytest.raises(kg.RequestError, match="give the IRI"):
            kg.Endpoint(address).query("statements-of-domain", params)

    assert example_graph.query("statements-of-domain", params).terms == answer.terms
    with example_graph.query_as("statements-of-domain", "csv", params) as file:
        assert file.read() == written


def test_an_answer_goes_to_a_file(example_graph: Graph, tmp_path: Path) -> None:
    """A file of the caller's gets what an open file would give."""
    params = {"domain": "Creativity"}
    with (tmp_path / "out.tsv").open("wb") as out:
        example_graph.query_to("statements-of-domain", "tsv", out, params)
        with pytest.raises(kg.RequestError, match="no format 'rows-of'"):
            example_graph.query_to("statements-of-domain", "rows-of", out, params)
    with example_graph.query_as("statements-of-domain", "tsv", params) as file:
        assert file.read() == (tmp_path / "out.tsv").read_bytes()
