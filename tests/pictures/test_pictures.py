"""Pictures: what they say in text, for whom colours say nothing, and that bytes stay the same."""

from __future__ import annotations

import struct
from xml.etree import ElementTree

import pytest

from kg.pictures import Bars, HeatMap, Picture, to_png, to_svg
from kg.pictures.svg import IS_DARK, PALETTE, shade

SVG = "{http://www.w3.org/2000/svg}"
BARS = Bars("Tasks <reached>", "number", ("base", "ai"), ("old", "new"), ((1, 2), (0, 0)))
HEAT = HeatMap("Map", "count", ("a", "b"), ("x", "y"), ((1, None), (0, 3)))
EMPTY = (Bars("None", "number", (), ("old",), ()), HeatMap("None", "count", (), (), ()))


def texts(picture: Picture) -> list[str]:
    """Return the texts that are drawn."""
    root = ElementTree.fromstring(to_svg(picture))
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_title_and_description() -> None:
    """The title and all values stand in a picture for those who hear it."""
    root = ElementTree.fromstring(to_svg(BARS))
    assert "Tasks <reached>" == root.findtext(f"{SVG}title")
    assert "number. base: old 1, new 2; ai: old 0, new 0." == root.findtext(f"{SVG}desc")
    assert "img" == root.get("role")


def test_values_are_texts() -> None:
    """Every value is written, not only coloured; an empty cell has none."""
    assert {"1 + 2", "0 + 0", "old", "new", "base"} <= set(texts(BARS))
    assert ["Map", "count", "x", "y", "a", "1", "b", "0", "3"] == texts(HEAT)


@pytest.mark.parametrize("picture", EMPTY)
def test_nothing_to_draw(picture: Picture) -> None:
    """A picture of nothing is well-formed."""
    assert ["None"] == texts(picture)[:1]


def test_steering_characters_are_replaced() -> None:
    """A stranger's label cannot make a picture ill-formed."""
    assert "\ufffd&<" in texts(Bars("Bars", "n", ("\x00&<",), ("s",), ((1,),)))


LONG = "Work with members of the management team, who"
CROWDED = (
    Bars(LONG, LONG, (LONG, "W" * 44, "字" * 44), tuple(f"series {n} of a few" for n in range(6)),
         ((1e9,) * 6, (0,) * 6, (1,) * 6)),
    HeatMap("W" * 90, LONG, (LONG, "字" * 44), (LONG, "W" * 44), ((1e15, None), (0, 3))),
    Bars("T" * 10_000, "n", (), ("s",), ()),
)  # fmt: skip


@pytest.mark.parametrize("picture", [BARS, HEAT, *EMPTY, *CROWDED])
def test_nothing_is_clipped(picture: Picture) -> None:
    """Every text ends before the right edge and begins after the left one.

    DejaVu Sans has W .989 of its size wide, in bold 1.103, letters .6 on average, and others have
    characters of Chinese one size wide.
    """
    root = ElementTree.fromstring(to_svg(picture))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for element in root.iter(f"{SVG}text"):
        said = element.text or ""
        size = float(element.get("font-size", 12)) * (1.115 if element.get("font-weight") else 1)
        extent = size * sum(0.99 if c in "W字" else 0.6 for c in said)
        before = {"end": 1.0, "middle": 0.5}.get(element.get("text-anchor", "start"), 0.0)
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        if element.get("transform"):
            assert 0 <= y - extent
            assert x <= width
        else:
            assert 0 <= x - before * extent, said
            assert x + (1 - before) * extent <= width, said
        assert y <= height
    assert width < 3000


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast() -> None:
    """A cell's text stands out by 4.5 to 1 at least, whatever its shade (WCAG 1.4.3)."""
    for percent in range(101):
        light = luminance(shade(percent / 100))
        is_dark = percent / 100 >= IS_DARK
        assert (1.05 / (light + 0.05) if is_dark else (light + 0.05) / 0.05) >= 4.5
    assert len(PALETTE) == len(set(PALETTE))


@pytest.mark.parametrize("picture", [BARS, HEAT])
def test_png(picture: Picture) -> None:
    """A PNG has twice the size of the SVG, and the same bytes each time."""
    svg = to_svg(picture)
    width = int(ElementTree.fromstring(svg).get("width") or 0)
    png = to_png(svg)
    assert b"\x89PNG\r\n\x1a\n" == png[:8]
    assert 2 * width == struct.unpack(">I", png[16:20])[0]
    assert png == to_png(svg)
