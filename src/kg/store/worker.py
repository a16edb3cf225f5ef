"""The child process that evaluates one query: `python -m kg.store.worker`.

The first line of standard input is a request as JSON; results go to standard output; an error is
one line of JSON on standard error, with exit code 3. Oxigraph can be neither stopped nor trusted
to survive a hostile query, so the parent kills this process; and if the parent dies, standard
input ends and this process goes too.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import IO, Any

import pyoxigraph as ox

from kg import rdf

__all__ = ["main"]

ERROR = 3
Cell = list[str | None] | None
_SYNTAXES = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def main() -> int:
    """Answer the request on standard input; return the exit code."""
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory(request["memory"])
    out = sys.stdout.buffer
    try:
        store = ox.Store.read_only(request["store"])
        results = store.query(
            request["query"], prefixes=request["prefixes"], use_default_graph_as_union=True
        )
        if request["format"] == "rows":
            _write_rows(results, request["limit"], out)
        else:
            _serialize(results, request["format"], out)
        out.flush()
    except SyntaxError as error:
        return _fail("syntax", str(error.msg))
    except MemoryError:
        return _fail("memory", "the query needs more memory than it may use")
    except (OSError, ValueError, RuntimeError) as error:
        return _fail("error", str(error))
    return 0


def _serialize(results: Any, syntax: str, out: IO[bytes]) -> None:
    chosen = _SYNTAXES[syntax]
    if isinstance(results, ox.QueryTriples):
        if not isinstance(chosen, ox.RdfFormat):
            raise ValueError(f"a query for triples is answered as RDF, not as {syntax}")
        out.write(rdf.write(sorted(set(results), key=str), chosen))
    elif isinstance(chosen, ox.RdfFormat):
        raise ValueError(f"{syntax} is for CONSTRUCT and DESCRIBE; this query gives a table")
    elif isinstance(results, ox.QueryBoolean) and syntax in ("csv", "tsv"):
        out.write(b"true\n" if results else b"false\n")
    else:
        results.serialize(out, chosen)


def _write_rows(results: Any, limit: int | None, out: IO[bytes]) -> None:
    """Write a line of column names, then a line a row: cells as [kind, value, datatype, language].

    Of more than `limit` rows one more is written, so that the reader knows.
    """
    rows: Iterator[list[Cell]]
    if isinstance(results, ox.QueryBoolean):
        columns, rows = ["answer"], iter([[["literal", str(bool(results)).lower(), None, None]]])
    elif isinstance(results, ox.QueryTriples):
        columns = ["subject", "predicate", "object"]
        rows = iter([[_cell(t.subject), _cell(t.predicate), _cell(t.object)] for t in results])
    else:
        columns = [v.value for v in results.variables]
        rows = ([_cell(value) for value in solution] for solution in results)
    _write_line(columns, out)
    for number, row in enumerate(rows):
        if limit is not None and number > limit:
            break
        _write_line(row, out)


def _write_line(value: Any, out: IO[bytes]) -> None:
    out.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")


def _cell(term: Any) -> Cell:
    if term is None:
        return None
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


def _fail(kind: str, message: str) -> int:
    sys.stderr.write(json.dumps({"kind": kind, "message": message}) + "\n")
    return ERROR


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # without waiting for the store to close
