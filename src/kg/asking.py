"""Asking: what a graph and an endpoint have in common, whoever evaluates the query."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import IO, cast

from kg import queries, store

__all__ = ["Asking"]


class Asking(ABC):
    """What takes queries, by name or as SPARQL text, and gives answers."""

    @abstractmethod
    def prepare(self, query: str | queries.NamedQuery, params: Mapping[str, str]) -> str:
        """Return the text of a query by name or as given, checked and with parameters bound.

        Raises RequestError for wrong parameters and for a query that may not run.
        """

    @abstractmethod
    def ask(
        self,
        text: str,
        *,
        syntax: str = "rows",
        limit: int | None = None,
        timeout: float | None = 60.0,
    ) -> store.Answer | store.Answered:
        """Evaluate what `prepare` returned; `kg.store.ask` says how."""

    def query(
        self,
        query: str | queries.NamedQuery,
        params: Mapping[str, str] | None = None,
        *,
        limit: int | None = None,
        timeout: float | None = 60.0,
    ) -> store.Answer:
        """Answer a named query, or the text of one, with at most `limit` rows.

        Raises RequestError for wrong parameters or a query that may not run, QueryError for one
        that is wrong or whose answer is too large, and for whatever an endpoint does wrong,
        QueryTimeoutError for one that took more than `timeout` seconds, and OutputError where the
        answer finds no room on the disk for temporary files.
        """
        answer = self.ask(self.prepare(query, params or {}), limit=limit, timeout=timeout)
        return cast(store.Answer, answer)

    def query_as(
        self,
        query: str | queries.NamedQuery,
        syntax: str,
        params: Mapping[str, str] | None = None,
        *,
        timeout: float | None = 60.0,
    ) -> IO[bytes]:
        """Answer a query in one of `kg.store.FORMATS`, as an open file; raises as `query` does."""
        answer = self.ask(self.prepare(query, params or {}), syntax=syntax, timeout=timeout)
        return cast(IO[bytes], answer)
