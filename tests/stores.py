"""Stores to ask: of a few quads of every kind of term, and of many; and what was answered."""

from __future__ import annotations

from pathlib import Path
from typing import IO, cast

from kg import quads, store
from kg.model import Quad
from kg.namespaces import XSD

__all__ = ["ENDLESS", "ODD", "A", "B", "G", "answer", "load", "load_small", "rows", "written"]

A, B, G = "http://example.org/a", "http://example.org/b", "http://example.org/g"
# Every combination of five quads: for ever, on any store with some thousand of them.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
ODD = 'tab\t, "quotes", <&>, back\\slash, LF\n, CR\r, é😀 and \u2028'


def load(path: Path, rows: list[Quad]) -> Path:
    """Load quads into a new store below a folder and return its path."""
    nquads = path / "all.nq"
    with nquads.open("wb") as out:
        quads.write_nquads(quads.from_rows(rows), out)
    store.load(nquads, path / "store")
    return path / "store"


def load_small(path: Path) -> Path:
    """Load a few quads, of every kind of term, into a new store and return its path."""
    rows = [
        quads.iri(A, B, "http://example.org/c", G),
        Quad("_:x", B, "_:y", "blank", None, None, G),
        quads.literal(A, B, ODD, G),
        quads.text(A, B, "text", G, "en-GB"),
        quads.literal(A, B, "3.00", "http://example.org/h", XSD.decimal),
        quads.literal(A, B, "01", "http://example.org/h", XSD.integer),
        quads.literal(A, B, "no number", None, XSD.integer),
    ]
    return load(path, rows)


def rows(path: Path, query: str, **options: object) -> list[tuple[str | None, ...]]:
    """Return the rows of an answer as texts."""
    return answer(path, query, **options).rows


def answer(path: Path, query: str, **options: object) -> store.Answer:
    """Return an answer as a table."""
    return cast(store.Answer, store.ask(path, query, **options))  # type: ignore[arg-type]


def written(path: Path, query: str, syntax: str) -> bytes:
    """Return an answer as the bytes of a syntax."""
    with cast(IO[bytes], store.ask(path, query, syntax=syntax)) as out:
        return out.read()
