"""What differs between two graphs: nodes by class, tasks, and the statements of frameworks.

Two generations are compared over their quad tables, piece by piece. `docs/diff.md` explains what
is compared and the formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.diff.changeset import as_turtle
from kg.diff.difference import Diff, compare
from kg.diff.jsonlines import as_json
from kg.diff.text import MOST, as_text

__all__ = ["FORMATS", "MOST", "Diff", "as_text", "compare"]

#: What yields the text of each format; `as_text` also takes how many changes of a kind it shows.
FORMATS: dict[str, Callable[[Diff], Iterator[str]]] = {
    "json": as_json,
    "text": as_text,
    "turtle": as_turtle,
}
