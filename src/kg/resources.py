"""Finds the project's data folders, in a checkout or inside the installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kg.errors import RequestError

__all__ = ["FOLDERS", "folder"]

FOLDERS = ("build", "ontology", "queries", "shapes")

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """Return one of the data folders.

    Raises RequestError for another name, or where an installation is incomplete.
    """
    if name not in FOLDERS:
        raise RequestError(f"no data folder {name!r}; there are: {', '.join(FOLDERS)}")
    # The wheel carries the folders below the package; a checkout has them beside src/.
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise RequestError(f"the installation lacks its {name}/ folder; install skills-kg again")
