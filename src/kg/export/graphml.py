"""GraphML: the entity graph, as Gephi, Cytoscape and yEd read it.

Its nodes are the things of the graph (`KINDS`), its edges the properties between them.
A statement and a task are joined by `kg:supports`; how sure that is comes from the link beside
it. Characters that XML does not have are replaced by U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from kg.export import xml
from kg.export.attribution import HEADING, attributions
from kg.export.selection import Selection
from kg.lookup import ENTITIES, kind_table, label_table
from kg.namespaces import ESCO, KG, OWL, SSSOM, compact, concept

__all__ = ["KINDS", "graphml"]

#: The kinds of node, by the class of each: what paths lead through, and what figures are about.
KINDS: dict[str, str] = {
    **ENTITIES,
    "esco-occupation": ESCO.Occupation,
    "esco-skill": ESCO.Skill,
    "soc-group": KG.SocGroup,
}

_HEAD = """\
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="label" for="node" attr.name="label" attr.type="string"/>
  <key id="kind" for="node" attr.name="kind" attr.type="string"/>
  <key id="property" for="edge" attr.name="property" attr.type="string"/>
  <key id="confidence" for="edge" attr.name="confidence" attr.type="double"/>
  <key id="inferred" for="edge" attr.name="inferred" attr.type="boolean"/>
  <graph edgedefault="directed">
"""
_FOOT = "  </graph>\n</graphml>\n"


def graphml(selection: Selection) -> Iterator[str]:
    """Yield GraphML: nodes by IRI, then edges by their ends and property."""
    yield xml.DECLARATION
    if lines := attributions(selection):
        yield xml.comment([HEADING, *lines])
    yield _HEAD
    nodes = kind_table(selection.quads, KINDS)
    for piece in _labelled(selection, nodes).iter_slices(10_000):
        yield "".join(
            f'    <node id="{xml.attribute(_plain(iri))}">'
            f'<data key="label">{xml.text(_plain(label or _tail(iri)))}</data>'
            f'<data key="kind">{kind}</data></node>\n'
            for iri, kind, label in piece.iter_rows()
        )
    ends = nodes.select("node").lazy()
    confidences, inferred = _confidences(selection), _inferred(selection)
    for piece in selection.edges(ends):
        edges = (
            piece.lazy()
            .join(confidences, on=["subject", "predicate", "object"], how="left")
            .with_columns(inferred=pl.col("graph").is_in(inferred))
            .group_by("subject", "predicate", "object")
            # What an input asserts does not become a guess by being inferred too.
            .agg(pl.col("inferred").all(), pl.col("confidence").max())
            .sort("subject", "object", "predicate")
            .select("subject", "object", "predicate", "confidence", "inferred")
            .collect()
        )
        yield "".join(map(_edge, edges.iter_rows()))
    yield _FOOT


def _edge(row: tuple[str, str, str, str | None, bool]) -> str:
    source, target, predicate, confidence, inferred = row
    sure = "" if confidence is None else f'<data key="confidence">{xml.text(confidence)}</data>'
    return (
        f'    <edge source="{xml.attribute(_plain(source))}"'
        f' target="{xml.attribute(_plain(target))}">'
        f'<data key="property">{xml.text(_name(predicate))}</data>{sure}'
        f'<data key="inferred">{str(inferred).lower()}</data></edge>\n'
    )


def _labelled(selection: Selection, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return nodes with the label of each."""
    here = selection.whole.join(nodes.lazy(), left_on="subject", right_on="node", how="semi")
    labels = label_table(here).collect()
    return nodes.join(labels, on="node", how="left", maintain_order="left")


def _confidences(selection: Selection) -> pl.LazyFrame:
    """Return the triples that links are about, with the confidence of the surest link.

    A link by which a person denies its triple is not counted.
    """
    columns = {
        "subject": OWL.annotatedSource,
        "predicate": OWL.annotatedProperty,
        "object": OWL.annotatedTarget,
        "confidence": SSSOM.confidence,
    }
    links = (
        selection.quads.filter(pl.col("predicate").is_in(list(columns.values())))
        .select(link="subject", name="predicate", value="object")
        .collect()
        .lazy()
    )
    is_not = pl.col("object").str.to_lowercase() == "not"
    denials = selection.quads.filter(pl.col("predicate") == SSSOM.predicate_modifier, is_not)
    table = links.select("link").unique()
    table = table.join(denials, left_on="link", right_on="subject", how="anti")
    for name, predicate in columns.items():
        of = links.filter(pl.col("name") == predicate).select("link", pl.col("value").alias(name))
        table = table.join(of, on="link", how="inner")
    ends = ["subject", "predicate", "object"]
    number = pl.col("confidence").cast(pl.Float64, strict=False)
    table = table.filter(number.is_finite()).sort(number, "link", descending=[True, False])
    surest = table.group_by(ends, maintain_order=True).first()
    return surest.select(*ends, "confidence").collect().lazy()


def _inferred(selection: Selection) -> list[str]:
    """Return the graphs that hold what a method inferred or a person curated."""
    kinds = [concept("graph-kind", "inferred"), concept("graph-kind", "curated")]
    is_kind = pl.col("object").is_in(kinds)
    said = selection.whole.filter(pl.col("predicate") == KG.graphKind, is_kind)
    return said.select("subject").unique().collect()["subject"].sort().to_list()


@cache
def _name(predicate: str) -> str:
    return compact(predicate)


def _tail(iri: str) -> str:
    return iri.rpartition("/")[2] or iri


def _plain(value: str) -> str:
    return xml.FORBIDDEN.sub("\ufffd", value)
