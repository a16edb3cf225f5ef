"""Property paths over tables, against those of SPARQL as Oxigraph walks them."""

from __future__ import annotations

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
PROPERTIES = [URIRef(f"http://example.org/{name}") for name in "pqr"]
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
def test_walks_are_those_of_sparql(seed: int) -> None:
    """A path of any nesting leads where SPARQL's leads, from nodes in the data and not in it."""
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


def test_too_many_pairs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that joins nearly everything with everything ends with an error that says so."""
    monkeypatch.setattr(walks, "MOST_PAIRS", 10)
    rows = [quads.iri(one, "http://example.org/p", other, None) for one in NODES for other in NODES]
    graph = EncodedGraph.of(quads.from_rows(rows))
    starts = pl.DataFrame({"focus": graph.numbers(pl.Series(NODES))})

    with pytest.raises(RequestError, match="more than 10 pairs"):
        walks.walk(graph, PathExpression("sequence", (PROPERTIES[0],) * 2), starts)
