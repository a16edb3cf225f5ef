"""Query files, the scan of SPARQL text, and parameters bound as terms."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg.queries.files
from kg.errors import InputError, NotFoundError, RequestError
from kg.namespaces import PREFIXES
from kg.queries import (
    KINDS,
    MAX_BYTES,
    MAX_NESTING,
    NODE_KINDS,
    NamedQuery,
    Parameter,
    bind,
    check,
    form,
    load_queries,
    parse_query,
    read_query,
    scan,
    serialize,
    with_prefixes,
)

XSD = "http://www.w3.org/2001/XMLSchema#"

# A busy machine is no failure.
RELAXED = settings(deadline=None)

# Text without halves of surrogate pairs, which no encoding of text has.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))

HEADER = """\
#+ summary: What is known of a thing?
#+ description: Two lines, of which the second one
#+   goes on.
#+ params:
#+   - name: thing
#+     kind: task
#+     description: The thing.
#+   - name: least
#+     kind: integer
#+     default: 3
#+     description: The least
#+       number.
#+   - name: word
#+     kind: string
#+     optional: true
#+     description: A word.
#+ empty: Nothing is known.
"""
BODY = "SELECT ?x WHERE { $thing kg:line ?x FILTER(?x >= $least && (!BOUND($word) || ?x = $word)) }"


def query_of(*params: Parameter, text: str) -> NamedQuery:
    """Return a query with these parameters."""
    return NamedQuery("made-up", "", Path("made-up.rq"), "", "", params, "", text)


def one(kind: str) -> NamedQuery:
    """Return a query that gives the value of its one parameter back."""
    return query_of(Parameter("value", kind, "."), text="SELECT ?x { BIND($value AS ?x) }")


def never(kind: str | None, name: str) -> str:
    """Stand for the search for a node where none is to be searched for."""
    raise AssertionError(f"{kind} {name}")


def answer(text: str) -> ox.NamedNode | ox.Literal:
    """Return the value in the one cell of the answer of an empty store."""
    results = ox.Store().query(text)
    assert isinstance(results, ox.QuerySolutions)
    (row,) = results
    value = row[0]
    assert isinstance(value, ox.NamedNode | ox.Literal)
    return value


def kinds(text: str) -> list[tuple[str, str]]:
    """Return the tokens of a text without where they start."""
    return [(token.kind, token.text) for token in scan(text)]


# ---------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\r\n", []),
        ("SELECT*{}", [("name", "SELECT"), ("mark", "*"), ("mark", "{"), ("mark", "}")]),
        ("# a ?x\n?x", [("comment", "# a ?x"), ("variable", "?x")]),
        ("$x?y", [("variable", "$x"), ("variable", "?y")]),
        ("<http://a/#b> #c", [("iri", "<http://a/#b>"), ("comment", "#c")]),
        ("?a<?b", [("variable", "?a"), ("mark", "<"), ("variable", "?b")]),
        ("1<2>3", [("number", "1"), ("iri", "<2>"), ("number", "3")]),
        ("kg:a.b.", [("name", "kg:a.b"), ("mark", ".")]),
        (":a", [("name", ":a")]),
        ("e:2.A\\/b%20c", [("name", "e:2.A\\/b%20c")]),
        ("e:a\\$b", [("name", "e:a\\$b")]),
        ("_:b1.", [("blank", "_:b1"), ("mark", ".")]),
        ('"a"@en-GB', [("string", '"a"'), ("language", "@en-GB")]),
        ("'a'^^xsd:int", [("string", "'a'"), ("mark", "^^"), ("name", "xsd:int")]),
        ('"\\"#$x"', [("string", '"\\"#$x"')]),
        ("''''a'b\n\\''''", [("string", "''''a'b\n\\''''")]),
        ('"""a"b""c"""', [("string", '"""a"b""c"""')]),
        ('""?x', [("string", '""'), ("variable", "?x")]),
        ('"a\n"', [("broken", '"a'), ("broken", '"')]),
        ('"""a"', [("broken", '"""a"')]),
        ("'\\q'", [("broken", "'"), ("mark", "\\"), ("name", "q"), ("broken", "'")]),
        ("'\\uD800'", [("broken", "'"), ("mark", "\\"), ("name", "uD800"), ("broken", "'")]),
        ("<<?s ?p ?o>>", [("mark", "<<"), *kinds("?s ?p ?o"), ("mark", ">>")]),
        ("?a<<http://b>", [("variable", "?a"), ("mark", "<"), ("iri", "<http://b>")]),
        ("été:élan", [("name", "été:élan")]),
    ],
)
def test_scan(text: str, expected: list[tuple[str, str]]) -> None:
    """Comments, strings, IRIs, names and variables are told apart."""
    assert expected == kinds(text)


