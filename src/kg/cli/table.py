"""Tables for people: rows below column names, in which no word is broken.

As wide as they are, or within a width: in `layout` a cell is broken between words, an address also
where its parts end; in `fitted` it is cut, so that every row stays one line. Where even that is too
wide, each row becomes a block with a line for each cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

__all__ = ["broken", "fitted", "layout"]

_GAP, _NARROW_GAP = 3, 2
#: So wide a column stays, whose cells are that long: the first of these that leaves room for all.
_LEAST = (14, 10)
_NAME_PIECE = re.compile(r"^_*[^_\s]*[_\s]*|[^_\s]+[_\s]*")
_ADDRESS = re.compile(r"<?[A-Za-z][\w+.-]*:\S*/\S*")
_JOINER = "\u200d"
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


def fitted(columns: Sequence[str], rows: Rows, width: int) -> tuple[list[str], bool]:
    """Return the lines of a table within a width, a line for each row, and whether cells were cut.

    A cell that is cut ends with an ellipsis; an address, which its end tells apart, begins with
    one. Names of columns are broken, not cut. Where not even their longest parts, or the last of
    `_LEAST` of each cell, have room, it is the blocks of `layout`, in which nothing is cut.
    """
    texts = [[" ".join((cell or "").split()) for cell in row] for row in rows]
    longest = [max((cell_len(row[i]) for row in texts), default=0) for i in range(len(columns))]
    names = [_NAME_PIECE.findall(name) for name in columns]
    parts = [max((cell_len(piece.rstrip()) for piece in name), default=0) for name in names]
    tried = ([max(p, min(cap, m)) for p, m in zip(parts, longest, strict=True)] for cap in _LEAST)
    least = next((widths for widths in tried if _total(widths, _NARROW_GAP) <= width), None)
    whole = [max(cell_len(name), most) for name, most in zip(columns, longest, strict=True)]
    if _total(whole) <= width or least is None:
        return layout(columns, rows, width), False
    # Room that names do not need goes to the cells first.
    cells = [max(part, most) for part, most in zip(parts, longest, strict=True)]
    bounds = (cells, whole) if _total(cells, _NARROW_GAP) <= width else (least, cells)
    widths = _share(*bounds, width, _NARROW_GAP)
    heads = [list(_filled(name, size)) for name, size in zip(names, widths, strict=True)]
    lines = [*_row(heads, widths, _NARROW_GAP), "─" * _total(widths, _NARROW_GAP)]
    for row in texts:
        shown = [[_cut(cell, size)] for cell, size in zip(row, widths, strict=True)]
        lines += _row(shown, widths, _NARROW_GAP)
    return lines, any(most > size for most, size in zip(longest, widths, strict=True))


def broken(line: str, width: int) -> Iterator[str]:
    """Yield a line in parts of at most a width in cells, but for a word that is wider."""
    if cell_len(line) <= width:
        yield line
    else:
        yield from _filled(_pieces(line), width)


def _cut(cell: str, width: int) -> str:
    """Return a cell in a width, with an ellipsis where something of it is left out."""
    if cell_len(cell) <= width:
        return cell
    kept = ""
    if _ADDRESS.fullmatch(cell):
        for drawn in reversed(list(_drawn(cell))):
            if cell_len(f"…{drawn}{kept}") > width:
                break
            kept = drawn + kept
        return f"…{kept.lstrip()}"
    for drawn in _drawn(cell):
        if cell_len(f"{kept}{drawn}…") > width:
            break
        kept += drawn
    return f"{kept.rstrip()}…"


def _drawn(text: str) -> Iterator[str]:
    """Yield what a terminal draws in one place: a character with its marks, and what is joined."""
    part = ""
    for character in text:
        if part and cell_len(character) and not part.endswith(_JOINER):
            yield part
            part = ""
        part += character
    yield part


def _lines(cell: str | None) -> list[str]:
    return [line.expandtabs().rstrip() for line in (cell or "").splitlines()] or [""]


def _total(widths: Sequence[int], gap: int = _GAP) -> int:
    return sum(widths) + gap * max(0, len(widths) - 1)


def _least(column: list[list[str]]) -> int:
    """Return the width that a column takes at least: that of its longest piece."""
    pieces = (piece for cell in column for line in cell for piece in _pieces(line))
    return max((cell_len(piece.rstrip()) for piece in pieces), default=0)


def _share(least: list[int], most: list[int], width: int, gap: int = _GAP) -> list[int]:
    """Return widths that fit: what is over goes to the narrowest columns first."""

    def capped(cap: int) -> list[int]:
        return [min(m, max(n, cap)) for n, m in zip(least, most, strict=True)]

    cap = next(cap for cap in range(width, -1, -1) if _total(capped(cap), gap) <= width)
    return capped(cap)


def _row(cells: Sequence[list[str]], widths: list[int], gap: int = _GAP) -> Iterator[str]:
    wrapped = [
        [part for line in cell for part in broken(line, width)]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for number in range(max(map(len, wrapped), default=0)):
        parts = [cell[number] if number < len(cell) else "" for cell in wrapped]
        padded = (p + " " * (w - cell_len(p)) for p, w in zip(parts, widths, strict=True))
        yield (" " * gap).join(padded).rstrip()


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


def _filled(pieces: Iterable[str], width: int) -> Iterator[str]:
    """Yield lines that are filled with pieces as far as a width allows."""
    part = ""
    for piece in pieces:
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
