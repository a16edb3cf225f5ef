"""Results by column: the same cells, types and values as read term by term."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stores import ODD, A, B, G, answer, load

from kg import quads, store
from kg.errors import QueryError
from kg.namespaces import RDF, XSD
from kg.store import Answer, worker
from kg.store.answer import Rows, read_rows
from kg.store.tables import Term, Value, make_table

Row = tuple[Term | None, ...]

texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.text('ab"\\\\\t\n\r\b\f\x00\x7f<>@^_:-. \ufffe', max_size=8),
    st.sampled_from(["", ODD, "\\", '"', '"@en', '"^^<urn:a>', "<urn:a>", "\\u0041", "@en--ltr"]),
)
LEXICAL = {
    "boolean": ["true", "false", "True", ""],
    "date": ["2026-02-01", "1000-01-01", "0999-01-01", "0000-01-01", "2026-02-30", "2026-02-01Z"],
    "dateTime": [
        *("2026-02-01T12:00:00", "2026-02-01T12:00:00.5", "2026-02-01T23:59:59Z", "2026-02-01"),
        *("2026-02-01T12:00:00.123456+05:30", "2026-02-01T12:00:00.1234567", "2026-02-30T12:00:00"),
        *("2026-02-01T24:00:00", "2026-02-01T12:00:60", "0001-01-01T00:00:00+13:00"),
        *("9999-12-31T23:59:59-13:59", "2026-02-01T12:00:00+14:00", "2026-02-01T12:00:00-23:59"),
    ],
    "decimal": ["1", "1.5", "1.50", "-0.25", "+7.0", ".5", "4.", "1e5", "9" * 30, "0." + "1" * 40],
    "double": [
        "1",
        "1.5E0",
        "1e400",
        "-1E-7",
        "INF",
        "-INF",
        "+INF",
        "NaN",
        "inf",
        "9" * 310,
        ".5",
    ],
    "float": ["1", "0.1", "NaN"],
    "gYear": ["2026", "-0044", "+2026", "99", "12026"],
    "int": ["3", "03", "no"],
    "integer": ["3", "-1", "+4", "007", " 3 ", "٣", "1_0", str(2**63), str(-(2**63)), "9" * 400],
    "string": ["", "3", "true"],
}
literals = st.one_of(
    *(
        st.builds(Term, st.just("literal"), st.sampled_from(some), st.just(XSD[name]), st.none())
        for name, some in LEXICAL.items()
    ),
    st.builds(Term, st.just("literal"), texts, st.just(XSD.string), st.none()),
    st.builds(
        Term,
        st.just("literal"),
        texts,
        st.just(RDF.langString),
        st.sampled_from(["en", "en-gb", "de"]),
    ),
    st.builds(Term, st.just("literal"), texts, st.sampled_from(["urn:type", XSD.date]), st.none()),
    st.builds(
        Term,
        st.just("literal"),
        st.integers(-(10**20), 10**20).map(str),
        st.just(XSD.integer),
        st.none(),
    ),
    st.builds(
        Term,
        st.just("literal"),
        st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda d: f"{d:f}"),
        st.sampled_from([XSD.decimal, XSD.double]),
        st.none(),
    ),
    st.builds(
        Term,
        st.just("literal"),
        st.floats().map(lambda n: "NaN" if math.isnan(n) else str(n).replace("inf", "INF")),
        st.just(XSD.double),
        st.none(),
    ),
    st.builds(Term, st.just("literal"), st.dates().map(str), st.just(XSD.date), st.none()),
    st.builds(
        Term,
        st.just("literal"),
        st.datetimes(timezones=st.none() | st.timezones()).map(
            lambda t: t.isoformat() if len(t.isoformat()) in (19, 25, 26, 32) else "x"
        ),
        st.just(XSD.dateTime),
        st.none(),
    ),
)
names = st.sampled_from(["urn:a", "http://example.org/é", "http://example.org/?a=b--ltr"])
terms = st.one_of(
    literals,
    st.builds(Term, st.just("iri"), names, st.none(), st.none()),
    st.builds(Term, st.just("blank"), st.sampled_from(["a", "b1", "x--ltr"]), st.none(), st.none()),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[Row]]:
    """Draw columns, each of a few kinds of terms, some of them alike and some cells unbound."""
    width = draw(st.integers(1, 3))
    some = [
        draw(st.lists(st.one_of(st.none(), terms), min_size=1, max_size=4)) for _ in range(width)
    ]
    rows = draw(st.lists(st.tuples(*map(st.sampled_from, some)), max_size=12))
    return [f"c{number}" for number in range(width)], rows


def results(columns: list[str], rows: list[Row]) -> ox.QuerySolutions:
    """Return results with these very terms, as another store may have written them."""
    kinds = {"iri": "uri", "blank": "bnode", "literal": "literal"}

    def cell(term: Term) -> dict[str, str]:
        found = {"type": kinds[term.kind], "value": term.value}
        if term.language:
            return {**found, "xml:lang": term.language}
        return {**found, "datatype": term.datatype} if term.datatype else found

    bindings = [
        {name: cell(term) for name, term in zip(columns, row, strict=True) if term} for row in rows
    ]
    text = json.dumps({"head": {"vars": columns}, "results": {"bindings": bindings}})
    return ox.parse_query_results(text, ox.QueryResultsFormat.JSON)  # type: ignore[return-value]


def written(
    write: Callable[..., None], found: ox.QuerySolutions | ox.QueryTriples, limit: int | None = None
) -> io.BytesIO:
    """Return what the worker writes of results."""
    out = io.BytesIO()
    write(found, limit, out)
    out.seek(0)
    return out


def exact(values: object) -> object:
    """Return a value with its type, in a form in which NaN equals itself."""
    if isinstance(values, dict | list | tuple):
        return [exact(v) for v in (values.values() if isinstance(values, dict) else values)]
    return type(values), str(values)


def check_same(expected: Answer, found: Answer) -> None:
    """Assert that two answers are the same in all that can be seen of them."""
    assert expected == found
    assert expected.rows == found.rows
    assert exact(list(expected)) == exact(list(found))
    table = make_table(expected.columns, expected.terms)
    assert table.schema == found.to_polars().schema
    assert table.equals(found.to_polars())
    assert expected._repr_html_() == found._repr_html_()


@given(tables())
@example((["c"], [(Term("literal", "x", XSD.string, None),), (None,), (None,)]))
@example((["c"], [(None,)]))
@example((["c"], []))
@example((["c"], [(Term("literal", str(2**63), XSD.integer, None),)]))
@settings(max_examples=300, deadline=None)
def test_columns_hold_what_terms_hold(table: tuple[list[str], list[Row]]) -> None:
    """Of any terms, an answer by column has the cells, types and values of one by term."""
    expected = read_rows(written(worker._write_singly, results(*table)), None)
    assert table[1] == expected.terms
    check_same(expected, read_rows(written(worker._write_rows, results(*table)), None))


@given(tables())
@settings(max_examples=50, deadline=None)
def test_a_store_serializes_what_it_answers(table: tuple[list[str], list[Row]]) -> None:
    """What a store makes of terms is the same by column as term by term, blank nodes too."""
    columns, rows = table
    held = ox.Store()
    for number, solution in enumerate(results(columns, rows)):
        row = ox.NamedNode(f"urn:row:{number}")
        held.add(ox.Quad(row, ox.NamedNode("urn:n"), ox.Literal(number)))
        for name, value in zip(columns, solution, strict=True):
            if value is not None:
                held.add(ox.Quad(row, ox.NamedNode(f"urn:{name}"), value))
    optional = "".join(f" OPTIONAL {{ ?r <urn:{name}> ?{name} }}" for name in columns)
    query = f"SELECT ?{' ?'.join(columns)} {{ ?r <urn:n> ?n{optional} }} ORDER BY ?n"
    expected = read_rows(written(worker._write_singly, held.query(query)), None)
    assert len(rows) == len(expected)
    check_same(expected, read_rows(written(worker._write_rows, held.query(query)), None))


@given(tables())
@settings(max_examples=50, deadline=None)
def test_triples_come_by_column_too(table: tuple[list[str], list[Row]]) -> None:
    """Triples are unique and in the order of their text, whichever way they are read."""
    held = ox.Store()
    for solution in results(*table):
        for number, value in enumerate(solution):
            if value is not None:
                held.add(ox.Quad(ox.NamedNode(A), ox.NamedNode(f"{B}{number}"), value))
    query = "CONSTRUCT { ?s ?p ?o . ?s ?q ?o } { ?s ?p ?o . ?s ?q ?x }"
    expected = read_rows(written(worker._write_singly, held.query(query)), None)
    check_same(expected, read_rows(written(worker._write_rows, held.query(query)), None))


def test_they_are_read_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is common is typed at once, and not cell by cell."""
    monkeypatch.setattr("kg.store.columns.make_column", None)
    number = [Term("literal", text, XSD.integer, None) for text in ("3", "-1")]
    share = [Term("literal", text, XSD.decimal, None) for text in ("1.5", "2")]
    day = [Term("literal", f"2026-02-0{n}", XSD.date, None) for n in (1, 2)]
    times = [Term("literal", f"2026-02-0{n}T12:00:00Z", XSD.dateTime, None) for n in (1, 2)]
    real = [Term("literal", text, XSD.double, None) for text in ("1.5", "INF")]
    told = [Term("literal", text, XSD.boolean, None) for text in ("true", "false")]
    rows = list(zip(number, share, day, times, real, told, strict=True))
    found = read_rows(written(worker._write_rows, results([*"abcdef"], rows)), None)
    types = [pl.Int64, pl.Decimal(38, 1), pl.Date, pl.Datetime("us", "UTC"), pl.Float64, pl.Boolean]
    assert types == found.to_polars().dtypes
    assert found._terms is None


