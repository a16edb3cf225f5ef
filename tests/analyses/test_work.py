"""What analyses share: which links count, and how surely they do."""

from __future__ import annotations

import pytest

from kg import quads
from kg.analyses.work import work_of
from kg.namespaces import BASE, KG, ONET, OWL, RDF, SSSOM, XSD

OCCUPATION, STATEMENT, TASK = (f"{BASE}{name}" for name in ("o", "framework/f/base/s", "t"))


@pytest.mark.parametrize(
    ("confidence", "modifier", "expected"),
    [
        ("0.5", None, 0.5),
        ("0.5", "Broadly", 0.5),
        ("0.5", "Not", None),
        ("high", None, None),
        ("NaN", None, None),
        ("INF", None, None),
    ],
)
def test_confidence_of_support(
    confidence: str, modifier: str | None, expected: float | None
) -> None:
    """It is that of a link that is not denied, where it is a number; the triple counts anyway."""
    link = f"{BASE}link"
    triples = [
        (OCCUPATION, RDF.type, KG.Occupation),
        (OCCUPATION, ONET.hasTask, TASK),
        (STATEMENT, KG.occupation, OCCUPATION),
        (STATEMENT, KG.framework, f"{BASE}framework/f/base"),
        (STATEMENT, KG.supports, TASK),
        (link, OWL.annotatedSource, STATEMENT),
        (link, OWL.annotatedProperty, KG.supports),
        (link, OWL.annotatedTarget, TASK),
    ]
    rows = [quads.iri(*triple, None) for triple in triples]
    said = [(SSSOM.confidence, confidence), (SSSOM.predicate_modifier, modifier)]
    rows += [quads.literal(link, p, v, None, XSD.string) for p, v in said if v is not None]
    supports = work_of(quads.from_rows(rows).lazy(), OCCUPATION).supports
    assert [(STATEMENT, TASK, expected)] == supports.rows()
