"""What a generation was checked with: digests of shapes, kept beside its manifest.

It is no part of the generation: it may lack, and what cannot be read or written is not known.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress

from kg.generations.model import Generation

__all__ = ["CHECKED", "checked_with", "note_checked"]

CHECKED = "checked.json"
#: So many bytes are read; those of a hundred thousand shapes.
_LARGEST = 2**23


def checked_with(generation: Generation, engine: str) -> frozenset[str]:
    """Return the digests of the shapes that an engine has checked a generation with, wholly."""
    path = generation.path / CHECKED
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return frozenset()
        stated = json.loads(path.read_text(encoding="utf-8"))
        is_known = stated["engine"] == engine and isinstance(stated["shapes"], list)
        return frozenset(filter(_is_text, stated["shapes"])) if is_known else frozenset()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def note_checked(generation: Generation, engine: str, shapes: Collection[str]) -> None:
    """Add to what a generation was checked with, if its folder can be written.

    Of two that do so at once, what is added may be lost; never is more claimed than is true.
    """
    known = checked_with(generation, engine)
    if known >= {*shapes}:
        return
    stated = {"engine": engine, "shapes": sorted({*known, *shapes})}
    # One name, so that of those that were killed no more than one is left
    draft = generation.path / f".{CHECKED}"
    with suppress(OSError):
        try:
            draft.write_text(json.dumps(stated, indent=0) + "\n", encoding="utf-8")
            draft.replace(generation.path / CHECKED)
        finally:
            draft.unlink(missing_ok=True)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
