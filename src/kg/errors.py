"""The errors this package raises on purpose.

    KgError                      anything a caller may want to catch at once
    ├── InputError (ValueError)  a file that was read is wrong; names file and line
    │   ├── RefusedError         inputs with findings that may not pass; carries them
    │   └── ShapesError          a shapes graph that is ill-formed or not supported
    ├── RequestError (ValueError) what was asked for is wrong: an option, a parameter, a name
    │   └── NotFoundError (LookupError)   a name that nothing, or more than one thing, answers to
    ├── QueryError (RuntimeError) a SPARQL query that could not be answered
    │   └── QueryTimeoutError (TimeoutError)  it took longer than it was given
    └── OutputError (OSError)    something could not be written, or a generation not be published

Each is also the builtin that a caller would expect. A message says what is wrong, where, and
what to do, in one or two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Finding

__all__ = [
    "InputError",
    "KgError",
    "NotFoundError",
    "OutputError",
    "QueryError",
    "QueryTimeoutError",
    "RefusedError",
    "RequestError",
    "ShapesError",
]


class KgError(Exception):
    """The base of every error raised on purpose."""


class InputError(KgError, ValueError):
    """An input is wrong.

    `file` and `line` (from 1) say where, as far as it is known; they open the message.
    """

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        self.message, self.file, self.line = message, file, line
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(place + message)


class RefusedError(InputError):
    """Inputs were read, and what was found in them may not pass; `findings` holds all of it."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__(message)


class ShapesError(InputError):
    """A shapes graph is ill-formed, or asks for what is not supported."""


class RequestError(KgError, ValueError):
    """A request is wrong: an option, a parameter, a name."""


class NotFoundError(RequestError, LookupError):
    """A name that nothing answers to, or that several things answer to."""

    def __str__(self) -> str:  # LookupError subclasses may quote; a message is a sentence
        return str(self.args[0]) if self.args else ""


class QueryError(KgError, RuntimeError):
    """A SPARQL query could not be answered."""


class QueryTimeoutError(QueryError, TimeoutError):
    """A SPARQL query was stopped at its time limit."""


class OutputError(KgError, OSError):
    """Something could not be written, or a generation could not be published."""
