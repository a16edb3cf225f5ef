"""Analyses of the bundled example, worked out on paper from its page, its links and its tables.

The links that hold are those of build/example/library-technicians.links.ttl; statements of the
base framework come two a stage, in the order of the page.
"""

from __future__ import annotations

import polars as pl
import pytest

from kg.analyses import ANALYSES, centrality, check, communities, coverage
from kg.errors import NotFoundError, RequestError
from kg.graph import Graph
from kg.namespaces import BASE, KG, ONET, RDF

TECHNICIANS, LIBRARIANS, ASSISTANTS = "25-4031.00", "25-4022.00", "43-4121.00"


def task(number: int) -> str:
    """Return the IRI of a task of technicians."""
    return f"{BASE}task/9000{number:02}"


def test_coverage(example_graph: Graph) -> None:
    """A framework reaches the tasks that its statements support, first at the earliest stage.

    Returned items (stage 1) supports 900001, New reader cards (1) 900003 and 900005, Short
    questions (2) 900004, Shelf-reading (2) 900001 and 900006, Interlibrary loans (3) 900003, Lost
    or missing (3) 900002, Desk rota (4) 900008, Circulation figures (4) nothing.
    """
    rows = example_graph.analyze("coverage", TECHNICIANS).table
    base = rows.filter(pl.col("framework") == "base", "is_reached")
    expected = [
        (task(1), 2, "Career stage 1"),
        (task(2), 1, "Career stage 3"),
        (task(3), 2, "Career stage 1"),
        (task(4), 1, "Career stage 2"),
        (task(5), 1, "Career stage 1"),
        (task(6), 1, "Career stage 2"),
        (task(8), 1, "Career stage 4"),
    ]
    assert expected == base.select("task", "statements", "stage_label").rows()
    # The links to 900001 have the confidences 0.9495 and 0.2299.
    assert [0.9495] == base.filter(pl.col("task") == task(1))["confidence"].to_list()
    # Three frameworks by ten tasks, those that are missed too.
    assert (30, 3) == (rows.height, rows.filter(pl.col("framework") == "base").height - base.height)


def test_progression(example_graph: Graph) -> None:
    """A stage adds the tasks that no stage before it reaches.

    Stage 1 reaches {1, 3, 5}, 2 {1, 4, 6}, 3 {2, 3}, 4 {8}: 3, 2, 1 and 1 are new, of ten.
    """
    found = example_graph.analyze("progression", TECHNICIANS)
    base = found.table.filter(pl.col("framework") == "base")
    expected = [(2, 3, 3, 3, 0.3), (2, 3, 2, 5, 0.5), (2, 2, 1, 6, 0.6), (2, 1, 1, 7, 0.7)]
    columns = ["statements", "tasks", "tasks_added", "tasks_so_far", "share"]
    assert expected == base.select(columns).rows()
    assert ("5 statements have no stage and are left out",) == found.notes


def test_crosswalk(example_graph: Graph) -> None:
    """A cell counts a domain's statements that support the task.

    Of Communication Plain directions supports 900001 and 900007, Fine disputes 900002 and 900003,
    announcements 900003, 900004 and 900009, briefing and signage 900003, greeting and phone
    enquiries 900004.
    """
    rows = example_graph.analyze("crosswalk", TECHNICIANS).table
    communication = rows.filter(pl.col("domain_label") == "Communication", pl.col("statements") > 0)
    expected = [(task(1), 1), (task(2), 1), (task(3), 4), (task(4), 3), (task(7), 1), (task(9), 1)]
    assert expected == communication.select("task", "statements").rows()
    assert 10 * 10 == rows.height


def test_evidence(example_graph: Graph) -> None:
    """The figures of the index on a task stand at each statement that supports it.

    The index has 2 % and 0.25 for 900002, 0.4 for 900003, 4.5 % and 0.62 for 900004 and 0 for
    900006; nothing for 900001, 900005 and 900008. Figures are known of 900002, 3, 4, 6, 7 and 9.
    """
    found = example_graph.analyze("evidence", TECHNICIANS)
    base = found.table.filter(pl.col("framework") == "base")
    expected = [
        ("Interlibrary loan requests", "task-penetration", 0.4),
        ('"Lost or missing" reports', "task-penetration", 0.25),
        ('"Lost or missing" reports', "usage-share", 2.0),
        ("New reader cards", "task-penetration", 0.4),
        ("Shelf-reading rounds", "task-penetration", 0.0),
        ("Short questions at the desk", "task-penetration", 0.62),
        ("Short questions at the desk", "usage-share", 4.5),
    ]
    assert expected == base.select("statement_label", "metric", "value").rows()
    assert ("6 of 10 tasks of Library Technicians have figures",) == found.notes


