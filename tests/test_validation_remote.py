"""Validation of what an endpoint has: the same report as of the graph."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import kg
from endpoints import oxigraph

from kg.generations import current


@pytest.fixture(scope="module")
def endpoint(example_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that holds the bundled example."""
    copy = tmp_path_factory.mktemp("served") / "store"
    shutil.copytree(current(example_folder).store, copy)
    with oxigraph(copy, "--union-default-graph") as address:
        yield address


@pytest.mark.parametrize("profile", ["core", "skos"])
def test_an_endpoint_gives_the_report_of_the_graph(
    endpoint: str, example_folder: Path, profile: str
) -> None:
    """Names, files and lines are fetched too, and the exit code is the same."""
    options = ["--profile", profile]
    here = kg("validate", "--graph", str(example_folder), *options)
    there = kg("validate", "--endpoint", endpoint, *options)
    assert here.stdout == there.stdout
    assert here.returncode == there.returncode


def test_an_endpoint_goes_with_nothing_else(endpoint: str) -> None:
    """Files and earlier generations are about other data."""
    result = kg("validate", "pages", "--endpoint", endpoint)
    assert 2 == result.returncode
    assert "--endpoint is about one store" in result.stderr
