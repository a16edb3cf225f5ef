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
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

QUADS = """
import shutil, sys
from pathlib import Path
from kg import generations
from kg.assembly import assemble
out = Path(sys.argv[2])
with generations.draft(out / "graph") as draft:
    count = sum(draft.add(g, chunks) for g, chunks in assemble([Path(sys.argv[1])]).stream(draft))
    shutil.move(draft.nquads, out / "all.nq")
"""
LOAD = """
import sys
import pyoxigraph as ox
store = ox.Store(sys.argv[2] + "/store")
store.bulk_load(path=sys.argv[2] + "/all.nq", format=ox.RdfFormat.N_QUADS)
count = len(store)
"""
OPTIMIZE = """
import sys
import pyoxigraph as ox
store = ox.Store(sys.argv[2] + "/store")
store.optimize()
store.flush()
count = len(store)
"""
REPORT = """
import json, os, resource, time
begun = time.perf_counter()
{code}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, time.perf_counter() - begun,
                  used.ru_maxrss / 1024, count]))
"""
STEPS = {"quads": QUADS, "load": LOAD, "optimize": OPTIMIZE}


def measure(code: str, release: Path, folder: Path) -> list[float]:
    """Return processor seconds, wall seconds, peak memory in MiB, and quads of a step."""
    command = [sys.executable, "-c", REPORT.format(code=code), str(release), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(n) for n in json.loads(done.stdout.splitlines()[-1])]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    runs: dict[str, list[list[float]]] = {step: [] for step in STEPS}
    for _ in range(options.repeat):
        folder = Path(tempfile.mkdtemp())
        try:
            for step, code in STEPS.items():
                runs[step].append(measure(code, options.release, folder))
        finally:
            shutil.rmtree(folder)
    names = ("skills-kg", "polars", "pyoxigraph")
    print(", ".join(f"{n} {version(n)}" for n in names), "· Python", platform.python_version())
    print(
        f"{options.release.name}: {runs['quads'][0][3]:,.0f} quads; {options.repeat} runs, medians"
    )
    print("step      processor s  wall s  peak MiB")
    medians = {s: [statistics.median(n) for n in zip(*r, strict=True)] for s, r in runs.items()}
    for step, (cpu, wall, peak, _) in medians.items():
        print(f"{step:9} {cpu:11.1f} {wall:7.1f} {peak:9,.0f}")
    ratio = medians["quads"][0] / medians["load"][0]
    print(f"quads / load, processor time: {ratio:.2f}")


if __name__ == "__main__":
    main()
