"""Making Oxigraph stores: loading one from nothing, and changing a copy of another."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

__all__ = ["Loader", "load", "update"]


class Loader:
    """A new store that is loaded with N-Quads files in a thread of its own, which it deletes.

    Oxigraph holds no lock of Python's meanwhile, so that whoever writes the files goes on.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self._files: queue.SimpleQueue[tuple[Path, int] | None] = queue.SimpleQueue()
        self._loaded = 0
        self._failure: BaseException | None = None
        self._is_abandoned = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, nquads: Path, rows: int) -> None:
        """Have a file of so many quads loaded after those before it."""
        self._files.put((nquads, rows))

    def check(self) -> None:
        """Raise what stopped the loading: OSError where the disk refuses."""
        if self._failure is not None:
            raise self._failure

    def finish(self, progress: Callable[[int], None] = lambda _: None) -> None:
        """Wait for the end of all, and leave the store ready to be opened read-only.

        `progress` is told how many quads are loaded. Raises what stopped the loading; the store
        is then of no use.
        """
        self._files.put(None)
        self._join(progress)
        self.check()

    def abandon(self) -> None:
        """Load nothing more, and wait for what is being loaded; it cannot be interrupted."""
        self._is_abandoned = True
        self._files.put(None)
        self._join()

    def _join(self, progress: Callable[[int], None] = lambda _: None) -> None:
        while self._thread.is_alive():  # in steps, since Ctrl-C would have to wait otherwise
            self._thread.join(0.1)
            progress(self._loaded)

    def _run(self) -> None:
        try:
            self._load()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            # Without the traceback, which would keep the store open and its files in use.
            self._failure = error.with_traceback(None)

    def _load(self) -> None:
        import pyoxigraph as ox

        opened = ox.Store(str(self._store))
        while (file := self._files.get()) is not None and not self._is_abandoned:
            nquads, rows = file
            opened.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
            nquads.unlink()
            self._loaded += rows
        if not self._is_abandoned:
            opened.optimize()
            opened.flush()  # without it the next opening replays a log, for seconds


def load(nquads: Path, store: Path) -> None:
    """Load an N-Quads file into a new store and leave it ready to be opened read-only.

    Raises OSError where the disk refuses; the store is then of no use.
    """
    import pyoxigraph as ox

    opened = ox.Store(str(store))
    opened.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
    opened.optimize()
    opened.flush()


def update(base: Path, store: Path, removed: Iterable[str], nquads: Sequence[Path]) -> None:
    """Make a store that differs from another one in some graphs, whose files it shares.

    The graphs that are removed are those that go and those that change; the files hold the
    N-Quads of those that change and those that come. Raises OSError where the disk refuses; the
    store is then of no use.
    """
    import pyoxigraph as ox

    # Of a read-only store too: a copy by hard links, which takes milliseconds.
    ox.Store.read_only(str(base)).backup(str(store))
    opened = ox.Store(str(store))
    try:
        for graph in removed:
            opened.remove_graph(_graph_name(graph, ox))
        for path in nquads:
            opened.load(path=str(path), format=ox.RdfFormat.N_QUADS)
        opened.flush()  # never optimized: that would rewrite all that the two share
    finally:
        del opened  # closed here, though a traceback may refer to this frame


def _graph_name(graph: str, ox: Any) -> Any:
    return ox.BlankNode(graph[2:]) if graph.startswith("_:") else ox.NamedNode(graph)
