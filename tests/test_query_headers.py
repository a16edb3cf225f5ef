"""Query files: what their headers say, and how they are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from query_texts import BODY, HEADER, never

import kg.queries.files
from kg.errors import InputError
from kg.queries import (
    KINDS,
    MAX_BYTES,
    NamedQuery,
    Parameter,
    bind,
    find_query,
    form,
    load_queries,
    parse_query,
    read_query,
)


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


def test_one_query_is_found_by_its_name() -> None:
    """A query that is found by its name is the one that is listed so; others are none."""
    for name in ("statements-of-domain", "skos"):
        assert load_queries()[name] == find_query(name)
    for name in ("Statements-of-domain", "competency/skos", "../build", "", "x" * 1000, "a\0b"):
        assert find_query(name) is None


def test_two_queries_of_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name means one query, in whatever folder."""
    for kind in ("checks", "competency"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "same.rq").write_text("ASK {}", "utf-8")
    monkeypatch.setattr(kg.queries.files, "folder", lambda name: tmp_path)
    with pytest.raises(
        InputError, match=r"competency.same\.rq: .*checks.same\.rq has the same name"
    ):
        kg.queries.files._paths.__wrapped__()
