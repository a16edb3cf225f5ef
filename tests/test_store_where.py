"""The named graphs of a store that have some triples."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kg import quads
from kg.generations import Generation, current, publish
from kg.store import Pattern, Places

A, B, P, Q = (f"http://example.org/{name}" for name in "abpq")
ONE, TWO = "http://example.org/graph/one", "http://example.org/graph/two"


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a generation of two graphs with a triple or two each."""
    parts = {
        ONE: quads.from_rows([quads.iri(A, P, B, ONE), quads.literal(A, Q, "text", ONE)]),
        TWO: quads.from_rows([quads.iri(B, P, A, TWO)]),
    }
    made, _ = publish(tmp_path_factory.mktemp("where"), parts, {"base": "http://example.org/"})
    return made


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ([], set()),
        ([(A, None, None)], {ONE}),
        ([(None, None, A)], {TWO}),
        ([(None, P, None)], {ONE, TWO}),
        ([(None, P, B), (None, Q, A)], {ONE}),
        ([(A, P, B), (B, None, None)], {ONE, TWO}),
        ([("http://example.org/none", None, None)], set()),
    ],
)
def test_graphs_of_patterns(
    patterns: list[Pattern], expected: set[str], generation: Generation
) -> None:
    """A graph is named where it has a triple of one of the patterns."""
    assert expected == Places(generation.store).graphs_with(patterns)


def test_what_is_too_much_is_not_told(generation: Generation) -> None:
    """Where more triples would have to be looked through than may be, nothing is said."""
    patterns: list[Pattern] = [(None, P, None)]
    assert {ONE, TWO} == Places(generation.store).graphs_with(patterns, most=2)
    assert Places(generation.store).graphs_with(patterns, most=1) is None


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    """It is an error of the system, for whoever asks to do without."""
    with pytest.raises(OSError, match="No such file"):
        Places(tmp_path / "store").graphs_with([(A, None, None)])


def test_what_is_told_is_all_of_it(example_folder: Path) -> None:
    """Of the example, the graphs that are named for a subject are those whose tables have it."""
    generation = current(example_folder)
    table = generation.scan().filter(~pl.col("subject").str.starts_with("_:")).collect()
    for subject in table["subject"].unique().sort().gather_every(40):
        expected = set(table.filter(pl.col("subject") == subject)["graph"])
        assert expected == Places(generation.store).graphs_with([(subject, None, None)])
