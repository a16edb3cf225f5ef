"""The main module of the child process that evaluates one query.

The first line of standard input is a request as JSON; results go to standard output; an error is
one line of JSON on standard error, with exit code 3. Oxigraph can be neither stopped nor trusted
to survive a hostile query, so the parent kills this process; and if the parent dies, standard
input ends and this process goes too. It imports little, since every query waits for it.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import IO, Any, Protocol, TypeVar, cast

import pyoxigraph as ox

__all__ = ["main"]

ERROR = 3
#: Up to so many rows are written as they come; of more, the last may wait for a few others.
MOST_SINGLY = 10_000
_TRIPLE = ["subject", "predicate", "object"]
Cell = list[str | None] | None
T = TypeVar("T")
# Characters that XML 1.0 has no way to write, in UTF-8.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# A message may quote what another server said, and has to fit into the pipe that it is read from.
_MOST_MESSAGE = 1000
_SYNTAXES = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}
# What an endpoint may have answered with: a table of results, or triples.
_RESULTS = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
_TRIPLES = {"ntriples": ox.RdfFormat.N_TRIPLES, "turtle": ox.RdfFormat.TURTLE}


class Writer(Protocol):
    """What results are written to."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


def main() -> int:
    """Answer the request on standard input; return the exit code."""
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory(request["memory"])
    # With PYTHONUNBUFFERED Python's own standard output may write a part of what it is given.
    stdout = open(sys.stdout.fileno(), "wb", closefd=False)  # noqa: SIM115
    out = _Output(stdout, request["most"])
    try:
        results = _read(**request["results"]) if "results" in request else _evaluate(request)
        if request["format"] == "rows":
            _write_rows(results, request["limit"], out, request["taken"])
        else:
            _serialize(results, request["format"], out)
        out.flush()
    except SyntaxError as error:
        return _fail("results" if "results" in request else "syntax", str(error.msg))
    except MemoryError:
        return _fail("memory", "the query needs more memory than it may use")
    except (OSError, ValueError, RuntimeError) as error:
        if out.is_full:
            return _fail("size", "")
        if out.error is not None:
            return _fail("output", out.error.strerror or str(out.error), out.error.errno)
        return _fail("error", str(error))
    return 0


class _Output:
    """Standard output, up to so many bytes; it keeps why it takes no more.

    What it raises passes through Oxigraph, which makes errors of its own of it.
    """

    def __init__(self, out: IO[bytes], most: int | None) -> None:
        self._out, self._left = out, math.inf if most is None else most
        self.is_full = False
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            self.is_full = True
            raise ValueError("the answer is too large")
        return self._try(self._out.write, data)

    def flush(self) -> None:
        self._try(self._out.flush)

    def _try(self, act: Callable[..., T], *arguments: bytes) -> T:
        try:
            return act(*arguments)
        except OSError as error:
            self.error = error
            raise


def _evaluate(request: dict[str, Any]) -> Any:
    store = ox.Store.read_only(request["store"])
    return store.query(
        request["query"], prefixes=request["prefixes"], use_default_graph_as_union=True
    )


def _read(path: str, syntax: str) -> Any:
    """Return results that another store wrote: solutions, an answer, or a list of triples."""
    if syntax in _TRIPLES:
        return [quad.triple for quad in ox.parse(path=path, format=_TRIPLES[syntax])]
    return ox.parse_query_results(path=path, format=_RESULTS[syntax])


def _serialize(results: Any, syntax: str, out: Writer) -> None:
    chosen = _SYNTAXES[syntax]
    if _is_triples(results):
        if not isinstance(chosen, ox.RdfFormat):
            raise ValueError(f"a query for triples is answered as RDF, not as {syntax}")
        from kg import rdf

        out.write(rdf.write(sorted(set(results), key=str), chosen))
    elif isinstance(chosen, ox.RdfFormat):
        raise ValueError(f"{syntax} is for CONSTRUCT and DESCRIBE; this query gives a table")
    elif isinstance(results, ox.QueryBoolean) and syntax in ("csv", "tsv"):
        out.write(b"true\n" if results else b"false\n")
    else:
        results.serialize(_XmlOnly(out) if syntax == "xml" else out, chosen)


