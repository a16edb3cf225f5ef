"""What a build at full size costs, stage by stage, beside Oxigraph's own load and other tools.

    python benchmarks/build.py RELEASE [--pages 912] [--rounds 3] [--only NAME] [-o FILE]

A corpus of framework pages is written first (`corpus.py`). Every measurement is a command of its
own, and in each round all are run once, one after the other; medians are reported, with the least
and the most. Without `--only` the results are written to results.md beside this script, after each
part anew; with it they are printed. What the parts measure is explained in README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import peers
from corpus import subjects_of, write_corpus
from edits import EDITS
from measure import Failed, Run, run
from results import SCALE, TENTH, Results, report

import kg
from kg.errors import KgError
from kg.readers.onet import read_release

__all__ = ["PARTS", "Bench", "main"]

HERE = Path(__file__).resolve().parent
#: What the task is meant for; a release of fewer occupations has fewer pages.
PAGES = 912


@dataclass
class Bench:
    """A release, a folder for all that is made of it, and the results."""

    release: Path
    work: Path
    results: Results

    @property
    def corpus(self) -> Path:
        """The folder of the corpus."""
        return self.work / "corpus"

    @property
    def pages_folder(self) -> Path:
        """The folder of the pages that the graph was built of, where they are edited."""
        return self.work / "pages"

    @property
    def graph(self) -> Path:
        """The folder of the graph that was built last."""
        return self.work / "graph"

    @property
    def nquads(self) -> Path:
        """The graph as N-Quads."""
        return self.work / "all.nq"

    def keep(self, name: str, result: Run) -> None:
        """Keep a run under a name."""
        self.results.runs.setdefault(name, []).append(result)
        print(f"  {name}: {result.wall:.1f} s", file=sys.stderr, flush=True)

    def step(self, name: str, *arguments: str | Path) -> None:
        """Run one of the steps of `steps.py`, and keep its phases as runs of their own."""
        result = run([sys.executable, HERE / "steps.py", name, *arguments])
        phases = json.loads(result.output)
        self.results.counts[name] = phases.pop("counts")
        for phase, (cpu, wall) in phases.items():
            self.keep(phase, Run(cpu, wall, result.peak, result.others, ""))

    def build(self, name: str, graph: Path, *inputs: Path) -> None:
        """Build a graph with the command line."""
        command = [sys.executable, "-m", "kg", "build", *inputs, "--graph", graph]
        self.keep(name, run(command))

    def whole(self) -> None:
        """Build the whole graph from nothing; the first time, write it out for others to load."""
        for folder in (self.graph, self.pages_folder):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.corpus / "pages", self.pages_folder)
        self.build("whole build", self.graph, self.pages_folder, self.release)
        if not self.nquads.exists():
            self.results.quads = kg.open(self.graph).generation.manifest["quads"]
            export = ["export", "--graph", self.graph, "--format", "nquads", "-o", self.nquads]
            run([sys.executable, "-m", "kg", *export])


# The parts. Each is measured once a round; what it prints is a section of the results.


def whole(bench: Bench) -> None:
    """Build from nothing."""
    bench.whole()


def incremental(bench: Bench) -> None:
    """Build again after one page was changed, and once more with nothing changed."""
    chance = random.Random(len(bench.results.runs.get("one page changed", ())))
    EDITS["reword"](bench.pages_folder, bench.corpus / "spare", chance)
    for name in ("one page changed", "nothing changed"):
        bench.build(name, bench.graph, bench.pages_folder, bench.release)


def floor(bench: Bench) -> None:
    """Load and optimize a store with Oxigraph's command line, and load one as a build does."""
    store = bench.work / "store"
    for folder in (store, bench.work / "own-store"):
        shutil.rmtree(folder, ignore_errors=True)
    oxigraph = _beside("oxigraph")
    command = [oxigraph, "load", "--location", store, "--file", bench.nquads]
    bench.keep("oxigraph load", run(command))
    bench.keep("oxigraph optimize", run([oxigraph, "optimize", "--location", store]))
    if "oxigraph" not in bench.results.counts:
        ask = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        query = [oxigraph, "query", "--location", store, "--results-format", "csv", "--query", ask]
        loaded = int(run(query).output.split()[1])
        bench.results.counts["oxigraph"] = {"quads": loaded}
        if loaded != bench.results.quads:
            bench.results.notes.append(
                f"oxigraph loaded {loaded:,} quads, not {bench.results.quads:,}"
            )
    shutil.rmtree(store)
    bench.step("load", bench.nquads, bench.work / "own-store")
    shutil.rmtree(bench.work / "own-store")


def stages(bench: Bench) -> None:
    """Do what comes before the store, stage by stage."""
    bench.step("pages", bench.release, bench.corpus / "pages")
    bench.step("tables", bench.release)
    out = bench.work / "parts"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    bench.step("parts", kg.open(bench.graph).generation.path / "quads", out)
    shutil.rmtree(out)


