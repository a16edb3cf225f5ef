"""The results of `build.py`, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

import peers
from measure import Run, machine, medians, versions

__all__ = ["SCALE", "TENTH", "Results", "report"]

#: The numbers of pages of smaller builds, and which part of the graph rdflib is given.
SCALE = (0, 100, 300)
TENTH = 10


@dataclass
class Results:
    """All runs by name, what was worked on, and what there is to say about it."""

    release: str
    pages: int
    rounds: int
    runs: dict[str, list[Run]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    #: How many quads there are: of the graph as a whole, and by what a step counted.
    quads: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def median(self, name: str) -> tuple[float, float]:
        """Return the medians of processor and wall seconds."""
        middle = medians(self.runs[name])
        return middle.cpu, middle.wall


def _seconds(values: Sequence[float]) -> str:
    """Return a median, and where there are several the least and the most."""
    text = f"{median(values):,.1f}"
    return f"{text} ({min(values):,.1f}–{max(values):,.1f})" if len(values) > 1 else text


def _row(results: Results, name: str, cells: Sequence[str] = (), shown: str | None = None) -> str:
    runs = results.runs[name]
    peak = medians(runs).peak
    shown_peak = "" if peak is None else f"{peak:,.0f}"
    times = (_seconds([r.cpu for r in runs]), _seconds([r.wall for r in runs]), shown_peak)
    return f"| {' | '.join((shown or name, *times, *cells))} |"


def _head(first: str, *columns: str) -> Iterator[str]:
    names = (first, "processor s", "wall s", "peak MiB", *columns)
    yield ""
    yield f"| {' | '.join(names)} |"
    yield f"|---|{'--:|' * (len(names) - 1)}"


def _floor(results: Results) -> tuple[float, float] | None:
    """Return processor and wall seconds of Oxigraph's load and optimize."""
    if "oxigraph load" not in results.runs:
        return None
    load, optimize = results.median("oxigraph load"), results.median("oxigraph optimize")
    return load[0] + optimize[0], load[1] + optimize[1]


def _ratios(results: Results, name: str, to: tuple[float, float] | None) -> tuple[str, str]:
    """Return how many times processor and wall seconds are those of something else."""
    if to is None:
        return "", ""
    return tuple(f"{a / b:.2f}" if b else "" for a, b in zip(results.median(name), to, strict=True))


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


def _build_section(results: Results) -> Iterator[str]:
    names = ("oxigraph load", "oxigraph optimize", "quads to store", "whole build")
    if not any(name in results.runs for name in names):
        return
    yield "## The whole build"
    yield ""
    yield (
        f"{results.pages:,} pages and {results.release}, {results.quads:,} quads. The floor is "
        "`oxigraph load` and `oxigraph optimize` of the same N-Quads, taken together; the ratios "
        "are to it. `kg build` ends with all on disk: store, Parquet, manifest."
    )
    below = _floor(results)
    yield from _head("", "processor ÷ floor", "wall ÷ floor")
    for name in names:
        if name in results.runs:
            shown = {"whole build": "**`kg build`**", "quads to store": "the build's load alone"}
            ratios = _ratios(results, name, below)
            yield _row(results, name, ratios, shown.get(name, f"`{name}`"))
    yield ""


def _stages_section(results: Results) -> Iterator[str]:
    if not any(name in results.runs for name in _STAGES):
        return
    yield "## Stage by stage"
    yield ""
    yield (
        "Each stage by itself, one after the other in one process, so that what a build does at "
        "the same time adds up here. The peak is that of the process, which does several stages."
    )
    below = _floor(results)
    yield from _head("stage", "of", "processor ÷ floor")
    for name, (step, what) in _STAGES.items():
        if name in results.runs:
            of = f"{results.counts[step][what]:,} {what}"
            yield _row(results, name, (of, _ratios(results, name, below)[0]))
    yield ""


