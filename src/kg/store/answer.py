"""Answers: columns and rows of terms, as texts, as Python values, and as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import escape
from typing import IO, TYPE_CHECKING, Any, TypeVar

from kg.errors import RequestError
from kg.store.tables import Term, Value, make_table, value_of
from kg.texts import shorten

if TYPE_CHECKING:
    import polars as pl

    from kg.store.columns import Column

__all__ = ["Answer", "Rows", "read_rows"]

T = TypeVar("T")

#: How many bytes of rows a stream holds, about.
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
        return f"Answer({self.columns!r}, {len(self)} rows{', cut' if self.cut else ''})"

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
        rows = "1 row" if len(self) == 1 else f"{len(self):,} rows"
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
        self._syntax, self.columns = _begun(file)
        self._rows = self._read()

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return self

    def __next__(self) -> dict[str, Value]:
        return next(self._rows)

    def _read(self) -> Iterator[dict[str, Value]]:
        while not self._file.closed:
            records = self._next_records()
            if (first := next(records, None)) is None:
                self.close()
                return
            yield first
            yield from records

    def _next_records(self) -> Iterator[dict[str, Value]]:
        if self._syntax == "json":
            lines = self._file.readlines(_PART)
            return (_record(self.columns, _row(line)) for line in lines)
        return _records(self.columns, _cells(self._syntax, self._file, self.columns, _PART))

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; there are no more rows then."""
        self._file.close()


def read_rows(file: IO[bytes], limit: int | None) -> Answer:
    """Return an answer from what the worker writes: its syntax and columns, then its rows."""
    syntax, columns = _begun(file)
    if syntax == "json":
        rows = [_row(line) for line in file]
        cut = limit is not None and len(rows) > limit
        return Answer(columns, rows[:limit] if cut else rows, cut)
    cells = _cells(syntax, file, columns)
    cut = limit is not None and len(cells[0]) > limit
    if limit is not None and cut:
        cells = [column.head(limit) for column in cells]
    return Answer.of_columns(columns, cells, cut)


def _begun(file: IO[bytes]) -> tuple[str, list[str]]:
    """Read the line that says what syntax the rows have, and their columns."""
    syntax, columns = json.loads(file.readline())
    return syntax, columns


def _cells(syntax: str, file: IO[bytes], names: list[str], most: int = -1) -> list[Column]:
    from kg.store import columns  # which loads Polars

    return (
        columns.read_triples(file) if syntax == "ntriples" else columns.read_tsv(file, names, most)
    )


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
