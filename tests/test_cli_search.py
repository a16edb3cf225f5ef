"""`kg find` and `kg show` as a user calls them."""

from __future__ import annotations

import json
from pathlib import Path

from commands import kg

from kg.graph import Graph
from kg.namespaces import KG, RDF


def test_show_cuts_long_lists_and_says_so(example_folder: Path) -> None:
    """Of each property the first triples are shown, with how many there are."""
    shown = kg("show", "source:onet", "--graph", example_folder)
    few = kg("show", "source:onet", "--max", "2", "--graph", example_folder)
    total = int(shown.stdout.partition(" × is kg:cites of:")[0].split()[-1])

    assert (0, 0) == (shown.returncode, few.returncode)
    assert f"… and {total - 20} more, see --max; all of them: kg show --json" in shown.stdout
    assert f"… and {total - 2} more, see --max" in few.stdout
    assert 20 < total


def test_show_cuts_what_a_node_says_too(example_folder: Path) -> None:
    """Properties that a node has many values of are cut as well."""
    shown = kg("show", "occupation:25-4031.00", "--max", "4", "--graph", example_folder)

    assert "\n… and 6 more of onet:hasTask, see --max; " in shown.stdout
    assert 4 == sum(line.startswith("onet:hasTask") for line in shown.stdout.splitlines())


def test_show_as_json_is_whole(example_folder: Path, example_graph: Graph) -> None:
    """A program gets every triple, unless it asks for fewer, and the counts either way."""
    call = ("show", "source:onet", "--json", "--graph", example_folder)
    whole, few = (json.loads(kg(*call, *more).stdout) for more in ((), ("--max", "1")))
    node = example_graph.show("source:onet")

    assert len(node.incoming) == len(whole["incoming"]) == sum(whole["incoming_counts"].values())
    assert whole["incoming_counts"] == few["incoming_counts"]
    assert len(few["incoming_counts"]) == len(few["incoming"])
    assert 20 < whole["incoming_counts"][KG.cites]
    assert 1 == whole["outgoing_counts"][RDF.type]
