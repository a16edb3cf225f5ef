"""Comparisons of value nodes with the values of another property."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from random_cases import EX, LITERALS, typed
from rdflib import XSD, Graph, Literal
from rdflib.term import Node

from kg.errors import RequestError
from kg.shacl import ValidationReport, validate
from kg.shacl.constraints import pairs
from kg.shacl.keys import key_of
from kg.shacl.literals import compares, value_of

MORE = [
    *(typed(text, XSD.double) for text in ("NaN", "0.1", "-INF", "1")),
    *(typed(text, XSD.float) for text in ("NaN", "0.10000000149", "-0.0")),
    *(typed(text, XSD.dateTime) for text in ("2020-01-01T10:00:00", "2020-01-01T20:00:00")),
    *(typed(text, XSD.date) for text in ("2020-01-01Z", "2020-01-02")),
    *(typed(text, XSD.decimal) for text in ("0.10", "16777217", "0.1000000000000000000001")),
]


def checked(data: Graph, parameter: str) -> ValidationReport:
    shapes = Graph().parse(
        data=f"""@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        ex:s sh:targetSubjectsOf ex:p ; sh:path ex:p ; {parameter} .""",
        format="turtle",
    )
    return validate(data, shapes)


def graph_of(ones: list[Node], others: list[Node], subject: Node = EX.a) -> Graph:
    graph = Graph()
    for predicate, values in ((EX.p, ones), (EX.q, others)):
        for value in values:
            graph.add((subject, predicate, value))
    return graph


@pytest.mark.parametrize(("parameter", "sign"), [("lessThan", "<"), ("lessThanOrEquals", "<=")])
def test_every_pair_that_cannot_be_said_to_be_less(parameter: str, sign: str) -> None:
    """Whatever is compared, results are those of the comparison of each with each."""
    random, terms = Random(1), [*LITERALS, *MORE, EX.b]
    for size in (1, 3, 9, 27):
        data, expected = Graph(), Counter()
        for node in (EX.a, EX.c):
            ones, others = random.sample(terms, size), random.sample(terms, size)
            data += graph_of(ones, others, node)
            for one in ones:
                for other in others:
                    if not is_less(one, sign, other):
                        expected[key_of(node), key_of(one)] += 1

        results = checked(data, f"sh:{parameter} ex:q").results
        assert expected == Counter((key_of(r.focus_node), key_of(r.value)) for r in results)
        texts = [(r.focus_node, key_of(r.value), str(r.details[0])) for r in results]
        assert len(texts) == len(set(texts))


def is_less(one: Node, sign: str, other: Node) -> bool:
    values = [
        value_of(str(term), str(term.datatype or XSD.string), term.language)
        if isinstance(term, Literal)
        else None
        for term in (one, other)
    ]
    return compares(values[0], sign, values[1])


def test_what_is_less_makes_no_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many values that are less than many, only those that are not count against the limit."""
    monkeypatch.setattr(pairs, "MOST_PAIRS", 3)
    low, high = ([Literal(n) for n in range(start, start + 300)] for start in (0, 300))

    assert 0 == len(checked(graph_of(low, high), "sh:lessThan ex:q").results)
    assert 3 == len(checked(graph_of([*low, Literal(302)], high), "sh:lessThan ex:q").results)
    with pytest.raises(RequestError, match=r"ex.*/s has 90,000 results .* at most 3 can be told"):
        checked(graph_of(high, low), "sh:lessThan ex:q")


@pytest.mark.slow
def test_more_pairs_than_a_number_of_32_bits_has() -> None:
    """Pairs are counted however many there are, without being made."""
    low, high = ([Literal(n) for n in range(start, start + 66_000)] for start in (0, 66_000))
    with pytest.raises(RequestError, match="has 4,356,000,000 results"):
        checked(graph_of(high, low), "sh:lessThan ex:q")


def test_the_other_value_is_named() -> None:
    """Two results of one value say what each is about, by its datatype where texts are the same."""
    data = graph_of([Literal(5)], [Literal(3), Literal("5"), Literal("5", lang="en")])
    results = checked(data, "sh:lessThan ex:q").results

    other = f"a value of {EX}q"
    assert [
        f'"5" (xsd:integer) is not < "5" (en), {other}',
        f'"5" (xsd:integer) is not < "5" (xsd:string), {other}',
        f'"5" is not < "3", {other}',
    ] == sorted(str(result.details[0]) for result in results)
    assert [Literal(5)] * 3 == [result.value for result in results]


def test_the_language_is_named() -> None:
    """A language that several values have is in the message; the result has no value."""
    names = [("one", "en"), ("two", "EN"), ("eins", "de"), ("zwei", "de"), ("un", "fr")]
    data = graph_of([Literal(text, lang=tag) for text, tag in names], [])
    results = checked(data, "sh:uniqueLang true").results

    assert [
        "the node has several values in the language de",
        "the node has several values in the language en",
    ] == [str(result.details[0]) for result in results]
    assert [None, None] == [result.value for result in results]


def test_a_message_of_the_shape_stands_alone() -> None:
    """Where the shape says what is wrong, the engine adds nothing."""
    report = checked(
        graph_of([Literal(5)], [Literal(3)]), 'sh:lessThan ex:q ; sh:message "The wrong order."'
    )
    assert [((Literal("The wrong order."),), ())] == [
        (result.messages, result.details) for result in report.results
    ]