@RELAXED
@given(TEXTS | st.text("\"'\\<>#?$:.@_{}()[] \nab1u"))
def test_scan_leaves_nothing_out(text: str) -> None:
    """Tokens follow one another, and only white space lies between them."""
    end = 0
    for token in scan(text):
        assert text[token.start : token.end] == token.text != ""
        assert text[end : token.start].strip(" \t\r\n") == ""
        end = token.end
    assert text[end:].strip(" \t\r\n") == ""


@RELAXED
@given(TEXTS)
def test_a_bound_string_is_one_token(value: str) -> None:
    """Whatever a string holds, it is one token of the text."""
    term = serialize(Parameter("value", "string", "."), value, never)
    assert [("string", term)] == kinds(term)


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "a.",
        "<a",
        "<<",
        "<a<",
        '"""a',
        '"""\\"',
        '"',
        "\\",
        ":",
        "..",
        "'''\"\"\"",
        '"\\u00',
        "!",
    ],
)
@pytest.mark.parametrize("start", ["", '"""'])
def test_scan_is_quick_on_hostile_text(unit: str, start: str) -> None:
    """No text takes a time that grows faster than the text."""
    text = (start + unit * 200_000)[:200_000]
    before = time.perf_counter()
    for _ in scan(text):
        pass
    with suppress(RequestError):
        check(text)
    assert time.perf_counter() - before < 10  # less than 1 s; were it quadratic, a minute


# ---------------------------------------------------------------- check


GROUPS = [("(", ")"), ("{", "}"), ("[", "]"), ("<<( ", " )>>"), ("<< ", " >>")]


@pytest.mark.parametrize(("opening", "closing"), GROUPS)
def test_check_nesting(opening: str, closing: str) -> None:
    """Groups may nest as deep as the limit, and no deeper."""
    depth = MAX_NESTING // sum(opening.count(mark) for mark in ("(", "{", "[", "<<"))
    check(opening * depth + closing * depth)
    with pytest.raises(RequestError, match=r"line 2: .*nests deeper than 128 groups"):
        check("\n" + opening * (depth + 1) + closing * (depth + 1))


def test_check_nesting_of_five_thousand() -> None:
    """A query that would end its process is refused."""
    with pytest.raises(RequestError, match="nests deeper"):
        check("SELECT * WHERE " + "{" * 5000 + "?s ?p ?o" + "}" * 5000)
    with pytest.raises(RequestError, match="nests deeper"):
        check("ASK { FILTER(" + "!" * 5000 + "true) }")


