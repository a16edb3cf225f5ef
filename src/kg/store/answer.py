"""Answers: columns and rows of terms, as texts, as Python values, and as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import escape
from typing import IO, TYPE_CHECKING, Any, TypeVar

from kg.errors import RequestError
from kg.store.tables import Term, Value, make_table, value_of
from kg.texts import number_of, shorten

if TYPE_CHECKING:
    import polars as pl

    from kg.store.columns import Column

__all__ = ["Answer", "Reader", "Rows", "read_rows"]

T = TypeVar("T")

# How many bytes of rows are parsed at once, and how many of them a stream holds, about.
_PIECE = 2**22
_PART = 2**18
_SHOWN_ROWS = 20
_SHOWN_CHARACTERS = 200


class Answer:
    """Columns and rows of a result; `cut` tells that there are more rows than were asked for.

    Iteration gives the rows as dicts of Python values; `kg.store.tables` says which.
    """

    def __init__(
        self, columns: list[str], terms: list[tuple[Term | None, ...]], cut: bool = False
    ) -> None:
        self.columns, self.cut = columns, cut
        self._terms: list[tuple[Term | None, ...]] | None = terms
        self._cells: list[Column] = []

    @classmethod
    def of_columns(cls, names: list[str], cells: list[Column], cut: bool = False) -> Answer:
        """Make an answer of columns, of which there is one at least; terms when they are wanted."""
        answer = cls(names, [], cut)
        answer._terms, answer._cells = None, cells
        return answer

    @property
    def terms(self) -> list[tuple[Term | None, ...]]:
        """The rows as terms; None for what is not bound."""
        if self._terms is None:
            self._terms = list(zip(*(column.terms() for column in self._cells), strict=True))
        return self._terms

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        """The rows as texts, without what kind of term each is."""
        if self._cells:
            return list(zip(*(column.values.to_list() for column in self._cells), strict=True))
        return [tuple(t.value if t else None for t in row) for row in self.terms]

    def __len__(self) -> int:
        return len(self._cells[0] if self._cells else self.terms)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Answer):
            return NotImplemented
        return (self.columns, self.terms, self.cut) == (other.columns, other.terms, other.cut)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (
            f"Answer({self.columns!r}, {number_of(len(self), 'row')}{', cut' if self.cut else ''})"
        )

    def __iter__(self) -> Iterator[dict[str, Value]]:
        if self._cells:
            return _records(self.columns, self._cells)
        return (_record(self.columns, row) for row in self.terms)

    def to_polars(self) -> pl.DataFrame:
        """Return a Polars DataFrame with typed columns; `kg.store.tables` says which."""
        if self._cells:
            import polars as pl

            from kg.store import columns

            named = zip(self.columns, self._cells, strict=True)
            return pl.DataFrame([columns.typed(name, cells) for name, cells in named])
        return make_table(self.columns, self.terms)

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame of the same columns; needs the extra `pandas`.

        Decimals are objects there. Raises RequestError without the extra.
        """
        return _needing_extra(self.to_polars().to_pandas)

    def to_arrow(self) -> Any:
        """Return an Arrow table of the same columns; needs the extra `pandas`.

        Raises RequestError without the extra.
        """
        return _needing_extra(self.to_polars().to_arrow)

    def _first(self, number: int) -> list[tuple[str | None, ...]]:
        if self._cells:
            return Answer.of_columns([], [column.head(number) for column in self._cells]).rows
        return self.rows[:number]

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>"
            for row in self._first(_SHOWN_ROWS)
        )
        more = " and more" if self.cut else ""
        shown = f", the first {_SHOWN_ROWS} shown" if len(self) > _SHOWN_ROWS else ""
        rows = number_of(len(self), "row")
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{rows}{more}{shown}</p>"
        )


