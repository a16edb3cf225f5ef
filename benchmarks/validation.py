"""Compares `kg validate` with other validators of SHACL, by the same shapes on the same triples.

    python benchmarks/validation.py GRAPH --peers FOLDER [--pages 20] [--profile core] [--only NAME]

GRAPH is the folder of a built graph, FOLDER where each peer gets a virtual environment of its own,
made at its first use. The data is the first so many pages of the graph, what was inferred of them
and all that pages share. All get it as one N-Triples file, and the shapes with the prefixes of
their queries written out, since not all peers read `sh:prefixes`; `kg` also gets it in the form
that it keeps, a generation. The peers keep no form of their own between processes. Every command is
a process of its own, and what it takes to start and to load counts. Processor time is compared, as
medians of `--rounds` rounds (peers: `--peer-rounds`), since the machine may have other work to do.
The results have to be the same: as many of every shape. A peer that needs more memory than
`--memory` has no result.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from measure import Failed, Run, machine, medians, run, versions
from rdflib import SH, Graph, Literal

import kg
from kg import quads
from kg.generations import publish
from kg.resources import folder

#: Pinned, so that results can be compared.
PEERS = {
    "pyshacl": "pyshacl==0.40.1",
    "pyshacl-turbo": "pyshacl-turbo==0.6.5",
    "pyrudof": "pyrudof==0.3.35",
}

#: What runs in a peer's environment: it prints how many results there are of each shape.
PROGRAM = """
import json, resource, sys
from collections import Counter
name, data, shapes, memory = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
if name == "pyrudof":
    from pyrudof import RDFFormat, Rudof, RudofConfig
    rudof = Rudof(RudofConfig())
    rudof.read_data(data, format=RDFFormat.NTriples)
    rudof.read_shacl(shapes)
    found = [str(violation.source_shape) for violation in rudof.validate_shacl().violations]
else:
    from rdflib import SH, Graph
    if name == "pyshacl":
        from pyshacl import validate
        data = Graph().parse(data, format="nt")
    else:
        from pyshacl_turbo import validate
    _, report, _ = validate(data, shacl_graph=Graph().parse(shapes))
    found = map(str, report.objects(None, SH.sourceShape))
print(json.dumps(Counter(found)))
"""


def measured(command: Sequence[str | Path], rounds: int = 1, found: int = 0) -> Run:
    """Run a command so often, which returns 0 or, where it finds something, `found`.

    Raises Failed where it fails.
    """
    return medians([run(command, accepted=(0, found)) for _ in range(rounds)])


def ours(*arguments: str | Path, form: str) -> list[str | Path]:
    """Return the command that validates with `kg`."""
    return [sys.executable, "-m", "kg", "validate", *arguments, "--format", form]


def counted(taken: Run) -> Counter[str]:
    """Return how many results of each shape a report in JSON tells of."""
    return Counter(result["shape"] for result in json.loads(taken.output)["results"])


def peer(name: str, home: Path) -> Path:
    """Return the Python of a peer's environment, which is made if it is not there."""
    python = home / name / "bin" / "python"
    if not python.exists():
        venv.create(home / name, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PEERS[name]], check=True)
    return python


def write_shapes(profile: str, target: Path) -> None:
    """Write the shapes of a profile with the prefixes of each query written into it."""
    shapes = Graph().parse(folder("shapes") / f"{profile}.ttl")
    for node in list(shapes.subjects(SH.select)):
        declared = [
            d for o in shapes.objects(node, SH.prefixes) for d in shapes.objects(o, SH.declare)
        ]
        pairs = [(shapes.value(d, SH.prefix), shapes.value(d, SH.namespace)) for d in declared]
        prefixes = sorted(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in pairs)
        query = shapes.value(node, SH.select)
        shapes.set((node, SH.select, Literal("".join(prefixes) + str(query))))
        shapes.remove((node, SH.prefixes, None))
    shapes.serialize(target, format="turtle")


def write_part(graph: Path, pages: int, data: Path, generation: Path) -> int:
    """Write so many pages and what pages share, as N-Triples and as a graph; return the triples."""
    opened = kg.open(graph).generation
    of_pages = sorted(name for name in opened.parts if "/graph/page/" in name)
    left_out = {name.partition("/graph/page/")[2] for name in of_pages[pages:]}
    chosen = {
        name: pl.read_parquet(path)
        for name, path in opened.parts.items()
        if name.rpartition("/page/")[2] not in left_out
    }
    publish(generation, chosen, {"base": opened.manifest["base"], "inputs": [], "versions": {}})
    table = pl.concat(chosen.values()).with_columns(graph=pl.lit(None, dtype=pl.String)).unique()
    with data.open("wb") as out:
        quads.write_nquads(table, out)
    return table.height


def main() -> None:
    """Measure, compare and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--profile", default="core")
    parser.add_argument("--only", choices=PEERS, action="append", help="leave the other peers out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer-rounds", type=int, default=1)
    parser.add_argument("--memory", type=float, default=16, help="GiB that a peer may take")
    given = parser.parse_args()
    print(machine())
    print(versions("skills-kg", "polars", "rdflib"))
    with tempfile.TemporaryDirectory() as scratch:
        data, shapes, built = (Path(scratch) / name for name in ("data.nt", "shapes.ttl", "graph"))
        count = write_part(given.graph, given.pages, data, built)
        write_shapes(given.profile, shapes)
        from_graph = ("--graph", built, "--profile", given.profile)
        from_text = (data, "--shapes", shapes)
        expected = counted(measured(ours(*from_text, form="json"), found=1))
        same = expected == counted(measured(ours(*from_graph, form="json"), found=1))
        kept = measured(ours(*from_graph, form="text"), given.rounds, found=1)
        text = measured(ours(*from_text, form="text"), given.rounds, found=1)
        print(f"{count:,} triples of {given.pages} pages, {expected.total():,} results\n")
        print(
            "| validator | CPU s | to a generation | to N-Triples | wall s | MiB | same results |"
        )
        print("|---|--:|--:|--:|--:|--:|---|")
        _say("kg, from a generation", kept, kept, text, same)
        _say("kg, from N-Triples", text, kept, text, True)
        memory = int(given.memory * 2**30)
        for name in given.only or PEERS:
            command = (peer(name, given.peers), "-c", PROGRAM, name, data, shapes, str(memory))
            try:
                theirs = measured(command, given.peer_rounds)
            except Failed:
                print(f"| {name} | no result in {given.memory:g} GiB | | | | | |", flush=True)
            else:
                _say(name, theirs, kept, text, expected == Counter(json.loads(theirs.output)))


def _say(name: str, taken: Run, kept: Run, text: Run, same: bool) -> None:
    ratios = f"{taken.cpu / kept.cpu:.1f} | {taken.cpu / text.cpu:.1f}"
    print(
        f"| {name} | {taken.cpu:.1f} | {ratios} | {taken.wall:.1f} | {taken.peak or 0:,.0f} | "
        f"{'yes' if same else 'no'} |",
        flush=True,
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        main()
    except Failed as error:
        raise SystemExit(f"not measured: {error}") from None
