"""GraphML: the entity graph, as Gephi, Cytoscape and yEd read it.

Characters that XML does not have are replaced by U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.export import xml
from kg.export.attribution import xml_beginning
from kg.export.network import Edge, Network, Node
from kg.export.selection import Selection
from kg.texts import for_xml

__all__ = ["graphml"]

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
    yield from xml_beginning(selection)
    yield _HEAD
    network = Network(selection)
    yield from map(_node, network.nodes())
    yield from map(_edge, network.edges())
    yield _FOOT


def _node(node: Node) -> str:
    return (
        f'    <node id="{xml.attribute(for_xml(node.iri))}">'
        f'<data key="label">{xml.text(for_xml(node.label))}</data>'
        f'<data key="kind">{node.kind}</data></node>\n'
    )


def _edge(edge: Edge) -> str:
    sure = edge.confidence
    stated = "" if sure is None else f'<data key="confidence">{xml.text(sure)}</data>'
    return (
        f'    <edge source="{xml.attribute(for_xml(edge.source))}"'
        f' target="{xml.attribute(for_xml(edge.target))}">'
        f'<data key="property">{xml.text(edge.property)}</data>{stated}'
        f'<data key="inferred">{str(edge.inferred).lower()}</data></edge>\n'
    )
