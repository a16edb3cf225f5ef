"""The same queries, sent to a SPARQL 1.1 endpoint: only this module imports SPARQLWrapper.

SPARQLWrapper makes the request. It is sent here, since it would wait for ever, follow a redirect
to a file, and read an error page of any length: the opener knows http and https only, a thread
that can be given up reads into a file up to a limit, and what was read is parsed in the process
that also answers queries locally, so that rows and formats are the same.
"""

from __future__ import annotations

from kg.remote.client import MOST_BYTES, MOST_RETRIES, ask, check_address, prepare

__all__ = ["MOST_BYTES", "MOST_RETRIES", "ask", "check_address", "prepare"]
