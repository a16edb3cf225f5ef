"""Queries on faults that the bundled example does not have: above all the checks."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.namespaces import KG
from kg.queries import bind, load_queries, with_prefixes

Row = tuple[str | None, ...]

QUERIES = load_queries()

# Faults that the example does not have: a query, what is in the graph, and the rows it gives.
PLANTED: list[tuple[str, str, list[Row]]] = [
    (
        "declared-against-found",
        """
        GRAPH <g:page> {
          <d:1> a kg:Document ; kg:fileName "a.txt" .
          <f:1/a> a kg:Section ; dct:isPartOf <f:1> ; kg:domain <t:a> ; kg:declaredCount 1 ;
            kg:line 5 ; prov:wasDerivedFrom <d:1> .
          <f:1/b> a kg:Section ; dct:isPartOf <f:1> ; kg:domain <t:b> ; kg:declaredCount 3 ;
            kg:line 7 ; prov:wasDerivedFrom <d:1> .
          <d:1/anchors> a kg:Section ; dct:isPartOf <d:1> ; kg:declaredCount 0 ; kg:line 9 ;
            prov:wasDerivedFrom <d:1> ; kg:groundedIn <t:1>, <t:2> .
          <s:1> kg:framework <f:1> ; kg:domain <t:a> .
          <t:a> skos:prefLabel "A"@en . <t:b> skos:prefLabel "B"@en .
        }
        """,
        [
            ("a.txt", "7", "B", "3", "0", "-3"),
            ("a.txt", "9", "Source anchors", "0", "2", "2"),
            ("a.txt", "5", "A", "1", "1", "0"),
        ],
    ),
    (
        "every-statement-cites",
        "GRAPH <g:1> { <s:1> a kg:Statement ; kg:cites <c:1> }",
        [("true",)],
    ),
    (
        "job-zones-stated",
        """
        GRAPH <g:1> {
          <d:1> kg:declaredJobZone 2 ; kg:fileName "a.txt" ; schema:about <o:1> .
          <d:2> kg:declaredJobZone 3 ; kg:fileName "b.txt" ; schema:about <o:2> .
          <o:1> skos:prefLabel "A"@en ; skos:notation "11-1111.00" ; kg:jobZone 4 .
          <o:2> skos:prefLabel "B"@en .
        }
        """,
        [
            ("a.txt", "11-1111.00", "A", "2", "4", "false"),
            ("b.txt", None, "B", "3", None, None),
        ],
    ),
    (
        "references-to-nothing",
        "GRAPH <g:1> { <s:1> kg:cites <c:1>, <c:2> . <s:2> kg:cites <c:1> . <c:2> a kg:Source }",
        [("c:1", KG.cites, "2")],
    ),
    (
        "statements-citing-nothing",
        """
        GRAPH <g:1> {
          <s:1> a kg:Statement ; kg:occupation <o:1> ; kg:framework <f:1> ; kg:line 4 ;
            prov:wasDerivedFrom <d:1> .
          <f:1> dct:type <k:1> . <k:1> skos:prefLabel "Kind"@en . <d:1> kg:fileName "a.txt"
        }
        """,
        [("a.txt", "4", "Kind", None, "s:1")],
    ),
    (
        "statements-outside-their-graph",
        """
        GRAPH <g:1> { <s:1> a kg:Statement ; prov:wasDerivedFrom <d:1> }
        GRAPH <g:2> { <s:2> a kg:Statement ; prov:wasDerivedFrom <d:1> . <s:3> a kg:Statement }
        GRAPH <g:catalog> {
          <g:1> a void:Dataset ; prov:wasDerivedFrom <d:1> .
          <g:2> a void:Dataset
        }
        """,
        [("s:2", "g:2", "d:1"), ("s:3", "g:2", None)],
    ),
    (
        "terms-added-by-pages",
        """
        GRAPH <g:schemes> {
          <c:s> a skos:ConceptScheme ; dct:title "S"@en .
          <c:1> skos:inScheme <c:s>
        }
        GRAPH <g:terms> { <c:2> skos:inScheme <c:s> ; skos:prefLabel "New"@en }
        """,
        [("S", "c:2", "New")],
    ),
    (
        "triples-in-two-graphs",
        """
        GRAPH <g:1> { <s:1> kg:line 1 }
        GRAPH <g:2> { <s:1> kg:line 1, 2 }
        """,
        [("s:1", KG.line, "1", "g:1", "g:2")],
    ),
    (
        "values-given-twice",
        """
        GRAPH <g:1> { <s:1> kg:line 1 ; kg:cites <c:1>, <c:2> }
        GRAPH <g:2> { <s:1> kg:line 2 }
        """,
        [("s:1", KG.line, "2")],
    ),
]


@pytest.mark.parametrize(("name", "data", "rows"), PLANTED, ids=[name for name, _, _ in PLANTED])
def test_planted_faults(name: str, data: str, rows: list[Row]) -> None:
    """A query finds what the example has nothing of."""
    store = ox.Store()
    store.update(with_prefixes(f"INSERT DATA {{ {data} }}"))
    text = bind(QUERIES[name], {}, lambda kind, value: value)
    results = store.query(text, use_default_graph_as_union=True)
    if isinstance(results, ox.QueryBoolean):
        assert rows == [(str(bool(results)).lower(),)]
    else:
        assert rows == [tuple(cell and cell.value for cell in row) for row in results]


def test_every_check_is_shown_a_fault() -> None:
    """Every check is tried on a graph in which it finds something."""
    checks = {name for name, query in QUERIES.items() if query.kind == "checks"}
    assert set() == checks - {name for name, _, rows in PLANTED if rows}
