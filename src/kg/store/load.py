"""Loading an Oxigraph store."""

from __future__ import annotations

from pathlib import Path

__all__ = ["load"]


def load(nquads: Path, store: Path) -> None:
    """Load an N-Quads file into a new store and leave it ready to be opened read-only.

    Raises OSError where the disk refuses; the store is then of no use.
    """
    import pyoxigraph as ox

    opened = ox.Store(str(store))
    opened.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
    opened.optimize()
    opened.flush()  # without it the next opening replays a log, for seconds
