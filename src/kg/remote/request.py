"""Requests of the SPARQL 1.1 protocol, made by SPARQLWrapper and sent in a way that is safe.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import urllib.request
from http.client import HTTPMessage, HTTPResponse
from typing import IO
from urllib.parse import parse_qsl, quote_plus, urlsplit, urlunsplit

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from kg import __version__, queries

__all__ = ["Request", "make_request"]

# What a server is sure to take; a longer query is sent by POST.
_LONGEST_URL = 4000


class Request(SPARQLWrapper):
    """A request as SPARQLWrapper makes it, sent with a time limit and without its redirects."""

    seconds: float | None = None

    def _parseQueryType(self, query: str) -> str:
        # Its own way takes a word of a comment for the form, and may send an update.
        return queries.form(query).upper()

    def _query(self) -> tuple[HTTPResponse, str]:
        response = _opener().open(self._createRequest(), timeout=self.seconds)
        return response, self.returnFormat


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect of a GET to another address over http or https."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        fp.close()  # its body, of whatever length, would be read next
        address = newurl.partition("?")[0]
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise _RedirectError(f"redirects to {address[:200]}, which is not http or https")
        if req.data is not None:  # it would be sent again without the query
            raise _RedirectError(f"redirects to {address[:200]}; give that address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _RedirectError(OSError):
    """A redirect that is not followed."""


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener for http and https; `build_opener` would add file, ftp and data."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener


def make_request(endpoint: str, query: str) -> Request:
    """Return the request for a query: a GET, or a POST where its address would be too long."""
    parts = urlsplit(endpoint)
    request = Request(urlunsplit(parts._replace(query="")), agent=f"skills-kg/{__version__}")
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        request.addParameter(name, value)
    is_triples = queries.form(query) in ("construct", "describe")
    request.setReturnFormat(TURTLE if is_triples else JSON)
    request.setOnlyConneg(True)  # else it repeats the format in five parameters
    wanted = (
        "text/turtle, application/n-triples;q=0.9"
        if is_triples
        else (
            "application/sparql-results+json, application/json;q=0.9, "
            "application/sparql-results+xml;q=0.8"
        )
    )
    request.addCustomHttpHeader("Accept", wanted)
    request.setQuery(query)
    if len(endpoint) + len(quote_plus(query)) > _LONGEST_URL:
        request.setMethod(POST)
    return request
