"""The embedded store: loading it, and asking it in a process that can be stopped."""

from __future__ import annotations

from kg.store.client import FORMATS, MOST_BYTES, Answer, Answered, Rows, ask, convert, stream, write
from kg.store.load import Loader, load, update
from kg.store.where import Pattern, Places

__all__ = [
    "FORMATS",
    "MOST_BYTES",
    "Answer",
    "Answered",
    "Loader",
    "Pattern",
    "Places",
    "Rows",
    "ask",
    "convert",
    "load",
    "stream",
    "update",
    "write",
]
