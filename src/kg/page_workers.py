"""Reading pages in several processes, which write what they read as parts of a generation.

The processes are new ones (nothing is forked while the store is being loaded) and started by a
command of their own, so that no script of a caller is imported again. They end with their parent:
it is what they read their work from, as `kg.page_process` says.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError, OutputError
from kg.generations import Part, write_parts
from kg.pages import BATCH, PageContext, PageRead, read
from kg.readers import Input

__all__ = ["PageWorkers", "Written", "serve"]

# Two of them keep two cores busy beside the store's loader; more take more memory than time.
_MOST_WORKERS = 4
_STEP = 0.1
_PROCESS = Path(__file__).with_name("page_process.py")
#: What is sent to a worker begins with its length, in so many bytes.
_LENGTH = 8
#: How long it may take a process to end that answers no more.
_ENDING = 10.0
#: So many bytes are read of the end of what a process said.
_LAST = 2000
_KILLED = "was killed, as happens where there is too little memory"


@dataclass(frozen=True, slots=True)
class Written:
    """A page that was read in another process; its parts are written, with N-Quads beside them."""

    item: Input
    page: PageRead
    parts: tuple[tuple[Part, Path], ...] = ()


class PageWorkers:
    """Processes that read pages, until they are closed."""

    def __init__(self, context: PageContext, folder: Path, scratch: Path) -> None:
        """Start the processes; OutputError where the system refuses one."""
        start = pickle.dumps((context, folder, scratch))
        number = min(_MOST_WORKERS, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(number)
        self._futures: list[Future[list[Written]]] = []
        self._workers: list[_Worker] = []
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        try:
            for _ in range(number):
                self._workers.append(_Worker(start, scratch))
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise OutputError(
                    f"no process to read pages can be started ({error.strerror}); "
                    "nothing was published"
                ) from None
            raise
        for worker in self._workers:
            self._idle.put(worker)

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.end()
        self._threads.shutdown()

    def begin(self, items: Sequence[Input]) -> None:
        """Have pages read."""
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            self._futures.append(self._threads.submit(self._read, batch))

    def results(self) -> Iterator[Written]:
        """Yield the pages in the order in which they were given; raises what stopped a process."""
        for future in self._futures:
            while not wait([future], _STEP).done:
                pass  # in steps, since Ctrl-C would have to wait otherwise
            yield from future.result()

    def _read(self, batch: Sequence[Input]) -> list[Written]:
        worker = self._idle.get()
        try:
            return worker.read(batch)
        finally:
            self._idle.put(worker)


class _Worker:
    """A process that reads pages."""

    def __init__(self, start: bytes, scratch: Path) -> None:
        threads = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._said = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed when it ends
        try:
            # -P: a file of the working folder that has the name of a module is none of ours.
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_PROCESS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env={**os.environ, **threads},
            )
        except BaseException:
            self._said.close()
            raise
        self._start: bytes | None = start

    def read(self, batch: Sequence[Input]) -> list[Written]:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for message in (self._start, pickle.dumps(list(batch))):
                if message is not None:
                    process.stdin.write(len(message).to_bytes(_LENGTH) + message)
            self._start = None
            process.stdin.flush()
            result = pickle.load(process.stdout)  # of a process of ours
        except (EOFError, OSError, pickle.UnpicklingError):
            raise OutputError(
                f"a process that reads pages {self._why()}; nothing was published"
            ) from None
        if isinstance(result, BaseException):
            raise result
        written: list[Written] = result
        return written

    def _why(self) -> str:
        """Return how the process ended, and what it said last."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING)
        code = self._process.poll()
        if code is None:
            return "answered no more"
        if code == -signal.SIGKILL:
            return _KILLED
        self._said.seek(max(0, self._said.seek(0, os.SEEK_END) - _LAST))
        lines = self._said.read().decode("utf-8", "replace").splitlines()
        said = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"ended with exit code {code}" + (f": {said}" if said else "")

    def end(self) -> None:
        process = self._process
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, self._said):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def serve(messages: queue.SimpleQueue[bytes]) -> None:
    """Read pages as the messages of the parent process ask; it runs until it is ended."""
    answers = open(os.dup(1), "wb")  # noqa: PTH123, SIM115
    os.dup2(2, 1)  # whatever prints something prints it elsewhere
    context, folder, scratch = pickle.loads(messages.get())  # of a process of ours
    gc.freeze()  # it is large, and stays
    while True:
        batch = pickle.loads(messages.get())
        pickle.dump(_read_all(batch, context, folder, scratch), answers)
        answers.flush()


def _read_all(
    batch: Sequence[Input], context: PageContext, folder: Path, scratch: Path
) -> list[Written] | BaseException:
    try:
        read_pages = read(batch, context)
        tables = [table for page in read_pages for _, table in page.tables]
        # Of pages that give the same graph one is written; no more than one can be used.
        written = {part.graph: part for part in write_parts(folder, scratch, tables)}
        return [
            Written(
                item,
                PageRead(page.record, (), page.error),
                tuple((written[g], scratch / f"{written[g].file}.nq") for g, _ in page.tables),
            )
            for item, page in zip(batch, read_pages, strict=True)
        ]
    except InputError as error:  # of an IRI that no graph may hold
        return InputError(error.message, error.file, error.line)
    except OSError as error:
        return OSError(error.errno, error.strerror or str(error), error.filename)
    except MemoryError:
        return OutputError("a process that reads pages had too little memory")
    except Exception as error:  # noqa: BLE001 - raised by the parent, as if it had read the pages
        return _sent(error)


def _sent(error: Exception) -> Exception:
    """Return an exception that the parent can raise, with where it was raised here as a note."""
    place = "".join(traceback.format_tb(error.__traceback__))
    try:
        result = pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - whatever its class does when it is made anew
        result = RuntimeError(f"{type(error).__name__}: {error}")
    assert isinstance(result, Exception)
    result.add_note(f"In a process that reads pages:\n{place}")
    return result