@pytest.mark.parametrize(
    "text",
    [
        "()" * 1000,
        "'" + "(" * 1000 + "'",
        '"""' + "{" * 1000 + '"""',
        "#" + "(" * 1000,
        "<http://example.org/" + "(" * 1000 + ">",
        "SELECT * { ?s ex:a\\(\\(\\( ?o }",
        "SELECT * { FILTER(" + " && ".join(["(?a < ?b)"] * 500) + ") }",
    ],
)
def test_check_counts_only_groups(text: str) -> None:
    """Brackets side by side, or inside other tokens, are no nesting."""
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://a> {}' }",
        'SELECT * { ?s ?p """a\n SERVICE <http://a> {} """ }',
        "SELECT * { ?s <http://a/SERVICE> ?o } # SERVICE <http://a> {}",
        "PREFIX service: <http://a> SELECT * { ?s service:p ?service . ?s a service:Service }",
        "PREFIX s: <http://a> SELECT * { ?s s:service ?o { ?s s:p ?o } }",
        "PREFIX service: <http://a> SELECT * { GRAPH service:g { ?s ?p ?o } }",
        "PREFIX service: <http://a> SELECT * FROM NAMED service:g { ?s ?p ?o }",
        "SELECT * { ?insert kg:delete 'LOAD', \"CLEAR\" } # DROP ALL",
        "BASE <http://a/> SELECT * { ?s <p> <o/1> FILTER(?a <?b && ?c> ?d) }",
        "SELECT * { ?s ?p <http://a/it's_(a)#b> }",
        "SELECT * { ?s ?p '\\u00e9\\U0001F600\\\\u' }",
    ],
)
def test_check_lets_pass(text: str) -> None:
    """Words are refused as keywords only, and IRIs that are whole are no comparisons."""
    check(text)


