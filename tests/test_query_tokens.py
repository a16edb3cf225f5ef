"""The scan of SPARQL text: its tokens, and what is told from them without parsing it."""

from __future__ import annotations

import time
from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from query_texts import RELAXED, TEXTS, never

from kg.errors import RequestError
from kg.namespaces import PREFIXES
from kg.queries import (
    MAX_BYTES,
    MAX_NESTING,
    Parameter,
    check,
    form,
    scan,
    serialize,
    with_prefixes,
)


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