class Rows:
    """The rows of a result as they are read from a file, one at a time and once.

    Each is a dict of Python values by column. `columns` is known before. Reading to the end
    closes the file, and so does leaving a `with` block.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._syntax, self.columns = json.loads(file.readline())
        self._rows = self._read()

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return self

    def __next__(self) -> dict[str, Value]:
        return next(self._rows)

    def _read(self) -> Iterator[dict[str, Value]]:
        while not self._file.closed:
            lines = self._file.readlines(_PART)
            if not lines:
                self.close()
            elif self._syntax == "json":
                yield from (_record(self.columns, _row(line)) for line in lines)
            else:
                from kg.store import columns

                yield from _records(self.columns, columns.read_tsv(b"".join(lines), self.columns))

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; there are no more rows then."""
        self._file.close()


class Reader:
    """Makes an answer of what the worker writes, given to `feed` in parts as they come.

    That is a line of the syntax and the columns, then the rows. `limit` is what was asked for.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._syntax = ""
        self._names: list[str] = []
        self._rest: list[bytes] = []
        self._rows: list[tuple[Term | None, ...]] = []
        self._pieces: list[list[Column]] = []

    def feed(self, data: bytes) -> None:
        """Take the next bytes; raises QueryError for what a table has no cell for."""
        if not self._syntax:
            line, end, data = b"".join([*self._rest, data]).partition(b"\n")
            if not end:
                self._rest = [line]
                return
            self._syntax, self._names = json.loads(line)
            self._rest = []
        if self._syntax == "ntriples":  # which are sorted when all are there
            self._rest.append(data)
            return
        lines, end, rest = data.rpartition(b"\n")
        if not end:
            self._rest.append(rest)
            return
        whole, self._rest = b"".join([*self._rest, lines, end]), [rest]
        if self._syntax == "json":
            self._rows += map(_row, whole.splitlines())
        else:
            from kg.store import columns  # which loads Polars

            self._pieces.append(columns.read_tsv(whole, self._names))

    def answer(self) -> Answer:
        """Return the answer, when all was given; raises as `feed` does."""
        limit, names = self._limit, self._names
        if self._syntax == "json":
            is_cut = limit is not None and len(self._rows) > limit
            return Answer(names, self._rows[:limit] if is_cut else self._rows, is_cut)
        from kg.store import columns

        if self._syntax == "ntriples":
            cells = columns.read_triples(b"".join(self._rest))
        else:
            by_column = zip(*self._pieces, strict=True) if self._pieces else ([] for _ in names)
            cells = [columns.concat(list(pieces)) for pieces in by_column]
        is_cut = limit is not None and len(cells[0]) > limit
        if limit is not None:
            cells = [column.head(limit) for column in cells]
        return Answer.of_columns(names, cells, is_cut)


def read_rows(file: IO[bytes], limit: int | None) -> Answer:
    """Return an answer from the rest of a file; raises as `Reader` does."""
    reader = Reader(limit)
    while data := file.read(_PIECE):
        reader.feed(data)
    return reader.answer()


def _records(names: list[str], cells: list[Column]) -> Iterator[dict[str, Value]]:
    from kg.store import columns

    by_column = [columns.values(column) for column in cells]
    return (dict(zip(names, row, strict=True)) for row in zip(*by_column, strict=True))


def _row(line: bytes) -> tuple[Term | None, ...]:
    return tuple(Term(*cell) if cell else None for cell in json.loads(line))


def _record(columns: list[str], row: tuple[Term | None, ...]) -> dict[str, Value]:
    return {name: value_of(term) for name, term in zip(columns, row, strict=True)}


def _shown(cell: str | None) -> str:
    return escape(shorten(cell or "", _SHOWN_CHARACTERS))


def _needing_extra(convert: Callable[[], T]) -> T:
    try:
        return convert()
    except ImportError as error:  # of pandas, or of pyarrow, which Polars converts by
        raise RequestError(
            f"{error.name or 'this'} is not installed; it comes with the extra pandas: "
            "pip install 'skills-kg[pandas]'"
        ) from None
