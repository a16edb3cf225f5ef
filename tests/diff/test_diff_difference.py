"""A difference as an object: filtered, labelled, shown."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from generation_pairs import A, difference
from unlike_graphs import NEW, OLD, TASK

from kg.diff import Diff
from kg.diff.model import PropertyChange, StatementChange, StatementState, Value
from kg.diff.triples import CHANGES
from kg.namespaces import BASE, KG, RDF, XSD


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Diff:
    """Return the difference of the samples."""
    return difference(tmp_path_factory.mktemp("samples"), OLD, NEW)


def test_nodes_are_filtered(found: Diff) -> None:
    """Nodes of a class, of a status, or of both."""
    assert [1, 2, 3, 5, 6] == [int(n.iri[-1]) for n in found.nodes(KG.Task)]
    assert [f"{TASK}/2", f"{TASK}/5"] == [n.iri for n in found.nodes(KG.Task, "removed")]
    assert {"added"} == {n.status for n in found.nodes(status="added")}
    assert [None] * 3 == [n.type for n in found.nodes("")]


def test_nodes_have_what_changed(found: Diff) -> None:
    """A node has its label and the properties that changed, with the values of either side."""
    (node,) = (n for n in found.nodes() if n.iri == A)
    assert ('An "A"', KG.Element) == (node.label, node.type)
    assert f"{BASE}p#p2" == node.properties[1].predicate
    text = ("colour\n\\ two", "literal", RDF.langString)
    removed = (Value("1", "literal", XSD.integer), Value(*text, "en-GB"))
    added = (Value("1", "literal", XSD.decimal), Value(*text, "en-US"))
    assert PropertyChange(f"{BASE}p#p", removed, added) == node.properties[0]


def test_a_removed_node_has_the_label_it_had(found: Diff) -> None:
    """The label of what is gone is the old one, of what is changed the new one."""
    labels = {n.iri: n.label for n in found.nodes()}
    assert "Glaze pots." == labels[f"{TASK}/2"]
    assert "Throw large pots." == labels[f"{TASK}/1"]


def test_tables_have_all_triples(found: Diff) -> None:
    """The tables have a row for each triple that is gone or new, and some to tell the node by."""
    table = pl.concat(found.tables())
    assert list(CHANGES) == table.columns
    of_a = table.filter(pl.col("subject") == A)
    assert {"-": 4, "+": 4, "=": 2} == dict(of_a.group_by("sign").len().iter_rows())


def test_labels_come_from_either_graph(found: Diff) -> None:
    """A node has the label of the new graph, else that of the old one, or none."""
    labels = found.labels({f"{TASK}/1", f"{TASK}/2", f"{TASK}/9"})
    assert {f"{TASK}/1": "Throw large pots.", f"{TASK}/2": "Glaze pots."} == labels


def test_a_notebook_shows_the_counts(found: Diff) -> None:
    """HTML has the classes with their numbers, escaped."""
    html = found._repr_html_()
    assert "<tr><td>kg:Task</td><td>2</td><td>2</td><td>1</td></tr>" in html
    assert "<td>no class</td>" in html


def test_citations_of_one_side_are_not_gained_or_lost() -> None:
    """A statement that came or went gained or lost no citation."""
    state = StatementState("s", None, None, None, None, None, ("x",))
    added, dropped = (
        StatementChange(("added",), None, state),
        StatementChange(("dropped",), state, None),
    )
    assert ((), ()) == (added.gained, dropped.lost)


def test_counts_are_sorted(found: Diff, tmp_path: Path) -> None:
    """Classes come by their IRIs, nodes without one first."""
    assert sorted(found.counts) == list(found.counts)
    assert "" == next(iter(found.counts))
    assert {} == difference(tmp_path, OLD, OLD).counts
