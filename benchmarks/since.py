"""What `kg validate --since` takes after an edit of one page, beside validating the whole graph.

    python benchmarks/since.py CORPUS RELEASE [--profile core] [--rounds 3] [--seed 1]

CORPUS is what `corpus.py` wrote; its pages are copied, and the copies edited: once in each way that
`edits.py` knows. After each edit the graph is built again and validated both ways. What is found is
compared too: what is new since the edit has to be in the report since then, and nothing else than
the whole report has. 1 is returned where it is not so.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from edits import EDITS
from measure import Failed, Run, machine, medians, run

import kg

__all__ = ["main"]

_IDENTITY = ("component", "focusNode", "path", "shape", "severity", "value")


def main(arguments: Sequence[str] | None = None) -> int:
    """Edit, build, validate and compare as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", type=Path, metavar="CORPUS")
    parser.add_argument("release", type=Path, metavar="RELEASE")
    parser.add_argument("--profile", default="core")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        return _compared(options)
    except (Failed, OSError) as error:
        print(f"not measured: {error}", file=sys.stderr)
        return 2


def _compared(options: argparse.Namespace) -> int:
    chance, differ = random.Random(options.seed), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages, spare, graph = folder / "pages", folder / "spare", folder / "graph"
        shutil.copytree(options.corpus / "pages", pages)
        shutil.copytree(options.corpus / "spare", spare)
        _build(pages, options.release, graph)
        before, _ = _validated(graph, options)
        quads = kg.open(graph).generation.manifest["quads"]
        print(f"{machine()}\n{len(list(pages.iterdir()))} pages, {quads:,} quads")
        print("| edit | focus nodes | whole, s (CPU) | since, s (CPU) | ratio |")
        print("|---|--:|--:|--:|--:|")
        for edit in sorted(EDITS):
            EDITS[edit](pages, spare, chance)
            earlier = kg.open(graph).generation.name
            _build(pages, options.release, graph)
            after, whole = _validated(graph, options)
            part, since = _validated(graph, options, "--since", earlier)
            missing, extra = after - before - part, part - after
            differ += bool(missing or extra)
            checked = json.loads(since.output)["notes"][0].partition(" ")[0]
            print(
                f"| {edit} | {checked} | {whole.wall:.1f} ({whole.cpu:.1f}) "
                f"| {since.wall:.2f} ({since.cpu:.2f}) | {whole.wall / since.wall:.1f} |"
                + (f" DIFFERS: {missing} missing, {extra} more" if missing or extra else ""),
                flush=True,
            )
            before = after
    return 1 if differ else 0


def _build(pages: Path, release: Path, graph: Path) -> None:
    run([sys.executable, "-m", "kg", "build", pages, release, "--graph", graph, "--quiet"])


def _validated(
    graph: Path, options: argparse.Namespace, *more: str
) -> tuple[Counter[tuple[str, ...]], Run]:
    """Return what is found, and what it took in the median of the rounds."""
    command = [sys.executable, "-m", "kg", "validate", "--graph", graph, "--format", "json"]
    command += ["--profile", options.profile, *more]
    taken = medians([run(command, accepted=(0, 1)) for _ in range(options.rounds)])
    results = json.loads(taken.output)["results"]
    return Counter(tuple(str(r[part]) for part in _IDENTITY) for r in results), taken


if __name__ == "__main__":
    sys.exit(main())
