"""Queries of constraints, answered for all focus nodes at once and one after the other."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import polars as pl
import pytest
from random_cases import make_case
from rdflib import SH, BNode, Graph, Literal, Namespace, URIRef

from kg.errors import RequestError, ShapesError
from kg.shacl import algebra, plan, solving, validate
from kg.shacl.algebra import NotCovered
from kg.shacl.encoding import ID, EncodedGraph
from kg.shacl.keys import key_of
from kg.shacl.solving import Solver
from kg.shacl.tables import table_of

EX = Namespace("http://example.org/")

#: Covered: each operator, and what pre-binding makes of it.
COVERED = [
    "SELECT $this ?value { $this ex:p ?value }",
    "SELECT $this ?value { ?value ex:p $this }",
    "SELECT $this ?value { $this ex:p ?value . ?value ex:q ?other }",
    "SELECT $this ?value { $this ex:p/ex:q ?value }",
    "SELECT $this ?value { $this ^ex:p ?value }",
    "SELECT $this ?value { $this ex:p+ ?value }",
    "SELECT $this ?value { ?value ex:p* $this . ?value a ex:C }",
    "SELECT $this { $this ex:p ex:a }",
    "SELECT $this { ex:a ex:p ex:b }",
    "SELECT $this { $this ex:p $this }",
    "SELECT $this { FILTER ($this = ex:a) }",
    "SELECT $this { FILTER NOT EXISTS { $this ex:p ?any } }",
    "SELECT $this ?value { $this ex:p ?value FILTER (isLiteral(?value)) }",
    "SELECT $this ?value { $this ex:p ?value FILTER (?value > 1 && ?value != 10) }",
    "SELECT $this ?value { $this ex:p ?value FILTER EXISTS { ?value ex:q ?x } }",
    "SELECT $this ?value { $this ex:p ?value FILTER (?value = 1 || EXISTS { ?value ex:q ?x }) }",
    (
        "SELECT $this ?value { $this ex:p ?value "
        "FILTER NOT EXISTS { ?value ex:q ?x FILTER (?x = $this) } }"
    ),
    "SELECT $this ?value { $this ex:p ?value OPTIONAL { ?value ex:q ?x } FILTER (!bound(?x)) }",
    (
        "SELECT $this ?value { $this ex:p ?value OPTIONAL { $this ex:q ?x FILTER (?x = ?value) } "
        "FILTER (!bound(?x)) }"
    ),
    "SELECT $this ?value { { $this ex:p ?value } UNION { $this ex:q ?value } }",
    "SELECT $this { { FILTER (false) } UNION { FILTER ($this = ex:b) } }",
    "SELECT $this ?n { $this ex:p ?value BIND (STR(?value) AS ?n) FILTER (STRLEN(?n) > 3) }",
    (
        "SELECT $this (COUNT(DISTINCT ?x) AS ?n) { $this ex:p ?x } GROUP BY $this "
        "HAVING (COUNT(DISTINCT ?x) > 1)"
    ),
    (
        "SELECT $this ?value (COUNT(?y) AS ?n) { $this ex:p ?value OPTIONAL { ?value ex:q ?y } } "
        "GROUP BY $this ?value"
    ),
    "SELECT $this (MIN(?x) AS ?n) { $this ex:p ?x FILTER (isNumeric(?x)) } GROUP BY $this",
    "SELECT $this (MAX(?x) AS ?n) { $this ex:p ?x FILTER (isNumeric(?x)) } GROUP BY $this",
    "SELECT DISTINCT $this ?value { $this ex:p ?x . $this ex:q ?value }",
    "SELECT $this ?value { { SELECT $this ?value { $this ex:p ?value } } }",
    "SELECT $this (ex:q AS ?path) ?value { $this ex:p ?value }",
    "SELECT $this ?value { $this ex:p ?value . { ?value ex:q ?x } }",
    "SELECT $this ?x { $this ex:p ?x }",
    "SELECT $this ?x ?y { $this ex:p ?x OPTIONAL { ?x ex:q ?y } }",
    "SELECT * { $this ex:p ?x . ?x ex:q ?value }",
    (
        "SELECT $this ?n { $this ex:p ?x OPTIONAL { $this ex:p ?y } "
        "{ SELECT $this (COUNT(?z) AS ?n) { $this ex:q ?z } GROUP BY $this } }"
    ),
]
#: What is left to rdflib.
NOT_COVERED = [
    "SELECT $this ?value { $this ?any ?value }",
    "SELECT $this ?value { $this ex:p|ex:q ?value }",
    "SELECT $this ?value { $this !ex:p ?value }",
    "SELECT $this (SUM(?x) AS ?n) { $this ex:p ?x } GROUP BY $this",
    "SELECT $this ?value { $this ex:p ?value } LIMIT 1",
    "SELECT $this (BNODE() AS ?x) { $this ex:p ?value }",
]


def asked(text: str) -> tuple[plan.Sparql, plan.Shape]:
    query = plan.Query(
        EX.query,
        text,
        (("ex", str(EX)),),
        False,
        (Literal("{?value} and {?n}", lang="en"),),
        "ex:query",
    )
    shape = plan.Shape(EX.shape, None, (), ())
    return plan.Sparql(SH.SPARQLConstraintComponent, query), shape


def rows(table: pl.DataFrame, graph: EncodedGraph) -> list[tuple[object, ...]]:
    """Return findings as keys, in order; the order of messages is none."""
    columns = [graph.keys(table[column]) for column in ("focus", "value", "path")]
    found = zip(*columns, table["messages"].to_list(), strict=True)
    return sorted(found, key=repr)


@pytest.mark.parametrize("text", COVERED)
def test_all_at_once_is_one_after_the_other(text: str) -> None:
    """On random graphs the table has what rdflib finds with each focus node bound."""
    some = 0
    for number in range(12):
        data = make_case(number).data
        # rdflib takes what has no value for something it can compare
        for triple in [t for t in data if isinstance(t[2], Literal) and t[2].ill_typed]:
            data.remove(triple)
        graph = EncodedGraph.of(table_of(data))
        constraint, shape = asked(text)
        nodes = Random(number).sample(sorted(map(key_of, set(data.subjects()))), 4)
        pairs = pl.DataFrame({"focus": graph.numbers(pl.Series(nodes))}, schema={"focus": ID})
        solver = Solver(graph, lambda data=data: data)
        query = solver.query(constraint, shape)

        at_once = rows(solver.solved(constraint, shape, query, pairs), graph)

        assert rows(solver.each(constraint, shape, query, pairs), graph) == at_once
        some += len(at_once)
    assert some or "ex:a ex:p ex:b" in text or "$this ex:p $this" in text


@pytest.mark.parametrize("text", NOT_COVERED)
def test_what_is_not_covered_is_left_to_rdflib(text: str) -> None:
    """The table refuses what it does not have, and the answer comes all the same."""
    data = Graph().parse(
        data="@prefix ex: <http://example.org/> . ex:a ex:p 1 , 2 .", format="turtle"
    )
    graph = EncodedGraph.of(table_of(data))
    constraint, shape = asked(text)
    pairs = pl.DataFrame({"focus": [graph.number(str(EX.a))]}, schema={"focus": ID})
    solver = Solver(graph, lambda: data)

    with pytest.raises(NotCovered):
        solver.solved(constraint, shape, solver.query(constraint, shape), pairs)
    found = solver.solutions(constraint, shape, pairs)
    assert (found.height == 0) == ("!ex:p" in text)
    assert "BNODE" not in text or found.height == 2  # a node of its own for each solution


def asked_of(
    text: str, data: str
) -> tuple[Solver, plan.Sparql, plan.Shape, EncodedGraph, pl.DataFrame]:
    """Return a query that is to be asked of ex:a in some data."""
    graph_of = Graph().parse(data=f"@prefix ex: <{EX}> . {data}", format="turtle")
    graph = EncodedGraph.of(table_of(graph_of))
    pairs = pl.DataFrame({"focus": [graph.number(str(EX.a))]}, schema={"focus": ID})
    return Solver(graph, lambda: graph_of), *asked(text), graph, pairs


def test_patterns_are_joined_where_they_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rare pattern waits until it shares a variable, since a product could be of any size."""
    monkeypatch.setattr(algebra, "MOST_SOLUTIONS", 2)
    text = "SELECT $this ?value { ?value a ex:Rare . $this ex:p ?x . ?x ex:q ?value }"
    data = "ex:a ex:p ex:b, ex:c . ex:b ex:q ex:d . ex:c ex:q ex:e . ex:d a ex:Rare ."
    solver, constraint, shape, graph, pairs = asked_of(text, data)

    found = solver.solved(constraint, shape, solver.query(constraint, shape), pairs)
    assert [(str(EX.a), str(EX.d))] == [row[:2] for row in rows(found, graph)]


