"""Parts of a generation: the quad table of one named graph, as a Parquet file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl

from kg import quads
from kg.generations.model import Part

__all__ = ["file_name", "write_part", "write_parts"]


def write_part(
    folder: Path,
    graph: str,
    chunks: Iterable[pl.DataFrame],
    pass_on: Callable[[bytes, int], object],
) -> Part | None:
    """Write the part of a graph into a folder; None where it has no quads.

    The chunks are quad tables, unique and sorted over all of them. `pass_on` gets the N-Quads of
    every so many quads. Raises InputError for an IRI that RDF does not allow, OSError where the
    disk refuses.
    """
    path = folder / file_name(graph)
    hasher, count, first, last = hashlib.sha256(), 0, "", ""

    def passed_on() -> Iterator[pl.DataFrame]:
        nonlocal count, first, last
        for chunk in chunks:
            quads.check_iris(chunk, graph)
            for lines, number in quads.encoded(chunk):
                hasher.update(lines)
                pass_on(lines, number)
            if chunk.height:
                first = first if count else chunk["subject"][0]
                last = chunk["subject"][-1]
            count += chunk.height
            yield chunk

    with _anew(path) as out:
        quads.stream_parquet(passed_on(), out)
    if not count:
        path.unlink()
        return None
    return Part(graph, path.name, count, hasher.hexdigest(), (first, last))


def write_parts(folder: Path, scratch: Path, tables: Sequence[pl.DataFrame]) -> Iterator[Part]:
    """Write the parts of many small graphs, each a table, unique and sorted, and yield them.

    The N-Quads of each are written into the folder `scratch`, as `<file of the part>.nq`. Raises
    what `write_part` raises. It does the same, but what can be done for all graphs at once is.
    """
    table = quads.concat(tables)
    if not table.height:
        return
    quads.check_iris(table, "the framework pages")
    lines, start = quads.to_nquads(table), 0
    for part in tables:
        if not part.height:
            continue
        graph = part.item(0, "graph")
        data = quads.lines_of(lines.slice(start, part.height))
        start += part.height
        path = folder / file_name(graph)
        (scratch / f"{path.name}.nq").write_bytes(data)
        with _anew(path) as out:
            quads.write_parquet(part, out)
        ends = part.item(0, "subject"), part.item(-1, "subject")
        yield Part(graph, path.name, part.height, hashlib.sha256(data).hexdigest(), ends)


def _anew(path: Path) -> BinaryIO:
    """Open a new file. One of that name may be a second name of a published generation's."""
    path.unlink(missing_ok=True)
    return path.open("xb")


def file_name(graph: str) -> str:
    """Return a readable file name that is different for every graph."""
    tail = re.sub(r"[^a-z0-9.]+", "-", graph.rpartition("/graph/")[2].lower()).strip("-")
    return f"{tail[-80:]}-{hashlib.sha256(graph.encode()).hexdigest()[:32]}.parquet"