def test_nearest(example_graph: Graph) -> None:
    """The distance is the root of the mean squared difference of importance.

    To assistants, over 8 elements: .50 .12 .75 .50 0 .15 .10 .13, squared 1.1263, of 8 the root
    .375217. To librarians, over 7: .88 .50 .88 .50 .15 .70 1.50, squared 4.8113: .829053.
    """
    rows = example_graph.analyze("nearest", TECHNICIANS).table
    assert ["Library Assistants, Clerical", "Librarians and Media Collections Specialists"] == rows[
        "occupation_label"
    ].to_list()
    assert [0.375217, 0.829053] == rows["distance"].round(6).to_list()
    assert [8, 7] == rows["elements"].to_list()
    assert 1 == example_graph.analyze("nearest", TECHNICIANS, most=1).table.height


def test_transition(example_graph: Graph) -> None:
    """A gap is of levels, weighted by the importance at the end, both as shares of their scale.

    Reading Comprehension from 3.12 to 5.00 of 7 at importance 4.38: 1.88/7 * 3.38/4 = .226943;
    Critical Thinking 2/7 * .75 = .214286, Active Listening 1.25/7 * .78 = .139286, Social
    Perceptiveness 1/7 * .6875 = .098214, Customer Service .7/7 * .775 = .0775; not rated at the
    start English 5.1/7 * .825 = .601071 and Written Comprehension 4.88/7 * .78 = .543771; Manual
    Dexterity is not relevant. Together 1.901. O*NET relates assistants to librarians only over
    technicians: .742 (Writing and Mechanical are suppressed) and 1.223, together 1.965.
    """
    found = example_graph.analyze("transition", ASSISTANTS, LIBRARIANS)
    elements = found.table.filter(pl.col("kind") == "element")
    expected = {
        "English Language": (0.601071, False),
        "Written Comprehension": (0.543771, False),
        "Reading Comprehension": (0.226943, True),
        "Critical Thinking": (0.214286, False),  # 2.62 is not important to assistants
        "Active Listening": (0.139286, True),
        "Social Perceptiveness": (0.098214, True),
        "Customer and Personal Service": (0.0775, True),
        "Manual Dexterity": (0.0, False),
    }
    rounded = elements.select("label", pl.col("weighted_gap").round(6), "is_shared").rows()
    assert [(label, *values) for label, values in expected.items()] == rounded
    direct, way = found.notes[-2:]
    assert "the direct step costs 1.901" == direct
    assert (
        "the cheapest way over related occupations costs 1.965: Library Assistants, Clerical → "
        "Library Technicians → Librarians and Media Collections Specialists" == way
    )


def test_transition_shared_work(example_graph: Graph) -> None:
    """Tasks are shared by their text, activities as O*NET links them.

    Both keep borrower accounts (900002 and 900202); of technicians' five activities assistants
    have handing out items and putting them back.
    """
    rows = example_graph.analyze("transition", ASSISTANTS, TECHNICIANS).table
    shared = rows.filter("is_shared", pl.col("kind") != "element")
    assert [
        ("dwa", "Put returned items back in their order."),
        ("dwa", "Hand out items and take them back."),
        ("task", "Keep borrower accounts correct and up to date."),
    ] == shared.select("kind", "label").rows()
    assert 5 == rows.filter(pl.col("kind") == "dwa").height


def test_centrality(example_graph: Graph) -> None:
    """Betweenness is the share of shortest paths through a node.

    Of librarians' tasks only 900103 is linked: task, detailed and intermediate activity, Performing
    for the Public, and there Active Listening and Social Perceptiveness; three tasks stand alone.
    Through the last activity lead 3 * 2 + 1 of the 28 pairs of other nodes: .25.
    """
    rows = example_graph.analyze("centrality", LIBRARIANS).table
    first = ("Performing for or Working Directly with the Public", 3, 0.25)
    assert first == rows.select("label", "degree", "betweenness").row(0)
    assert [0.0] * 6 == rows["betweenness"].to_list()[1:]
    # 900001 has six statements and two activities beside it.
    technicians = example_graph.analyze("centrality", TECHNICIANS).table
    assert [8] == technicians.filter(pl.col("node") == task(1))["degree"].to_list()


