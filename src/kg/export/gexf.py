"""GEXF 1.2 (https://gexf.net/schema.html): the entity graph, as Gephi and sigma.js read it.

Characters that XML does not have are replaced by U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.export import xml
from kg.export.attribution import xml_beginning
from kg.export.network import Edge, Network, Node
from kg.export.selection import Selection
from kg.texts import for_xml

__all__ = ["gexf"]

_HEAD = """\
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
  <graph mode="static" defaultedgetype="directed">
    <attributes class="node">
      <attribute id="kind" title="kind" type="string"/>
    </attributes>
    <attributes class="edge">
      <attribute id="property" title="property" type="string"/>
      <attribute id="confidence" title="confidence" type="double"/>
      <attribute id="inferred" title="inferred" type="boolean"/>
    </attributes>
    <nodes>
"""
_BETWEEN = "    </nodes>\n    <edges>\n"
_FOOT = "    </edges>\n  </graph>\n</gexf>\n"


def gexf(selection: Selection) -> Iterator[str]:
    """Yield GEXF: nodes by IRI, then edges, numbered, by their ends and property."""
    yield from xml_beginning(selection)
    yield _HEAD
    network = Network(selection)
    yield from map(_node, network.nodes())
    yield _BETWEEN
    for number, edge in enumerate(network.edges()):
        yield _edge(number, edge)
    yield _FOOT


def _node(node: Node) -> str:
    return (
        f'      <node id="{xml.attribute(for_xml(node.iri))}"'
        f' label="{xml.attribute(for_xml(node.label))}">'
        f'<attvalues><attvalue for="kind" value="{node.kind}"/></attvalues></node>\n'
    )


def _edge(number: int, edge: Edge) -> str:
    values = {"property": edge.property, "confidence": edge.confidence}
    values["inferred"] = str(edge.inferred).lower()
    said = "".join(
        f'<attvalue for="{name}" value="{xml.attribute(value)}"/>'
        for name, value in values.items()
        if value is not None
    )
    return (
        f'      <edge id="{number}" source="{xml.attribute(for_xml(edge.source))}"'
        f' target="{xml.attribute(for_xml(edge.target))}"><attvalues>{said}</attvalues></edge>\n'
    )
