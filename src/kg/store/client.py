"""Asking the store: the parent's side of `kg.store.worker`."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from kg.errors import QueryError, QueryTimeoutError, RequestError
from kg.namespaces import PREFIXES

__all__ = ["FORMATS", "RESULTS", "Answer", "Answered", "Term", "ask", "convert"]

#: What a table of results, and what a graph of results, can be written as.
FORMATS = ("csv", "json", "jsonld", "ntriples", "tsv", "turtle", "xml")
#: What the results of another store may be written in, for `convert`.
RESULTS = ("json", "ntriples", "turtle", "xml")
_GIB = 2**30
_WORKER = Path(__file__).with_name("worker.py")
_WORKER_ERROR = 3
_STEP = 0.005


class Term(NamedTuple):
    """A cell of a result: `kind` is iri, blank or literal, the rest as in the quad table."""

    kind: str
    value: str
    datatype: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns and rows of a result; `cut` tells that there are more rows than were asked for."""

    columns: list[str]
    terms: list[tuple[Term | None, ...]]
    cut: bool = False

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        """The rows as texts, without what kind of term each is."""
        return [tuple(t.value if t else None for t in row) for row in self.terms]


Answered = IO[bytes]


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
    Raises QueryTimeoutError after `timeout` seconds, QueryError for a query that is wrong or that
    ended its process, and RequestError for an unknown syntax. Nothing of the answer is returned
    then.
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
    request = {"results": {"path": str(results), "syntax": results_syntax}}
    return _answered(request, syntax, limit, timeout)


def _answered(
    request: dict[str, Any], syntax: str, limit: int | None, timeout: float | None
) -> Answer | Answered:
    if syntax not in ("rows", *FORMATS):
        raise RequestError(f"no format {syntax!r}; there are: {', '.join(FORMATS)}")
    request |= {"format": syntax, "limit": limit, "memory": _memory()}
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller gets it open
    try:
        _run(json.dumps(request).encode() + b"\n", out, timeout)
        out.seek(0)
    except BaseException:
        out.close()
        raise
    if syntax != "rows":
        return out
    with out:
        return _answer(out, limit)


def _run(request: bytes, out: IO[bytes], timeout: float | None) -> None:
    # A session of its own: Ctrl-C reaches this process only, which then kills the child. Without
    # -P the child would import what a working folder happens to have, a json.py for example.
    process = subprocess.Popen(
        [sys.executable, "-P", str(_WORKER)],
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
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
            time.sleep(_STEP)
        message = process.stderr.read()
    finally:
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stderr.close()
    if process.returncode:
        raise QueryError(_reason(process.returncode, message))


def _reason(code: int, message: bytes) -> str:
    lines = message.decode("utf-8", "replace").strip().splitlines()
    if code == _WORKER_ERROR and lines:
        error = json.loads(lines[-1])
        text = " ".join(error["message"].split())
        said = {
            "results": "the results are ill-formed: ",
            "syntax": "the query is not valid SPARQL: ",
        }
        return said.get(error["kind"], "") + text
    if code < 0:
        return (
            "the query ended the process that evaluated it (it is nested or chained too deeply, "
            "or needs too much memory)"
        )
    return f"the query could not be evaluated: {lines[-1] if lines else f'exit code {code}'}"


def _answer(lines: IO[bytes], limit: int | None) -> Answer:
    columns = json.loads(lines.readline())
    rows = list(_rows(lines))
    cut = limit is not None and len(rows) > limit
    return Answer(columns, rows[:limit] if cut else rows, cut)


def _rows(lines: IO[bytes]) -> Iterator[tuple[Term | None, ...]]:
    for line in lines:
        yield tuple(Term(*cell) if cell else None for cell in json.loads(line))


def _memory() -> int:
    """Return what a query may use: half of the memory, at least the 1 GiB that opening takes."""
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 4 * _GIB
    return max(2 * _GIB, pages * size // 2)
