"""Property paths over tables, against those of SPARQL as Oxigraph walks them."""

from __future__ import annotations

from itertools import pairwise, repeat
from random import Random

import polars as pl
import pyoxigraph as ox
import pytest
from rdflib import URIRef

from kg import quads
from kg.errors import RequestError
from kg.shacl import PathExpression, PropertyPath, path_text, walks
from kg.shacl.encoding import ID, EncodedGraph

NODES = [f"http://example.org/{name}" for name in "abcdef"]
PROPERTIES = tuple(URIRef(f"http://example.org/{name}") for name in "pqr")
UNARY = ("inverse", "zeroOrMore", "oneOrMore", "zeroOrOne")


def path(random: Random, depth: int) -> PropertyPath:
    kind = random.choice(["property", *UNARY, "sequence", "alternative"] if depth else ["property"])
    if kind == "property":
        return random.choice(PROPERTIES)
    parts = 1 if kind in UNARY else 2
    return PathExpression(kind, tuple(path(random, depth - 1) for _ in range(parts)))


def graphs(random: Random) -> tuple[EncodedGraph, ox.Store]:
    triples = {
        (random.choice(NODES), str(random.choice(PROPERTIES)), random.choice(NODES))
        for _ in range(random.randint(1, 12))
    }
    store = ox.Store()
    store.extend(ox.Quad(*map(ox.NamedNode, triple)) for triple in triples)
    return EncodedGraph.of(quads.from_rows(quads.iri(*triple, None) for triple in triples)), store