class _XmlOnly:
    """Passes on what is XML: Oxigraph writes every character as it is.

    Those that XML does not have are refused; CR is escaped, since parsers read it as LF.
    """

    def __init__(self, out: Writer) -> None:
        self._out, self._end = out, b""

    def write(self, data: bytes) -> int:
        if _NOT_XML.search(self._end + data):
            raise ValueError("a result holds a character that XML does not have; json takes it")
        self._end = data[-2:]  # a character may be cut in two
        self._out.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        self._out.flush()


def _write_rows(
    results: Any, limit: int | None, out: Writer, taken: Collection[str] = ("ntriples", "tsv")
) -> None:
    """Write a line of the syntax and the column names, then the rows.

    Of more than `limit` rows one more is written, so that the reader knows. Oxigraph serializes
    them in the syntaxes that are `taken` where that is exact: TSV cannot tell no rows from rows
    of no columns, and writes the booleans 1 and 0, which no store of ours holds, as words. Of a
    few rows each is written as it comes, a line of cells as [kind, value, datatype, language].
    """
    is_few = limit is not None and limit <= MOST_SINGLY
    if isinstance(results, ox.QueryTriples) and "ntriples" in taken and limit is None:
        _write_line(["ntriples", _TRIPLE], out)
        results.serialize(cast("IO[bytes]", out), ox.RdfFormat.N_TRIPLES)
    elif _has_columns(results) and "tsv" in taken and not is_few:
        _write_line(["tsv", [v.value for v in results.variables]], out)
        lines = _Lines(out, limit)
        try:
            results.serialize(lines, ox.QueryResultsFormat.TSV)
        except (OSError, ValueError, RuntimeError):
            if not lines.is_enough:
                raise
    else:
        _write_singly(results, limit, out)


def _has_columns(results: Any) -> bool:
    return isinstance(results, ox.QuerySolutions) and bool(results.variables)


class _Lines:
    """Passes on what is below the first line, and so many lines of it and one more."""

    def __init__(self, out: Writer, limit: int | None) -> None:
        self._out, self._left = out, math.inf if limit is None else limit + 1
        self._is_begun = self.is_enough = False

    def write(self, data: bytes) -> int:
        if self.is_enough:  # what is left in a buffer is tried again when it is given up
            return len(data)
        rest = data
        if not self._is_begun:
            _, end, rest = data.partition(b"\n")
            self._is_begun = bool(end)
        if self._left < math.inf:
            rest = self._cut(rest)
        self._out.write(rest)
        if self.is_enough:
            raise ValueError("there are as many lines as were wanted")
        return len(data)

    def _cut(self, data: bytes) -> bytes:
        lines = data.count(b"\n")
        if lines < self._left:
            self._left -= lines
            return data
        self.is_enough = True
        return b"\n".join([*data.split(b"\n", int(self._left))[: int(self._left)], b""])

    def flush(self) -> None:
        self._out.flush()


def _write_singly(results: Any, limit: int | None, out: Writer) -> None:
    rows: Iterator[list[Cell]]
    if isinstance(results, ox.QueryBoolean):
        columns, rows = ["answer"], iter([[["literal", str(bool(results)).lower(), None, None]]])
    elif _is_triples(results):
        columns = _TRIPLE
        triples = sorted(set(results), key=str)
        rows = ([_cell(t.subject), _cell(t.predicate), _cell(t.object)] for t in triples)
    else:
        columns = [v.value for v in results.variables]
        rows = ([_cell(value) for value in solution] for solution in results)
    _write_line(["json", columns], out)
    for number, row in enumerate(rows):
        if limit is not None and number > limit:
            break
        _write_line(row, out)


def _is_triples(results: Any) -> bool:
    return isinstance(results, ox.QueryTriples | list)


def _write_line(value: Any, out: Writer) -> None:
    out.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")


def _cell(term: Any) -> Cell:
    if term is None:
        return None
    if isinstance(term, ox.Triple) or getattr(term, "direction", None) is not None:
        raise ValueError("a result holds a triple term or a base direction (RDF 1.2); use json")
    if isinstance(term, ox.Literal):
        return ["literal", term.value, term.datatype.value, term.language]
    return ["blank" if isinstance(term, ox.BlankNode) else "iri", term.value, None, None]


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # not on this system; the time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(ERROR)


def _fail(kind: str, message: str, number: int | None = None) -> int:
    error = {"kind": kind, "message": message[:_MOST_MESSAGE], "errno": number}
    sys.stderr.write(json.dumps(error) + "\n")
    return ERROR


if __name__ == "__main__":
    code = main()
    with suppress(OSError):  # what is left of an answer that could not be written
        sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # without waiting for the store to close