def test_communities(example_graph: Graph) -> None:
    """Communities have more edges inside than chance: two in the chain of librarians' one task.

    Three nodes and two edges each, of five: .8 - (.5² + .5²) = .3; three tasks stand alone.
    """
    found = example_graph.analyze("communities", LIBRARIANS)
    assert ("5 communities; modularity 0.300",) == found.notes
    assert [3, 3, 1, 1, 1] == found.table["community"].value_counts(sort=False).sort("community")[
        "count"
    ].to_list()


def lone() -> pl.LazyFrame:
    """Return the table of an occupation with a task, and nothing else."""
    quads = [
        ("o", RDF.type, KG.Occupation),
        ("o", ONET.hasTask, "t"),
        ("t", RDF.type, KG.Task),
        ("t", ONET.task, "Wind the clock."),
    ]
    rows = pl.LazyFrame(quads, ["subject", "predicate", "object"], orient="row")
    graph = pl.lit(None, pl.String).alias("graph")
    texts = pl.when(pl.col("predicate") == ONET.task).then(pl.lit("literal"))
    return rows.with_columns(kind=texts.otherwise(pl.lit("iri"))).with_columns(
        graph, datatype=pl.lit(None, pl.String), language=pl.lit(None, pl.String)
    )


def test_one_task_without_links() -> None:
    """An occupation of which nothing is known has an answer too."""
    assert [("t", 0, 0.0)] == centrality(lone(), "o").table.select(
        "node", "degree", "betweenness"
    ).rows()
    found = communities(lone(), "o")
    assert (1, "nothing leads to the tasks: each is a community of its own") == (
        found.table.height,
        *found.notes,
    )
    assert coverage(lone(), "o").table.is_empty()


@pytest.mark.parametrize("name", ["coverage", "crosswalk", "evidence", "progression"])
def test_nothing_known(name: str) -> None:
    """Where there is nothing to say the table is empty, and it is said why."""
    found = ANALYSES[name](lone(), "o")
    assert found.table.is_empty()
    assert found.empty


def test_no_ratings() -> None:
    """What rests on ratings alone is refused where there are none."""
    with pytest.raises(RequestError, match="o has no ratings"):
        ANALYSES["nearest"](lone(), "o")
    with pytest.raises(RequestError, match="p has neither ratings nor tasks"):
        ANALYSES["transition"](lone(), "o", "p")
    with pytest.raises(RequestError, match="p has no tasks"):
        centrality(lone(), "p")
    with pytest.raises(RequestError, match="p is no occupation"):
        coverage(lone(), "p")


def test_no_index_loaded(page_graph: Graph) -> None:
    """Without an index there is no evidence, and it is said what would give it."""
    found = page_graph.analyze("evidence", TECHNICIANS)
    assert found.table.is_empty()
    assert "Anthropic Economic Index" in found.empty


def test_wrong_requests(example_graph: Graph) -> None:
    """What no analysis answers is refused before anything is read."""
    with pytest.raises(RequestError, match="there is no analysis 'cover'"):
        check("cover", 1, ())
    with pytest.raises(RequestError, match="transition takes two occupations"):
        check("transition", 1, ())
    with pytest.raises(RequestError, match="coverage does not take most"):
        check("coverage", 1, ["most"])
    with pytest.raises(RequestError, match="two different occupations"):
        example_graph.analyze("transition", TECHNICIANS, TECHNICIANS)
    with pytest.raises(NotFoundError):
        example_graph.analyze("coverage", "99-9999.00")


@pytest.mark.parametrize("name", sorted(ANALYSES))
def test_order_is_fixed(example_graph: Graph, name: str) -> None:
    """Two analyses of a graph are the same, row by row."""
    ends = [TECHNICIANS, LIBRARIANS] if name == "transition" else [TECHNICIANS]
    first, second = (Graph(example_graph.generation).analyze(name, *ends) for _ in range(2))
    assert first.table.rows() == second.table.rows()
    assert first.picture == second.picture
