"""Changed nodes of two generations: found piece by piece, and kept to be told more than once."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kg.diff.blanks import index_blanks
from kg.diff.model import Counts
from kg.diff.sides import Side, ranges
from kg.diff.triples import changes

__all__ = ["Changes", "find_changes"]

#: Bytes of changes that are held; what goes beyond is kept in files.
_MOST_HELD = 256 * 2**20


class Changes:
    """Tables of changes (`kg.diff.triples.CHANGES`), one after the other, by node.

    They are held up to a size, then written to a temporary folder, which goes with this object.
    """

    def __init__(self) -> None:
        self.counts: dict[str, Counts] = {}
        self._tables: list[pl.DataFrame | Path] = []
        self._held = 0
        self._folder: Path | None = None

    def add(self, table: pl.DataFrame) -> None:
        """Keep a table, and count its nodes; each node comes whole, in one table."""
        if table.is_empty():
            return
        nodes = table.unique("subject").group_by("class", "status").len()
        for kind, status, number in nodes.iter_rows():
            counts = self.counts.setdefault(kind, Counts())
            setattr(counts, status, getattr(counts, status) + number)
        self._held += int(table.estimated_size())
        self._tables.append(table if self._held <= _MOST_HELD else self._written(table))

    def _written(self, table: pl.DataFrame) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="kg-diff-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        path = self._folder / f"{len(self._tables):06}.parquet"
        table.write_parquet(path, compression="zstd")
        return path

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for table in self._tables:
            yield pl.read_parquet(table) if isinstance(table, Path) else table


def find_changes(old: Side, new: Side) -> Changes:
    """Return the nodes that two sides do not describe alike.

    Memory is bound by the size of a piece, by the number of blank nodes, and by one subject.
    """
    found = Changes()
    generic = sorted(old.generic | new.generic)
    before, after = index_blanks(old.blanks(), new.blanks())
    for low, high in ranges(old, new):
        found.add(
            changes(
                before.matched(old.read(low, high)), after.matched(new.read(low, high)), generic
            )
        )
    # A blank node is there or is not: with other contents it is another one.
    for side, blanks, unlike, status in (
        (old, before, before.unlike(after), "removed"),
        (new, after, after.unlike(before), "added"),
    ):
        for piece in side.blanks() if len(unlike) else ():
            table = blanks.matched(piece.filter(pl.col("subject").is_in(unlike.implode())))
            none = table.clear()
            pair = (table, none) if status == "removed" else (none, table)
            found.add(changes(*pair, generic))
    return found
