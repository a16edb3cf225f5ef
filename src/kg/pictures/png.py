"""Pictures as PNG, rendered by resvg: a library that needs nothing of the system but a font."""

from __future__ import annotations

from kg.errors import RequestError

__all__ = ["to_png"]

#: Pixels for each unit of the SVG: sharp on paper too.
_ZOOM = 2.0


def to_png(svg: str) -> bytes:
    """Return an SVG document as a PNG image of twice its size.

    Texts are drawn in a sans-serif font of the machine's. Raises RequestError where the extra
    `png` is not installed.
    """
    try:
        import resvg_py
    except ImportError:
        raise RequestError(
            "a PNG picture needs the extra png: pip install 'skills-kg[png]'; or write an SVG"
        ) from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_ZOOM))
