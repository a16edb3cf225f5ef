"""Asking an endpoint: within a time, up to a size, with errors of one line."""

from __future__ import annotations

import http.client
import math
import re
import tempfile
import threading
import time
import urllib.error
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from SPARQLWrapper import POST, TURTLE

from kg import queries, store
from kg.errors import OutputError, QueryError, QueryTimeoutError, RequestError
from kg.namespaces import expand
from kg.remote.request import Request, make_request
from kg.texts import shorten

__all__ = ["MOST_BYTES", "MOST_RETRIES", "ask", "check_address", "prepare"]

#: The largest answer that is taken.
MOST_BYTES = 128 * 2**20
#: How often a request that reached no service is sent again.
MOST_RETRIES = 2
_RESULTS = {
    "application/json": "json",
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
}
_TRIPLES = {
    "application/n-triples": "ntriples",
    "application/turtle": "turtle",
    "text/turtle": "turtle",
}
# Of the results that one may have to look into again because they say nothing.
_MOST_HOLLOW_BYTES = 4096
_CHUNK = 2**16
_MOST_SAID = 2000
_STEP = 0.005
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

T = TypeVar("T")


def prepare(
    query: str | queries.NamedQuery,
    params: Mapping[str, str],
    resolve: queries.Resolve | None = None,
) -> str:
    """Return the text of a query by name or as given, with all that an endpoint does not know.

    Parameters are bound and prefixes declared. `resolve` finds nodes by name, in a local graph;
    without it, nodes are given by their IRIs. Raises RequestError as `kg.queries.prepare` does.
    """

    def find(kind: str | None, name: str) -> str:
        if _IRI.match(name) or expand(name):  # the endpoint may know it, and a local graph not
            return expand(name) or name
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        if resolve is None:
            raise RequestError(
                f"{name!r}: without a local graph to find names in, give the IRI of the node"
            )
        return resolve(kind, name)

    return queries.with_prefixes(queries.prepare(query, params, find))


def ask(
    endpoint: str,
    query: str,
    *,
    syntax: str = "rows",
    limit: int | None = None,
    timeout: float | None = 60.0,
) -> store.Answer | store.Answered:
    """Send a query that `prepare` returned to an endpoint.

    Returns an `Answer` for the syntax `rows`, else an open file in one of `kg.store.FORMATS`.
    Raises RequestError for an address that is none, QueryTimeoutError after `timeout` seconds for
    all of it, and QueryError for everything that the endpoint does wrong, or says is wrong; also
    where the query sees nothing because the endpoint's default graph is empty. Raises OutputError
    where the system's temporary folder is full.
    """
    client = _Client(check_address(endpoint), timeout)
    with tempfile.NamedTemporaryFile() as body:
        results = client.fetch(query, body)
        if body.tell() <= _MOST_HOLLOW_BYTES and not _names_graphs(query):
            answer = cast(store.Answer, client.convert(body, results, "rows", None))
            if _is_hollow(answer) and client.sees_no_graph():
                raise QueryError(
                    f"{endpoint}: its default graph is empty, its named graphs are not; have it "
                    "query their union: Oxigraph by --union-default-graph, Fuseki by "
                    "tdb2:unionDefaultGraph true"
                )
            if syntax == "rows" and (limit is None or len(answer) <= limit):
                return answer
        return client.convert(body, results, syntax, limit)


