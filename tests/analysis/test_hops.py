"""Hops: what leads from one node to another, and what a link says of it."""

from __future__ import annotations

import polars as pl
import pytest
from entity_tables import BASE, LINKS, PAGE, decided, link, rejected, table, typed

from kg import quads
from kg.analysis.hops import hops
from kg.model import Quad
from kg.namespaces import DCT, KG, SKOS

PROPERTIES = (KG.cites, KG.domain, KG.supports, DCT.source)


def found_in(*rows: Quad | list[Quad]) -> pl.DataFrame:
    """Return the hops of a table between all that it names."""
    whole = table(*rows)
    names = pl.concat([whole.select(iri="subject"), whole.select(iri="object")])
    return between(whole, names.unique().collect())


def between(table: pl.LazyFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return the hops of a table between nodes, with their IRIs."""
    ends = (
        pl.col(end).replace_strict(dict(enumerate(nodes["iri"]))) for end in ("subject", "object")
    )
    return hops(table, nodes, PROPERTIES).with_columns(*ends, pl.col("property").cast(pl.String))


def test_what_leads_on_is_a_triple_between_two_nodes() -> None:
    """Other properties, literals and what leads to itself are no hops."""
    found = found_in(
        quads.iri(BASE + "s", KG.cites, BASE + "source/a", PAGE),
        quads.iri(BASE + "f", DCT.source, BASE + "source/a", PAGE),
        quads.iri(BASE + "s", SKOS.related, BASE + "t", PAGE),
        quads.iri(BASE + "s", KG.domain, BASE + "s", PAGE),
        quads.literal(BASE + "s", DCT.source, BASE + "t", PAGE),
    )
    expected = {("f", "asserted", None), ("s", "asserted", None)}
    rows = found.select("subject", "basis", "confidence").rows()
    assert expected == {(s.removeprefix(BASE), *rest) for s, *rest in rows}


@pytest.mark.parametrize(
    ("confidence", "written"),
    [("1", "1"), ("0.4321", "0.4321"), ("7", None), ("?", None), ("NaN", None), (None, None)],
)
def test_a_confidence_stays_as_written(confidence: str | None, written: str | None) -> None:
    """An inferred hop has the confidence of its link, where that is a number from 0 to 1."""
    found = found_in(link("s", "task/1", confidence))
    assert [("inferred", written)] == found.select("basis", "confidence").rows()


def test_the_kind_of_a_graph_is_the_basis_of_its_hops() -> None:
    """What stands in a curated graph is curated."""
    graph = BASE + "graph/curated"
    kind = quads.iri(graph, KG.graphKind, BASE + "graph-kind/curated", BASE + "graph/catalog")
    found = found_in(kind, link("s", "task/1", "0.2", graph))
    assert [("curated", "0.2")] == found.select("basis", "confidence").rows()


def test_a_confidence_is_that_of_the_surest_link() -> None:
    """Of several links for one triple the surest counts, in whichever graph it stands."""
    other = [
        q._replace(subject=q.subject + "-2") for q in link("s", "task/1", "0.25", is_said=False)
    ]
    sure = quads.literal(other[0].subject, "https://w3id.org/sssom/confidence", "0.9", LINKS)
    elsewhere = link("s", "task/1", "0.95", BASE + "graph/other", is_said=False)
    found = found_in(link("s", "task/1", "0.25"), other, sure, elsewhere)
    assert [(LINKS, "0.95")] == found.select("graph", "confidence").rows()


def test_a_link_alone_is_a_tentative_hop() -> None:
    """What only a link says is a hop as doubtful as it is, wherever the link stands."""
    for graph in (LINKS, PAGE):
        found = found_in(link("s", "task/1", "0.15", graph, is_said=False))
        expected = (
            BASE + "s",
            KG.supports,
            BASE + "task/1",
            graph,
            "inferred",
            "0.15",
            0.15,
            True,
        )
        assert [expected] == found.rows()


def test_a_link_is_tentative_only_where_no_graph_says_its_triple() -> None:
    """A weak link for what another graph asserts is no second hop."""
    said = quads.iri(BASE + "s", KG.supports, BASE + "task/1", PAGE)
    found = found_in(said, link("s", "task/1", "0.15", is_said=False))
    assert [(PAGE, "0.15", False)] == found.select("graph", "confidence", "is_tentative").rows()


def test_what_is_asserted_is_no_less_sure_for_a_link() -> None:
    """A link beside what an input asserts, in its graph or another, says nothing of the hop."""
    kind = quads.iri(PAGE, KG.graphKind, BASE + "graph-kind/asserted", BASE + "graph/catalog")
    found = found_in(kind, link("s", "task/1", "0.15", PAGE), link("s", "task/1", "0.2", LINKS))
    expected = {(PAGE, "asserted", None), (LINKS, "inferred", "0.2")}
    assert expected == set(found.select("graph", "basis", "confidence").rows())


def test_a_link_of_another_property_or_without_a_confidence_is_no_hop() -> None:
    """Only the properties asked for lead on, and only as surely as is said."""
    about = link("s", "task/1", "0.15", is_said=False)
    other = [q._replace(object=SKOS.closeMatch) if q.object == KG.supports else q for q in about]
    assert [] == found_in(other).rows()
    assert [] == found_in(link("s", "task/1", None, is_said=False)).rows()


def test_what_a_person_denies_is_no_link() -> None:
    """A rejection takes its own confidence and that of the method's link away."""
    weak, sure = (link("s", "task/1", "0.9", is_said=is_said) for is_said in (False, True))
    assert [] == found_in(weak, rejected("s", "task/1")).rows()
    assert [] == found_in(rejected("s", "task/1")).rows()
    found = found_in(sure, rejected("s", "task/1", LINKS), rejected("s", "task/2"))
    assert [(LINKS, None)] == found.select("graph", "confidence").rows()


def test_what_a_person_decided_leads_on_without_a_confidence() -> None:
    """A decision that gives none is certain, even where no graph says its triple directly."""
    weak = link("s", "task/1", "0.6", is_said=False)
    for rows in ([], weak):
        found = found_in(rows, decided("s", "task/1"))
        assert [(None, 1.0, False)] == found.select("confidence", "sure", "is_tentative").rows()


def test_hops_between_given_nodes() -> None:
    """Only what leads from one of the nodes to another is a hop."""
    rows = table(
        typed("s", "Statement"),
        link("s", "task/1", "0.3"),
        link("s", "task/2", "0.3"),
        link("s", "task/3", "0.1", is_said=False),
    )
    nodes = pl.DataFrame({"iri": [BASE + "s", BASE + "task/1"]})
    assert [BASE + "task/1"] == between(rows, nodes)["object"].to_list()
