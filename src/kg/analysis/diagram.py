"""Paths drawn as SVG: a column for each path, its stops in boxes, its hops as arrows between them.

What is asserted is a solid arrow, what is a link's a dashed one with its confidence: nothing is
said by colour alone. The description holds the sentences of each path, for screen readers.
"""

from __future__ import annotations

from html import escape
from textwrap import wrap

from kg.analysis.model import Hop, Path, Paths, Stop
from kg.analysis.wording import kind_of, noun, sentence
from kg.namespaces import compact
from kg.texts import one_line

__all__ = ["to_svg"]

_WIDTH, _BOX, _HOP, _GAP, _EDGE = 300, 58, 44, 40, 16
_LINE = 38
#: Arrows stand this far from the left edge of a box, so that what they say has room beside them.
_SHAFT = 60
#: Fills by kind, light enough for black text; other kinds are white.
_FILLS = {
    "domain": "#E3EEF7",
    "statement": "#FDF1DA",
    "task": "#DDF3EB",
    "occupation": "#F3E3EC",
}
_FONT = "font-family=\"'DejaVu Sans', Verdana, sans-serif\""


def to_svg(found: Paths) -> str:
    """Return the paths as an SVG document, which refers to nothing outside of it."""
    most = max((len(path.stops) for path in found.paths), default=0)
    width = max(2 * _EDGE + len(found.paths) * (_WIDTH + _GAP) - _GAP, 1)
    height = max(2 * _EDGE + most * (_BOX + _HOP) - _HOP, 1)
    what = "Paths" if len(found.paths) > 1 else "Path"
    title = f"{what} from {noun(found.start)} to {noun(found.end)}"
    described = " ".join(map(_told, found.paths)) or "There is no path."
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    named = f'role="img" aria-label="{_text(title)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named} {_FONT} font-size="12">',
        f"<title>{_text(title)}</title>",
        f"<desc>{_text(described)}</desc>",
    ]
    for number, path in enumerate(found.paths):
        lines += _column(path, _EDGE + number * (_WIDTH + _GAP))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _told(path: Path) -> str:
    known: set[Stop] = set()
    said = []
    for hop in path.hops:
        said.append(sentence(hop, known))
        known |= {hop.start, hop.end}
    return " ".join(said)


def _column(path: Path, x: int) -> list[str]:
    lines = []
    for number, stop in enumerate(path.stops):
        y = _EDGE + number * (_BOX + _HOP)
        lines += _box(stop, x, y)
        if number < len(path.hops):
            lines += _arrow(path.hops[number], x + _SHAFT, y + _BOX)
    return lines


def _box(stop: Stop, x: int, y: int) -> list[str]:
    label = one_line(stop.label if stop.code is None else f"{stop.code} {stop.label}")
    shown = wrap(label, _LINE, max_lines=2, placeholder=" …") or [""]
    size = f'width="{_WIDTH}" height="{_BOX}" rx="6"'
    fill = _FILLS.get(stop.kind, "#FFFFFF")
    kind, small = _text(kind_of(stop)), 'font-size="10" fill="#404850"'
    lines = [
        f'<rect x="{x}" y="{y}" {size} fill="{fill}" stroke="#404850"/>',
        f'<text x="{x + 10}" y="{y + 16}" {small}>{kind}</text>',
    ]
    for at, text in enumerate(shown):
        lines.append(f'<text x="{x + 10}" y="{y + 32 + at * 16}">{_text(text)}</text>')
    return lines


def _arrow(hop: Hop, x: int, y: int) -> list[str]:
    top, bottom = y + 2, y + _HOP - 2
    dashed = ' stroke-dasharray="5 3"' if hop.confidence is not None else ""
    tip, end = (bottom, -7) if hop.is_forward else (top, 7)
    said = compact(hop.property)
    if hop.confidence is not None:
        said += f", {hop.basis}, {one_line(hop.confidence)}"
    ends = f'x1="{x}" y1="{top}" x2="{x}" y2="{bottom}"'
    return [
        f'<line {ends} stroke="#202830" stroke-width="1.5"{dashed}/>',
        f'<path d="M{x} {tip}L{x - 5} {tip + end}L{x + 5} {tip + end}Z" fill="#202830"/>',
        f'<text x="{x + 12}" y="{y + _HOP // 2 + 4}" font-size="11">{_text(said)}</text>',
    ]


def _text(text: str) -> str:
    return escape(one_line(text))