def scale(bench: Bench) -> None:
    """Build with some of the pages."""
    pages = sorted((bench.corpus / "pages").iterdir())
    for number in (n for n in SCALE if n < len(pages)):
        some = bench.work / "some"
        shutil.rmtree(some, ignore_errors=True)
        some.mkdir()
        for index in range(number):
            shutil.copy(pages[index * len(pages) // number], some)
        graph = bench.work / "some-graph"
        inputs = [some, bench.release] if number else [bench.release]
        bench.build(f"build of {number}", graph, *inputs)
        shutil.rmtree(graph)


def others(bench: Bench) -> None:
    """Give other tools the same tables."""
    folder = bench.work / "tables"
    if not folder.exists():
        peers.prepare(read_release(bench.release), bench.release, folder)
    result = run(
        [sys.executable, HERE / "steps.py", "ratings", folder / "release", folder / "kg.nq"]
    )
    bench.keep("kg", result)
    bench.results.counts["kg"] = peers.by_predicate(folder / "kg.nq")
    for name in peers.PEERS:
        if any(note.startswith(f"{name} ") for note in bench.results.notes):
            continue
        try:
            python = peers.install(name, bench.work / "venvs")
            bench.keep(name, peers.execute(name, python, folder))
        except Failed as error:
            bench.results.notes.append(f"{name} is not measured: {peers.said(error)}")
            continue
        bench.results.counts[name] = peers.by_predicate(folder / f"{name}.nt")
        if bench.results.counts[name] != bench.results.counts["kg"]:
            bench.results.notes.append(f"{name} gives other triples than kg does")


def rdflib(bench: Bench) -> None:
    """Load a tenth of the graph into rdflib."""
    tenth = bench.work / "tenth.nq"
    with bench.nquads.open("rb") as lines, tenth.open("wb") as out:
        out.writelines(line for number, line in enumerate(lines) if number % TENTH == 0)
    bench.step("rdflib", tenth)


#: The parts by name, in the order in which a round measures them.
PARTS: Mapping[str, Callable[[Bench], None]] = {
    "whole": whole,
    "incremental": incremental,
    "floor": floor,
    "stages": stages,
    "scale": scale,
    "peers": others,
    "rdflib": rdflib,
}
#: What only the first round measures, so that all of it takes no longer than half an hour.
_ONCE = ("stages", "scale", "rdflib")


def _beside(name: str) -> str:
    """Return a program that was installed beside this Python; raises Failed where it is not."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise Failed(f"{name} is not there; it comes with the extra: pip install 'skills-kg[dev]'")
    return found


def _corpus(bench: Bench) -> None:
    """Write the corpus, of as many pages as the release has occupations at most."""
    release = read_release(bench.release)
    bench.results.pages = min(bench.results.pages, len(subjects_of(release)) - 1)
    write_corpus(release, bench.corpus, bench.results.pages, spare=1)


def measure_all(bench: Bench, parts: Sequence[str], note: Callable[[], None]) -> None:
    """Write the corpus, measure parts in rounds, and call `note` after each."""
    _corpus(bench)
    for number in range(1, bench.results.rounds + 1):
        print(f"round {number} of {bench.results.rounds}", file=sys.stderr, flush=True)
        for name in PARTS:
            if name in _ONCE and number > 1:
                continue
            if name in parts:
                PARTS[name](bench)
                note()
            elif name == "whole" and number == 1 and set(parts) - {"peers"}:
                bench.whole()  # the others work on what it makes


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says; 2 for a wrong request or a command that failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", type=Path, metavar="RELEASE")
    parser.add_argument("--pages", type=int, default=PAGES, help=f"default: {PAGES}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=PARTS, action="append", help="may be given several times")
    parser.add_argument("--work", type=Path, help="a folder for all that is built; it is kept")
    parser.add_argument("-o", "--out", type=Path, help="where results are written")
    options = parser.parse_args(arguments)
    if options.pages < 1 or options.rounds < 1:
        parser.error("--pages and --rounds have to be 1 or more")
    out = options.out or (None if options.only else HERE / "results.md")
    work = options.work or Path(tempfile.mkdtemp())
    results = Results(options.release.name, options.pages, options.rounds)
    bench = Bench(options.release.absolute(), work.absolute(), results)

    def note() -> None:
        if out is not None:
            written = out.with_name(f".{out.name}.{os.getpid()}")
            written.write_text(report(results), encoding="utf-8")
            written.replace(out)

    try:
        if any(work.iterdir() if work.exists() else ()):
            raise Failed(f"{work} is not empty; name another folder with --work")
        measure_all(bench, options.only or tuple(PARTS), note)
    except (Failed, KgError, OSError, ValueError) as error:
        print(f"not measured: {error}", file=sys.stderr)
        return 2
    finally:
        if options.work is None:
            shutil.rmtree(work, ignore_errors=True)
    if out is None:
        print(report(results), end="")
    else:
        print(f"{out} has the results", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
