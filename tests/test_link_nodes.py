"""Link nodes: what a link says, which links count, and that all who read them agree."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest

from kg import quads
from kg.analyses.work import work_of
from kg.analysis import project
from kg.analysis.hops import hops
from kg.export import Selection
from kg.export.network import Network
from kg.link_nodes import link_nodes, surest
from kg.model import Quad
from kg.namespaces import BASE, KG, ONET, OWL, RDF, SEMAPV, SKOS, SSSOM, XSD

OCCUPATION, STATEMENT, TASK = (f"{BASE}{name}" for name in ("o", "framework/f/base/s", "t"))
GRAPH, INFERRED = f"{BASE}graph/one", f"{BASE}graph/links/one"
LINKER, HAND = SEMAPV.LexicalSimilarityThresholdMatching, SEMAPV.ManualMappingCuration


def link(
    node: str,
    justification: str = LINKER,
    confidence: str | None = None,
    modifier: str | None = None,
    property: str = KG.supports,
) -> list[Quad]:
    """Return the quads of a link of the statement and the task."""
    rows = [
        quads.iri(node, OWL.annotatedSource, STATEMENT, INFERRED),
        quads.iri(node, OWL.annotatedProperty, property, INFERRED),
        quads.iri(node, OWL.annotatedTarget, TASK, INFERRED),
        quads.iri(node, SSSOM.mapping_justification, justification, INFERRED),
    ]
    said = [(SSSOM.confidence, confidence), (SSSOM.predicate_modifier, modifier)]
    return rows + [quads.literal(node, p, v, INFERRED) for p, v in said if v is not None]


def read(*links: list[Quad]) -> pl.DataFrame:
    """Return the links of a table that holds these."""
    return link_nodes(quads.from_rows(row for rows in links for row in rows).lazy())


@pytest.mark.parametrize(
    ("written", "sure"),
    [
        ("0.50", 0.5), ("0", 0.0), ("1", 1.0), ("1e-1", 0.1), ("7", None), ("-0.1", None),
        ("NaN", None), ("INF", None), ("high", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_confidence_is_a_number_from_0_to_1(written: str | None, sure: float | None) -> None:
    """It stays as written beside the number; anything else is none."""
    found = read(link("a", confidence=written))
    expected = (written if sure is not None else None, sure)
    assert [expected] == found.select("confidence", "sure").rows()


def test_of_several_confidences_the_highest_counts() -> None:
    """A link to which others add a confidence is still one link."""
    more = quads.literal("a", SSSOM.confidence, "0.7", GRAPH, XSD.decimal)
    found = read(link("a", confidence="0.5"), [more])
    assert [("a", INFERRED, "0.7")] == found.select("link", "graph", "confidence").rows()


@pytest.mark.parametrize(
    ("modifier", "denies"),
    [("Not", True), ("NOT", True), ("Broadly", False), ("", False), (None, False)],
)
def test_only_not_is_a_denial(modifier: str | None, denies: bool) -> None:
    """SSSOM has one value that denies; another modifier, or none, denies nothing."""
    found = read(link("a", modifier=modifier))
    assert [(denies, denies)] == found.select("is_denial", "is_denied").rows()


def test_a_denial_is_of_its_own_triple() -> None:
    """What is denied of one property is not denied of another."""
    found = read(link("a", modifier="Not", property=SKOS.closeMatch), link("b"))
    assert [("a", True), ("b", False)] == found.select("link", "is_denied").rows()


def test_what_is_no_link() -> None:
    """A node that does not say which triple it is about is none."""
    assert read(link("a")[1:]).is_empty()
    assert surest(read()).is_empty()


def test_of_equally_sure_links_the_first_counts() -> None:
    """The order of a table does not decide."""
    links = [link("b", confidence="0.5"), link("a", confidence="0.50")]
    assert ["0.50"] == surest(read(*links))["confidence"].to_list()


LINK = link("a", LINKER, "0.3")
#: What links say of a triple that the graph says directly, by who says it; the confidence of it
#: as written and in an analysis.
SAID = {
    "a linker": ([LINK], "0.3", 0.3),
    "two": ([LINK, link("b", LINKER, "0.4")], "0.4", 0.4),
    "no number": ([link("a", LINKER, "7")], None, None),
    "denied by another": ([LINK, link("b", LINKER, modifier="Not")], None, None),
    "decided": ([LINK, link("b", HAND)], None, 1.0),
    "decided with doubt": ([LINK, link("b", HAND, "0.2")], "0.2", 0.2),
    "decided against another": (
        [LINK, link("b", HAND, "0.9"), link("c", LINKER, "1", "Not")],
        "0.9",
        0.9,
    ),
    "rejected": ([link("a", LINKER, "1"), link("b", HAND, modifier="Not")], None, None),
    "in two graphs": ([[q._replace(graph=GRAPH) for q in LINK[:2]], LINK[2:]], "0.3", 0.3),
}


@pytest.mark.parametrize("case", SAID)
def test_all_who_read_links_agree(case: str, tmp_path: Path) -> None:
    """Paths, the entity graph and analyses take the same link for what makes a triple sure."""
    links, written, sure = SAID[case]
    about = [
        (OCCUPATION, RDF.type, KG.Occupation),
        (OCCUPATION, ONET.hasTask, TASK),
        (TASK, RDF.type, KG.Task),
        (STATEMENT, RDF.type, KG.Statement),
        (STATEMENT, KG.occupation, OCCUPATION),
        (STATEMENT, KG.framework, f"{BASE}framework/f/base"),
    ]
    rows = [quads.iri(*triple, GRAPH) for triple in about]
    rows += [quads.iri(STATEMENT, KG.supports, TASK, INFERRED), *(q for of in links for q in of)]
    table = quads.unique_sorted(quads.from_rows(rows))
    path = tmp_path / "part.parquet"
    with path.open("wb") as out:
        quads.write_parquet(table, out)
    selection = Selection({GRAPH: path}, BASE)
    nodes = pl.DataFrame({"iri": [STATEMENT, TASK]})

    found = hops(table.lazy(), nodes, [KG.supports])
    assert [(written, sure)] == found.select("confidence", "sure").rows()
    hop = project(table.lazy()).edges.filter(pl.col("property") == KG.supports)
    assert [round(-math.log(sure or 0.5) * 1e6)] == hop["cost"].to_list()
    supports = [e.confidence for e in Network(selection).edges() if e.property == "kg:supports"]
    assert [written] == supports
    assert [sure] == work_of(table.lazy(), OCCUPATION).supports["confidence"].to_list()
