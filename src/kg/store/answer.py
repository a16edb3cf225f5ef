"""Answers: columns and rows of terms, as texts, as Python values, and as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import IO, TYPE_CHECKING, Any, TypeVar

from kg.errors import RequestError
from kg.store.tables import Term, Value, make_table, value_of
from kg.texts import shorten

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Answer", "Rows", "read_rows"]

T = TypeVar("T")

_SHOWN_ROWS = 20
_SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns and rows of a result; `cut` tells that there are more rows than were asked for.

    Iteration gives the rows as dicts of Python values; `kg.store.tables` says which.
    """

    columns: list[str]
    terms: list[tuple[Term | None, ...]]
    cut: bool = False

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        """The rows as texts, without what kind of term each is."""
        return [tuple(t.value if t else None for t in row) for row in self.terms]

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return (_record(self.columns, row) for row in self.terms)

    def to_polars(self) -> pl.DataFrame:
        """Return a Polars DataFrame with typed columns; `kg.store.tables` says which."""
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

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>"
            for row in self.rows[:_SHOWN_ROWS]
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
        self.columns: list[str] = json.loads(file.readline())

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return self

    def __next__(self) -> dict[str, Value]:
        line = b"" if self._file.closed else self._file.readline()
        if not line:
            self.close()
            raise StopIteration
        return _record(self.columns, _row(line))

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; there are no more rows then."""
        self._file.close()


def read_rows(lines: IO[bytes], limit: int | None) -> Answer:
    """Return an answer from a line of column names, then a line a row."""
    columns = json.loads(lines.readline())
    rows = [_row(line) for line in lines]
    cut = limit is not None and len(rows) > limit
    return Answer(columns, rows[:limit] if cut else rows, cut)


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
