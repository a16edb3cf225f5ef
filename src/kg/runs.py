"""Quad tables larger than memory: sorted on disk, in runs, and read back in order.

A run is as many rows as are sorted at once, in a file of pieces of which it is known where each
begins. What lies between two rows is then in few pieces of each run; it is read, merged and made
unique by itself. However many the rows are, about `_RUN` bytes of them are held at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import polars as pl

from kg import quads

__all__ = ["Runs"]

#: How many bytes of quads are sorted at once, and how many are read at once of a run, about.
_RUN = 192 * 2**20
_PIECE = 2**20

#: The beginning of a row in the order of `_COLUMNS`. The last text may be cut, to `_MOST`; all
#: others are shorter than that, so that two keys are never alike by what was cut off.
Key = tuple[str, ...]
_COLUMNS = ("graph", "subject", "predicate", "object")
_MOST = 1000


@dataclass(frozen=True, slots=True)
class _Run:
    """A file of sorted rows; `starts` are the keys of the first row of each piece."""

    path: Path
    rows_of_piece: int
    size_of_piece: int
    starts: list[Key]

    def between(self, low: Key | None, high: Key | None) -> pl.DataFrame:
        """Return the rows from one key on that come before another."""
        # The piece before may go on up to the key, or beyond where the key of the next was cut.
        first = max(0, bisect_left(self.starts, low) - 1) if low else 0
        end = bisect_left(self.starts, high) if high else len(self.starts)
        rows = pl.scan_parquet(self.path, glob=False).slice(
            first * self.rows_of_piece, max(0, end - first) * self.rows_of_piece
        )
        # Read before it is filtered, since a filter would have to see all of the file.
        inside = [_is_from(low)] if low else []
        inside += [~_is_from(high)] if high else []
        return rows.collect().filter(pl.all_horizontal(pl.lit(True), *inside))


@dataclass(slots=True)
class Runs:
    """Rows that are added in any order, and come back unique and in the order of publishing.

    Every row has a graph. `folder` is where files are written, once there are many rows.
    """

    folder: Path
    _waiting: list[pl.DataFrame] = field(default_factory=list)
    _size: int = 0
    _runs: list[_Run] = field(default_factory=list)

    def add(self, table: pl.DataFrame) -> None:
        """Add the rows of a quad table; OSError where the disk refuses."""
        self._waiting.append(table)
        self._size += _size(table)
        if self._size >= _RUN:
            self._write()

    def chunks(self) -> Iterator[pl.DataFrame]:
        """Yield all rows, unique and sorted over all of the tables they come in.

        No rows can be added any more. What was written is deleted after the last.
        """
        if not self._runs:
            waiting, self._waiting = quads.concat(self._waiting), []
            if waiting.height:
                yield quads.unique_sorted(waiting)
            return
        if self._waiting:
            self._write()
        bounds = [None, *self._bounds(), None]
        for low, high in pairwise(bounds):
            yield quads.unique_sorted(quads.concat(run.between(low, high) for run in self._runs))
        for run in self._runs:
            run.path.unlink()

    def _write(self) -> None:
        rows = quads.unique_sorted(quads.concat(self._waiting))
        self._waiting, self._size = [], 0
        if not rows.height:
            return
        size = _size(rows)
        of_piece = max(1, rows.height * _PIECE // size)
        path = self.folder / f"{len(self._runs)}.parquet"
        with path.open("wb") as out:
            quads.write_parquet(rows, out, of_piece)
        starts = rows.gather_every(of_piece).select(_COLUMNS).iter_rows()
        self._runs.append(
            _Run(path, of_piece, size * of_piece // rows.height, [_key(row) for row in starts])
        )

    def _bounds(self) -> list[Key]:
        """Return keys between which there are about as many bytes as in a run."""
        starts = sorted((key, run.size_of_piece) for run in self._runs for key in run.starts)
        bounds: list[Key] = []
        size = 0
        for key, of_piece in starts:
            if size >= _RUN and (not bounds or key > bounds[-1]):
                bounds.append(key)
                size = 0
            size += of_piece
        return bounds


def _size(table: pl.DataFrame) -> int:
    """Return how many bytes a table takes: those of its texts, and 16 for where each is."""
    return int(table.estimated_size()) + 16 * table.width * table.height


def _key(row: tuple[str, ...]) -> Key:
    key: list[str] = []
    for text in row:
        key.append(text[:_MOST])
        if len(text) >= _MOST:
            break
    return tuple(key)


def _is_from(key: Key) -> pl.Expr:
    """Tell of rows whether they come at or after a key, in the order of bytes."""
    result = pl.col(_COLUMNS[len(key) - 1]) >= key[-1]
    for column, text in [*zip(_COLUMNS, key[:-1], strict=False)][::-1]:
        result = (pl.col(column) > text) | ((pl.col(column) == text) & result)
    return result
