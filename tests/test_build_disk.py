"""Builds on a disk that fills at any point: an error in one line, and nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import kg
from interrupted import MANY, Corpus, Disk, litter, tiny_disk, whole

ROOM = 256 * 2**20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mount a disk of a size that can be changed, where that is allowed."""
    with tiny_disk(tmp_path / "disk") as mounted:
        if mounted is None:
            pytest.skip("mounting a tmpfs is not allowed here")
        yield mounted


@dataclass
class Filling:
    """A graph on a disk, and builds for which the disk is too small."""

    disk: Disk
    corpus: Corpus

    @property
    def root(self) -> Path:
        """The graph's folder."""
        return self.disk.folder / "graph"

    @property
    def used(self) -> int:
        """How many bytes of the disk are in use."""
        usage = shutil.disk_usage(self.disk.folder)
        return usage.total - usage.free

    def build(self, *options: str) -> int:
        """Build, and return by how much that filled the disk."""
        before = self.used
        result = kg("build", *self.corpus.inputs, "--graph", self.root, "--keep", "9", *options)
        assert 0 == result.returncode, result.stderr
        return self.used - before

    def fail(self, room: int, *options: str) -> str:
        """Build with so much room, then with enough; return what is said if it does not suffice."""
        before = whole(self.root)
        self.corpus.edit()
        self.disk.resize(self.used + room)
        result = kg("build", *self.corpus.inputs, "--graph", self.root, "--keep", "2", *options)
        said = [line for line in result.stderr.splitlines() if line.startswith("kg: ")]
        self.disk.resize(ROOM)

        if result.returncode == 0:  # what is needed varies a little
            whole(self.root)
            assert [] == litter(self.root)
            return ""
        assert 2 == result.returncode, f"{room} bytes: {result.stderr[-1000:]}"
        assert 1 == len(said)
        assert said == result.stderr.splitlines()[-1:]
        assert f"kg: {self.root}: cannot be written (" in said[0]
        assert "nothing was published" in said[0]
        after = whole(self.root)
        assert (before.name, before.manifest) == (after.name, after.manifest)
        assert [] == litter(self.root)

        del before, after
        result = kg("build", *self.corpus.inputs, "--graph", self.root, "--keep", "2", *options)
        assert 0 == result.returncode
        whole(self.root)
        assert [] == litter(self.root)
        return said[0]


def filled(disk: Disk, corpus: Corpus, shares: list[float], *options: str) -> list[str]:
    """Fill the disk at shares of what a build needs, and return what is said where it fails."""
    filling = Filling(disk, corpus)
    filling.build()
    corpus.edit()
    needed = filling.build(*options)
    return list(filter(None, (filling.fail(int(share * needed), *options) for share in shares)))


FULL, INCREMENTAL = ["--full"], []


@pytest.mark.parametrize("options", [FULL, INCREMENTAL], ids=["full", "incremental"])
def test_a_full_disk(disk: Disk, tmp_path: Path, options: list[str]) -> None:
    """A build that finds no room says so, leaves what was, and succeeds once there is room."""
    said = filled(disk, Corpus(tmp_path / "in", 3), [0.0, 0.2, 0.5], *options)
    assert 2 <= len(said)
    assert "No space left on device" in said[0]


def test_a_full_disk_with_processes_that_read_pages(disk: Disk, tmp_path: Path) -> None:
    """What another process meets is told in the same words."""
    said = filled(disk, Corpus(tmp_path / "in", MANY), [0.25], "--full")
    assert "No space left on device" in said[0]


@pytest.mark.slow
@pytest.mark.parametrize("pages", [20, 30])
@pytest.mark.parametrize("options", [FULL, INCREMENTAL], ids=["full", "incremental"])
def test_a_disk_that_fills_anywhere(
    disk: Disk, tmp_path: Path, options: list[str], pages: int
) -> None:
    """The same at twenty random points."""
    chance = random.Random(int(os.environ.get("SEED", "1")))
    shares = [chance.uniform(0, 0.99) for _ in range(20)]
    said = filled(disk, Corpus(tmp_path / "in", pages), shares, *options)
    assert 10 <= len(said)
    print(len(said), "of 20 found no room:", *sorted(set(said)), sep="\n")