ENDPOINT = "http://127.0.0.1:1/"  # a port to which the store sends nothing: it raises OSError
SERVICES = [
    f"SELECT * {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service silent<{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE # (\n <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    # Words that the parser of the store takes apart.
    f"PREFIX a: <{ENDPOINT}> SELECT * {{ SERVICEa:b {{ ?s ?p ?o }} }}",
    f"PREFIX a: <{ENDPOINT}> PREFIX SERVICEa: <http://b> SELECT * {{ SERVICEa:b {{}} }}",
    f"PREFIX : <{ENDPOINT}> PREFIX SERVICE: <http://b> SELECT * {{ SERVICE:b # {{\n {{}} }}",
    f"PREFIX e: <{ENDPOINT}> SELECT * {{ e:s e:p trueSERVICE<{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"PREFIX e: <{ENDPOINT}> SELECT * {{ e:s e:p e:a.b.SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ FILTER(1=1e0SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    # Comparisons that look like IRIs up to a comment, a string or a bracket.
    f'SELECT * {{ FILTER(?a<?b#>"""\n) SERVICE <{ENDPOINT}> {{}} #"""\n}}',
    f'PREFIX x: <http://x/> SELECT * {{ FILTER(?a<x:b#>"""\n) SERVICE <{ENDPOINT}> {{}} #"""\n}}',
    f"SELECT * {{ FILTER(?a<?b#>'\n) SERVICE <{ENDPOINT}> {{}} #'\n}}",
    f"SELECT * {{ FILTER(1<<http://x#y>) SERVICE <{ENDPOINT}> {{}} }}",
    # Long strings that are none, for what they hold.
    f"SELECT * {{ VALUES ?x {{ '''a' }} SERVICE <{ENDPOINT}> {{}} #\\q'''\n }}",
    f"SELECT * {{ VALUES ?x {{ '''a' }} SERVICE <{ENDPOINT}> {{}} #\\uD800'''\n }}",
]


@pytest.mark.parametrize("text", SERVICES)
def test_check_refuses_service(text: str) -> None:
    """No spelling of SERVICE gets through, however it is hidden."""
    with pytest.raises(RequestError):
        check(text)


FRAGMENTS = st.sampled_from(
    [
        *("SERVICE", "SERVICEe:a {}", "SILENT", f"SERVICE<{ENDPOINT}>{{}}", "SERVICE e:a {}"),
        *("{", "}", "(", ")", "[]", "'", "''", "'''", '"', '"""', "'a'", "\\q", "\\u0041", "\\"),
        *(
            "#",
            "\n",
            " ",
            ".",
            "?a",
            "?s ?p ",
            "e:a",
            "e:a.b.",
            "true",
            "1",
            "e5",
            "_:b",
            ":",
            "@en",
        ),
        *(
            "<",
            "<<",
            ">",
            ">>",
            f"<{ENDPOINT}>",
            "<e:b#>",
            "?b#>",
            "<?b'>",
            "FILTER(?a<?b",
            "FILTER(",
        ),
        *("GRAPH ", "OPTIONAL {", "VALUES ?x {", "'''a' }", "#\\q'''", "&&", "^^", ",", ";", "é"),
    ]
)


@settings(RELAXED, max_examples=500)
@given(st.lists(FRAGMENTS, max_size=12), st.sampled_from(["", " "]))
def test_what_passes_sends_nothing(fragments: list[str], between: str) -> None:
    """A text that passes is never one for which the store turns to an endpoint."""
    declared = f"PREFIX e: <{ENDPOINT}> PREFIX SERVICEe: <http://b/> PREFIX : <{ENDPOINT}>"
    text = f"{declared} SELECT * {{ {between.join(fragments)} }}"
    try:
        check(text)
    except RequestError:
        return
    with suppress(SyntaxError):
        list(ox.Store().query(text))


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <http://a> <http://b> 1 }",
        "delete where { ?s ?p ?o }",
        "PREFIX a: <http://a/> LOAD a:b",
        "DROP ALL",
        "SELECT * { ?s ?p ?o } ; CLEAR DEFAULT",
    ],
)
def test_check_refuses_updates(text: str) -> None:
    """A graph is not changed by queries."""
    with pytest.raises(RequestError, match="is not allowed: a graph is changed by `kg build`"):
        check(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (MAX_BYTES + 1), "longer than 1,000,000 bytes"),
        ("é" * (MAX_BYTES // 2 + 1), "longer than 1,000,000 bytes"),
        ("SELECT '\ud800'", "half of a surrogate pair"),
        ('SELECT ?x\n{ "a }', "line 2: a string does not end"),
        ("SELECT '\\z'", "line 1: a string does not end, or has an unknown escape"),
        ("ASK { FILTER(?a <?b#>) }", "line 1: '<\\?b#>' may be an IRI or a comparison"),
    ],
)
def test_check_says_why(text: str, message: str) -> None:
    """A refused text is told why, and where."""
    with pytest.raises(RequestError, match=message):
        check(text)


# ---------------------------------------------------------------- form and prefixes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * {}", "select"),
        ("select(1 AS ?x){}", "select"),
        ("# ASK\n PREFIX a: <http://select/> # SELECT\nBASE <b> ask {}", "ask"),
        ("PREFIX select: <x> CONSTRUCT WHERE { ?s ?p ?o }", "construct"),
        ('VERSION "1.2" DESCRIBE <http://a>', "describe"),
    ],
)
def test_form(text: str, expected: str) -> None:
    """The form is the first word after the prologue."""
    assert expected == form(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the query is empty; expected ASK, CONSTRUCT, DESCRIBE or SELECT"),
        ("# nothing", "the query is empty"),
        ("PREFIX a: <b>", "the query is empty"),
        ("\n\nstatements-of-domain", "line 3: expected .* found 'statements-of-domain'"),
        ("{ ?s ?p ?o }", "line 1: expected"),
        ("INSERT DATA {}", "INSERT is not allowed"),
    ],
)
def test_form_of_no_query(text: str, message: str) -> None:
    """What is no query is an error that says what was expected."""
    with pytest.raises(RequestError, match=message):
        form(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK { ?s ?p ?o }", "ASK { ?s ?p ?o }"),
        (
            "ASK { ?s skos:prefLabel ?l ; kg:line 1 }",
            (
                f"PREFIX kg: <{PREFIXES['kg']}> PREFIX skos: <{PREFIXES['skos']}> "
                "ASK { ?s skos:prefLabel ?l ; kg:line 1 }"
            ),
        ),
        ("BASE <http://a/>\nASK { ?s kg:line 1 }", "PREFIX kg: <{kg}> BASE <http://a/>\nASK"),
        ("prefix # kg\nkg: <http://a/> ASK { ?s kg:line 1 }", "prefix # kg\nkg: <http://a/> ASK"),
        ("ASK { ?s ex:p 'kg:line', <kg:line>, _:kg } # kg:line", "ASK { ?s ex:p"),
        ("#+ summary: A\nASK { ?s kg:line 1 }", "PREFIX kg: <{kg}> #+ summary: A\nASK"),
    ],
)
def test_with_prefixes(text: str, expected: str) -> None:
    """What is used and not declared is declared, on the first line."""
    assert with_prefixes(text).startswith(expected.replace("{kg}", PREFIXES["kg"]))
    assert with_prefixes(text).endswith(text)


