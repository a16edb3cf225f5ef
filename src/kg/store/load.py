"""Making Oxigraph stores: loading one from nothing, and changing a copy of another."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

__all__ = ["Loader", "load", "update"]


#: So many files are loaded at once: parsing one and writing another keep two processors busy.
_THREADS = 2
#: From so many bytes of N-Quads on a graph is loaded in bulk into a store that is changed.
_LARGE = 2**20


class Loader:
    """A new store that is loaded with N-Quads files in threads of its own, which it deletes.

    Oxigraph holds no lock of Python's meanwhile, so that whoever writes the files goes on.
    """

    def __init__(self, store: Path) -> None:
        import pyoxigraph as ox

        self._store: Any = ox.Store(str(store))
        self._files: queue.SimpleQueue[tuple[Path, int] | None] = queue.SimpleQueue()
        self._loaded: list[int] = []
        self._failure: BaseException | None = None
        self._is_abandoned = False
        self._threads = [Thread(target=self._run, daemon=True) for _ in range(_THREADS)]
        for thread in self._threads:
            thread.start()

    def put(self, nquads: Path, rows: int) -> None:
        """Have a file of so many quads loaded; OSError where the disk refused one before."""
        self.check()
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
        self._end(progress)
        if self._failure is None:
            last = Thread(target=self._noted, args=(self._optimize,), daemon=True)
            last.start()
            self._join([last], progress)
        self._store = None  # which closes its files
        self.check()

    def abandon(self) -> None:
        """Load nothing more, and wait for what is being loaded; it cannot be interrupted."""
        self._is_abandoned = True
        self._end(lambda _: None)
        self._store = None

    def _end(self, progress: Callable[[int], None]) -> None:
        for _ in self._threads:
            self._files.put(None)
        self._join(self._threads, progress)

    def _join(self, threads: Sequence[Thread], progress: Callable[[int], None]) -> None:
        for thread in threads:
            while thread.is_alive():  # in steps, since Ctrl-C would have to wait otherwise
                thread.join(0.1)
                progress(sum(self._loaded))

    def _run(self) -> None:
        self._noted(self._load)

    def _noted(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            # Without the traceback, which would keep the store open and its files in use.
            self._failure = error.with_traceback(None)

    def _load(self) -> None:
        import pyoxigraph as ox

        while (file := self._files.get()) is not None:
            nquads, rows = file
            if not self._is_abandoned and self._failure is None:
                self._store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
                nquads.unlink()
                self._loaded.append(rows)

    def _optimize(self) -> None:
        self._store.optimize()
        self._store.flush()  # without it the next opening replays a log, for seconds


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
            # In a transaction everything is in memory; what is loaded in bulk gets a file of its
            # own, of which there should not be many.
            is_large = path.stat().st_size > _LARGE
            put = opened.bulk_load if is_large else opened.load
            put(path=str(path), format=ox.RdfFormat.N_QUADS)
        opened.flush()  # never optimized: that would rewrite all that the two share
    finally:
        del opened  # closed here, though a traceback may refer to this frame


def _graph_name(graph: str, ox: Any) -> Any:
    return ox.BlankNode(graph[2:]) if graph.startswith("_:") else ox.NamedNode(graph)
