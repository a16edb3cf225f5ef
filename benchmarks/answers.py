"""What asking costs, beside raw pyoxigraph on the same store.

    python benchmarks/answers.py GRAPH [--repeat 3] [--rows 500000]

GRAPH is the folder of a graph with a release in it. Two things are measured, in turns with what
they are compared with, and the medians printed:

- a trivial query from the start of a process to its end: `kg query`, and a Python process that
  opens the store by pyoxigraph and prints the same number;
- queries with many results, from the opening of the graph to the last value: `Graph.query` into a
  Polars table and into rows of texts, and pyoxigraph in one process, which looks at each value of
  each solution and keeps none. What ours takes to start another process is in it.

Processor time is that of all processes; the peak is the sum of each one's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

TRIVIAL = "SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }"
#: Queries for many rows by name; of each, so many rows are asked for at most.
MANY = {
    "triples": "SELECT ?s ?p ?o { ?s ?p ?o }",
    "texts": "SELECT ?s ?text { ?s skos:prefLabel|onet:task|dct:description ?text }",
    "ratings": "SELECT ?r ?what ?n { ?r onet:refersTo ?what ; onet:dataValue ?n }",
}
RAW_TRIVIAL = """
import sys
import pyoxigraph as ox
store = ox.Store.read_only(sys.argv[1])
found = store.query(sys.argv[2], prefixes={prefixes}, use_default_graph_as_union=True)
for row in found:
    print(row[0].value)
"""
RAW = """
import sys
import pyoxigraph as ox
from kg.namespaces import PREFIXES
begin()
count = 0
store = ox.Store.read_only(sys.argv[2])
for row in store.query(sys.argv[3], prefixes=PREFIXES, use_default_graph_as_union=True):
    for term in row:
        if term is not None:
            term.value
    count += 1
"""
POLARS = """
import sys
import polars
import kg, kg.graph, kg.store.columns
begin()
count = kg.open(sys.argv[1]).query(sys.argv[3], timeout=None).to_polars().height
"""
ROWS = POLARS.replace("to_polars().height", "rows.__len__()")
WAYS = {"pyoxigraph": RAW, "to Polars": POLARS, "to rows": ROWS}
# What a process does besides: the clock starts when all is imported.
REPORT = """
import json, os, resource, time
def spent():
    return sum(os.times()[:4])
def begin():
    global begun
    begun = time.perf_counter(), spent()
{code}
wall, cpu = time.perf_counter() - begun[0], spent() - begun[1]
peak = sum(resource.getrusage(who).ru_maxrss / 1024
           for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps([wall, cpu, peak, count]))
"""


class Cost(NamedTuple):
    """What something took: seconds, seconds of all processors, MiB, and the rows it gave."""

    wall: float
    cpu: float
    peak: float
    rows: float


def ask_often(store: Path, graph: Path, repeat: int) -> dict[str, Cost]:
    """Return the medians of a trivial query from process start to end, by the way it is asked."""
    from kg.namespaces import PREFIXES

    raw = RAW_TRIVIAL.format(prefixes=PREFIXES)
    kg = Path(sys.executable).with_name("kg")
    ways: dict[str, Sequence[str | Path]] = {
        "pyoxigraph": [sys.executable, "-c", raw, store, TRIVIAL],
        "kg query": [kg, "query", "-", "--graph", graph, "--format", "csv"],
    }
    return medians({way: partial(_started, words) for way, words in ways.items()}, repeat)


def _started(words: Sequence[str | Path]) -> Cost:
    before, begun = os.times(), time.perf_counter()
    done = subprocess.run(words, input=TRIVIAL, capture_output=True, text=True, check=True)
    wall, after = time.perf_counter() - begun, os.times()
    assert done.stdout.split()[-1].isdigit()
    cpu = after.children_user + after.children_system
    return Cost(wall, cpu - before.children_user - before.children_system, 0, 1)


def ask_much(store: Path, graph: Path, rows: int, repeat: int) -> dict[str, dict[str, Cost]]:
    """Return the medians of each query with many rows, by its name and the way it is asked."""
    found = {}
    for name, query in MANY.items():
        words = [graph, store, f"{query} LIMIT {rows}"]
        ways = {way: partial(_measured, code, words) for way, code in WAYS.items()}
        found[name] = medians(ways, repeat)
        assert len({cost.rows for cost in found[name].values()}) == 1
    return found


def _measured(code: str, words: Sequence[str | Path]) -> Cost:
    command = [sys.executable, "-c", REPORT.format(code=code), *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def medians(ways: dict[str, Callable[[], Cost]], repeat: int) -> dict[str, Cost]:
    """Measure ways in turns, after a round that does not count, and return the median of each."""
    runs: dict[str, list[Cost]] = {name: [] for name in ways}
    for number in range(repeat + 1):
        for name, measure in ways.items():
            cost = measure()
            if number:
                runs[name].append(cost)
    return {
        name: Cost(*(statistics.median(values) for values in zip(*costs, strict=True)))
        for name, costs in runs.items()
    }


def report(trivial: dict[str, Cost], much: dict[str, dict[str, Cost]]) -> list[str]:
    """Return the lines of two tables in Markdown, ratios to raw pyoxigraph included."""
    lines = ["| a trivial query, process start to end | wall s | processor s |", "|---|--:|--:|"]
    lines += [f"| {way} | {c.wall:.2f} | {c.cpu:.2f} |" for way, c in trivial.items()]
    lines += [
        "",
        "| query | rows | way | wall s | ratio | processor s | ratio | peak MiB |",
        "|---|--:|---|--:|--:|--:|--:|--:|",
    ]
    for name, costs in much.items():
        raw = costs["pyoxigraph"]
        for way, cost in costs.items():
            lines.append(
                f"| {name} | {cost.rows:,.0f} | {way} | {cost.wall:.2f} | "
                f"{cost.wall / raw.wall:.2f} | {cost.cpu:.2f} | {cost.cpu / raw.cpu:.2f} | "
                f"{cost.peak:,.0f} |"
            )
    return lines


def main() -> None:
    """Measure and print."""
    import kg

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--rows", type=int, default=500_000)
    options = parser.parse_args()
    generation = kg.open(options.graph).generation
    quads = generation.manifest["quads"]
    print(
        *report(
            ask_often(generation.store, options.graph, options.repeat),
            ask_much(generation.store, options.graph, options.rows, options.repeat),
        ),
        sep="\n",
    )
    names = ("skills-kg", "pyoxigraph", "polars")
    print()
    print(
        f"{quads:,} quads, medians of {options.repeat} runs in turns;",
        *(f"{name} {version(name)}," for name in names),
        f"Python {platform.python_version()} on {platform.machine()}",
    )


if __name__ == "__main__":
    main()