@pytest.mark.parametrize(("limit", "number"), [(0, 1), (1, 2), (3, 4), (4, 4), (9, 4), (None, 4)])
def test_rows_are_cut(monkeypatch: pytest.MonkeyPatch, limit: int | None, number: int) -> None:
    """Of many rows too, one more is written than is wanted, and tells that there are more."""
    monkeypatch.setattr(worker, "MOST_SINGLY", -1)
    rows: list[Row] = [(Term("literal", ODD, XSD.string, None),), (None,), (None,)]
    rows.append((Term("literal", "4", XSD.integer, None),))
    data = written(worker._write_rows, results(["c"], rows), limit)
    assert number == data.getvalue().count(b"\n") - 1
    found = read_rows(data, limit)
    assert (["c"], rows[:limit], number > len(rows[:limit])) == (
        found.columns,
        found.terms,
        found.cut,
    )


def test_cutting_ends_the_query(tmp_path: Path) -> None:
    """A query that goes on for ever gives as many rows as are wanted, also where they are many."""
    path = load(tmp_path, [quads.literal(f"{A}{n}", B, "x", G) for n in range(200)])
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    found = answer(path, endless, limit=worker.MOST_SINGLY + 1, timeout=50)
    assert (10_001, True) == (len(found), found.cut)