def check_address(endpoint: str) -> str:
    """Return the address of an endpoint; RequestError if it is none over http or https."""
    try:
        parts = urlsplit(endpoint.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise RequestError(f"{endpoint!r} is not an address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise RequestError(f"{endpoint!r}: an endpoint's address begins with http:// or https://")
    if parts.username is not None:
        raise RequestError("an endpoint's address may not hold a name and password")
    if any(not "!" <= c <= "~" for c in endpoint.strip()):
        raise RequestError(
            f"{endpoint!r}: an address holds neither spaces nor letters beyond ASCII"
        )
    return urlunsplit(parts._replace(fragment=""))


class _Client:
    """An endpoint, and the time until which it has to have answered."""

    def __init__(self, endpoint: str, timeout: float | None) -> None:
        self.endpoint, self.timeout = endpoint, timeout
        self.deadline = time.monotonic() + (math.inf if timeout is None else timeout)

    def remaining(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError(
                f"{self.endpoint} did not answer within {self.timeout:g} s; "
                "give it more with --timeout"
            )
        return left

    def fetch(self, query: str, out: IO[bytes]) -> str:
        """Write the endpoint's answer into a file and return its syntax."""
        for attempt in range(MOST_RETRIES + 1):
            request = make_request(self.endpoint, query)
            is_safe = request.method != POST
            try:
                return self._within(partial(self._receive, request, out))
            except urllib.error.HTTPError as error:
                if not (error.code == 503 and is_safe and attempt < MOST_RETRIES):
                    refusal = self._within(partial(_refusal, error))
                    raise QueryError(f"{self.endpoint} {refusal}") from None
                error.close()
            except OutputError:
                raise
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason = error.reason if isinstance(error, urllib.error.URLError) else error
                is_refused = isinstance(reason, ConnectionRefusedError)
                if isinstance(reason, TimeoutError):
                    self.deadline = -math.inf  # a socket's time is what was left of all of it
                    self.remaining()
                if not (is_refused and is_safe and attempt < MOST_RETRIES):
                    raise QueryError(f"{self.endpoint}: {_failure(reason)}") from None
            time.sleep(min(0.25 * 2**attempt, self.remaining()))
        raise AssertionError("the last attempt returns or raises")

    def convert(
        self, body: IO[bytes], results: str, syntax: str, limit: int | None
    ) -> store.Answer | store.Answered:
        """Read an answer in a process of its own."""
        left = self.remaining()
        timeout = None if math.isinf(left) else left
        try:
            return store.convert(
                Path(body.name), results, syntax=syntax, limit=limit, timeout=timeout
            )
        except QueryTimeoutError:
            self.deadline = -math.inf
            self.remaining()
            raise
        except QueryError as error:
            raise QueryError(f"{self.endpoint}: {error}") from None

    def sees_no_graph(self) -> bool:
        """Tell whether the default graph is empty while a named one is not."""
        return not self._is_true("ASK { ?s ?p ?o }") and self._is_true(
            "ASK { GRAPH ?g { ?s ?p ?o } }"
        )

    def _is_true(self, query: str) -> bool:
        with tempfile.NamedTemporaryFile() as body:
            answer = self.convert(body, self.fetch(query, body), "rows", None)
        return cast(store.Answer, answer).rows == [("true",)]

    def _within(self, work: Callable[[threading.Event], T]) -> T:
        """Return what a function returns in a thread, which is given up when the time is over.

        Neither finding an address by name nor reading headers can be stopped otherwise.
        """
        done: list[T] = []
        failed: list[Exception] = []
        stop = threading.Event()

        def run() -> None:
            try:
                done.append(work(stop))
            except Exception as error:  # noqa: BLE001 - raised again by the caller
                failed.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                self.remaining()
                thread.join(_STEP)
        finally:
            stop.set()
        if failed:
            raise failed[0]
        return done[0]

    def _receive(self, request: Request, out: IO[bytes], stop: threading.Event) -> str:
        left = self.remaining()
        request.seconds = None if math.isinf(left) else left
        with request.query().response as response:
            syntax = self._syntax_of(response, request)
            length = response.headers.get("Content-Length", "")
            declared = int(length) if length.isdecimal() else None
            size = 0
            while not stop.is_set():
                if max(size, declared or 0) > MOST_BYTES:
                    most = f"{MOST_BYTES / 2**20:g} MiB"
                    raise QueryError(
                        f"{self.endpoint}: its answer is larger than {most}; use LIMIT"
                    )
                # A part at a time as it comes: a server that trickles is given up in time.
                data = b"" if size == declared else response.read1(_CHUNK)
                if not data:
                    break
                size += len(data)
                _write(data, out)
        if declared is not None and size < declared:
            raise QueryError(
                f"{self.endpoint}: its answer ends after {size:,} of {declared:,} bytes"
            )
        out.flush()
        return syntax

    def _syntax_of(self, response: http.client.HTTPResponse, request: Request) -> str:
        known = _TRIPLES if request.returnFormat == TURTLE else _RESULTS
        found = response.headers.get_content_type()
        if found not in known:
            given = found if "Content-Type" in response.headers else "nothing that says what it is"
            wanted = "Turtle or N-Triples" if known is _TRIPLES else "SPARQL results"
            raise QueryError(
                f"{self.endpoint} answers with {given} and not with {wanted}; "
                "is this the address of a SPARQL endpoint?"
            )
        coding = response.headers.get("Content-Encoding", "identity")
        if coding != "identity":
            raise QueryError(f"{self.endpoint} answers in the encoding {coding}, unasked")
        return known[found]


def _write(data: bytes, out: IO[bytes]) -> None:
    try:
        out.write(data)
        out.flush()
    except OSError as error:  # which is not the endpoint's
        raise OutputError(
            f"{tempfile.gettempdir()}: an answer cannot be written ({error.strerror})"
        ) from None


def _names_graphs(query: str) -> bool:
    return any(token.word in ("FROM", "GRAPH") for token in queries.scan(query))


def _is_hollow(answer: store.Answer) -> bool:
    """Tell whether an answer is what a query over nothing gives: no rows, or one of zeros."""
    return len(answer.rows) < 2 and all(
        value in (None, "", "0", "0.0", "false") for row in answer.rows for value in row
    )


def _refusal(error: urllib.error.HTTPError, _stop: threading.Event) -> str:
    """Return what an answer with a code of failure says, in one line."""
    said = ""
    try:
        if error.headers.get_content_type() in ("application/json", "text/plain"):
            said = _line(error.read1(_MOST_SAID).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException, ValueError):
        pass  # the code says enough
    finally:
        error.close()
    hint = "; kg sends no name or password" if error.code in (401, 403) else ""
    return f"answers {error.code} {_line(error.reason)}{f': {said}' if said else ''}{hint}"


def _failure(reason: object) -> str:
    """Return why there is no answer, in one line."""
    text = _line(getattr(reason, "strerror", None) or str(reason))
    return f"no answer ({text or type(reason).__name__})"


def _line(text: object) -> str:
    return shorten(" ".join(str(text).split()), 200)
