"""Compares `kg validate` with other validators of SHACL, by the same shapes on the same triples.

    python benchmarks/validation.py GRAPH --peers FOLDER [--pages 20] [--profile core] [--only NAME]

GRAPH is the folder of a built graph, FOLDER where each peer gets a virtual environment of its own,
made at its first use. All get one N-Triples file, with the first so many pages of the graph, what
was inferred of them and all that pages share; `kg` is also measured on the built graph as a whole.
Every command is a process of its own, and what it takes to start and to load counts. Processor time
is compared, since the machine may have other work to do. The results have to be the same: as many
of every shape.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import kg
from kg import quads
from kg.resources import folder

#: Pinned, so that results can be compared.
PEERS = {"pyshacl": "pyshacl==0.40.1", "pyshacl-turbo": "pyshacl-turbo==0.6.5"}

#: What runs in a peer's environment: it prints how many results there are of each shape.
PROGRAM = """
import json, sys
from collections import Counter
from rdflib import SH, Graph
name, data, shapes = sys.argv[1:]
if name == "pyshacl":
    from pyshacl import validate
    data = Graph().parse(data, format="nt")
else:
    from pyshacl_turbo import validate
_, report, _ = validate(data, shacl_graph=Graph().parse(shapes))
print(json.dumps(Counter(map(str, report.objects(None, SH.sourceShape)))))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: processor and wall time in seconds, the most memory in MiB."""

    cpu: float
    wall: float
    peak: float
    found: Counter[str]


def measured(command: Sequence[str | Path]) -> tuple[float, float, float, str]:
    """Run a command, which may find something, and return what it took and printed."""
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            raise SystemExit(f"failed: {' '.join(map(str, command))}")
        out.seek(0)
        text = out.read().decode()
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, text


def ours(*arguments: str | Path) -> Run:
    """Run `kg validate`."""
    command = (sys.executable, "-m", "kg", "validate", *arguments, "--format", "json")
    cpu, wall, peak, text = measured(command)
    return Run(cpu, wall, peak, Counter(r["shape"] for r in json.loads(text)["results"]))


def theirs(name: str, home: Path, data: Path, shapes: Path) -> Run:
    """Run a peer in its environment, which is made if it is not there."""
    python = home / name / "bin" / "python"
    if not python.exists():
        venv.create(home / name, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PEERS[name]], check=True)
    cpu, wall, peak, text = measured((python, "-c", PROGRAM, name, data, shapes))
    return Run(cpu, wall, peak, Counter(json.loads(text)))


def write_part(graph: Path, pages: int, target: Path) -> int:
    """Write the triples of so many pages, and of what pages share, and return how many."""
    parts = kg.open(graph).generation.parts
    of_pages = sorted(name for name in parts if "/graph/page/" in name)
    left_out = {name.partition("/graph/page/")[2] for name in of_pages[pages:]}
    chosen = [path for name, path in parts.items() if name.rpartition("/page/")[2] not in left_out]
    table = pl.read_parquet(sorted(chosen)).with_columns(graph=pl.lit(None, dtype=pl.String))
    with target.open("wb") as out:
        quads.write_nquads(table.unique(maintain_order=True), out)
    return table.height


def main() -> None:
    """Measure, compare and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--profile", default="core")
    parser.add_argument("--only", choices=PEERS, help="leave the other peers out")
    given = parser.parse_args()
    shapes = folder("shapes") / f"{given.profile}.ttl"
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data.nt"
        count = write_part(given.graph, given.pages, data)
        own = ours(data, "--shapes", shapes)
        names = [given.only] if given.only else list(PEERS)
        runs = {"kg": own} | {name: theirs(name, given.peers, data, shapes) for name in names}
    print(f"{count:,} triples of {given.pages} pages, {own.found.total():,} results\n")
    print("| validator | CPU s | ratio | wall s | MiB | same results |\n|---|--:|--:|--:|--:|---|")
    for name, run in runs.items():
        same = "yes" if run.found == own.found else f"no: {run.found.total():,}"
        ratio = f"{run.cpu / own.cpu:.1f}"
        print(f"| {name} | {run.cpu:.1f} | {ratio} | {run.wall:.1f} | {run.peak:,.0f} | {same} |")
    whole = ours("--graph", given.graph, "--profile", given.profile)
    print(
        f"\nthe whole graph, as built: {whole.cpu:.1f} s CPU, {whole.wall:.1f} s, "
        f"{whole.peak:,.0f} MiB, {whole.found.total():,} results"
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
