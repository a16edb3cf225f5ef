"""RDF files, in any syntax and of any size: plain, gzip, or several in a zip archive or folder.

What lies in one archive or folder is one document. It is read as a stream of quad tables, with
the terms as they are; only blank nodes get names of the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path, PurePosixPath

import polars as pl

from kg import quads, rdf
from kg.errors import InputError
from kg.model import Document
from kg.readers import files

__all__ = ["MAX_TEXT", "RdfDocument", "is_rdf", "read_rdf"]

#: The most text that a file may hold, and a document become as N-Quads: ten times that of the
#: largest known, a release of O*NET of 11 million triples.
MAX_TEXT = 16 * 2**30
_GZIP = ".gz"
#: How files begin that are packed, and the ending that says so.
_PACKED = {b"\x1f\x8b": (_GZIP, "gzip"), b"PK\x03\x04": (".zip", "zip")}
_MADE_UP = rf"^_:{rdf.MADE_UP.pattern}$"


@dataclass(frozen=True, slots=True)
class RdfDocument:
    """A document ready to be read; `name` is that of its file without endings."""

    document: Document
    name: str
    streams: tuple[rdf.Stream, ...]

    def tables(self, graph: str | None = None) -> Iterator[pl.DataFrame]:
        """Yield its quads as quad tables, in its order; triples of no graph are in `graph`.

        The same bytes give the same quads. Raises InputError with file and line for what cannot
        be read or held: a syntax error, a triple term or base direction, a relative IRI.
        """
        size = 0
        for stream in self.streams:
            for block, table in _read(stream):
                size += block
                if size > MAX_TEXT:  # a prefix can make long IRIs of a few bytes
                    raise InputError(f"expands beyond {MAX_TEXT:,} bytes of N-Quads", stream.file)
                yield table.with_columns(pl.col("graph").fill_null(graph)) if graph else table


def is_rdf(name: str) -> bool:
    """Tell by its name whether a file holds RDF, perhaps compressed."""
    return PurePosixPath(_unpacked_name(name)).suffix.lower() in rdf.SUFFIXES


def read_rdf(path: Path) -> RdfDocument:
    """Return the document of a file, zip archive or folder, of which only its digest is read.

    Raises InputError where it cannot be read, or is packed otherwise than its name says.
    """
    names = _in_folder(path)
    if names is not None:
        opened = {str(path / name): partial(files.pieces, path / name) for name in names}
        digest = _digest_of_folder(path, names)
    else:
        digest = files.file_sha256(path)
        if path.suffix.lower() == ".zip":
            opened = {f"{path}/{n}": partial(_member, path, n) for n in _in_archive(path)}
        else:
            opened = {str(path): partial(files.pieces, path)}
    file_name = files.own_name(path)
    streams = tuple(_stream(files.shown(place), pieces) for place, pieces in opened.items())
    return RdfDocument(Document(file_name, digest), _stem(file_name), streams)


def _stream(place: str, opened: Callable[[], Iterator[bytes]]) -> rdf.Stream:
    syntax = rdf.format_of(Path(_unpacked_name(place)))
    return rdf.Stream(partial(_content, opened, place), syntax, place)


def _digest_of_folder(path: Path, names: Iterable[str]) -> str:
    """Return the digest of the list of a folder's files with their digests."""
    listing = (f"{files.file_sha256(path / name)}  {files.shown(name)}\n" for name in names)
    return files.sha256("".join(listing).encode())


def _in_archive(path: Path) -> list[str]:
    """Return the names of the RDF files in an archive; InputError for one that stands twice."""
    with files.open_zip(path) as archive:
        names = _visible(archive.namelist())
    if twice := [name for name, following in pairwise(names) if name == following]:
        raise InputError(f"holds {twice[0]} twice", files.shown(path))
    return names


def _unpacked_name(name: str) -> str:
    return name[: -len(_GZIP)] if name.lower().endswith(_GZIP) else name


def _stem(name: str) -> str:
    """Return a file's name without what says how it is packed and written."""
    stem = _unpacked_name(name)
    ending = PurePosixPath(stem).suffix
    return stem.removesuffix(ending) if ending.lower() in (*rdf.SUFFIXES, ".zip") else stem


def _in_folder(path: Path) -> list[str] | None:
    """Return the names of the RDF files in a folder; None where the path is none."""
    try:
        return _visible(p.name for p in path.iterdir() if p.is_file()) if path.is_dir() else None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", files.shown(path)) from None