@RELAXED
@given(st.lists(st.sampled_from(sorted(PREFIXES)), min_size=1, max_size=8))
def test_with_prefixes_makes_it_valid(names: list[str]) -> None:
    """A query with the project's prefixes is then valid for a store that knows none."""
    text = "\n".join(["ASK {", *(f"?s {name}:p ?o ." for name in names), "}"])
    declared = with_prefixes(text)
    assert not ox.Store().query(declared)
    assert text.count("\n") == declared.count("\n")
    assert declared == with_prefixes(declared)


# ---------------------------------------------------------------- binding


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
    assert ["name", "variable", "mark", "name", "mark", "iri"] == [k for k, _ in kinds(text)][:6]
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


# ---------------------------------------------------------------- files


def test_header() -> None:
    """The header gives summary, description, parameters and what an empty answer means."""
    query = parse_query(HEADER + BODY, "folder/some-name.rq")
    expected = NamedQuery(
        "some-name",
        "",
        Path("folder/some-name.rq"),
        "What is known of a thing?",
        "Two lines, of which the second one goes on.",
        (
            Parameter("thing", "task", "The thing."),
            Parameter("least", "integer", "The least number.", "3"),
            Parameter("word", "string", "A word.", optional=True),
        ),
        "Nothing is known.",
        HEADER + BODY,
    )
    assert expected == query


