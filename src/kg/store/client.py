"""Asking the store: the parent's side of `kg.store.worker`."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from kg.errors import OutputError, QueryError, QueryTimeoutError, RequestError
from kg.namespaces import PREFIXES
from kg.store.answer import Answer, Reader, Rows
from kg.store.tables import Term

__all__ = [
    "FORMATS",
    "MOST_BYTES",
    "RESULTS",
    "Answer",
    "Answered",
    "Rows",
    "Term",
    "ask",
    "convert",
    "stream",
    "write",
]

#: What a table of results, and what a graph of results, can be written as.
FORMATS = ("csv", "json", "jsonld", "ntriples", "tsv", "turtle", "xml")
#: What the results of another store may be written in, for `convert`.
RESULTS = ("json", "ntriples", "turtle", "xml")
_GIB = 2**30
#: The largest answer that is kept for a caller, on the disk for temporary files.
MOST_BYTES = _GIB
#: The syntaxes that rows may come in, beside one of our own.
_TAKEN = ("ntriples", "tsv")
_WORKER = Path(__file__).with_name("worker.py")
_WORKER_ERROR = 3
_STEP = 0.005
# How much of an answer is read at once while the rest of it is still written.
_PIECE = 2**22


Answered = IO[bytes]


class _UnwritableError(OSError):
    """What the worker writes to takes no more."""


def ask(
    store: Path,
    query: str,
    *,
    syntax: str = "rows",
    limit: int | None = None,
    timeout: float | None = 60.0,
) -> Answer | Answered:
    """Evaluate a query over the union of all graphs, in a process of its own.

    Returns an `Answer` for the syntax `rows`, else an open file with the serialized results.
    Raises QueryTimeoutError after `timeout` seconds, QueryError for a query that is wrong, that
    ended its process, or whose answer has more than `MOST_BYTES`, RequestError for an unknown
    syntax, and OutputError where the answer finds no room. Nothing of it is returned then.
    """
    request = {"store": str(store), "query": query, "prefixes": PREFIXES}
    return _answered(request, syntax, limit, timeout)


def convert(
    results: Path,
    results_syntax: str,
    *,
    syntax: str = "rows",
    limit: int | None = None,
    timeout: float | None = 60.0,
) -> Answer | Answered:
    """Read the results of a query that another store wrote, in one of RESULTS.

    A stranger wrote them, so they too are read in a process that may be stopped. Returns and
    raises as `ask` does.
    """
    request = {"results": {"path": str(results), "syntax": results_syntax}, "taken": []}
    return _answered(request, syntax, limit, timeout)


def write(
    store: Path, query: str, out: IO[bytes], *, syntax: str, timeout: float | None = 60.0
) -> None:
    """Evaluate a query as `ask` does, and have the results written to a file as they come.

    The file has a descriptor, and no limit but that of its disk: OSError where that is full.
    Raises as `ask` does else; the file then holds a part of the answer.
    """
    request = {"store": str(store), "query": query, "prefixes": PREFIXES, "most": None}
    _run(_with_syntax(request, syntax, None), out, timeout)


def stream(store: Path, query: str, *, timeout: float | None = 60.0) -> Rows:
    """Evaluate a query as `ask` does, and return rows that are read when they are wanted."""
    request = {"store": str(store), "query": query, "prefixes": PREFIXES, "taken": ["tsv"]}
    return Rows(_results(request, "rows", None, timeout))


def _answered(
    request: dict[str, Any], syntax: str, limit: int | None, timeout: float | None
) -> Answer | Answered:
    if syntax != "rows":
        return _results(request, syntax, limit, timeout)
    reader = Reader(limit)
    with _results(request, syntax, limit, timeout, reader) as out:
        while data := out.read(_PIECE):
            reader.feed(data)
    return reader.answer()


def _results(
    request: dict[str, Any],
    syntax: str,
    limit: int | None,
    timeout: float | None,
    reader: Reader | None = None,
) -> IO[bytes]:
    """Return what the worker wrote, from where the reader has not read it yet."""
    line = _with_syntax({"most": MOST_BYTES, **request}, syntax, limit)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller gets it open
    try:
        read = 0

        def read_on() -> bool:
            # At a place of its own: where the file is read otherwise is where the worker writes.
            nonlocal read
            if reader is None or os.fstat(out.fileno()).st_size - read < _PIECE:
                return False
            data = os.pread(out.fileno(), _PIECE, read)
            reader.feed(data)
            read += len(data)
            return True

        _run(line, out, timeout, read_on if hasattr(os, "pread") else None)
        out.seek(read)
    except _UnwritableError as error:
        out.close()
        raise OutputError(
            f"{tempfile.gettempdir()}: an answer cannot be written ({error.strerror})"
        ) from None
    except BaseException:
        out.close()
        raise
    return out


def _with_syntax(request: dict[str, Any], syntax: str, limit: int | None) -> bytes:
    """Return a request as the worker reads it."""
    if syntax not in ("rows", *FORMATS):
        raise RequestError(f"no format {syntax!r}; there are: {', '.join(FORMATS)}")
    request = {"taken": _TAKEN, **request, "format": syntax, "limit": limit, "memory": _memory()}
    return json.dumps(request).encode() + b"\n"


def _run(
    request: bytes,
    out: IO[bytes],
    timeout: float | None,
    meanwhile: Callable[[], bool] | None = None,
) -> None:
    """Have the worker answer a request into a file; `meanwhile` tells whether it did something."""
    # A session of its own: Ctrl-C reaches this process only, which then kills the child. Without
    # -P the child would import what a working folder happens to have, a json.py for example.
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:  # which is no fault of what is written to
        raise RequestError(
            f"a query runs in a process of its own, and {sys.executable} cannot be started: "
            f"{error.strerror}"
        ) from None
    assert process.stdin is not None
    assert process.stderr is not None
    deadline = time.monotonic() + (math.inf if timeout is None else timeout)
    try:
        with suppress(BrokenPipeError):  # it ended before it had read all; its message says why
            process.stdin.write(request)
            process.stdin.flush()
        # In small steps, since Ctrl-C does not end a blocking read once Polars is loaded.
        while process.poll() is None:
            if time.monotonic() > deadline:
                raise QueryTimeoutError(
                    f"the query was stopped after {timeout:g} s; give it more with --timeout"
                )
            if meanwhile is None or not meanwhile():
                time.sleep(_STEP)
        message = process.stderr.read()
    finally:
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stderr.close()
    if process.returncode:
        raise _failure(process.returncode, message)


def _failure(code: int, message: bytes) -> Exception:
    lines = message.decode("utf-8", "replace").strip().splitlines()
    if code == _WORKER_ERROR and lines:
        error = json.loads(lines[-1])
        text = " ".join(error["message"].split())
        match error["kind"]:
            case "results":
                return QueryError(f"the results are ill-formed: {text}")
            case "syntax":
                return QueryError(f"the query is not valid SPARQL: {text}")
            case "size":
                return QueryError(
                    f"the answer has more than {MOST_BYTES / _GIB:g} GiB; use LIMIT, or have it "
                    "written to a file as it comes: --format csv -o FILE"
                )
            case "output":
                return _UnwritableError(error["errno"], text)
        return QueryError(text)
    if code < 0:
        return QueryError(
            "the query ended the process that evaluated it (it is nested or chained too deeply, "
            "or needs too much memory)"
        )
    said = lines[-1] if lines else f"exit code {code}"
    return QueryError(f"the query could not be evaluated: {said}")


def _memory() -> int:
    """Return what a query may use: half of the memory, at least the 1 GiB that opening takes."""
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 4 * _GIB
    return max(2 * _GIB, pages * size // 2)
