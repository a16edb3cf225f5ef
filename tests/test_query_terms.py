"""Terms of the vocabulary that queries name: those that there are not, with what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import kg

from kg import queries
from kg.namespaces import KG


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ({}, "SELECT * { ?s a kg:Statement ; kg:stage/kg:position ?n }"),
        ({"kg:Statment": "kg:Statement"}, "SELECT * { ?s a kg:Statment, kg:Statment }"),
        ({"kg:Cites": "kg:cites"}, "SELECT * { ?s kg:Cites ?o }"),
        ({"kg:statement": "kg:Statement"}, "ASK { ?s a kg:statement. }"),
        ({"kg:zebra": None}, "DESCRIBE kg:zebra"),
        (
            {"kg:stag": "kg:stage", "kg:domian": "kg:domain"},
            "SELECT * { ?s ^kg:stag|!kg:domian ?o }",
        ),
        # however it is written
        ({"kg:lines": "kg:line"}, f"SELECT * {{ ?s <{KG.lines}> ?o }}"),
        ({"kg:lines": "kg:line"}, f"PREFIX x: <{KG.iri}> SELECT * {{ ?s x:lines ?o }}"),
        ({"kg:lines": "kg:line"}, f"PREFIX kg: # kg:no <\n<{KG.iri}> SELECT * {{ ?s kg:lines 1 }}"),
        ({"kg:sha-256": "kg:sha256"}, r"SELECT * { ?s kg:sha\-256 ?o }"),
        # what is no term of the vocabulary's
        ({}, "PREFIX kg: <http://example.org/> SELECT * { ?s kg:Statment ?o }"),
        ({}, "SELECT * { ?s rdfs:labell ?o ; kgc:nothing 'kg:Statment' } # kg:Statment"),
        ({}, f"PREFIX kg: <{KG.iri}> SELECT * {{ kg: ?p <{KG.iri}> }}"),
        ({}, "SELECT ?kg { ?kg ?p _:kg }"),
    ],
    ids=range(14),
)
def test_unknown_terms(expected: dict[str, str | None], text: str) -> None:
    """A term that there is not is found however it is written, once, and nothing else is."""
    assert expected == queries.unknown_terms(text)


def test_named_queries_name_only_what_there_is() -> None:
    """The queries of the project are free of it, so that nothing is noted of them."""
    named = queries.load_queries().values()
    assert len(named) > 20
    assert [] == [q.name for q in named if queries.unknown_terms(q.text)]


def test_a_query_is_answered_and_its_unknown_terms_noted(example_folder: Path) -> None:
    """What may be misspelt stands on standard error; the answer is what it was, and no failure."""
    query = "SELECT (COUNT(?s) AS ?n) { ?s a kg:Statment }"
    result = kg("query", "-", "--graph", example_folder, "--format", "csv", stdin=query)
    said = "kg:Statment is not a term of the vocabulary; did you mean kg:Statement?\n"
    assert (0, "n\n0\n", said) == (result.returncode, result.stdout, result.stderr)


def test_many_unknown_terms_are_counted(example_folder: Path) -> None:
    """Of many the first are noted, then how many more there are."""
    query = f"ASK {{ ?s {', '.join(f'kg:p{n} ?o' for n in range(9)).replace(',', ';')} }}"
    result = kg("query", "-", "--graph", example_folder, stdin=query)
    expected = ["kg:p0 is", "kg:p1 is", "kg:p2 is", "… and 6 "]
    assert expected == [line[:8] for line in result.stderr.splitlines()]
