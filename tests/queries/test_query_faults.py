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
        # Below nothing, below two, below what is no intermediate one, below one and that; and one
        # that is as it should be.
        "activities-without-place",
        """
        GRAPH <g:1> {
          <e:i1> a kg:IntermediateWorkActivity . <e:i2> a kg:IntermediateWorkActivity .
          <e:d1> a kg:DetailedWorkActivity ; onet:elementName "One"@en .
          <e:d2> a kg:DetailedWorkActivity ; skos:broader <e:i1>, <e:i2> .
          <e:d3> a kg:DetailedWorkActivity ; skos:broader <e:4> .
          <e:d4> a kg:DetailedWorkActivity ; skos:broader <e:i2>, <e:4> .
          <e:d5> a kg:DetailedWorkActivity ; skos:broader <e:i1> .
        }
        """,
        [
            ("e:d1", "missing", "One"),
            ("e:d2", "several", None),
            ("e:d3", "something else", None),
            ("e:d4", "several", None),
            ("e:d4", "something else", None),
        ],
    ),
    (
        "concepts-in-a-circle",
        """
        GRAPH <g:1> {
          <e:1> a skos:Concept ; skos:broader <e:2> ; skos:prefLabel "One"@en .
          <e:2> a skos:Concept ; skos:broader <e:3> .
          <e:3> a skos:Concept ; skos:broader <e:1> .
          <e:4> a skos:Concept ; skos:broader <e:1> .
        }
        """,
        [("e:1", "One"), ("e:2", None), ("e:3", None)],
    ),
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
          <f:1/a-2> a kg:Section ; dct:isPartOf <f:1> ; kg:domain <t:a> ; kg:declaredCount 2 ;
            kg:line 11 ; prov:wasDerivedFrom <d:1> .
          <f:1/c> a kg:Section ; dct:isPartOf <f:1> ; kg:domain <t:c> ; kg:declaredCount 0 ;
            kg:line 14 ; prov:wasDerivedFrom <d:1> .
          <s:1> kg:framework <f:1> ; kg:domain <t:a> ; kg:section <f:1/a> .
          <s:2> kg:framework <f:1> ; kg:domain <t:a> ; kg:section <f:1/a-2> .
          <s:3> kg:framework <f:1> ; kg:domain <t:a> ; kg:section <f:1/a-2> .
          <t:a> skos:prefLabel "A"@en . <t:b> skos:prefLabel "B"@en .
        }
        """,
        [
            ("a.txt", "7", "B", "3", "0", "-3"),
            ("a.txt", "9", "Source anchors", "0", "2", "2"),
            ("a.txt", "5", "A", "1", "1", "0"),
            ("a.txt", "11", "A", "2", "2", "0"),
            ("a.txt", "14", "t:c", "0", "0", "0"),
        ],
    ),
    (
        # Two occupations of one name, a domain stated twice, a statement without a label, and
        # positions whose order as words is another one.
        "domain-spans",
        """
        GRAPH <g:page> {
          <o:1> skos:prefLabel "Potter"@en . <o:2> skos:prefLabel "Potter"@en .
          <f:1> kg:occupation <o:1> . <f:2> kg:occupation <o:2> . <t:a> skos:prefLabel "A"@en .
          <f:1/a> dct:isPartOf <f:1> ; kg:domain <t:a> ; kg:line 3 .
          <f:1/a-2> dct:isPartOf <f:1> ; kg:domain <t:a> ; kg:line 9 .
          <f:2/a> dct:isPartOf <f:2> ; kg:domain <t:a> ; kg:line 5 .
          <f:2/b> dct:isPartOf <f:2> ; kg:domain <t:a> ; kg:line 7 .
          <s:1> kg:section <f:1/a> ; kg:position 1 ; skos:prefLabel "one"@en .
          <s:2> kg:section <f:1/a> ; kg:position 2 ; skos:definition "two"@en .
          <s:3> kg:section <f:1/a-2> ; kg:position 1 ; skos:prefLabel "three"@en .
          <s:4> kg:section <f:2/a> ; kg:position 1 ; skos:prefLabel "four"@en .
          <s:5> kg:section <f:2/a> ; kg:position 10 ; skos:prefLabel "ten"@en .
          <s:6> kg:section <f:2/a> ; kg:position 9 ; skos:prefLabel "nine"@en .
        }
        """,
        [
            ("Potter", "A", "one", "two"),
            ("Potter", "A", "four", "ten"),
            ("Potter", "A", "three", "three"),
        ],
    ),
    (
        "every-statement-cites",
        "GRAPH <g:1> { <s:1> a kg:Statement ; kg:cites <c:1> }",
        [("true",)],
    ),
    (
        # Of two domains one is stated twice, and the other has no statement.
        "frameworks-and-size",
        """
        GRAPH <g:page> {
          <f:1> a kg:Framework ; dct:type <k:1> ; dct:title "F"@en ; kg:occupation <o:1> .
          <k:1> skos:prefLabel "Kind"@en . <o:1> skos:prefLabel "Potter"@en .
          <f:1/a> dct:isPartOf <f:1> ; kg:domain <t:a> .
          <f:1/a-2> dct:isPartOf <f:1> ; kg:domain <t:a> .
          <f:1/b> dct:isPartOf <f:1> ; kg:domain <t:b> .
          <s:1> kg:framework <f:1> ; kg:section <f:1/a> ; kg:cites <c:1>, <c:2> .
          <s:2> kg:framework <f:1> ; kg:section <f:1/a-2> .
        }
        """,
        [("Potter", "Kind", "F", "2", "2", "1")],
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
        "occupations-without-job-zone",
        """
        GRAPH <g:1> {
          <o:1> a kg:Occupation ; skos:notation "11-1111.00" ; skos:prefLabel "Potter"@en .
          <o:2> a kg:Occupation ; kg:jobZone 2 . <o:3> a kg:Occupation
        }
        """,
        [("o:1", "11-1111.00", "Potter"), ("o:3", None, None)],
    ),
    (
        # What nothing describes is not an element, a scale or an occupation; a category and a
        # second triple that says the same do no harm.
        "ratings-incomplete",
        """
        GRAPH <g:1> {
          <o:1> a kg:Occupation ; onet:hasRating <r:0>, <r:2>, <r:3>, <r:4>, <r:5>, <r:6>, <r:7> .
          <o:2> a kg:Occupation ; onet:hasRating <r:2> . <o:3> onet:hasRating <r:2>, <r:8> .
          <e:1> a kg:Element . <e:2> a kg:Element . <t:1> a kg:Task . <k:1> a kg:ScaleCategory .
          <c:1> a kg:Scale . <c:2> a kg:Scale .
          <r:0> a kg:Rating ; onet:refersTo <e:1>, <c:1>, <k:1> ; onet:dataValue 1.0 .
          <r:1> a kg:Rating .
          <r:2> a kg:Rating ; onet:refersTo <e:1>, <t:1>, <c:1>, <c:2> ; onet:dataValue 1.0, 2.0 .
          <r:3> a kg:Rating ; onet:refersTo <e:9>, <c:9> ; onet:dataValue 3 .
          <r:4> a kg:Rating ; onet:refersTo <t:1>, <c:1> ; onet:dataValue "n/a" .
          <r:5> a kg:Rating ; onet:refersTo <e:1>, <e:2>, <c:1> ;
            onet:dataValue "one"^^<http://www.w3.org/2001/XMLSchema#decimal>, 4.0 .
          <r:6> onet:refersTo <c:1> . <o:1> onet:hasRating <r:6> .
          <r:7> a onet:JobZoneRating .
          <r:8> a kg:Rating ; onet:refersTo <t:1>, <c:2> ; onet:dataValue <v:1> .
        }
        """,
        [
            ("r:1", "element", "missing"),
            ("r:1", "occupation", "missing"),
            ("r:1", "scale", "missing"),
            ("r:1", "value", "missing"),
            ("r:2", "element", "several"),
            ("r:2", "occupation", "several"),
            ("r:2", "occupation", "something else"),
            ("r:2", "scale", "several"),
            ("r:2", "value", "several"),
            ("r:3", "element", "missing"),
            ("r:3", "scale", "missing"),
            ("r:3", "value", "something else"),
            ("r:4", "value", "something else"),
            ("r:5", "element", "several"),
            ("r:5", "value", "several"),
            ("r:5", "value", "something else"),
            ("r:8", "occupation", "something else"),
            ("r:8", "value", "something else"),
        ],
    ),
    (
        # Only numbers are compared, and only on a scale with two bounds that are numbers.
        "ratings-outside-scale",
        """
        GRAPH <g:1> {
          <o:1> skos:notation "11-1111.00" ; onet:hasRating <r:1> .
          <e:1> onet:elementName "Reading"@en . <t:1> onet:task "Sweep."@en .
          <c:1> a kg:Scale ; skos:notation "LV" ; kg:minimum 1.0 ; kg:maximum 7.0 .
          <c:2> a kg:Scale ; kg:minimum 1.0 . <c:3> a kg:Scale ; kg:minimum "low" ; kg:maximum 7.0 .
          <c:4> a kg:Scale ; kg:minimum "NaN"^^xsd:double ; kg:maximum 7.0 .
          <r:1> a kg:Rating ; onet:refersTo <e:1>, <c:1> ; onet:dataValue 0.99 .
          <r:2> a kg:Rating ; onet:refersTo <t:1>, <c:1> ; onet:dataValue 7.01 .
          <r:3> a kg:Rating ; onet:refersTo <e:1>, <c:1> ; onet:dataValue 1.0, 7.0, "n/a", "9"@en .
          <r:4> a kg:Rating ; onet:refersTo <e:1>, <c:2>, <c:3>, <c:4> ; onet:dataValue 0.0, 9.0 .
          <r:5> onet:refersTo <e:1>, <c:1> ; onet:dataValue 9.0 .
        }
        """,
        [
            ("r:1", "11-1111.00", "Reading", "LV", "0.99", "1", "7"),
            ("r:2", None, "Sweep.", "LV", "7.01", "1", "7"),
        ],
    ),
    (
        "references-to-nothing",
        "GRAPH <g:1> { <s:1> kg:cites <c:1>, <c:2> . <s:2> kg:cites <c:1> . <c:2> a kg:Source }",
        [("c:1", KG.cites, "2")],
    ),
    (
        # Related to two occupations, of which one relates back.
        "related-occupations",
        """
        GRAPH <g:1> {
          <o:1> onet:hasRelatedOccupation <r:1>, <r:2> .
          <r:1> onet:refersTo <o:2> ; kg:relatednessTier "Near" ; onet:relatedIndex 2 .
          <r:2> onet:refersTo <o:3> ; kg:relatednessTier "Near" ; onet:relatedIndex 1 .
          <o:2> skos:notation "2" ; skos:prefLabel "Two"@en ; onet:hasRelatedOccupation <r:3> .
          <o:3> skos:notation "3" ; skos:prefLabel "Three"@en .
          <r:3> onet:refersTo <o:1> ; kg:relatednessTier "Far" ; onet:relatedIndex 9 .
        }
        """,
        [("1", "Near", "3", "Three", "false"), ("2", "Near", "2", "Two", "true")],
    ),
    (
        # The graph holds 30.2, which the catalogue knows; pages name it, another one, or none.
        "releases-against-pages",
        """
        GRAPH <g:1> {
          <d:r> dct:type <https://w3id.org/skills-kg/document-kind/onet-release> ;
            dct:source <c:onet> ; pav:version "30.2" ; dct:issued "2026-02"^^xsd:gYearMonth .
          <c:onet-31> dct:isVersionOf <c:onet> . <p:chip> skos:prefLabel "Chip"@en .
          <m:1> kg:source <c:onet> ; kg:place <p:chip> ; kg:line 3 ; prov:wasDerivedFrom <d:1> ;
            kg:statedVersion "30.2" ; kg:statedDate "2026"^^xsd:gYear .
          <m:2> kg:source <c:onet-31> ; kg:place <p:chip> ; kg:line 4 ; prov:wasDerivedFrom <d:2> ;
            kg:statedVersion "31.0" .
          <m:3> kg:source <c:onet> ; kg:place <p:chip> ; kg:line 5 ; prov:wasDerivedFrom <d:3> .
          <m:4> kg:source <c:onet> ; kg:place <p:chip> ; kg:line 6 ; prov:wasDerivedFrom <d:4> ;
            kg:statedVersion "30.2" ; kg:statedDate "2025-09"^^xsd:gYearMonth .
          <m:5> kg:source <c:aei> ; kg:place <p:chip> ; kg:line 7 ; prov:wasDerivedFrom <d:4> ;
            kg:statedVersion "30.1" .
          <d:1> kg:fileName "a.txt" . <d:2> kg:fileName "b.txt" . <d:3> kg:fileName "c.txt" .
          <d:4> kg:fileName "d.txt" .
        }
        """,
        [
            ("b.txt", "4", "Chip", "31.0", None, "30.2", "2026-02", "false"),
            ("d.txt", "6", "Chip", "30.2", "2025-09", "30.2", "2026-02", "false"),
            ("a.txt", "3", "Chip", "30.2", "2026", "30.2", "2026-02", "true"),
            ("c.txt", "5", "Chip", None, None, "30.2", "2026-02", "true"),
        ],
    ),
    (
        # The graph holds 29.0, which the catalogue knows as a version of its 30.2.
        "releases-against-pages",
        """
        GRAPH <g:1> {
          <d:r> dct:type <https://w3id.org/skills-kg/document-kind/onet-release> ;
            dct:source <c:onet-29> ; pav:version "29.0" .
          <c:onet-29> dct:isVersionOf <c:onet> . <c:onet-31> dct:isVersionOf <c:onet> .
          <p:chip> skos:prefLabel "Chip"@en . <d:1> kg:fileName "a.txt" .
          <m:1> kg:source <c:onet> ; kg:place <p:chip> ; kg:line 3 ; prov:wasDerivedFrom <d:1> ;
            kg:statedVersion "30.2" .
          <m:2> kg:source <c:onet-29> ; kg:place <p:chip> ; kg:line 4 ; prov:wasDerivedFrom <d:1> ;
            kg:statedVersion "29.0" ; kg:statedDate "2024-08"^^xsd:gYearMonth .
          <m:3> kg:source <c:onet-31> ; kg:place <p:chip> ; kg:line 5 ; prov:wasDerivedFrom <d:1> ;
            kg:statedVersion "31.0" .
        }
        """,
        [
            ("a.txt", "3", "Chip", "30.2", None, "29.0", None, "false"),
            ("a.txt", "5", "Chip", "31.0", None, "29.0", None, "false"),
            ("a.txt", "4", "Chip", "29.0", "2024-08", "29.0", None, "true"),
        ],
    ),
    (
        "scales-without-bounds",
        """
        GRAPH <g:1> {
          <c:1> a kg:Scale ; kg:minimum 0.0 ; kg:maximum 7.0 .
          <c:2> a kg:Scale ; kg:minimum 0.0 .
          <c:3> a kg:Scale ; kg:minimum 0, 1.0 ; kg:maximum 7.0 .
          <c:4> a kg:Scale .
        }
        """,
        [
            ("c:2", "maximum", "missing"),
            ("c:3", "minimum", "several"),
            ("c:3", "minimum", "something else"),
            ("c:4", "maximum", "missing"),
            ("c:4", "minimum", "missing"),
        ],
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
        GRAPH <g:1> {
          <s:4> a kg:Statement . <s:5> a kg:Statement . <s:6> prov:wasDerivedFrom <d:1>
        }
        GRAPH <g:2> { <s:5> prov:wasDerivedFrom <d:1> . <s:6> a kg:Statement }
        GRAPH <g:catalog> {
          <g:1> a void:Dataset ; prov:wasDerivedFrom <d:1> .
          <g:2> a void:Dataset
        }
        """,
        [
            ("s:2", "g:2", "d:1"),
            ("s:3", "g:2", None),
            ("s:4", "g:1", None),
            ("s:6", "g:2", "d:1"),
        ],
    ),
    (
        # Of nothing, of an occupation that nothing describes, of that and another; linked to what
        # is no detailed work activity; emerging tasks are held to nothing of this.
        "tasks-incomplete",
        """
        GRAPH <g:1> {
          <o:1> a kg:Occupation ; onet:hasTask <t:3>, <t:4> . <o:9> onet:hasTask <t:2>, <t:3> .
          <e:1> a kg:DetailedWorkActivity . <e:2> a kg:IntermediateWorkActivity .
          <t:1> a kg:Task ; onet:task "Sweep."@en .
          <t:2> a kg:Task ; kg:taskType "Core" ; onet:linkedTo <e:2> .
          <t:3> a kg:Task ; kg:taskType "Core" ; onet:linkedTo <e:1>, <e:2> .
          <t:4> a kg:Task ; kg:taskType "Core" ; onet:linkedTo <e:1> .
          <t:5> a kg:EmergingTask ; onet:task "Ask a machine."@en .
        }
        """,
        [
            ("t:1", "activity", "Sweep."),
            ("t:1", "occupation", "Sweep."),
            ("t:1", "type", "Sweep."),
            ("t:2", "activity", None),
            ("t:2", "occupation", None),
            ("t:3", "occupation", None),
        ],
    ),
    (
        # The text of the third is that of an emerging task too, which is none yet.
        "tasks-sharing-text",
        """
        GRAPH <g:1> {
          <o:1> skos:prefLabel "One"@en ; onet:hasTask <t:1>, <t:2>, <t:3> .
          <t:1> a kg:Task ; kg:taskId "1" ; onet:task "Same."@en .
          <t:2> a kg:Task ; kg:taskId "2" ; onet:task "Same."@en .
          <t:3> a kg:Task ; kg:taskId "3" ; onet:task "Other."@en .
          <e:1> a kg:EmergingTask ; onet:task "Other."@en .
          <e:2> a kg:EmergingTask ; onet:task "Same."@en .
        }
        """,
        [("Same.", "2", "1", "One"), ("Same.", "2", "2", "One")],
    ),
    (
        # One task of two occupations, and one that only a page shows.
        "tasks-sharing-text",
        """
        GRAPH <g:1> {
          <o:1> skos:prefLabel "Potter"@en ; onet:hasTask <t:10>, <t:2>, <t:3> .
          <o:2> skos:prefLabel "Baker"@en ; onet:hasTask <t:10> .
          <t:10> a kg:Task ; kg:taskId "10" ; onet:task "Sweep."@en .
          <t:2> a kg:Task ; kg:taskId "2" ; onet:task "Sweep."@en .
          <t:3> a kg:Task ; kg:taskId "3" ; onet:task "Bake."@en
        }
        GRAPH <g:2> {
          <t:sweep> a kg:Task ; onet:task "Sweep."@en .
          <o:foreign> onet:hasTask <t:foreign> . <t:foreign> onet:task "Sweep."@en
        }
        """,
        [
            ("Sweep.", "3", "2", "Potter"),
            ("Sweep.", "3", "10", "Baker"),
            ("Sweep.", "3", "10", "Potter"),
            ("Sweep.", "3", None, None),
        ],
    ),
    (
        # Without the table of commodities there is no class.
        "technologies-of-occupation",
        """
        GRAPH <g:1> {
          <o:1> onet:hasSoftware <u:1> .
          <u:1> onet:refersTo <t:1>, <c:1> ; kg:inDemand "N" ; kg:hotTechnology "N" .
          <t:1> a kg:Technology ; skos:prefLabel "Calc"@en .
        }
        """,
        [("Calc", None, "N", "N")],
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
        GRAPH <g:1> { <s:1> kg:line 1 ; kg:position 1 ; kg:cites <c:1>, <c:2> }
        GRAPH <g:2> { <s:1> kg:line 2 ; kg:position 1 }
        """,
        [("s:1", KG.line, "2")],
    ),
]


#: Two occupations of one name; in the first a domain is stated twice, with one statement that has
#: no label. Lines tell the order of a page; level 1 and career stage 1 have the same position.
TWICE = """
GRAPH <g:page> {
  <o:1> skos:prefLabel "Potter"@en . <o:2> skos:prefLabel "Potter"@en .
  <v:1> skos:prefLabel "Level 1"@en ; kg:position 1 .
  <w:1> skos:prefLabel "Career stage 1"@en ; kg:position 1 .
  <t:a> skos:prefLabel "A"@en .
  <f:1> dct:title "F"@en . <f:1/a> kg:line 2 ; kg:position 1 . <f:1/a-2> kg:line 7 ; kg:position 2 .
  <d:1> kg:fileName "a.txt" .
  <s:z> a kg:Statement ; kg:occupation <o:1> ; kg:domain <t:a> ; kg:section <f:1/a> ; kg:line 3 ;
    kg:position 1 ; kg:stage <v:1> ; skos:prefLabel "one"@en .
  <s:y> a kg:Statement ; kg:occupation <o:1> ; kg:domain <t:a> ; kg:section <f:1/a> ; kg:line 4 ;
    kg:position 2 ; kg:stage <v:1> ; skos:definition "two"@en .
  <s:x> a kg:Statement ; kg:occupation <o:1> ; kg:domain <t:a> ; kg:section <f:1/a-2> ; kg:line 8 ;
    kg:position 1 ; kg:stage <v:1> ; skos:prefLabel "three"@en ; kg:framework <f:1> ;
    prov:wasDerivedFrom <d:1> .
  <s:w> a kg:Statement ; kg:occupation <o:2> ; kg:domain <t:a> ; kg:section <f:2/a> ; kg:line 3 ;
    kg:position 1 ; kg:stage <v:1> ; skos:prefLabel "four"@en .
  <s:v> a kg:Statement ; kg:occupation <o:2> ; kg:domain <t:a> ; kg:section <f:2/a> ; kg:line 4 ;
    kg:position 2 ; kg:stage <w:1> ; skos:prefLabel "five"@en .
}
"""

#: Query, parameters, and the rows that it gives of `TWICE`.
OF_TWICE: list[tuple[str, dict[str, str], list[Row]]] = [
    (
        "stage-ladder",
        {"domain": "t:a"},
        [
            ("Potter", "1", "Level 1", "3", "one; two; three"),
            ("Potter", "1", "Career stage 1", "1", "five"),
            ("Potter", "1", "Level 1", "1", "four"),
        ],
    ),
    ("statement-location", {"statement": "s:x"}, [("a.txt", "8", "F", "A", "7", "1")]),
    (
        "statements-of-domain",
        {"domain": "t:a", "position": "1"},
        [
            ("Potter", "Level 1", "1", "four", None, "s:w"),
            ("Potter", "Level 1", "1", "one", None, "s:z"),
            ("Potter", "Career stage 1", "2", "five", None, "s:v"),
            ("Potter", "Level 1", "2", None, "two", "s:y"),
            ("Potter", "Level 1", "1", "three", None, "s:x"),
        ],
    ),
]


def answer(name: str, data: str, params: dict[str, str]) -> list[Row]:
    """Return the rows that a named query gives of the quads of an update."""
    store = ox.Store()
    store.update(with_prefixes(f"INSERT DATA {{ {data} }}"))
    text = bind(QUERIES[name], params, lambda kind, value: value)
    results = store.query(text, use_default_graph_as_union=True)
    if isinstance(results, ox.QueryBoolean):
        return [(str(bool(results)).lower(),)]
    assert isinstance(results, ox.QuerySolutions)
    return [tuple(cell and cell.value for cell in row) for row in results]


@pytest.mark.parametrize(("name", "data", "rows"), PLANTED, ids=[name for name, _, _ in PLANTED])
def test_planted_faults(name: str, data: str, rows: list[Row]) -> None:
    """A query finds what the example has nothing of."""
    params = QUERIES[name].params
    needed = [p.name for p in params if not p.optional and p.default is None]
    assert rows == answer(name, data, dict.fromkeys(needed, "o:1"))


@pytest.mark.parametrize(("name", "params", "rows"), OF_TWICE, ids=[n for n, _, _ in OF_TWICE])
def test_domain_stated_twice(name: str, params: dict[str, str], rows: list[Row]) -> None:
    """A query tells the sections of one domain apart, and occupations that share a name."""
    assert rows == answer(name, TWICE, params)


def test_every_check_is_shown_a_fault() -> None:
    """Every check is tried on a graph in which it finds something."""
    checks = {name for name, query in QUERIES.items() if query.kind == "checks"}
    assert set() == checks - {name for name, _, rows in PLANTED if rows}
