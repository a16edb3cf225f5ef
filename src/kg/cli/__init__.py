"""The command line: the only place that prints or sets exit codes.

Exit codes: 0 done, 1 the answer is no, 2 the request or the input is wrong, 130 interrupted.
Commands import what they need when they run, so that `kg --help` is quick.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress

from kg.cli import build, diff, export, link, paths, query, search, validate
from kg.cli.app import app
from kg.cli.output import printable
from kg.errors import KgError

__all__ = ["COMMANDS", "app", "main"]

#: The modules whose import adds their commands to the application.
COMMANDS = (build, diff, export, link, paths, query, search, validate)
WRONG = 2


def main() -> None:
    """Run the command line and exit with its code; no traceback reaches a user."""
    # What is printed is UTF-8, whatever a machine's locale says of its terminal.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app(prog_name="kg")
    except KgError as error:
        _fail(str(error))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _fail(f"{place}{error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - the last resort before a traceback
        if os.environ.get("KG_DEBUG"):
            traceback.print_exc()
        if type(error).__module__.startswith("polars"):  # which is not imported yet
            _fail("the graph's table cannot be read; if it is damaged, build it again")
        _fail(f"internal error, please report it: {type(error).__name__}: {error}")


def _fail(message: str) -> None:
    try:
        sys.stdout.flush()
    except OSError:  # what is left cannot be written, and Python would complain of it at its end
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.stderr.write(f"kg: {printable(message)}\n")
    sys.exit(WRONG)
