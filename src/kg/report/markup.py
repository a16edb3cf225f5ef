"""HTML from Python values: whatever is not made here is a text, and is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from kg.texts import harmless

__all__ = ["Markup", "external", "figure", "join", "listed", "table", "tag"]

_EMPTY = frozenset({"meta"})
_WEB = re.compile(r"https?://[^\s<>\"'\\{}|^`]+")


class Markup(str):
    """A piece of HTML, as against a text."""

    __slots__ = ()


def tag(name: str, /, *children: str | None, **attributes: str | None) -> Markup:
    """Return an element; children that are no markup are texts, and None is nothing.

    An underscore in the name of an attribute stands for a hyphen, one at its end for nothing.

    >>> tag("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _EMPTY:
        return Markup(f"<{name}{said}>")
    return Markup(f"<{name}{said}>{join(children)}</{name}>")


def join(children: Iterable[str | None]) -> Markup:
    """Return pieces one after the other, texts among them escaped."""
    return Markup(
        "".join(
            child if isinstance(child, Markup) else _escaped(child)
            for child in children
            if child is not None
        )
    )


def _escaped(text: str) -> str:
    return escape(harmless(text))


def external(text: str, address: str | None) -> Markup:
    """Return a text as a link where its address is one of the web; nothing else is linked."""
    if address is None or not _WEB.fullmatch(address):
        return join([text])
    return tag("a", text, href=address, rel="noreferrer")


def listed(items: Sequence[str]) -> Markup:
    """Return a list."""
    return tag("ul", *(tag("li", item) for item in items))


def table(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, head: int = 0
) -> Markup:
    """Return a table whose column number `head` names its rows; columns of numbers stand right."""
    numeric = [at != head and _is_numeric(row[at] for row in rows) for at in range(len(columns))]

    def cell(at: int, value: str) -> Markup:
        if at == head:
            return tag("th", value, scope="row")
        return tag("td", value, class_="number" if numeric[at] else None)

    heads = (
        tag("th", name, scope="col", class_="number" if numeric[at] else None)
        for at, name in enumerate(columns)
    )
    body = (tag("tr", *(cell(at, value) for at, value in enumerate(row))) for row in rows)
    made = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *(join(["\n", row]) for row in body)),
    )
    # A table wider than the window is scrolled by itself, with the keyboard too.
    return tag("div", made, class_="wide", role="region", aria_label=caption, tabindex="0")


def _is_numeric(values: Iterable[str]) -> bool:
    found = [value for value in values if value]
    return bool(found) and all(re.fullmatch(r"-?[\d,.]+( %)?", value) for value in found)


def figure(svg: str, caption: str) -> Markup:
    """Return a drawing, whose title and description are its own, with a caption."""
    return tag("figure", Markup(svg), tag("figcaption", caption))
