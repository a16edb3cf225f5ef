"""Pictures as SVG 1.1: each with a title, a description that holds its values, and text labels.

Colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), which people tell apart
whatever their colour vision; a heat map is one hue from light to dark. Every value is written as
text too, so that nothing is said by colour alone (WCAG 2.2, 1.4.1), and the description lists
them for screen readers (`role="img"`, `aria-label`; SVG Accessibility API Mappings 1.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kg.pictures.model import Bars, HeatMap, Picture

__all__ = ["IS_DARK", "PALETTE", "shade", "to_svg"]

#: Okabe and Ito's blue, orange, green, yellow, purple and vermilion.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#D55E00")
_LIGHT, _DARK = (0xF1, 0xF5, 0xF9), (0x00, 0x3F, 0x6B)
_FONT = "font-family=\"'DejaVu Sans', Verdana, sans-serif\""
_SIZE = 12
_ROW = 24
_UNIT = 18
_CELL = 52
_LABEL = 330
_BAR = 360
_MOST = 44
#: From this share of the scale on a cell is dark, and its text white: contrast stays above 4.5.
IS_DARK = 0.67


def to_svg(picture: Picture) -> str:
    """Return a picture as an SVG document, which refers to nothing outside of it."""
    return _bars(picture) if isinstance(picture, Bars) else _heat_map(picture)


def _bars(picture: Bars) -> str:
    totals = [sum(row) for row in picture.values]
    most = max(totals, default=0) or 1
    top = _UNIT + (64 if len(picture.series) > 1 else 40)
    body = []
    if len(picture.series) > 1:
        for at, name in enumerate(picture.series):
            left = 12 + at * 190
            body.append(_rect(left, 38 + _UNIT, 12, 12, PALETTE[at % len(PALETTE)]))
            body.append(_text(left + 18, 48 + _UNIT, _short(name, 24)))
    for at, (label, row, total) in enumerate(
        zip(picture.labels, picture.values, totals, strict=True)
    ):
        y: float = top + at * _ROW
        x: float = _LABEL
        body.append(_text(_LABEL - 8, y + 16, _short(label), "end"))
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
    height = top + len(picture.labels) * _ROW + 12
    return _document(picture, _LABEL + _BAR + 120, height, body, values)


def _said(names: tuple[str, ...], row: tuple[float | None, ...]) -> Iterator[str]:
    return (f"{n} {_number(v)}" for n, v in zip(names, row, strict=True) if v is not None)


def _heat_map(picture: HeatMap) -> str:
    most = max((v for row in picture.values for v in row if v is not None), default=0) or 1
    # Names of columns stand upright above them, as long as they are.
    top = _UNIT + 48 + 7 * max((len(_short(name)) for name in picture.columns), default=0)
    body = []
    for at, name in enumerate(picture.columns):
        x = _LABEL + at * _CELL + _CELL / 2 + 4
        turned = f'transform="rotate(-90 {_number(x)} {top - 6})"'
        body.append(_text(x, top - 6, _short(name), more=turned))
    for at, (name, row) in enumerate(zip(picture.rows, picture.values, strict=True)):
        y = top + at * _ROW
        body.append(_text(_LABEL - 8, y + 16, _short(name), "end"))
        for column, value in enumerate(row):
            x = _LABEL + column * _CELL
            share = 0.0 if value is None else value / most
            colour = "#FFFFFF" if value is None else shade(share)
            body.append(_rect(x, y, _CELL - 2, _ROW - 2, colour, 'stroke="#B0B8C0"'))
            if value is not None:
                ink = "#FFFFFF" if share >= IS_DARK else "#000000"
                body.append(_text(x + _CELL / 2 - 1, y + 15, _number(value), "middle", ink))
    values = (
        f"{name}: " + (", ".join(_said(picture.columns, row)) or "nothing")
        for name, row in zip(picture.rows, picture.values, strict=True)
    )
    width = _LABEL + len(picture.columns) * _CELL + 24
    height = top + len(picture.rows) * _ROW + 12
    return _document(picture, width, height, body, values)


def shade(share: float) -> str:
    """Return the colour of a share of a heat map's scale, from 0 to 1."""
    pairs = zip(_LIGHT, _DARK, strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _document(
    picture: Picture, width: int, height: int, body: list[str], values: Iterator[str]
) -> str:
    described = _plain(f"{picture.unit}. " + "; ".join(values) + ".")
    width = max(width, 24 + 10 * len(picture.title))  # which is as wide as its longest text
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{_plain(picture.title)}" {_FONT} '
        f'font-size="{_SIZE}">'
    )
    lines = [
        opening,
        f"<title>{_plain(picture.title)}</title>",
        f"<desc>{described}</desc>",
        _rect(0, 0, width, height, "#FFFFFF"),
        f'<text x="12" y="24" font-size="15" font-weight="bold">{_plain(picture.title)}</text>',
        _text(12, 42, picture.unit, fill="#444444"),
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rect(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    places = " ".join(
        f'{name}="{_number(value)}"'
        for name, value in (("x", x), ("y", y), ("width", width), ("height", height))
    )
    return f'<rect {places} fill="{fill}"{" " + more if more else ""}/>'


def _text(
    x: float, y: float, text: str, anchor: str = "start", fill: str = "#000000", more: str = ""
) -> str:
    at = f'x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}" fill="{fill}"'
    return f"<text {at}{' ' + more if more else ''}>{_plain(text)}</text>"


def _short(text: str, most: int = _MOST) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _number(value: float) -> str:
    """Return a number with at most two places, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _plain(text: str) -> str:
    """Return a text for XML, which takes no control characters."""
    return escape("".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split())))