@pytest.mark.parametrize("seed", range(0, 300, 30))
def test_walks_are_those_of_sparql(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path of any nesting leads where SPARQL's leads, from nodes in the data and not in it."""
    monkeypatch.setattr(walks, "_MOST_ROUNDS", seed // 30 % 5)  # soon, late, or never all at once
    if seed // 30 % 2:  # from the first start alone, then of one end at a time or eight
        monkeypatch.setattr(walks, "_MOST_FOLLOWED", 0)
        monkeypatch.setattr(walks, "_MOST_BITS", seed)
        monkeypatch.setattr(walks, "_MOST_BLOCKS", 8 if seed > 100 else 0)
    for number in range(seed, seed + 30):
        random = Random(number)
        graph, store = graphs(random)
        tried = path(random, 3)
        starts = graph.numbers(pl.Series(NODES))
        table = walks.walk(graph, tried, pl.DataFrame({"focus": starts}, schema={"focus": ID}))
        found = sorted(zip(graph.keys(table["focus"]), graph.keys(table["value"]), strict=True))
        written = path_text(tried, lambda iri: f"<{iri}>")
        wanted = {
            (node, solution["end"].value)
            for node in NODES
            for solution in store.query(f"SELECT ?end {{ <{node}> {written} ?end }}")
        }
        # Oxigraph has no zero-length path from a node that is not in the data; SHACL has.
        in_data = {t.value for q in store for t in (q.subject, q.object)}
        assert sorted(w for w in wanted if w[0] in in_data) == [f for f in found if f[0] in in_data]


def test_a_chain_is_walked_to_its_end() -> None:
    """A closure goes as far as the data, each pair once, round circles too."""
    nodes = [f"http://example.org/n{place}" for place in range(60)]
    rows = [
        quads.iri(node, "http://example.org/p", nodes[(place + 1) % 60], None)
        for place, node in enumerate(nodes)
    ]
    graph = EncodedGraph.of(quads.from_rows(rows))
    starts = pl.DataFrame({"focus": graph.numbers(pl.Series(nodes[:2]))})

    table = walks.walk(graph, PathExpression("oneOrMore", (PROPERTIES[0],)), starts)

    assert 120 == table.height == table.unique().height


def chain(length: int) -> EncodedGraph:
    """Return nodes of which each leads to the next."""
    names = [f"http://example.org/n{place}" for place in range(length + 1)]
    return EncodedGraph.of(
        quads.from_rows(
            quads.iri(one, str(PROPERTIES[0]), other, None) for one, other in pairwise(names)
        )
    )


@pytest.mark.parametrize(
    ("part", "length", "starts", "pairs"),
    [
        (PROPERTIES[0], 20_000, 1, 20_000),
        (PROPERTIES[0], 800, 800, 320_400),
        (PathExpression("sequence", (PROPERTIES[0],) * 2), 20_000, 1, 10_000),
        (PathExpression("alternative", PROPERTIES[:2]), 20_000, 1, 20_000),
    ],
)
def test_long_chains(part: PropertyPath, length: int, starts: int, pairs: int) -> None:
    """A long list is walked in the time of what is found; each length more would take minutes."""
    graph = chain(length)
    names = pl.Series([f"http://example.org/n{place}" for place in range(starts)])
    focus = pl.DataFrame({"focus": graph.numbers(names)}, schema={"focus": ID})

    found = walks.walk(graph, PathExpression("oneOrMore", (part,)), focus)
    assert pairs == found.height == found.unique().height


def test_what_is_not_come_to_does_not_count() -> None:
    """Where all steps together were too many, those from the nodes that are come to are taken."""
    chained = [f"http://example.org/n{place}" for place in range(101)]
    rows = [quads.iri(*pair, None) for pair in zip(chained, repeat(NODES[0]), chained[1:])]
    for place in range(3_000):  # elsewhere a hub, of nine million pairs
        rows.append(quads.iri(f"http://example.org/s{place}", NODES[0], NODES[1], None))
        rows.append(quads.iri(NODES[1], NODES[0], f"http://example.org/o{place}", None))
    graph = EncodedGraph.of(quads.from_rows(rows))
    focus = pl.DataFrame({"focus": graph.numbers(pl.Series(chained[:1]))}, schema={"focus": ID})
    part = PathExpression("sequence", (URIRef(NODES[0]),) * 2)

    assert 50 == walks.walk(graph, PathExpression("oneOrMore", (part,)), focus).height


def test_many_edges_are_followed_once() -> None:
    """Of a thousand nodes that lead to all after them, edge by edge would take half a minute."""
    count = 1_200
    edges = pl.DataFrame({"start": range(count)}).join(
        pl.DataFrame({"end": range(count)}), how="cross"
    )
    edges = edges.filter(pl.col("start") < pl.col("end")).cast(ID)
    starts = edges.select("start").unique()

    found = walks._reached(edges, starts, walks._nodes(edges, starts))
    assert edges.height == found.height == found.join(edges, on=["start", "end"]).height


def test_too_many_pairs_are_refused() -> None:
    """A path of more pairs than memory holds ends with an error, before they are made."""
    to_hub = (f"http://example.org/s{place}" for place in range(50_000))
    of_hub = (f"http://example.org/o{place}" for place in range(50_000))
    rows = [quads.iri(node, str(PROPERTIES[0]), NODES[0], None) for node in to_hub]
    rows += [quads.iri(NODES[0], str(PROPERTIES[0]), node, None) for node in of_hub]
    graph = EncodedGraph.of(quads.from_rows(rows))
    starts = graph.pairs(str(PROPERTIES[0])).select(focus="subject").unique()

    with pytest.raises(RequestError, match="more than 8,000,000 pairs"):
        walks.walk(graph, PathExpression("sequence", (PROPERTIES[0],) * 2), starts)


@pytest.mark.parametrize("kind", ["zeroOrMore", "oneOrMore"])
def test_too_many_pairs_of_a_circle_are_refused(kind: str) -> None:
    """In a circle each node leads to each: the square of its length is counted, not made."""
    names = [f"http://example.org/n{place}" for place in range(3_000)]
    graph = EncodedGraph.of(
        quads.from_rows(
            quads.iri(one, str(PROPERTIES[0]), other, None)
            for one, other in pairwise([*names, names[0]])
        )
    )
    starts = pl.DataFrame({"focus": graph.numbers(pl.Series(names))}, schema={"focus": ID})
    part = PathExpression("alternative", PROPERTIES[:2])

    with pytest.raises(RequestError, match="more than 8,000,000 pairs"):
        walks.walk(graph, PathExpression(kind, (part,)), starts)
    assert 6_000 == walks.walk(graph, PathExpression(kind, PROPERTIES[:1]), starts[:2]).height


def test_many_ways_are_not_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found by many ways is one pair, however few rows a join has at a time."""
    rows = [quads.iri(one, "http://example.org/p", other, None) for one in NODES for other in NODES]
    graph = EncodedGraph.of(quads.from_rows(rows))
    starts = pl.DataFrame({"focus": graph.numbers(pl.Series(NODES))})
    tried = PathExpression("sequence", (PROPERTIES[0],) * 3)

    found = []
    for most in (walks._MOST_ROWS, 100, 1):
        monkeypatch.setattr(walks, "_MOST_ROWS", most)
        found.append(sorted(walks.walk(graph, tried, starts).iter_rows()))
    assert 36 == len(found[0])
    assert [found[0]] * 3 == found
