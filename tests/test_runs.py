"""Rows sorted on disk: whatever their number and order, they come back as if sorted at once."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import quads, runs
from kg.model import Quad
from kg.runs import Runs


def sorted_by_runs(folder: Path, tables: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """Return the chunks that tables come back in, none left on disk."""
    kept = Runs(folder)
    for table in tables:
        kept.add(table)
    chunks = list(kept.chunks())
    assert [] == list(folder.iterdir())
    return chunks


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make runs of a few rows, in pieces of fewer, and keys of a few characters."""
    monkeypatch.setattr(runs, "_RUN", 2000)
    monkeypatch.setattr(runs, "_PIECE", 300)
    monkeypatch.setattr(runs, "_MOST", 6)


texts = st.text(st.sampled_from("abé😀\uffee"), max_size=9)
rows = st.builds(
    Quad,
    st.sampled_from(["s", "t"]) | texts.map("s{}".format),
    st.sampled_from(["p", "pq", "predicate", "predicates"]),
    texts,
    st.just("literal"),
    st.sampled_from(["a", "b"]),
    st.none() | st.just("en"),
    st.sampled_from(["g", "graph-1", "graph-2"]),
)


@given(st.lists(st.lists(rows, max_size=20), max_size=8))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_runs_are_as_if_sorted_at_once(
    small: None, tmp_path_factory: pytest.TempPathFactory, given_rows: list[list[Quad]]
) -> None:
    """Chunks together are the sorted rows, each once, whatever lies where between the runs."""
    tables = [quads.from_rows(table) for table in given_rows]
    chunks = sorted_by_runs(tmp_path_factory.mktemp("runs"), tables)
    assert quads.unique_sorted(quads.concat(tables)).equals(quads.concat(chunks))
    assert all(chunk.height for chunk in chunks)


@pytest.mark.parametrize("order", ["sorted", "reversed", "shuffled"])
def test_many_rows(small: None, tmp_path: Path, order: str) -> None:
    """Many rows come back in many chunks, none of them much longer than a run."""
    given_rows = [quads.literal(f"s{i:04}", "p", str(i), "g") for i in range(360)]
    if order == "reversed":
        given_rows.reverse()
    elif order == "shuffled":
        random.Random(7).shuffle(given_rows)
    tables = [quads.from_rows(given_rows[i : i + 15]) for i in range(0, 360, 15)]
    chunks = sorted_by_runs(tmp_path, tables)
    assert quads.unique_sorted(quads.concat(tables)).equals(quads.concat(chunks))
    assert len(chunks) > 6
    assert max(chunk.height for chunk in chunks) < 80


def test_a_node_of_many_rows_is_divided(small: None, tmp_path: Path) -> None:
    """Rows of one subject and predicate are held together no more than others are."""
    tables = [
        quads.from_rows(
            [quads.literal("s", "p", f"{j * 199 % 400:03}", "g") for j in range(i, i + 20)]
        )
        for i in range(0, 400, 20)
    ]
    chunks = sorted_by_runs(tmp_path, tables)
    assert [f"{i:03}" for i in range(400)] == quads.concat(chunks)["object"].to_list()
    assert len(chunks) > 4


def test_repeated_rows_are_one(small: None, tmp_path: Path) -> None:
    """Rows that every run holds come once, also where there is no row between two bounds."""
    table = quads.from_rows([quads.literal("s", "p", str(i), "g") for i in range(12)])
    chunks = sorted_by_runs(tmp_path, [table] * 50)
    assert quads.unique_sorted(table).equals(quads.concat(chunks))


def test_few_rows_need_no_file(tmp_path: Path) -> None:
    """Rows that fit into memory are not written."""
    table = quads.from_rows([quads.literal("s", "p", "x", "g")] * 3)
    kept = Runs(tmp_path / "not there")
    kept.add(table)
    assert [1] == [chunk.height for chunk in kept.chunks()]
    assert [] == list(Runs(tmp_path).chunks())


def test_a_disk_that_refuses(small: None, tmp_path: Path) -> None:
    """Where no file can be written the error is the system's."""
    kept = Runs(tmp_path / "not there")
    table = quads.from_rows([quads.literal("s", "p", "x" * 3000, "g")])
    with pytest.raises(FileNotFoundError):
        kept.add(table)
