"""What it costs to turn a release of O*NET into quads, beside what loading them costs.

    python benchmarks/release.py RELEASE [--repeat 3]

Each measurement is a process of its own; they alternate, and the medians of processor time
(user and system), wall time and peak memory are printed. "quads" is everything before the store:
reading the tables, checking, mapping, sorting, N-Quads with their digest, and Parquet. "load" is
Oxigraph's bulk load of those N-Quads, "optimize" its compaction, as a build does them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from measure import Run, medians, run, versions

LOAD = """
import sys
import pyoxigraph as ox
store = ox.Store(sys.argv[2] + "/store")
store.bulk_load(path=sys.argv[2] + "/all.nq", format=ox.RdfFormat.N_QUADS)
"""
OPTIMIZE = """
import sys
import pyoxigraph as ox
store = ox.Store(sys.argv[2] + "/store")
store.optimize()
store.flush()
"""
#: What is run with an input and a folder: code, or a step of `steps.py`.
QUADS = (str(Path(__file__).with_name("steps.py")), "everything")
STEPS = {"quads": QUADS, "load": ("-c", LOAD), "optimize": ("-c", OPTIMIZE)}
HEAD = "step      processor s  wall s  peak MiB"


def measure(step: str, data: Path, folder: Path) -> Run:
    """Run a step with an input and a folder, in a process of its own."""
    return run([sys.executable, *STEPS[step], data, folder])


def shown(step: str, took: Run) -> str:
    """Return a row of the table below `HEAD`."""
    return f"{step:9} {took.cpu:11.1f} {took.wall:7.1f} {took.peak or 0:9,.0f}"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    runs: dict[str, list[Run]] = {step: [] for step in STEPS}
    for _ in range(options.repeat):
        folder = Path(tempfile.mkdtemp())
        try:
            for step in STEPS:
                runs[step].append(measure(step, options.release, folder))
        finally:
            shutil.rmtree(folder)
    print(versions("skills-kg", "polars", "pyoxigraph"))
    quads = json.loads(runs["quads"][0].output)["counts"]["quads"]
    print(f"{options.release.name}: {quads:,} quads; {options.repeat} runs, medians")
    print(HEAD)
    middle = {step: medians(of) for step, of in runs.items()}
    for step, took in middle.items():
        print(shown(step, took))
    print(f"quads / load, processor time: {middle['quads'].cpu / middle['load'].cpu:.2f}")


if __name__ == "__main__":
    main()
