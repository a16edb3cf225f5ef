"""Pictures as SVG 1.1: each with a title, a description that holds its values, and text labels.

Colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), which people tell apart
whatever their colour vision; a heat map is one hue from light to dark. Every value is written as
text too, so that nothing is said by colour alone (WCAG 2.2, 1.4.1), and the description lists
them for screen readers (`role="img"`, `aria-label`; SVG Accessibility API Mappings 1.0).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from unicodedata import combining, east_asian_width

from kg.pictures.model import Bars, HeatMap, Picture
from kg.texts import one_line, shorten

__all__ = ["IS_DARK", "PALETTE", "shade", "to_svg"]

#: Okabe and Ito's blue, orange, green, yellow, purple and vermilion.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#D55E00")
_LIGHT, _DARK = (0xF1, 0xF5, 0xF9), (0x00, 0x3F, 0x6B)
_FONT = "font-family=\"'DejaVu Sans', Verdana, sans-serif\""
_SIZE, _TITLE_SIZE = 12, 15
_EDGE = 12
_ROW = 24
_UNIT = 18
_CELL = 52
_BAR = 360
_MOST, _MOST_HEADING, _MOST_SERIES = 44, 120, 24
#: From this share of the scale on a cell is dark, and its text white: contrast stays above 4.5.
IS_DARK = 0.67
#: How wide characters are at most, in sizes of the font, in DejaVu Sans and in Verdana.
_NARROW, _MIDDLE, _WIDE, _BOLD = 0.46, 0.71, 1.0, 1.15
_NARROW_ONES = frozenset(" !'(),-./:;I[]fijlrt|·")
_WIDE_ONES = frozenset("%&@CDGHMNOQUW_mw—…→←+=<>~^\ufffd")


def to_svg(picture: Picture) -> str:
    """Return a picture as an SVG document, which refers to nothing outside of it."""
    return _bars(picture) if isinstance(picture, Bars) else _heat_map(picture)


def _bars(picture: Bars) -> str:
    totals = [sum(row) for row in picture.values]
    most = max(totals, default=0) or 1
    top = _UNIT + (64 if len(picture.series) > 1 else 40)
    left = _room(map(_label, picture.labels))
    body = list(_legend(picture.series)) if len(picture.series) > 1 else []
    for at, (label, row, total) in enumerate(
        zip(picture.labels, picture.values, totals, strict=True)
    ):
        y: float = top + at * _ROW
        x = left
        body.append(_text(left - 8, y + 16, _label(label), "end"))
        for number, value in enumerate(row):
            width = value / most * _BAR
            if width:
                body.append(_rect(x, y + 3, width, _ROW - 6, PALETTE[number % len(PALETTE)]))
            x += width
        said = _number(total) if len(row) == 1 else " + ".join(map(_number, row))
        body.append(_text(x + 6, y + 16, said))
    values = (
        f"{label}: " + ", ".join(_said(picture.series, row))
        for label, row in zip(picture.labels, picture.values, strict=True)
    )
    height = top + len(picture.labels) * _ROW + _EDGE
    return _document(picture, height, body, values)


def _legend(series: Iterable[str]) -> Iterator[_Shape]:
    """Yield a square of the colour of each series with its name, one beside the other."""
    x: float = _EDGE
    for at, name in enumerate(series):
        yield _rect(x, 38 + _UNIT, 12, 12, PALETTE[at % len(PALETTE)])
        said = _text(x + 18, 48 + _UNIT, shorten(name, _MOST_SERIES))
        yield said
        x = said.right + 2 * _EDGE


def _said(names: tuple[str, ...], row: tuple[float | None, ...]) -> Iterator[str]:
    return (f"{n} {_number(v)}" for n, v in zip(names, row, strict=True) if v is not None)


def _heat_map(picture: HeatMap) -> str:
    numbers = [v for row in picture.values for v in row if v is not None]
    most = max(numbers, default=0) or 1
    cell = max([_CELL, *(math.ceil(_extent(_number(v))) + 10 for v in numbers)])
    left = _room(map(_label, picture.rows))
    # Names of columns stand upright above them, as long as they are.
    top = _UNIT + 48 + math.ceil(max((_extent(_label(c)) for c in picture.columns), default=0))
    body = []
    for at, name in enumerate(picture.columns):
        x = left + at * cell + cell / 2 + 4
        turned = f'transform="rotate(-90 {_number(x)} {top - 6})"'
        body.append(_Shape(_text(x, top - 6, _label(name), more=turned).markup, x))
    for at, (name, row) in enumerate(zip(picture.rows, picture.values, strict=True)):
        y = top + at * _ROW
        body.append(_text(left - 8, y + 16, _label(name), "end"))
        for column, value in enumerate(row):
            x = left + column * cell
            share = 0.0 if value is None else value / most
            colour = "#FFFFFF" if value is None else shade(share)
            body.append(_rect(x, y, cell - 2, _ROW - 2, colour, 'stroke="#B0B8C0"'))
            if value is not None:
                ink = "#FFFFFF" if share >= IS_DARK else "#000000"
                body.append(_text(x + cell / 2 - 1, y + 15, _number(value), "middle", ink))
    values = (
        f"{name}: " + (", ".join(_said(picture.columns, row)) or "nothing")
        for name, row in zip(picture.rows, picture.values, strict=True)
    )
    height = top + len(picture.rows) * _ROW + _EDGE
    return _document(picture, height, body, values)


def shade(share: float) -> str:
    """Return the colour of a share of a heat map's scale, from 0 to 1."""
    pairs = zip(_LIGHT, _DARK, strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


@dataclass(frozen=True, slots=True)
class _Shape:
    """An element of a drawing, and how far it goes to the right."""

    markup: str
    right: float


def _document(picture: Picture, height: int, body: list[_Shape], values: Iterator[str]) -> str:
    described = _plain(f"{picture.unit}. " + "; ".join(values) + ".")
    title = shorten(picture.title, _MOST_HEADING)
    drawn = [
        _Shape(
            f'<text x="{_EDGE}" y="24" font-size="{_TITLE_SIZE}" font-weight="bold">'
            f"{_plain(title)}</text>",
            _EDGE + _extent(title) * _BOLD * _TITLE_SIZE / _SIZE,
        ),
        _text(_EDGE, 42, shorten(picture.unit, _MOST_HEADING), fill="#444444"),
        *body,
    ]
    width = math.ceil(max(shape.right for shape in drawn)) + _EDGE
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{_plain(picture.title)}" {_FONT} '
        f'font-size="{_SIZE}">'
    )
    lines = [
        opening,
        f"<title>{_plain(picture.title)}</title>",
        f"<desc>{described}</desc>",
        _rect(0, 0, width, height, "#FFFFFF").markup,
        *(shape.markup for shape in drawn),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rect(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> _Shape:
    places = " ".join(
        f'{name}="{_number(value)}"'
        for name, value in (("x", x), ("y", y), ("width", width), ("height", height))
    )
    return _Shape(f'<rect {places} fill="{fill}"{" " + more if more else ""}/>', x + width)


def _text(
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    fill: str = "#000000",
    more: str = "",
) -> _Shape:
    at = f'x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}" fill="{fill}"'
    after = {"start": 1.0, "middle": 0.5, "end": 0.0}[anchor] * _extent(text)
    return _Shape(f"<text {at}{' ' + more if more else ''}>{_plain(text)}</text>", x + after)


def _room(labels: Iterable[str]) -> float:
    """Return where what labels stand before begins, so that the longest has room."""
    return _EDGE + math.ceil(max(map(_extent, labels), default=0)) + 8


def _extent(text: str) -> float:
    """Return how wide a text is at most, in a font that is not known but for its family."""
    return _SIZE * sum(map(_wide, text))


def _wide(character: str) -> float:
    if character in _NARROW_ONES:
        return _NARROW
    if combining(character):
        return 0
    is_wide = character in _WIDE_ONES or east_asian_width(character) in "WF"
    return _WIDE if is_wide else _MIDDLE


def _label(text: str) -> str:
    """Return a label, cut where it is long."""
    return shorten(text, _MOST)


def _number(value: float) -> str:
    """Return a number with at most two places, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _plain(text: str) -> str:
    """Return a text for XML, on one line."""
    return escape(one_line(text))
