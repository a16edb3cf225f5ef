"""Tables for people: rows below column names, in which no word is broken.

As wide as they are, or within a width: a cell is broken between words, an address also where its
parts end. Where even that is too wide, each row becomes a block with a line for each cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

__all__ = ["layout"]

_GAP = 3
_PIECE = re.compile(r"[^/#-]*[/#-]+|[^/#-]+")

Rows = Sequence[Sequence[str | None]]


def layout(columns: Sequence[str], rows: Rows, width: int | None = None) -> list[str]:
    """Return the lines of a table of at most `width` cells of a terminal, as far as words allow.

    Without a width, and where all fits, every cell has a line of its own for each of its own.
    """
    cells = [[_lines(cell) for cell in row] for row in rows]
    heads = [_lines(name) for name in columns]
    by_column = [[head, *(row[i] for row in cells)] for i, head in enumerate(heads)]
    widths = [max(cell_len(line) for cell in column for line in cell) for column in by_column]
    if width is not None and _total(widths) > width:
        least = [_least(column) for column in by_column]
        if _total(least) > width:
            return _blocks(columns, cells, width)
        widths = _share(least, widths, width)
    rule = "─" * _total(widths)
    return [*_row(heads, widths), rule, *(line for row in cells for line in _row(row, widths))]


def _lines(cell: str | None) -> list[str]:
    return [line.expandtabs().rstrip() for line in (cell or "").splitlines()] or [""]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * max(0, len(widths) - 1)


def _least(column: list[list[str]]) -> int:
    """Return the width that a column takes at least: that of its longest piece."""
    pieces = (piece for cell in column for line in cell for piece in _pieces(line))
    return max((cell_len(piece.rstrip()) for piece in pieces), default=0)


def _share(least: list[int], most: list[int], width: int) -> list[int]:
    """Return widths that fit: what is over goes to the narrowest columns first."""

    def capped(cap: int) -> list[int]:
        return [min(m, max(n, cap)) for n, m in zip(least, most, strict=True)]

    cap = next(cap for cap in range(width, -1, -1) if _total(capped(cap)) <= width)
    return capped(cap)


def _row(cells: Sequence[list[str]], widths: list[int]) -> Iterator[str]:
    wrapped = [
        [part for line in cell for part in _wrap(line, width)]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for number in range(max(map(len, wrapped), default=0)):
        parts = [cell[number] if number < len(cell) else "" for cell in wrapped]
        padded = (p + " " * (w - cell_len(p)) for p, w in zip(parts, widths, strict=True))
        yield (" " * _GAP).join(padded).rstrip()


def _blocks(columns: Sequence[str], rows: Sequence[list[list[str]]], width: int) -> list[str]:
    """Return a line for each cell that holds something, rows divided by empty lines."""
    names = max(map(cell_len, columns))
    room = max(1, width - names - _GAP)
    lines: list[str] = []
    for row in rows:
        lines += [""] if lines else []
        for name, cell in zip(columns, row, strict=True):
            if cell != [""]:
                lines += _row([[name], cell], [names, room])
    return lines


def _wrap(line: str, width: int) -> Iterator[str]:
    """Yield a line in parts of at most a width, but for a piece that is wider."""
    if cell_len(line) <= width:
        yield line
        return
    part = ""
    for piece in _pieces(line):
        if part and cell_len(part + piece.rstrip()) > width:
            yield part.rstrip()
            part = ""
        part += piece
    yield part.rstrip()


def _pieces(line: str) -> Iterator[str]:
    """Yield what a line may be broken into: words with the space behind them, parts of addresses.

    Dashes divide words only in an address.
    """
    for match in re.finditer(r"\s*\S+\s*", line):
        word = match[0]
        yield from _PIECE.findall(word) if "/" in word else [word]
