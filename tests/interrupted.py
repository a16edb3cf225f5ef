"""Builds in processes of their own, to be disturbed, and what must hold of a graph afterwards."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl
import pyoxigraph as ox

from kg import quads
from kg.assembly import example_inputs
from kg.generations import Generation, current

__all__ = ["MANY", "Corpus", "children", "ended", "kg_process", "litter", "tiny_disk", "whole"]

PAGE, RELEASE = example_inputs()[:2]
#: So many pages are read in processes of their own.
MANY = 24
#: Pages of these have an occupation in the release, and links.
TITLES = ("Library Technicians", "Librarians and Media Collections Specialists")
_TABLES = ("Content Model Reference", "Occupation Data", "Read Me", "Task Statements")
_COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


class Corpus:
    """A folder of short pages, and a release."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder / "pages"
        self.folder.mkdir(parents=True)
        self.release = folder / "onet_30_2_text"
        self.release.mkdir()
        for name in _TABLES:
            shutil.copy(RELEASE / f"{name}.txt", self.release)
        lines = PAGE.read_text(encoding="utf-8").splitlines(keepends=True)
        # Of the statements the first few: what is tried here is when, not what.
        self._text = "".join(line for n, line in enumerate(lines) if n < 40 or line[:2] != "- ")
        self._edits = 0
        for n in range(number):
            title = TITLES[n] if n < len(TITLES) else f"Trade {n}"
            self.page(n).write_text(self._text.replace(TITLES[0], title, 1), encoding="utf-8")

    @property
    def inputs(self) -> list[Path]:
        """The inputs of a build."""
        return [self.folder, self.release]

    def page(self, number: int) -> Path:
        """Return the path of a page."""
        return self.folder / f"{number:03}.txt"

    def edit(self, chance: random.Random | None = None) -> Path:
        """Give a page, the first one or any, another statement, and return its path."""
        self._edits += 1
        path = chance.choice(sorted(self.folder.iterdir())) if chance else self.page(0)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = next(n for n, line in enumerate(lines) if line.startswith("- "))
        lines[at] = f"- Statement {self._edits} — is another one each time.\n"
        path.write_text("".join(lines), encoding="utf-8")
        return path


def kg_process(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start `kg` in a process, and a process group, of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from kg.cli import main; main()", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,  # so that Ctrl-C can be sent to it and to all that it starts
    )


def whole(root: Path) -> Generation:
    """Return the published generation, after a check that all of it is what its manifest says."""
    generation = current(root)
    for part in generation.manifest["parts"]:
        table = pl.read_parquet(generation.path / "quads" / part["file"], glob=False)
        assert part["sha256"] == quads.digest(table)
    answer = next(iter(ox.Store.read_only(str(generation.store)).query(_COUNT)))
    assert generation.manifest["quads"] == int(answer["n"].value)
    return generation


def litter(root: Path) -> list[str]:
    """Return what lies in a graph's folder and should not."""
    names = {p.name for p in root.iterdir()} - {"current", "generations", ".lock"}
    folder = root / "generations"
    hidden = {p.name for p in folder.iterdir() if p.name.startswith(".")} if folder.exists() else ()
    inside = {
        str(p.relative_to(root))
        for generation in (folder.iterdir() if folder.exists() else ())
        for p in (*generation.iterdir(), *generation.glob("store/bulk-*"))
        if p.name not in ("files.json", "manifest.json", "quads", "store", "reuse")
    }
    return sorted({*names, *hidden, *inside})


def children(process: int) -> list[int]:
    """Return the processes that a process started, those that these did too."""
    found: list[int] = []
    with suppress(OSError, ValueError):
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        for child in map(int, text.split()):
            found += [child, *children(child)]
    return found


def ended(processes: Sequence[int], seconds: float = 2.0) -> bool:
    """Wait until processes have ended; tell whether they did in time."""
    deadline = time.monotonic() + seconds
    while alive := [process for process in processes if _is_alive(process)]:
        if time.monotonic() > deadline:
            for process in alive:
                with suppress(OSError):
                    os.kill(process, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def _is_alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(") ")[2][:1] not in "ZX"  # nobody may have taken note of its end


class Disk:
    """A disk of a size that can be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resize(self, size: int) -> None:
        """Give it another size in bytes; 0 is without limit."""
        options = f"remount,size={size}"
        subprocess.run(["mount", "-o", options, str(self.folder)], check=True)

    def set_read_only(self, *, on: bool) -> None:
        """Let nobody, or everybody again, write to it."""
        options = "remount,ro" if on else "remount,rw"
        subprocess.run(["mount", "-o", options, str(self.folder)], check=True)


@contextmanager
def tiny_disk(folder: Path) -> Iterator[Disk | None]:
    """Mount a disk in memory where that is allowed; None where it is not."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=256m", "kg-test", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        yield None
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
