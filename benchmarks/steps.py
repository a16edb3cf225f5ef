"""The steps of a build, each by itself: what `build.py` measures in processes of their own.

    python benchmarks/steps.py STEP ARGUMENT...

Prints a JSON object: for each phase of the step processor and wall seconds, and under `counts` how
many of what it worked on. What a step needs before it begins is not in its phases.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from kg import quads, rdf, store
from kg.assembly import Request, assemble_into
from kg.generations import Part, write_part
from kg.linking import activity_linker, tasks_of
from kg.mapping.concepts import index_concepts
from kg.mapping.iris import Iris
from kg.mapping.links import LinkingRelease, links_table, map_links
from kg.mapping.page import map_page
from kg.mapping.release import MappedRelease, index_release, map_release
from kg.model import SourceRef
from kg.namespaces import BASE
from kg.pages import BATCH
from kg.places import ReadAnew
from kg.readers.onet import OnetRelease, read_release
from kg.readers.page import read_page
from kg.readers.sources import load_catalogue
from kg.resources import folder

__all__ = ["STEPS", "Phases"]


@dataclass(slots=True)
class Phases:
    """Processor and wall seconds by phase, and counts."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the time of what is inside to a phase."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        total = self.seconds.setdefault(name, [0.0, 0.0])
        total[0] += time.process_time() - cpu
        total[1] += time.perf_counter() - wall

    def count(self, name: str, number: int) -> None:
        """Add to what was worked on."""
        self.counts[name] = self.counts.get(name, 0) + number


def _mapped(release: OnetRelease) -> MappedRelease:
    return map_release(release, SourceRef("onet", release.version), Iris(BASE))


def pages(phases: Phases, release_path: str, *page_folders: str) -> None:
    """Read, map and link pages, one after the other in one process."""
    iris, catalogue = Iris(BASE), load_catalogue()
    release = read_release(Path(release_path))
    index, mapped = index_release(release), _mapped(release)
    schemes = folder("ontology") / "schemes.ttl"
    graph = iris.graph("schemes")
    concepts = index_concepts(
        list(rdf.parse(schemes.read_bytes(), rdf.format_of(schemes), str(schemes), graph))
    )
    with phases.phase("linker"):
        tasks = tasks_of(quads.concat(mapped.chunks(["element", "occupation", "task"])))
        linker = activity_linker(task for of in tasks.values() for task in of)
        linking = LinkingRelease(iris.release_document(release.version), tasks, linker)
    phases.count("tasks", sum(map(len, tasks.values())))
    paths = sorted(path for name in page_folders for path in Path(name).glob("*.txt"))
    for start in range(0, len(paths), BATCH):
        batch = paths[start : start + BATCH]
        with phases.phase("pages to records"):
            read = [read_page(path.read_bytes(), str(path), catalogue) for path in batch]
        with phases.phase("records to quads"):
            of_pages = [map_page(page, concepts, index, iris) for page in read]
            rows = quads.from_rows(row for page in of_pages for row in page.rows)
            table = quads.unique_sorted(rows)
        with phases.phase("links"):
            found = [map_links(page, linking, iris) for page in of_pages]
            links = [link for of in found if of for link in of.links]
            shared = quads.from_rows(row for of in found if of for row in of.shared)
            of_links = quads.unique_sorted(quads.concat([links_table(links), shared]))
        phases.count("pages", len(read))
        phases.count("quads", table.height)
        phases.count("quads of links", of_links.height)


def tables(phases: Phases, release_path: str) -> None:
    """Read, check and map the tables of a release; their quads come unique and sorted."""
    with phases.phase("tables read and checked"):
        release = read_release(Path(release_path))
    phases.count("rows", sum(table.height for table in release.tables.values()))
    with phases.phase("tables to quads"):
        for chunk in _mapped(release).chunks():
            phases.count("quads", chunk.height)


def parts(phases: Phases, parts_folder: str, out: str) -> None:
    """Write each part of a graph again: as N-Quads with their digest, and as Parquet."""
    for path in sorted(Path(parts_folder).glob("*.parquet")):
        table = pl.read_parquet(path)
        with phases.phase("quads to N-Quads and digest"), Path(out, "parts.nq").open("ab") as lines:
            hasher = hashlib.sha256()
            for piece, _ in quads.encoded(table):
                hasher.update(piece)
                lines.write(piece)
        with phases.phase("quads to Parquet"), Path(out, path.name).open("wb") as file:
            quads.write_parquet(table, file)
        phases.count("quads", table.height)
        phases.count("parts", 1)


class _Files(ReadAnew):
    """A place for graphs: a Parquet file each, and one file of N-Quads; nothing is taken over."""

    def __init__(self, folder: Path) -> None:
        self.scratch, self._folder = folder / "scratch", folder / "quads"
        self._nquads = folder / "all.nq"
        self._parts: list[Part] = []
        for new in (self.scratch, self._folder):
            new.mkdir()

    def new(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a table whose triples stand in no graph so far, as a build does."""
        first, last = table["subject"].min(), table["subject"].max()
        near = [
            self._folder / part.file
            for part in self._parts
            if part.ends and part.ends[0] <= last and first <= part.ends[1]
        ]
        return quads.without(table, pl.scan_parquet(near, glob=False)) if near else table

    def put(self, graph: str, chunks: Iterable[pl.DataFrame]) -> int:
        """Write a graph."""
        with self._nquads.open("ab") as out:
            part = write_part(self._folder, graph, chunks, lambda lines, _: out.write(lines))
        self._parts += [part] if part else []
        return part.quads if part else 0


def everything(phases: Phases, path: str, out: str) -> None:
    """Make of an input all that comes before the store: Parquet files, and N-Quads `all.nq`."""
    with phases.phase("quads"):
        assembly = assemble_into(_Files(Path(out)), Request([Path(path)]))
    phases.count("quads", sum(assembly.counts.values()))


def load(phases: Phases, nquads: str, into: str) -> None:
    """Load a store as a build does."""
    with phases.phase("quads to store"):
        store.load(Path(nquads), Path(into))


def ratings(phases: Phases, release_path: str, out: str) -> None:
    """Read, check and map a release of rating tables into N-Quads, unique and sorted."""
    release = read_release(Path(release_path))
    with Path(out).open("wb") as file:
        for chunk in _mapped(release).chunks():
            quads.write_nquads(chunk, file)
            phases.count("quads", chunk.height)


def rdflib(phases: Phases, nquads: str) -> None:
    """Load N-Quads into an rdflib data set in memory."""
    from rdflib import Dataset

    data = Dataset()
    with phases.phase("rdflib"), Path(nquads).open("rb") as lines:
        data.parse(lines, format="nquads")
    phases.count("quads", sum(1 for _ in data.quads()))


STEPS: dict[str, Callable[..., None]] = {
    "load": load,
    "everything": everything,
    "pages": pages,
    "parts": parts,
    "ratings": ratings,
    "rdflib": rdflib,
    "tables": tables,
}


def main(arguments: Sequence[str]) -> None:
    """Do a step and print what it took."""
    name, *others = arguments
    phases = Phases()
    STEPS[name](phases, *others)
    result: dict[str, Any] = {**phases.seconds, "counts": phases.counts}
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
