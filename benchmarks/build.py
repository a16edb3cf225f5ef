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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import peers
from corpus import subjects_of, write_corpus
from edits import EDITS
from measure import Failed, Run, machine, medians, run, versions

import kg
from kg.errors import KgError
from kg.readers.onet import read_release

__all__ = ["PARTS", "Bench", "main"]

HERE = Path(__file__).resolve().parent
#: What the task is meant for; a release of fewer occupations has fewer pages.
PAGES = 912
_SCALE = (0, 100, 300)
#: How much of the graph rdflib is given.
_TENTH = 10


@dataclass
class Bench:
    """A corpus, what was built of it, and all runs by name."""

    release: Path
    work: Path
    pages: int
    rounds: int
    runs: dict[str, list[Run]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    #: How many quads there are: of the graph as a whole, and by what a step counted.
    quads: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

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
        self.runs.setdefault(name, []).append(result)
        print(f"  {name}: {result.wall:.1f} s", file=sys.stderr, flush=True)

    def step(self, name: str, *arguments: str | Path) -> None:
        """Run one of the steps of `steps.py`, and keep its phases as runs of their own."""
        result = run([sys.executable, HERE / "steps.py", name, *arguments])
        phases = json.loads(result.output)
        self.counts[name] = phases.pop("counts")
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
            self.quads = kg.open(self.graph).generation.manifest["quads"]
            export = ["export", "--graph", self.graph, "--format", "nquads", "-o", self.nquads]
            run([sys.executable, "-m", "kg", *export])

    def median(self, name: str) -> tuple[float, float]:
        """Return the medians of processor and wall seconds."""
        middle = medians(self.runs[name])
        return middle.cpu, middle.wall


# The parts. Each is measured once a round; what it prints is a section of the results.


def whole(bench: Bench) -> None:
    """Build from nothing."""
    bench.whole()


def incremental(bench: Bench) -> None:
    """Build again after one page was changed, and once more with nothing changed."""
    chance = random.Random(len(bench.runs.get("one page changed", ())))
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
    if "oxigraph" not in bench.counts:
        ask = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        query = [oxigraph, "query", "--location", store, "--results-format", "csv", "--query", ask]
        bench.counts["oxigraph"] = {"quads": int(run(query).output.split()[1])}
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
    """Build with some of the pages; once, since the whole build is there to compare."""
    if any(name.startswith("build of ") for name in bench.runs):
        return
    pages = sorted((bench.corpus / "pages").iterdir())
    for number in (n for n in _SCALE if n < len(pages)):
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
    bench.counts["kg"] = peers.by_predicate(folder / "kg.nq")
    for name in peers.PEERS:
        if any(note.startswith(f"{name} ") for note in bench.notes):
            continue
        try:
            python = peers.install(name, bench.work / "venvs")
            bench.keep(name, peers.execute(name, python, folder))
        except Failed as error:
            bench.notes.append(f"{name} is not measured: {peers.said(error)}")
            continue
        bench.counts[name] = peers.by_predicate(folder / f"{name}.nt")
        if bench.counts[name] != bench.counts["kg"]:
            bench.notes.append(f"{name} gives other triples than kg does")


def rdflib(bench: Bench) -> None:
    """Load a tenth of the graph into rdflib; once, since it takes long."""
    if "rdflib" in bench.runs:
        return
    tenth = bench.work / "tenth.nq"
    with bench.nquads.open("rb") as lines, tenth.open("wb") as out:
        out.writelines(line for number, line in enumerate(lines) if number % _TENTH == 0)
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


def _beside(name: str) -> str:
    """Return a program that was installed beside this Python; raises Failed where it is not."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise Failed(f"{name} is not there; it comes with the extra: pip install 'skills-kg[dev]'")
    return found


# The results.


def _seconds(values: Sequence[float]) -> str:
    """Return a median, and where there are several the least and the most."""
    text = f"{median(values):,.1f}"
    return f"{text} ({min(values):,.1f}–{max(values):,.1f})" if len(values) > 1 else text


def _row(bench: Bench, name: str, cells: Sequence[str] = (), shown: str | None = None) -> str:
    runs = bench.runs[name]
    peak = medians(runs).peak
    shown_peak = "" if peak is None else f"{peak:,.0f}"
    times = (_seconds([r.cpu for r in runs]), _seconds([r.wall for r in runs]), shown_peak)
    return f"| {' | '.join((shown or name, *times, *cells))} |"


def _head(first: str, *columns: str) -> Iterator[str]:
    names = (first, "processor s", "wall s", "peak MiB", *columns)
    yield ""
    yield f"| {' | '.join(names)} |"
    yield f"|---|{'--:|' * (len(names) - 1)}"


def _floor(bench: Bench) -> tuple[float, float] | None:
    """Return processor and wall seconds of Oxigraph's load and optimize."""
    if "oxigraph load" not in bench.runs:
        return None
    load, optimize = bench.median("oxigraph load"), bench.median("oxigraph optimize")
    return load[0] + optimize[0], load[1] + optimize[1]


def _ratios(bench: Bench, name: str, to: tuple[float, float] | None) -> tuple[str, str]:
    """Return how many times processor and wall seconds are those of something else."""
    if to is None:
        return "", ""
    return tuple(f"{a / b:.2f}" if b else "" for a, b in zip(bench.median(name), to, strict=True))


#: The stages: the step that measures each, and what of its counts it works on.
_STAGES = {
    "pages to records": ("pages", "pages"),
    "records to quads": ("pages", "quads"),
    "linker": ("pages", "tasks"),
    "links": ("pages", "quads of links"),
    "tables read and checked": ("tables", "rows"),
    "tables to quads": ("tables", "quads"),
    "quads to N-Quads and digest": ("parts", "quads"),
    "quads to Parquet": ("parts", "quads"),
}


def _build_section(bench: Bench) -> Iterator[str]:
    names = ("oxigraph load", "oxigraph optimize", "quads to store", "whole build")
    if not any(name in bench.runs for name in names):
        return
    yield "## The whole build"
    yield ""
    yield (
        f"{bench.pages:,} pages and {bench.release.name}, {bench.quads:,} quads. The floor is "
        "`oxigraph load` and `oxigraph optimize` of the same N-Quads, taken together; the ratios "
        "are to it. `kg build` ends with all on disk: store, Parquet, manifest."
    )
    below = _floor(bench)
    yield from _head("", "processor ÷ floor", "wall ÷ floor")
    for name in names:
        if name in bench.runs:
            shown = {"whole build": "**`kg build`**", "quads to store": "the build's load alone"}
            ratios = _ratios(bench, name, below)
            yield _row(bench, name, ratios, shown.get(name, f"`{name}`"))
    yield ""


def _stages_section(bench: Bench) -> Iterator[str]:
    if not any(name in bench.runs for name in _STAGES):
        return
    yield "## Stage by stage"
    yield ""
    yield (
        "Each stage by itself, one after the other in one process, so that what a build does at "
        "the same time adds up here. The peak is that of the process, which does several stages."
    )
    below = _floor(bench)
    yield from _head("stage", "of", "processor ÷ floor")
    for name, (step, what) in _STAGES.items():
        if name in bench.runs:
            of = f"{bench.counts[step][what]:,} {what}"
            yield _row(bench, name, (of, _ratios(bench, name, below)[0]))
    yield ""


def _incremental_section(bench: Bench) -> Iterator[str]:
    if "one page changed" not in bench.runs:
        return
    yield "## Built again"
    yield ""
    yield (
        "The same graph with a word of one page changed, and once more with nothing changed; "
        "process start included. The ratios are to the whole build."
    )
    yield from _head("", "processor ÷ whole", "wall ÷ whole")
    for name in ("one page changed", "nothing changed"):
        yield _row(bench, name, _ratios(bench, name, bench.median("whole build")))
    yield ""


def _scale_section(bench: Bench) -> Iterator[str]:
    if "build of 0" not in bench.runs:
        return
    yield "## By the number of pages"
    yield ""
    yield (
        "Builds of some of the pages, always with the release. A page takes what is left after "
        "the build without pages, by their number."
    )
    yield from _head("pages", "processor ms a page", "wall ms a page")
    cpu, wall = bench.median("build of 0")
    builds = [(n, f"build of {n}") for n in _SCALE if f"build of {n}" in bench.runs]
    if "whole build" in bench.runs:
        builds.append((bench.pages, "whole build"))
    for number, name in builds:
        took = bench.median(name)
        cells = [
            f"{(t - t0) / number * 1000:,.0f}" if number else ""
            for t, t0 in zip(took, (cpu, wall), strict=True)
        ]
        yield _row(bench, name, cells, str(number))
    yield ""


def _peers_section(bench: Bench) -> Iterator[str]:
    if "kg" not in bench.runs:
        return
    yield "## Other tools on the same tables"
    yield ""
    yield (
        "The tables that rate occupations, with the same declarations: RML for morph-kgc, OTTR "
        "for maplib, both written from `build/onet.toml`. They get tables that are checked "
        "already and write N-Triples; `kg` reads the release's own files, checks them, and writes "
        "N-Quads that are unique and sorted. Process start included. The triples are counted by "
        "predicate and have to be as many."
    )
    yield from _head("", "triples", "processor ÷ kg", "wall ÷ kg")
    for name in ("kg", *peers.PEERS):
        if name in bench.runs:
            triples = sum(bench.counts[name].values())
            yield _row(bench, name, (f"{triples:,}", *_ratios(bench, name, bench.median("kg"))))
    pinned = ", ".join(
        p.package.replace("==", " ") for n, p in peers.PEERS.items() if n in bench.runs
    )
    yield ""
    yield f"With {pinned}." if pinned else "No other tool could be installed."
    yield ""


def _rdflib_section(bench: Bench) -> Iterator[str]:
    if "rdflib" not in bench.runs:
        return
    (only,) = bench.runs["rdflib"]
    yield "## rdflib"
    yield ""
    yield (
        f"Every tenth line of the N-Quads, {bench.counts['rdflib']['quads']:,} quads, parsed into "
        f"a data set in memory; one run. **Scaled by ten** it is {only.cpu * _TENTH:,.0f} s and "
        f"{(only.peak or 0) * _TENTH / 1024:,.0f} GiB for the whole graph, which was not tried"
        + (
            f": {only.cpu * _TENTH / below[0]:,.1f} times the floor."
            if (below := _floor(bench))
            else "."
        )
    )
    yield from _head("", "quads")
    yield _row(bench, "rdflib", (f"{bench.counts['rdflib']['quads']:,}",), "a tenth")
    yield ""


_SECTIONS = (
    _build_section,
    _stages_section,
    _incremental_section,
    _scale_section,
    _peers_section,
    _rdflib_section,
)


def report(bench: Bench) -> str:
    """Return the results as Markdown."""
    used = ("skills-kg", "polars", "pyoxigraph", "oxigraph", "scikit-learn", "rdflib")
    shares = [r.others for runs in bench.runs.values() for r in runs if r.others is not None]
    lines = [
        "# Results",
        "",
        "Written by `benchmarks/build.py`; [README.md](README.md) says what is measured and how.",
        "",
        f"- {machine()}",
        f"- {versions(*used)}",
        (
            f"- medians of up to {bench.rounds} alternated runs, in brackets least and most; "
            "processor time is that of all processes, memory their sum at its highest"
        ),
    ]
    if shares:
        lines.append(
            f"- others took {median(shares):.0%} of the machine's processors meanwhile, "
            f"{max(shares):.0%} at most; where that is much, believe processor times"
        )
    lines += [f"- {note}" for note in dict.fromkeys(bench.notes)]
    lines.append("")
    for section in _SECTIONS:
        lines += section(bench)
    return "\n".join(lines).rstrip("\n") + "\n"


def _corpus(bench: Bench) -> None:
    """Write the corpus, of as many pages as the release has occupations at most."""
    release = read_release(bench.release)
    bench.pages = min(bench.pages, len(subjects_of(release)) - 1)
    write_corpus(release, bench.corpus, bench.pages, spare=1)


def measure_all(bench: Bench, parts: Sequence[str], note: Callable[[], None]) -> None:
    """Write the corpus, measure parts in rounds, and call `note` after each."""
    _corpus(bench)
    for number in range(1, bench.rounds + 1):
        print(f"round {number} of {bench.rounds}", file=sys.stderr, flush=True)
        for name in PARTS:
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
    bench = Bench(options.release.absolute(), work.absolute(), options.pages, options.rounds)

    def note() -> None:
        if out is not None:
            written = out.with_name(f".{out.name}.{os.getpid()}")
            written.write_text(report(bench), encoding="utf-8")
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
        print(report(bench), end="")
    else:
        print(f"{out} has the results", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
