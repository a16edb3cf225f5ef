"""What tests share: the bundled example as a graph, and where the real data may be."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from asked_here import AskedHere
from hypothesis import settings
from releases import reduced
from stores import load_small

from kg.assembly import example_inputs
from kg.generations import current
from kg.graph import Graph, open_graph
from kg.pipeline import build

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
MEMORY = Path("/dev/shm")
ENOUGH = 2 * 2**30


def pytest_configure(config: pytest.Config) -> None:
    """Have what tests write lie in memory, where the system has such a folder and room in it.

    What is published is flushed to disk, which takes a disk ten times as long as all the rest.
    --basetemp and PYTEST_DEBUG_TEMPROOT name another place. No example of a property is timed: a
    machine may be busy with something else.
    """
    settings.register_profile("kg", deadline=None)
    settings.load_profile("kg")
    if config.option.basetemp is None and "PYTEST_DEBUG_TEMPROOT" not in os.environ:
        is_usable = os.access(MEMORY, os.R_OK | os.W_OK | os.X_OK)
        if is_usable and shutil.disk_usage(MEMORY).free > ENOUGH:
            os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what stays to the end: modules, and thousands of tests.

    It went through all of it again and again, for a tenth of the time of all tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a graph built from the bundled example."""
    folder = tmp_path_factory.mktemp("example") / "graph"
    build(out=folder)
    return folder


@pytest.fixture(scope="session")
def example_graph(example_folder: Path) -> Graph:
    """Return the graph of the bundled example."""
    return open_graph(example_folder)


@pytest.fixture(scope="session")
def page_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a graph built from the page and the release of the bundled example."""
    folder = tmp_path_factory.mktemp("page") / "graph"
    build(example_inputs()[:2], folder)
    return folder


@pytest.fixture(scope="session")
def page_graph(page_folder: Path) -> Graph:
    """Return the graph of the page and the release of the bundled example."""
    return open_graph(page_folder)


@pytest.fixture(scope="session")
def quick_graph(example_graph: Graph) -> Graph:
    """Return the graph of the bundled example, which is asked in this process."""
    return AskedHere(example_graph.generation)


@pytest.fixture
def example_store(example_folder: Path) -> Path:
    """Return the store of the bundled example."""
    return current(example_folder).store


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of a few quads, of every kind of term."""
    return load_small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Return a function that finds a file of the real data, or skips the test that needs it."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"needs the real data ../shared/{name}, which is not here")
        return path

    return find


@pytest.fixture(scope="session")
def real_inputs(
    shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """Return the real page, and of the real release the tables that it is read with."""
    page = shared("data/frameworks/000_328dda3a84282345.txt")
    release = shared("data/onet/db_30_2_text.zip")
    return [page, reduced(release, tmp_path_factory.mktemp("reduced") / "db_30_2_text")]
