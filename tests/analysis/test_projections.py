"""The named projections of the quad table."""

from __future__ import annotations

import pytest
from entity_tables import BASE, PAGE, link, table, typed

from kg import quads
from kg.analysis import project
from kg.errors import RequestError
from kg.namespaces import KG, ONET, SKOS, XSD


def _rating(name: str, element: str, value: str, suppress: str = "N") -> list[quads.Quad]:
    """Return the quads of a rating of an element's importance in the occupation o."""
    return [
        *typed(f"element/{element}", "Element"),
        quads.iri(BASE + "o", ONET.hasRating, BASE + name, PAGE),
        quads.iri(BASE + name, ONET.refersTo, BASE + f"element/{element}", PAGE),
        quads.iri(BASE + name, ONET.refersTo, BASE + "scale/IM", PAGE),
        quads.literal(BASE + name, ONET.dataValue, value, PAGE, XSD.decimal),
        quads.literal(BASE + name, KG.recommendSuppress, suppress, PAGE, XSD.string),
    ]


def test_links_are_in_the_one_projection_and_not_in_the_other() -> None:
    """A hop of a link costs -ln(confidence) and ln(fan-out), and is no asserted one."""
    rows = table(
        typed("s", "Statement"),
        typed("d", "Domain"),
        typed("task/1", "Task"),
        typed("task/2", "Task"),
        quads.iri(BASE + "s", KG.domain, BASE + "d", PAGE),
        link("s", "task/1", "0.5"),
        link("s", "task/2", "0.25", is_said=False),
    )
    columns = ("property", "object", "is_tentative", "fan_out", "cost", "cost_back")
    domain = (KG.domain, BASE + "d", False, 1, 0, 0)
    # ln 2 - ln 0.5 = ln 4, and ln 2 - ln 0.25 = ln 8
    strong = (KG.supports, BASE + "task/1", False, 2, 1_386_294, 693_147)
    weak = (KG.supports, BASE + "task/2", True, 2, 2_079_442, 1_386_294)
    assert [domain] == project(rows, "asserted").edges.select(columns).rows()
    assert [domain, strong, weak] == sorted(project(rows, "linked").edges.select(columns).rows())


def test_a_rating_is_an_edge_from_a_threshold_on() -> None:
    """Below the importance asked for, or where suppression is recommended, there is no edge."""
    rows = table(
        typed("o", "Occupation"),
        _rating("r1", "enough", "3.00"),
        _rating("r2", "little", "2.99"),
        _rating("r3", "unsure", "4.00", "Y"),
    )
    assert [BASE + "element/enough"] == project(rows).edges["object"].to_list()
    assert 2 == project(rows, importance=2.5).edges.height


def test_of_the_hierarchy_only_activities_are_held_together() -> None:
    """That two skills stand under one heading is no way between them."""
    rows = table(
        typed("dwa", "DetailedWorkActivity"),
        typed("iwa", "IntermediateWorkActivity"),
        typed("skill", "Element"),
        typed("skills", "Element"),
        quads.iri(BASE + "dwa", SKOS.broader, BASE + "iwa", PAGE),
        quads.iri(BASE + "skill", SKOS.broader, BASE + "skills", PAGE),
    )
    assert [BASE + "dwa"] == project(rows).edges["subject"].to_list()


def test_an_unknown_projection_is_refused() -> None:
    """The error names those there are."""
    with pytest.raises(RequestError, match="asserted, linked"):
        project(table(typed("o", "Occupation")), "guessed")
