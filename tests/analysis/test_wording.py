"""Paths in words: nodes, hops, citations, and how far one came."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.analysis import Citation, Hop, Nearest, Path, Stop
from kg.analysis.projection import PROPERTIES
from kg.analysis.wording import (
    citation_sentences,
    evidence,
    nearest_sentence,
    noun,
    sentence,
    way,
)
from kg.namespaces import DCT, KG, ONET, SKOS

DOMAIN = Stop("https://x/d", "domain", "Daring")
STAGE = Stop("https://x/2", "stage", "Level 2")
STATEMENT = Stop("https://x/s", "statement", "Jumping in")
OTHER = Stop("https://x/o", "statement", "Looking first")
TASK = Stop("https://x/t", "task", "Jump.", "17")
SOURCE = Stop("https://x/a", "source", "Book of Jumps")
ANCHORS = Stop("https://x/doc/anchors", "section", "anchors")
PAGE = Stop("https://x/doc", "document", "Jumpers")
LINKED = Hop(STATEMENT, TASK, KG.supports, True, "inferred", "0.4321")
WEAK = Hop(STATEMENT, TASK, KG.supports, True, "inferred", "0.1234", is_tentative=True)


@pytest.mark.parametrize(
    ("stop", "first", "again"),
    [
        (DOMAIN, "the domain Daring", "Daring"),
        (STAGE, "Level 2", "Level 2"),
        (STATEMENT, "the statement “Jumping in”", "“Jumping in”"),
        (TASK, "task 17 (“Jump.”)", "task 17"),
        (Stop("https://x/t", "task", "Jump."), "the task “Jump.”", "the task “Jump.”"),
        (ANCHORS, "the source anchors", "the source anchors"),
        (PAGE, "the document Jumpers", "the document Jumpers"),
        (Stop("https://x/e", "element", "Calm", "2.B.9"), "the skill Calm", "Calm"),
        (Stop("https://x/e", "element", "Reach", "1.A.9"), "the ability Reach", "Reach"),
        (Stop("https://x/e", "element", "Air", "2.C.9"), "the field of knowledge Air", "Air"),
        (
            Stop("https://x/e", "element", "Leaping", "4.A.9"),
            "the work activity Leaping",
            "Leaping",
        ),
        (Stop("https://x/e", "element", "Noise", "4.C.9"), "the descriptor Noise", "Noise"),
    ],
)
def test_nodes_are_called_by_kind_and_label(stop: Stop, first: str, again: str) -> None:
    """A node is named in full, then in short where that is clear."""
    assert (first, again) == (noun(stop), noun(stop, is_known=True))


@pytest.mark.parametrize(
    ("hop", "expected"),
    [
        (LINKED, "The statement “Jumping in” supports task 17 (“Jump.”)."),
        (WEAK, "The statement “Jumping in” may support task 17 (“Jump.”)."),
        (
            replace(WEAK, start=TASK, end=STATEMENT, is_forward=False),
            "Task 17 (“Jump.”) may be supported by the statement “Jumping in”.",
        ),
        (
            Hop(DOMAIN, STATEMENT, KG.domain, False, "asserted"),
            "The domain Daring includes the statement “Jumping in”.",
        ),
        (
            Hop(STATEMENT, STAGE, KG.stage, True, "asserted", rule="Order"),
            "The statement “Jumping in” is placed at Level 2.",
        ),
        (
            Hop(STAGE, STATEMENT, KG.stage, False, "asserted"),
            "Level 2 expects the statement “Jumping in”.",
        ),
        (
            Hop(ANCHORS, PAGE, DCT.isPartOf, True, "asserted"),
            "The source anchors are part of the document Jumpers.",
        ),
        (
            Hop(TASK, PAGE, "https://x/p", False, "asserted"),
            "Task 17 (“Jump.”) is that of the document Jumpers.",
        ),
    ],
)
def test_hops_are_sentences(hop: Hop, expected: str) -> None:
    """A hop is said in the direction in which it is walked."""
    assert expected == sentence(hop)


@pytest.mark.parametrize("iri", PROPERTIES)
def test_every_property_has_words_for_both_directions(iri: str) -> None:
    """No property of the entity graph is read out as a bare name."""
    there = sentence(Hop(STATEMENT, OTHER, iri, True, "asserted"))
    back = sentence(Hop(STATEMENT, OTHER, iri, False, "asserted"))
    assert ":" not in there + back
    is_either_way = iri in (ONET.linkedTo, SKOS.closeMatch, SKOS.exactMatch, SKOS.relatedMatch)
    assert (there == back) == is_either_way


@pytest.mark.parametrize(
    ("hop", "expected"),
    [
        (LINKED, "→ kg:supports, inferred, confidence 0.4321"),
        (WEAK, "→ kg:supports, inferred, confidence 0.1234, below the threshold"),
        (Hop(TASK, PAGE, ONET.hasTask, False, "asserted"), "← onet:hasTask, asserted"),
        (
            Hop(STATEMENT, STAGE, KG.stage, True, "asserted", rule="Order of lines"),
            "→ kg:stage, asserted, derived: order of lines",
        ),
    ],
)
def test_what_a_hop_rests_on(hop: Hop, expected: str) -> None:
    """Property, direction, and asserted or inferred with its confidence are told."""
    assert expected == evidence(hop)


def test_the_way_shows_names_and_directions() -> None:
    """A chain of names has an arrow in the direction of each property, and cuts long names."""
    long = Stop("https://x/l", "statement", "word " * 30)
    path = Path(
        (Hop(DOMAIN, long, KG.domain, False, "asserted"), Hop(long, TASK, KG.supports, True, "x")),
        2.0,
    )
    before, name, after = way(path).replace("←", "→").split(" → ")
    assert ("Daring", "task 17") == (before, after)
    assert name.endswith("…")
    assert 60 >= len(name)


def test_citations_are_a_sentence_for_each_node() -> None:
    """Sources of one node are listed together; where none is cited, that is said."""
    more = Stop("https://x/b", "source", "Atlas")
    third = Stop("https://x/c", "source", "Poem")
    hop = Hop(STATEMENT, TASK, KG.supports, True, "inferred")
    citations = [Citation(STATEMENT, s) for s in (SOURCE, more, third)] + [Citation(OTHER, more)]
    assert [
        "“Jumping in” cites Book of Jumps; Atlas and Poem.",
        "“Looking first” cites Atlas.",
    ] == citation_sentences(Path((hop,), 1.0, tuple(citations)))
    assert ["no source is cited on the way."] == citation_sentences(Path((hop,), 1.0))
    inside = replace(hop, graph="https://x/graph/onet/30.2")
    assert ["no source is cited on the way; all of it stands in onet/30.2."] == citation_sentences(
        Path((inside,), 1.0)
    )


@pytest.mark.parametrize(
    ("nearest", "expected"),
    [
        (
            Nearest(DOMAIN, "task", TASK),
            "The nearest task to the domain Daring is task 17 (“Jump.”).",
        ),
        (
            Nearest(DOMAIN, "task", STAGE),
            "The domain Daring leads to no task; the nearest it leads to is Level 2.",
        ),
        (Nearest(DOMAIN, "task", None), "The domain Daring leads nowhere."),
    ],
)
def test_how_far_one_came(nearest: Nearest, expected: str) -> None:
    """Without a path it is said what was nearest."""
    assert expected == nearest_sentence(nearest)
