"""Parameters of queries: bound as terms, whatever their values are."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from query_texts import BODY, HEADER, RELAXED, TEXTS, XSD, never

from kg.errors import NotFoundError, RequestError
from kg.namespaces import PREFIXES
from kg.queries import (
    NODE_KINDS,
    NamedQuery,
    Parameter,
    bind,
    parse_query,
    scan,
    serialize,
)


def query_of(*params: Parameter, text: str) -> NamedQuery:
    """Return a query with these parameters."""
    return NamedQuery("made-up", "", Path("made-up.rq"), "", "", params, "", text)


def one(kind: str) -> NamedQuery:
    """Return a query that gives the value of its one parameter back."""
    return query_of(Parameter("value", kind, "."), text="SELECT ?x { BIND($value AS ?x) }")


def answer(text: str) -> ox.NamedNode | ox.Literal:
    """Return the value in the one cell of the answer of an empty store."""
    results = ox.Store().query(text)
    assert isinstance(results, ox.QuerySolutions)
    (row,) = results
    value = row[0]
    assert isinstance(value, ox.NamedNode | ox.Literal)
    return value


@RELAXED
@given(TEXTS)
def test_a_string_comes_back(value: str) -> None:
    """A value of kind string is the literal with these characters, whatever they are."""
    assert ox.Literal(value) == answer(bind(one("string"), {"value": value}, never))


@RELAXED
@given(TEXTS)
def test_a_text_comes_back(value: str) -> None:
    """A value of kind text is in English."""
    assert ox.Literal(value, language="en") == answer(bind(one("text"), {"value": value}, never))


@pytest.mark.parametrize(
    "value",
    [
        '"',
        "\\",
        '\\"',
        "\\u0041",
        "a\nb\r\tc",
        '"""',
        "'",
        "\0",
        "é😀",
        '"} UNION {?s ?p ?o',
        "$x",
        "",
    ],
)
def test_strings_that_try_to_break_out(value: str) -> None:
    """Quotes, escapes and control characters stay what they are."""
    assert ox.Literal(value) == answer(bind(one("string"), {"value": value}, never))


@RELAXED
@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_an_integer_comes_back(value: int) -> None:
    """A value of kind integer is a number."""
    expected = ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
    assert expected == answer(bind(one("integer"), {"value": f" {value} "}, never))


@RELAXED
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**9, min_value=0))
def test_a_decimal_comes_back(value: object) -> None:
    """A value of kind decimal is a number without an exponent."""
    text = f"SELECT ?x {{ BIND(STR($value = {value:f}) AS ?x) }}"
    query = query_of(Parameter("value", "decimal", "."), text=text)
    assert ox.Literal("true") == answer(bind(query, {"value": f"{value:f}"}, never))


@RELAXED
@given(TEXTS | st.from_regex(r"[a-z]+:[^\x00-\x20<>]*", fullmatch=True))
def test_an_iri_comes_back_or_is_refused(value: str) -> None:
    """A value of kind iri becomes this IRI, or is an error; it never becomes anything else."""
    try:
        text = bind(one("iri"), {"value": value}, never)
    except RequestError:
        return
    prefix, _, local = value.partition(":")
    iri = PREFIXES[prefix] + local if prefix in PREFIXES else value
    kinds = [token.kind for token in scan(text)]
    assert ["name", "variable", "mark", "name", "mark", "iri"] == kinds[:6]
    try:
        value_back = answer(text)
    except SyntaxError:  # the store is stricter on the parts of an IRI, such as its port
        return
    assert ox.NamedNode(iri) == value_back


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("integer", "", "value='' is not an integer"),
        ("integer", "1.0", "is not an integer"),
        ("integer", "1e3", "is not an integer"),
        ("integer", "١", "is not an integer"),
        ("integer", "1_000", "is not an integer"),
        ("integer", "9" * 19, "is not an integer of at most 18 digits"),
        ("integer", "1) || (1=1", "is not an integer"),
        ("decimal", "1e3", "is not a decimal"),
        ("decimal", ".", "is not a decimal"),
        ("decimal", "NaN", "is not a decimal"),
        ("iri", "task/1282", "is not an absolute IRI"),
        ("iri", "http://a/ b", "is not an absolute IRI"),
        ("iri", "http://a/> ?p ?o . <http://b/", "is not an absolute IRI"),
        ("iri", "http://a/\ud800", "is not an absolute IRI"),
        ("iri", "", "is not an absolute IRI"),
        ("string", "\ud800", "half of a surrogate pair"),
        ("text", "a\udfff", "half of a surrogate pair"),
    ],
)
def test_values_that_are_wrong(kind: str, value: str, message: str) -> None:
    """A value that is not of its kind is an error that shows it."""
    with pytest.raises(RequestError, match=re.escape(message)):
        bind(one(kind), {"value": value}, never)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("decimal", "-.5", f'"-.5"^^<{XSD}decimal>'),
        ("decimal", "3.", f'"3."^^<{XSD}decimal>'),
        ("integer", "+07", f'"+07"^^<{XSD}integer>'),
        ("iri", "kg:Statement", f"<{PREFIXES['kg']}Statement>"),
        ("iri", "urn:x:y", "<urn:x:y>"),
    ],
)
def test_terms(kind: str, value: str, expected: str) -> None:
    """A term is written in full, so that it fits wherever a term may stand."""
    assert expected == serialize(Parameter("value", kind, "."), value, never)


