"""Pictures of tables: heat maps and bars, as SVG and PNG.

`model` says what a picture shows, `svg` draws it, `png` renders what was drawn. The same picture
is the same bytes.
"""

from __future__ import annotations

from kg.pictures.model import Bars, HeatMap, Picture
from kg.pictures.png import to_png
from kg.pictures.svg import to_svg

__all__ = ["Bars", "HeatMap", "Picture", "to_png", "to_svg"]