def test_a_query_without_a_header() -> None:
    """Any SPARQL is a query; its variables are not parameters, however they are written."""
    query = parse_query("SELECT $x ?x {}", "-")
    assert ("-", "", (), "") == (query.name, query.summary, query.params, query.empty)
    assert "SELECT $x ?x {}" == bind(query, {}, never)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("#+summary: A", 1, "a header line is '#+ key: text'"),
        ("#+ summary", 1, "expected 'key: text', found 'summary'"),
        ("#+ summary:", 1, "summary needs a text"),
        ("#+ sumary: A", 1, "unknown key 'sumary'; allowed: description, empty, params, summary"),
        ("#+ summary: A\n#+ summary: B", 2, "summary stands there twice"),
        ("#+ summary: A: B", 1, "a text may not hold ': '"),
        ("#+ summary: A #B", 1, "a text may not hold"),
        ("#+ summary: 'A'", 1, "nor begin with a mark of YAML"),
        ("#+ summary: - A", 1, "nor begin with a mark of YAML"),
        ("#+ summary: A\n#+   empty: B", 2, "a text may not hold ': '"),
        ("#+   summary: A", 1, "an indented line belongs to nothing"),
        ("#+ params: domain", 1, "params holds a list"),
        ("#+ params:\n#+   name: x", 2, "a parameter begins with '- name: …'"),
        ("#+ params:\n#+   - nam: x", 2, "unknown key 'nam'; allowed: default, description"),
        ("#+ params:\n#+   - name: x\n#+     name: y", 3, "name stands there twice"),
        ("#+ params:\n#+   - name: x\n#+     kind: task", 2, "a parameter needs a description"),
        ("#+ summary: A\nASK {}\n#+ empty: B", 3, "header lines stand together at the top"),
        ("#+ summary: A\nASK {\n$x ?p ?o }", 3, "$x is no parameter of the header"),
    ],
)
def test_header_that_is_wrong(text: str, line: int, message: str) -> None:
    """An error names file and line, and what is allowed."""
    with pytest.raises(InputError) as caught:
        parse_query(text, "a.rq")
    assert ("a.rq", line) == (caught.value.file, caught.value.line)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("field", "body", "line", "message"),
    [
        ("kind: task", "ASK { ?x ?p ?o }", 5, "?x is a parameter: write $x"),
        ("kind: task", "ASK { ?s ?p ?o }", 2, "the query does not use $x"),
        ("kind: job", "ASK { $x ?p ?o }", 2, f"kind 'job'; allowed: {', '.join(KINDS)}"),
        ("kind: task\n#+     optional: yes", "ASK { $x ?p ?o }", 2, "optional is true or false"),
        (
            "kind: task\n#+     optional: true\n#+     default: y",
            "ASK { $x ?p ?o }",
            2,
            "a parameter with a default is not optional",
        ),
        (
            "kind: task\n#+   - name: x\n#+     kind: task\n#+     description: B",
            "ASK { $x ?p ?o }",
            5,
            "two parameters are called 'x'",
        ),
    ],
)
def test_parameters_that_are_wrong(field: str, body: str, line: int, message: str) -> None:
    """A parameter has a known kind, a name of its own, and a place in the query."""
    with pytest.raises(InputError) as caught:
        parse_query(
            f"#+ params:\n#+   - name: x\n#+     description: A\n#+     {field}\n{body}", "a"
        )
    assert (line, message) == (caught.value.line, caught.value.message)


@pytest.mark.parametrize("name", ["X", "1x", "a-b", "é", "_x"])
def test_names_of_parameters(name: str) -> None:
    """A name is what SPARQL takes for a variable, in lower case."""
    header = f"#+ params:\n#+   - name: {name}\n#+     kind: task\n#+     description: A"
    with pytest.raises(InputError, match=r"a:2: name .*: use a-z, 0-9 and _"):
        parse_query(header, "a")


def test_read_query(tmp_path: Path) -> None:
    """A file may begin with a byte order mark and end its lines in CRLF."""
    path = tmp_path / "mine.rq"
    path.write_bytes(("\ufeff" + HEADER + BODY).replace("\n", "\r\n").encode())
    query = read_query(path)
    assert ("mine", "", path) == (query.name, query.kind, query.path)
    assert "Two lines, of which the second one goes on." == query.description
    assert "select" == form(query.text)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "No such file"),
        (b"ASK { ?s ?p '\xe9' }", "is not UTF-8 text"),
        (b"#" * (MAX_BYTES + 1), "is longer than the 1,000,000 bytes of a query"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, data: bytes | None, message: str) -> None:
    """A file that is missing, no text or too long is an error with its name."""
    path = tmp_path / "a.rq"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_query(path)
    assert str(path) == caught.value.file


def test_load_queries_by_name() -> None:
    """The shipped queries are found by the names of their files, in order."""
    queries = load_queries()
    assert sorted(queries) == list(queries)
    query = queries["statements-of-domain"]
    assert ("competency", "statements-of-domain.rq") == (query.kind, query.path.name)
    assert ["domain", "position"] == [param.name for param in query.params]


def test_two_queries_of_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name means one query, in whatever folder."""
    for kind in ("checks", "competency"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "same.rq").write_text("ASK {}", "utf-8")
    monkeypatch.setattr(kg.queries.files, "folder", lambda name: tmp_path)
    with pytest.raises(
        InputError, match=r"competency.same\.rq: .*checks.same\.rq has the same name"
    ):
        load_queries.__wrapped__()