@RELAXED
@given(TEXTS)
def test_binding_changes_one_token(value: str) -> None:
    """No value changes what else a query says."""
    query = one("string")
    bound = list(scan(bind(query, {"value": value}, never)))
    for before, after in zip(scan(query.text), bound, strict=True):
        assert (before.text == "$value" and after.kind == "string") or before.text == after.text


def test_only_variables_are_replaced() -> None:
    """A name in comments, strings, IRIs and prefixed names stays as it is."""
    text = '# $x\nSELECT * { <http://a/$x> e:a\\$x \'$x\', """\n$x""", $x ; ?p $xx }'
    query = query_of(Parameter("x", "string", "."), text=text)
    expected = text.replace(", $x ;", ', "1" ;')
    assert expected == bind(query, {"x": "1"}, never)


@pytest.mark.parametrize("call", ["BOUND($x)", "bound ( # a\n $x )"])
def test_bound(call: str) -> None:
    """BOUND is true of a parameter with a value, and is left alone without one."""
    text = f"ASK {{ FILTER(!{call} || 1 = $x) }}"
    query = query_of(Parameter("x", "integer", ".", optional=True), text=text)
    assert text == bind(query, {}, never)
    expected = f'ASK {{ FILTER(!true || 1 = "1"^^<{XSD}integer>) }}'
    assert expected == bind(query, {"x": "1"}, never)


@pytest.mark.parametrize("kind", NODE_KINDS)
def test_nodes_are_looked_up(kind: str) -> None:
    """The value of a node kind is a name, which is asked for with its kind."""
    asked: list[tuple[str | None, str]] = []

    def resolve(kind: str | None, name: str) -> str:
        asked.append((kind, name))
        return "https://w3id.org/skills-kg/task/1282"

    value = answer(bind(one(kind), {"value": 'a "name"'}, resolve))
    assert ox.NamedNode("https://w3id.org/skills-kg/task/1282") == value
    assert [(None if kind == "node" else kind, 'a "name"')] == asked


def test_a_name_that_is_not_found() -> None:
    """What the search for a name raises comes through."""

    def resolve(kind: str | None, name: str) -> str:
        raise NotFoundError(f"no {kind} is called {name}")

    with pytest.raises(NotFoundError, match="no domain is called X"):
        bind(one("domain"), {"value": "X"}, resolve)


def test_a_found_iri_is_checked() -> None:
    """An IRI that comes from elsewhere cannot break out either."""
    with pytest.raises(RequestError, match="is not an absolute IRI"):
        bind(one("task"), {"value": "x"}, lambda kind, name: "http://a> ?p ?o . <b")


def test_defaults_and_optional_parameters() -> None:
    """A default stands where no value is given; an optional parameter stays a variable."""
    query = parse_query(HEADER + BODY, "a.rq")
    text = bind(query, {"thing": "x"}, lambda kind, name: f"http://a/{kind}")
    assert f'<http://a/task> kg:line ?x FILTER(?x >= "3"^^<{XSD}integer>' in text
    assert "(!BOUND($word) || ?x = $word)" in text


def test_an_unknown_parameter() -> None:
    """A parameter that there is not is an error that names those there are."""
    query = parse_query(HEADER + BODY, "folder/a.rq")
    expected = (
        "a has no parameter 'thign'; its parameters: thing (task), least (integer, optional), "
        "word (string, optional)"
    )
    with pytest.raises(RequestError, match=f"^{re.escape(expected)}$"):
        bind(query, {"thign": "x"}, never)
    with pytest.raises(RequestError, match=r"^query has no parameter 'x'; it has none$"):
        bind(parse_query("ASK {}", "query"), {"x": "1"}, never)


def test_a_missing_parameter() -> None:
    """A parameter without value and default is an error, too."""
    query = parse_query(HEADER + BODY, "a.rq")
    with pytest.raises(RequestError, match=r"^a needs a value for 'thing'; its parameters: thing"):
        bind(query, {}, never)
