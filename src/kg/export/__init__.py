"""Exports: a graph, or a part of it, in the formats that other programs read.

RDF comes from the quad table, with the lexical forms that were read; tables are joined with
Polars; GraphML holds the things and how they are related. The same graph gives the same bytes.
A file or folder takes its name only when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from kg.errors import RequestError
from kg.export import gexf, graphml, jsonld, node_link, rdfxml, sssom, turtle
from kg.export.framing import FRAMES, export_framed
from kg.export.selection import Selection
from kg.export.sheets import FOLDERS, is_export, write_attributions, write_workbook
from kg.export.target import scratch_folder, whole_file, whole_folder, write_all

__all__ = ["FORMATS", "FRAMES", "STREAMS", "Selection", "export"]

#: What yields the text of the formats that are one file.
STREAMS: dict[str, Callable[[Selection], Iterator[str]]] = {
    "gexf": gexf.gexf,
    "graphml": graphml.graphml,
    "jsonld": jsonld.jsonld,
    "node-link": node_link.node_link,
    "nquads": turtle.nquads,
    "ntriples": turtle.ntriples,
    "rdfxml": rdfxml.rdfxml,
    "sssom": sssom.sssom,
    "trig": turtle.trig,
    "turtle": turtle.turtle,
}
#: Every format, in the order in which they are listed.
FORMATS = (
    "turtle",
    "trig",
    "ntriples",
    "nquads",
    "rdfxml",
    "jsonld",
    "parquet",
    "csv",
    "xlsx",
    "graphml",
    "gexf",
    "node-link",
    "sssom",
)


def export(
    selection: Selection, syntax: str, target: Path | IO[bytes], frame: str | None = None
) -> None:
    """Write what is selected to a file or folder, or to an open file.

    Raises RequestError for a format or frame that there is none of, or that does not fit the
    target; OutputError for what cannot be written. What was under the name before then stays.
    """
    if syntax not in FORMATS:
        raise RequestError(f"no format {syntax!r}; there are: {', '.join(FORMATS)}")
    if frame is not None:
        if syntax != "jsonld":
            raise RequestError("a frame is for the format jsonld")
        export_framed(selection, frame, target)
    elif syntax in STREAMS:
        _stream(STREAMS[syntax](selection), target)
    elif not isinstance(target, Path):
        raise RequestError(f"{syntax} needs a folder to write to; name it with -o DIR")
    elif syntax == "xlsx" and target.suffix.lower() == ".xlsx":
        with scratch_folder(target) as scratch, whole_file(target) as out:
            write_workbook(selection, out, scratch)
    else:
        with whole_folder(target, is_export) as folder:
            FOLDERS[syntax](selection, folder)
            write_attributions(selection, folder)


def _stream(chunks: Iterator[str], target: Path | IO[bytes]) -> None:
    if isinstance(target, Path):
        with whole_file(target) as out:
            _stream(chunks, out)
        return
    for chunk in chunks:
        write_all(chunk.encode(), target)