HUB = " . ".join(f"ex:n{place} ex:k ex:hub" for place in range(20)) + " ."


@pytest.mark.parametrize(
    "text",
    [
        "SELECT $this ?value { $this ex:k ?k . ?value ex:k ?k FILTER (?value != ex:n1) }",
        "SELECT $this ?value { $this ex:k ?k . ?value ex:k ?other FILTER (?value != ex:n1) }",
        "SELECT $this ?value { $this ex:k ?k OPTIONAL { ?value ex:k ?k } }",
        "SELECT $this ?value { { $this ex:k ?k . ?value ex:k ?k } UNION { ?value ex:k ex:hub } }",
        "SELECT $this ?value { $this ex:k ?k . { ?value ex:k ?k FILTER (BOUND(?k)) } }",
        (
            "SELECT $this (COUNT(?other) AS ?value) { $this ex:k ?k . ?other ex:k ?k } "
            "GROUP BY $this"
        ),
    ],
)
def test_solutions_are_counted_before_they_are_made(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where all nodes have too many, some are asked for at a time; one with too many is refused."""
    solver, constraint, shape, graph, pairs = asked_of(text, HUB)
    nodes = pl.Series([f"{EX}n{place}" for place in range(20)])
    pairs = pl.DataFrame({"focus": graph.numbers(nodes)}, schema={"focus": ID})
    query = solver.query(constraint, shape)
    at_once = rows(solver.solved(constraint, shape, query, pairs), graph)
    assert len(at_once) in (20, 19 * 20, 20 * 20)

    monkeypatch.setattr(solving, "MOST_SOLUTIONS", 1_000)
    monkeypatch.setattr(algebra, "MOST_SOLUTIONS", 100)
    assert at_once == rows(solver.solved(constraint, shape, query, pairs), graph)

    monkeypatch.setattr(algebra, "MOST_SOLUTIONS", 19)
    with pytest.raises(RequestError, match="query of ex:query has more than 19 solutions"):
        solver.solutions(constraint, shape, pairs)
    monkeypatch.setattr(algebra, "MOST_SOLUTIONS", 100)
    monkeypatch.setattr(solving, "_MOST_AT_ALL", 100)
    with pytest.raises(RequestError, match="query of ex:query has more than 100 solutions"):
        solver.solutions(constraint, shape, pairs)


def test_few_cases_stand_as_terms_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conditions and messages are the same, however few solutions are looked at together."""
    text = "SELECT $this ?value { ?value ex:k ex:hub FILTER (?value != ex:n1) BIND (1 AS ?n) }"
    solver, constraint, shape, graph, pairs = asked_of(text, HUB)
    query = solver.query(constraint, shape)
    wanted = rows(solver.solved(constraint, shape, query, pairs), graph)
    assert 19 == len({messages for *_, (messages,) in wanted})

    monkeypatch.setattr("kg.shacl.expressions._MOST_CASES", 3)
    monkeypatch.setattr(solving, "_MOST_TEXTS", 3)
    assert wanted == rows(solver.solved(constraint, shape, query, pairs), graph)


@pytest.mark.parametrize(("aggregate", "wanted"), [("MIN", "1"), ("MAX", "sNaN")])
def test_ill_typed_literals_are_the_greatest(aggregate: str, wanted: str) -> None:
    """MIN and MAX have an answer, whatever the literals are."""
    text = f"SELECT $this ({aggregate}(?x) AS ?value) {{ $this ex:p ?x }} GROUP BY $this"
    decimal = "<http://www.w3.org/2001/XMLSchema#decimal>"
    values = ", ".join(f'"{text}"^^{decimal}' for text in ("sNaN", "1", "2", "NaN", "1e99"))
    solver, constraint, shape, graph, pairs = asked_of(text, f"ex:a ex:p {values} .")

    found = solver.solved(constraint, shape, solver.query(constraint, shape), pairs)
    assert [f'"{wanted}"^^{decimal[1:-1]}'] == [row[1] for row in rows(found, graph)]


def test_groups_without_members_are_none() -> None:
    """Neither way of running a query makes a group where an inner query has no solution."""
    inner = "SELECT $this (COUNT(?x) AS ?n) { $this ex:q ?x } GROUP BY $this"
    text = f"SELECT $this ?value ?n {{ $this ex:p ?value . {{ {inner} }} }}"
    for more, wanted in (("", []), (" ex:a ex:q 1 .", [str(EX.b)])):
        solver, constraint, shape, graph, pairs = asked_of(text, f"ex:a ex:p ex:b .{more}")
        query = solver.query(constraint, shape)
        for found in (solver.solved, solver.each):
            table = found(constraint, shape, query, pairs)
            assert wanted == [row[1] for row in rows(table, graph)]


def test_a_failure_that_a_query_reports() -> None:
    """A query that binds ?failure fails the validation, by the name of its shape."""
    shapes = Graph().parse(
        data="""@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        ex:s a sh:NodeShape ; sh:targetNode ex:a ;
            sh:sparql [ sh:select "SELECT $this (true AS ?failure) { FILTER (true) }" ] .""",
        format="turtle",
    )
    with pytest.raises(ShapesError, match="reports a failure for http"):
        validate(Graph(), shapes)


def test_a_query_that_cannot_be_run_is_named_by_where_it_stands() -> None:
    """The node that has a query seldom has a name; its shape has."""
    shapes = Graph().parse(
        data="""@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        ex:s a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select
        "SELECT $this (SUM(?x) AS ?n) { $this <http://example.org/p> ?x } GROUP BY $this" ] .""",
        format="turtle",
    )
    data = Graph().add((EX.a, EX.p, Literal("x")))
    with pytest.raises(ShapesError, match=r"query of .*/s sh:sparql cannot be run"):
        validate(data, shapes)


def test_blank_nodes_and_literals_are_bound_too() -> None:
    """A focus node may be any term."""
    data = Graph()
    node = BNode()
    data.add((node, EX.p, Literal(1)))
    shapes = Graph().parse(
        data="""@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        ex:s a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:targetObjectsOf ex:p ;
            sh:sparql [ sh:select "SELECT $this { FILTER (isBlank($this) || $this = 1) }" ] .""",
        format="turtle",
    )
    assert 2 == len(validate(data, shapes).results)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT $this ?value { $this $PATH ?value FILTER (STR(?value) != '$PATH') }",
        'SELECT $this ?value { $this ?PATH ?value FILTER (STR(?value) != """$PATH""") }',
        """SELECT $this ?value { # with $PATH, that's it
            $this $PATH ?value FILTER (STR(?value) != '$PATH') }""",
    ],
)
def test_a_path_stands_for_the_variable_only(text: str) -> None:
    """In a string or a comment $PATH is a text; in a message it is the path, for people."""
    solver, constraint, shape, graph, pairs = asked_of(text, "ex:a ex:p '$PATH' , 'other' .")
    query = replace(constraint.query, messages=(Literal("{$PATH} has {?value}"),))
    constraint, shape = replace(constraint, query=query), replace(shape, path=URIRef(EX.p))
    read = solver.query(constraint, shape)

    told = key_of(Literal("http://example.org/p has other"))
    wanted = [(str(EX.a), key_of(Literal("other")), None, [told])]
    assert wanted == rows(solver.solved(constraint, shape, read, pairs), graph)
    assert wanted == rows(solver.each(constraint, shape, read, pairs), graph)
