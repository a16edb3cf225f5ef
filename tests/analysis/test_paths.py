"""Paths between nodes: of small tables with links, of the example, and of the real data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path as FilePath

import polars as pl
import pytest
from entity_tables import BASE, LINKS, PAGE, link, look, rejected, table, typed

from kg import quads
from kg.analysis import Path, Stop
from kg.errors import NotFoundError, RequestError
from kg.graph import Graph, open_graph
from kg.model import Quad
from kg.namespaces import DCT, KG, ONET, SCHEMA
from kg.pipeline import build

S1, S2, S3 = "framework/f/durable/d/one", "framework/f/durable/d/two", "framework/f/base/three"
DURABLE = "framework/library-technicians/durable/"


def world(*more: Quad | list[Quad]) -> pl.LazyFrame:
    """Return three statements, two of one domain, of an occupation with two tasks."""
    domain = [quads.iri(BASE + name, KG.domain, BASE + "domain/d", PAGE) for name in (S1, S2)]
    said = [
        row
        for name, source in ((S1, "a"), (S2, "b"), (S3, "a"))
        for row in (
            *typed(name, "Statement", f"Statement {name[-3:]}"),
            quads.iri(BASE + name, KG.occupation, BASE + "occupation/o", PAGE),
            quads.iri(BASE + name, KG.cites, f"{BASE}source/{source}", PAGE),
        )
    ]
    tasks = [
        quads.iri(BASE + "occupation/o", ONET.hasTask, f"{BASE}task/{n}", PAGE) for n in (1, 2)
    ]
    return table(
        domain,
        said,
        tasks,
        typed("occupation/o", "Occupation", "Tester"),
        typed("domain/d", "Domain", "Daring"),
        *(typed(f"source/{key}", "Source", f"Source {key}") for key in "ab"),
        *(typed(f"task/{n}", "Task") for n in (1, 2, 9)),
        *more,
    )


def names(path: Path) -> list[str]:
    """Return the nodes of a path below the base."""
    return [iri.removeprefix(BASE) for iri in path.nodes]


def test_without_links_a_path_passes_through_the_occupation() -> None:
    """From a domain to a task one comes through each statement and the occupation."""
    found = look(world(), BASE + "domain/d", BASE + "task/1")
    expected = [["domain/d", s, "occupation/o", "task/1"] for s in (S1, S2)]
    assert expected == [names(path) for path in found]
    # ln 2, since the domain has two statements, and ln 2, since the occupation has two tasks
    assert [1.386294, 1.386294] == [path.cost for path in found]
    assert found.is_complete


def test_a_link_means_more_than_a_shared_occupation() -> None:
    """Where a statement supports a task, the way through the occupation is not shown."""
    found = look(world(link(S2, "task/1", "0.4321")), BASE + "domain/d", BASE + "task/1")
    (path,) = found
    hop = path.hops[1]
    assert ["domain/d", S2, "task/1"] == names(path)
    assert (KG.supports, True, "inferred", "0.4321", LINKS) == (
        hop.property,
        hop.is_forward,
        hop.basis,
        hop.confidence,
        hop.graph,
    )
    assert (KG.domain, False, "asserted", None) == (
        path.hops[0].property,
        path.hops[0].is_forward,
        path.hops[0].basis,
        path.hops[0].confidence,
    )
    # ln 2 - ln 0.4321
    assert 1.532245 == path.cost


def test_even_the_weakest_link_comes_before_the_occupation() -> None:
    """A link of 0.1, the least that is kept, still says more than a shared occupation."""
    found = look(world(link(S1, "task/1", "0.1")), BASE + "domain/d", BASE + "task/1")
    assert ["domain/d", S1, "task/1"] == names(found[0])


def test_a_link_below_the_threshold_leads_on_and_says_so() -> None:
    """What the graph does not say directly is a path too, told as what may be."""
    rows = world(link(S1, "task/1", "0.15", is_said=False))
    (path,) = look(rows, BASE + "domain/d", BASE + "task/1")
    assert ["domain/d", S1, "task/1"] == names(path)
    assert [(False, None), (True, "0.15")] == [(h.is_tentative, h.confidence) for h in path.hops]
    rows = world(link(S1, "task/1", "0.15", is_said=False), rejected(S1, "task/1"))
    found = look(rows, BASE + "domain/d", BASE + "task/1")
    assert [S1, S2] == [names(path)[1] for path in found]
    assert {4} == {len(names(path)) for path in found}


def test_the_surer_link_comes_first() -> None:
    """Paths that are otherwise alike are ordered by confidence."""
    rows = world(link(S1, "task/1", "0.3"), link(S2, "task/1", "0.8"))
    found = look(rows, BASE + "domain/d", BASE + "task/1")
    assert [S2, S1] == [names(path)[1] for path in found]


def test_citations_on_the_way_are_given_with_their_titles() -> None:
    """Each statement on a path brings the sources it cites; a figure brings its own."""
    figure = [
        *typed("figure/x", "Figure"),
        quads.iri(BASE + "figure/x", SCHEMA.about, BASE + "occupation/o", PAGE),
        quads.iri(BASE + "figure/x", DCT.source, BASE + "source/b", PAGE),
    ]
    (path, *_) = look(world(link(S1, "task/1", "0.5")), BASE + "domain/d", BASE + "task/1")
    assert [(BASE + S1, "Source a")] == [(c.stop.iri, c.source.label) for c in path.citations]
    (path, *_) = look(world(figure), BASE + "figure/x", BASE + "task/1")
    assert [(BASE + "figure/x", "Source b")] == [
        (c.stop.iri, c.source.label) for c in path.citations
    ]


def test_the_count_is_bounded_and_said() -> None:
    """Asked for one path, one comes, and that there are more is known."""
    found = look(world(), BASE + "domain/d", BASE + "task/1", 1)
    assert 1 == len(found)
    assert not found.is_complete
    assert not found.is_late


def test_the_time_is_bounded_and_said() -> None:
    """Without any time the best path still comes, and that the time was over is known."""
    found = look(world(), BASE + "domain/d", BASE + "task/1", seconds=-1)
    assert [["domain/d", S1, "occupation/o", "task/1"]] == [names(path) for path in found]
    assert found.is_late


def test_no_path_tells_the_nearest() -> None:
    """A task of no occupation is not reached; the nearest task and what leads there are named."""
    found = look(world(), BASE + "domain/d", BASE + "task/9")
    assert () == found.paths
    there, back = found.nearest
    assert ("task", BASE + "task/1") == (there.wanted, there.stop and there.stop.iri)
    assert ("domain", None) == (back.wanted, back.stop)


def test_no_path_names_what_is_nearest_of_another_kind() -> None:
    """Where nothing of the wanted kind was reached, the nearest of any kind is named."""
    other = [
        *typed("occupation/p", "Occupation", "Other"),
        quads.iri(BASE + "occupation/p", ONET.hasTask, BASE + "task/9", PAGE),
    ]
    back = look(world(other), BASE + "domain/d", BASE + "task/9").nearest[1]
    assert Stop(BASE + "occupation/p", "occupation", "Other") == back.stop


@pytest.mark.parametrize(
    ("end", "message"),
    [("task/1", "both are"), ("graph/page/test", "no path leads from or to")],
)
def test_what_cannot_be_asked_is_refused(end: str, message: str) -> None:
    """A path needs two different nodes that can stand on one."""
    with pytest.raises(RequestError, match=message):
        look(world(), BASE + "task/1", BASE + end)
    with pytest.raises(RequestError, match="at least one"):
        look(world(), BASE + "task/1", BASE + "domain/d", 0)


def test_a_path_is_made_of_hops_that_follow_each_other() -> None:
    """Hops that do not meet make no path."""
    (path, *_) = look(world(), BASE + "domain/d", BASE + "task/1")
    with pytest.raises(ValueError, match="follow each other"):
        Path((path.hops[0], path.hops[2]), 2.0)
    with pytest.raises(ValueError, match="follow each other"):
        Path((), 0.0)


ON_EXAMPLE = [
    (
        "domain:Communication",
        "task:900001",
        [
            "domain/communication",
            DURABLE + "communication/briefing-the-library-board",
            "occupation/25-4031.00",
            "task/900001",
        ],
    ),
    (
        'statement:"Shelf-reading rounds"',
        "occupation:25-4031.00",
        ["framework/library-technicians/base/shelf-reading-rounds", "occupation/25-4031.00"],
    ),
    (
        'stage:"Career stage 4"',
        "source:safi",
        ["career-stage/4", "framework/library-technicians/base/circulation-figures", "source/safi"],
    ),
    (
        "document:library-technicians",
        "task:900001",
        ["document/page/library-technicians", "occupation/25-4031.00", "task/900001"],
    ),
    (
        "framework/library-technicians/base/new-reader-cards",
        "occupation:25-4031.00",
        ["framework/library-technicians/base/new-reader-cards", "occupation/25-4031.00"],
    ),
    (
        'esco-skill:"answer enquiries"',
        "task:900004",
        [
            "example/esco/skill/answer-enquiries",
            "element/2.A.1.b",
            "element/4.A.4.a.8",
            "element/4.A.4.a.8.I91",
            "element/4.A.4.a.8.I91.D92",
            "task/900004",
        ],
    ),
    (
        "source:wef",
        "task:900005",
        [
            "source/wef",
            "framework/library-technicians/ai/house-rules-for-chat-assistants",
            "occupation/25-4031.00",
            "task/900005",
        ],
    ),
]


@pytest.mark.parametrize(("start", "end", "expected"), ON_EXAMPLE)
def test_paths_of_the_example(
    start: str, end: str, expected: list[str], example_graph: Graph
) -> None:
    """Names lead to the best path, whose nodes are known."""
    assert expected == names(example_graph.paths(start, end, projection="asserted")[0])


@pytest.mark.parametrize(("start", "end"), [row[:2] for row in ON_EXAMPLE])
def test_every_path_is_simple_and_ends_right(start: str, end: str, example_graph: Graph) -> None:
    """Links or not: each path goes from one end to the other and nowhere twice, the best first."""
    found = example_graph.paths(start, end, 40)
    first, last = example_graph.resolve(start), example_graph.resolve(end)
    assert 1 <= len(found) <= 40
    for path in found:
        assert (first, last) == (path.nodes[0], path.nodes[-1])
        assert len(path.nodes) == len(set(path.nodes))
    assert [path.cost for path in found] == sorted(path.cost for path in found)


def test_how_a_stage_was_derived_is_told(example_graph: Graph) -> None:
    """The hop between a statement and its stage names the rule."""
    (path, *_) = example_graph.paths("career-stage/4", "source:safi")
    assert ["Order of the statements", None] == [hop.rule for hop in path.hops]


def test_an_unknown_name_is_refused(example_graph: Graph) -> None:
    """A name that nothing bears is said to be unknown."""
    with pytest.raises(NotFoundError, match="Flying"):
        example_graph.paths("domain:Flying", "task:900001")


@pytest.fixture(scope="module", params=["tasks", pytest.param("whole", marks=pytest.mark.slow)])
def real_graph(
    request: pytest.FixtureRequest,
    real_inputs: list[FilePath],
    shared: Callable[[str], FilePath],
    tmp_path_factory: pytest.TempPathFactory,
) -> Graph:
    """Return a graph of the real page with the tables it is read with, or with all of them."""
    page, release = real_inputs
    if request.param == "whole":
        release = shared("data/onet/db_30_2_text.zip")
    folder = tmp_path_factory.mktemp("real") / "graph"
    build([page, release], out=folder)
    return open_graph(folder)


IN_SUPPORT = "framework/computer-user-support-specialists/"
STAGED = "base/requirements-for-enterprise-wide-system-upgrades-or-new-technology-adoption"
#: From, to, the nodes between, and how sure the link on the way is, and whether it is said.
ON_REAL = [
    (
        "domain:Communication",
        "task:1282",
        [IN_SUPPORT + "durable/communication/technical-jargon-translation"],
        ("0.1007", True),
    ),
    (
        "source:wef",
        "task:1282",
        [IN_SUPPORT + "ai/user-communication-drafting"],
        ("0.2161", False),
    ),
    ('stage:"Career stage 4"', "task:1289", [IN_SUPPORT + STAGED], ("0.7802", False)),
    ('statement:"Basic user intake"', "occupation:15-1232.00", [], None),
    (
        "source:aei",
        "task:1285",
        [IN_SUPPORT + "ai/performance-monitoring-synthesis"],
        ("0.2569", False),
    ),
]


@pytest.mark.parametrize(("start", "end", "between", "linked"), ON_REAL)
def test_paths_of_the_real_page(
    start: str,
    end: str,
    between: list[str],
    linked: tuple[str, bool] | None,
    real_graph: Graph,
) -> None:
    """On a real page and release the best path is the one read by eye."""
    path = real_graph.paths(start, end)[0]
    assert [BASE + node for node in between] == list(path.nodes[1:-1])
    assert real_graph.resolve(start) == path.nodes[0]
    assert real_graph.resolve(end) == path.nodes[-1]
    links = [(h.confidence, h.is_tentative) for h in path.hops if h.confidence is not None]
    assert ([linked] if linked else []) == links


def test_activities_lead_to_a_task_of_an_occupation_without_a_page(real_graph: Graph) -> None:
    """What leads from a domain to an occupation that no page describes is what both do."""
    found = real_graph.paths("domain:Communication", "task:8823")
    assert found.paths
    for path in found.paths:
        kinds = [stop.kind for stop in path.stops]
        assert ["domain", "statement", "task"] == kinds[:3]
        assert {"occupation", "source", "framework"}.isdisjoint(kinds)