def _visible(names: Iterable[str]) -> list[str]:
    return sorted(n for n in names if is_rdf(n) and not PurePosixPath(n).name.startswith("."))


def _member(path: Path, name: str) -> Iterator[bytes]:
    with files.open_zip(path) as archive:
        yield from files.unpacked(archive, name, f"{files.shown(path)}/{name}", MAX_TEXT)


def _content(opened: Callable[[], Iterator[bytes]], place: str) -> Iterator[bytes]:
    """Yield the bytes of a file as its name says they are packed, up to a limit."""
    pieces = opened()
    if place.lower().endswith(_GZIP):
        pieces = files.gunzipped(pieces, place, MAX_TEXT)
    size = 0
    for piece in pieces:
        if not size:
            for start, (ending, method) in _PACKED.items():
                if piece.startswith(start):
                    raise InputError(
                        f"is packed with {method}; its name has to end in {ending}", place
                    )
        size += len(piece)
        if size > MAX_TEXT:
            raise InputError(f"has more than {MAX_TEXT:,} bytes; not read", place)
        yield piece


def _read(stream: rdf.Stream) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the length of each block as N-Quads, and its quad table."""
    names, count = _BlankNames(stream), 0
    for block in stream.blocks():
        try:
            table = quads.from_nquads(block)
        except InputError as error:
            at = (error.line or 1) - 1
            raise stream.refusal_of(count + at, block.split("\n", at + 1)[at]) from None
        relative = _relative(table)
        if relative.any():
            at = int(relative.arg_true()[0])
            raise InputError(
                "gives a relative IRI, or one of a local file; write it in full",
                stream.file,
                stream.line_of(count + at),
            )
        yield len(block), names.given_to(table)
        count += table.height


def _relative(table: pl.DataFrame) -> pl.Series:
    """Tell of each row whether the parser put an IRI of it where relative ones go."""
    names = ("subject", "predicate", "datatype", "graph")
    found = [pl.col(name).str.starts_with(rdf.BASE).fill_null(False) for name in names]
    found.append(pl.col("object").str.starts_with(rdf.BASE) & (pl.col("kind") == "iri"))
    return table.select(found=pl.any_horizontal(found))["found"]


class _BlankNames:
    """Names the blank nodes of a document, as `kg.rdf.parse` does: numbers where labels lack."""

    def __init__(self, stream: rdf.Stream) -> None:
        self._stream = stream
        self._prefix: str | None = None
        self._count = 0
        self._numbers: dict[str, str] = {}

    def given_to(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return a table whose blank nodes are named; tables have to come in order."""
        blank = {
            "graph": pl.col("graph").str.starts_with("_:").fill_null(False),
            "subject": pl.col("subject").str.starts_with("_:"),
            "object": pl.col("kind") == "blank",
        }
        if not table.select(pl.any_horizontal(blank.values()).any()).item():
            return table
        if self._stream.may_lack_labels:
            table = self._numbered(table, blank)
        if self._prefix is None:
            self._prefix = self._stream.blank_prefix()
        prefix = pl.lit(self._prefix)
        return table.with_columns(
            pl.when(is_blank).then(prefix + pl.col(c).str.slice(2)).otherwise(c).alias(c)
            for c, is_blank in blank.items()
        )

    def _numbered(self, table: pl.DataFrame, blank: dict[str, pl.Expr]) -> pl.DataFrame:
        made_up = table.select(
            pl.when(is_blank & pl.col(c).str.contains(_MADE_UP)).then(c).alias(c)
            for c, is_blank in blank.items()
        )
        labels = made_up.select(label=pl.concat_list(*blank).list.drop_nulls())["label"]
        numbers = self._numbers
        present = labels.explode().drop_nulls().unique(maintain_order=True)
        for label in present:
            if label not in numbers:
                self._count += 1
                # No label in a document begins with a hyphen, so none is like this.
                numbers[label] = f"_:-{self._count}"
        table = table.with_columns(
            pl.when(is_blank)
            .then(pl.col(c).replace({label: numbers[label] for label in present}))
            .otherwise(c)
            .alias(c)
            for c, is_blank in blank.items()
        )
        without = (labels.list.len() == 0).arg_true()
        if self._stream.forgets_labels and len(without):
            after = labels.slice(int(without[-1]) + 1).explode().drop_nulls()
            self._numbers = {label: numbers[label] for label in after}
        return table