def _incremental_section(results: Results) -> Iterator[str]:
    if "one page changed" not in results.runs:
        return
    yield "## Built again"
    yield ""
    yield (
        "The same graph with a word of one page changed, and once more with nothing changed; "
        "process start included. The ratios are to the whole build."
    )
    yield from _head("", "processor ÷ whole", "wall ÷ whole")
    for name in ("one page changed", "nothing changed"):
        yield _row(results, name, _ratios(results, name, results.median("whole build")))
    yield ""


def _scale_section(results: Results) -> Iterator[str]:
    if "build of 0" not in results.runs:
        return
    yield "## By the number of pages"
    yield ""
    yield (
        "Builds of some of the pages, always with the release. A page takes what is left after "
        "the build without pages, by their number."
    )
    yield from _head("pages", "processor ms a page", "wall ms a page")
    cpu, wall = results.median("build of 0")
    builds = [(n, f"build of {n}") for n in SCALE if f"build of {n}" in results.runs]
    if "whole build" in results.runs:
        builds.append((results.pages, "whole build"))
    for number, name in builds:
        took = results.median(name)
        cells = [
            f"{(t - t0) / number * 1000:,.0f}" if number else ""
            for t, t0 in zip(took, (cpu, wall), strict=True)
        ]
        yield _row(results, name, cells, str(number))
    yield ""


def _peers_section(results: Results) -> Iterator[str]:
    if "kg" not in results.runs:
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
        if name in results.runs:
            triples = sum(results.counts[name].values())
            yield _row(
                results, name, (f"{triples:,}", *_ratios(results, name, results.median("kg")))
            )
    pinned = ", ".join(
        p.package.replace("==", " ") for n, p in peers.PEERS.items() if n in results.runs
    )
    yield ""
    yield f"With {pinned}." if pinned else "No other tool could be installed."
    yield ""


def _rdflib_section(results: Results) -> Iterator[str]:
    if "rdflib" not in results.runs:
        return
    (only,) = results.runs["rdflib"]
    quads, below = results.counts["rdflib"]["quads"], _floor(results)
    times = f": {only.cpu * TENTH / below[0]:,.1f} times the floor" if below else ""
    yield "## rdflib"
    yield ""
    yield (
        f"Every tenth line of the N-Quads, {quads:,} quads, parsed into a data set in memory; one "
        f"run. **Scaled by ten** it is {only.cpu * TENTH:,.0f} s and "
        f"{(only.peak or 0) * TENTH / 1024:,.0f} GiB for the whole graph, which was not tried"
        f"{times}."
    )
    yield from _head("", "quads")
    yield _row(results, "rdflib", (f"{quads:,}",), "a tenth")
    yield ""


_SECTIONS = (
    _build_section,
    _stages_section,
    _incremental_section,
    _scale_section,
    _peers_section,
    _rdflib_section,
)


def report(results: Results) -> str:
    """Return the results as Markdown."""
    used = ("skills-kg", "polars", "pyoxigraph", "oxigraph", "scikit-learn", "rdflib")
    shares = [r.others for runs in results.runs.values() for r in runs if r.others is not None]
    runs = "one run of each"
    if results.rounds > 1:
        runs = f"medians of up to {results.rounds} alternated runs, in brackets least and most"
    lines = [
        "# Results",
        "",
        "Written by `benchmarks/build.py`; [README.md](README.md) says what is measured and how.",
        "",
        f"- {machine()}",
        f"- {versions(*used)}",
        f"- {runs}; processor time is that of all processes, memory their sum at its highest",
    ]
    if shares:
        lines.append(
            f"- others took {median(shares):.0%} of the machine's processors meanwhile, "
            f"{max(shares):.0%} at most; where that is much, believe processor times"
        )
    lines += [f"- {note}" for note in dict.fromkeys(results.notes)]
    lines.append("")
    for section in _SECTIONS:
        lines += section(results)
    return "\n".join(lines).rstrip("\n") + "\n"