@pytest.mark.parametrize("size", [1, 7, 100, 2**20])
def test_pieces_do_not_show(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """However much is parsed at once, rows come whole and in order."""
    monkeypatch.setattr("kg.store.answer._PIECE", size)
    monkeypatch.setattr("kg.store.answer._PART", size)
    rows: list[Row] = [
        (Term("literal", str(n), XSD.integer, None), None if n % 3 else Term("iri", A, None, None))
        for n in range(50)
    ]
    for write in (worker._write_rows, worker._write_singly):
        data = written(write, results(["a", "b"], rows))
        assert rows == read_rows(data, None).terms
        data.seek(0)
        expected: list[dict[str, Value]] = [{"a": n, "b": None if n % 3 else A} for n in range(50)]
        assert expected == list(Rows(data))


@pytest.mark.parametrize(
    "term",
    [f"TRIPLE(<{A}>, <{B}>, 1)", 'STRLANGDIR("a", "en", "ltr")', 'STRLANGDIR("", "en", "rtl")'],
)
@pytest.mark.parametrize("other", ["", "1", "<urn:a>", '"x"', '"x"@en', "BNODE()"])
def test_what_is_of_rdf_1_2_is_refused(term: str, other: str) -> None:
    """Triple terms and base directions are refused wherever they stand, by column as by term."""
    value = f"IF(?n = 1, {term}, {other or term})"
    query = f"SELECT ({value} AS ?x) {{ VALUES ?n {{ 1 2 }} }}"
    with pytest.raises(QueryError, match="holds a triple term or a base direction"):
        read_rows(written(worker._write_rows, ox.Store().query(query)), None)
    with pytest.raises(ValueError, match="holds a triple term or a base direction"):
        written(worker._write_singly, ox.Store().query(query))


def test_what_another_store_wrote_is_read_as_it_is(tmp_path: Path) -> None:
    """A boolean that an endpoint writes as a number stays what it was."""
    body = tmp_path / "answer.json"
    found = {"type": "literal", "value": "1", "datatype": XSD.boolean}
    body.write_text(json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": found}]}}))
    read = store.convert(body, "json")
    assert isinstance(read, Answer)
    assert [(Term("literal", "1", XSD.boolean, None),)] == read.terms
    assert [{"x": True}] == list(read)


def test_an_answer_is_made_of_terms_too() -> None:
    """Answers of the same cells are equal, and differ from what is none."""
    terms: list[Row] = [(Term("iri", A, None, None),)]
    found = read_rows(written(worker._write_rows, results(["c"], terms)), None)
    assert Answer(["c"], terms) == found
    assert found != Answer(["c"], terms, cut=True)
    assert found != terms
    assert "Answer(['c'], 1 row)" == repr(found)
