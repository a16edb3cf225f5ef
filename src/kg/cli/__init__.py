"""The command line: the only place that prints or sets exit codes.

Exit codes: 0 done, 1 the answer is no, 2 the request or the input is wrong; as a shell has it for
what a signal ends, 130 interrupted, 143 terminated (129 by a terminal that was closed), and 141
where nobody reads the output any more, which may not be 0: `kg validate | head` has not said that
the graph conforms.
Commands import what they need when they run, so that `kg --help` is quick.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import typer
from typer.core import TyperGroup

# Their import adds their commands to the application.
from kg.cli import (  # noqa: F401
    analyze,
    build,
    diff,
    export,
    fetch,
    info,
    link,
    paths,
    query,
    report,
    rollback,
    search,
    validate,
)
from kg.cli.app import app
from kg.errors import KgError
from kg.texts import printable

__all__ = ["app", "main"]

WRONG, INTERRUPTED, UNREAD = 2, 130, 141
_ENDING = [getattr(signal, n) for n in ("SIGTERM", "SIGHUP") if hasattr(signal, n)]
#: What writing meets where there is no more room: of the disk, of a quota, of a limit.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main() -> None:
    """Run the command line and exit with its code; no traceback reaches a user."""
    _open_streams()
    received: list[int] = []
    try:
        with _signals(received):
            code = _run(sys.argv[1:])
        sys.stdout.flush()  # here, so that a full disk is a message
    except _Ended as ended:
        code = 128 + ended.number
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = UNREAD
    except Exception as error:  # noqa: BLE001 - the last resort before a traceback
        # What is broken off anywhere may fail over that: a lock is released that was not taken yet
        code = 128 + received[-1] if received else _told(error)
    _drop_unwritten()
    sys.exit(code)


def _told(error: Exception) -> int:
    """Say what went wrong, and return the exit code."""
    if isinstance(error, KgError):
        return _fail(str(error))
    if isinstance(error, OSError):
        place = error.filename or ("standard output" if error.errno in FULL else None)
        reason = error.strerror or str(error)
        return _fail(f"{place}: {reason}" if place else reason)
    if os.environ.get("KG_DEBUG"):
        traceback.print_exception(error)
    if type(error).__module__.startswith("polars"):  # which is not imported yet
        return _fail("the graph's table cannot be read; if it is damaged, build it again")
    return _fail(f"internal error, please report it: {type(error).__name__}: {error}")


#: What a value has to be, by the kind of error that pydantic has for one that is not.
_VALUES = {
    "float_parsing": "a number",
    "greater_than_equal": "{ge:g} or more",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller number",
    "less_than_equal": "{le:g} or less",
}


class _Ended(KeyboardInterrupt):
    """A signal asks this process to end, which it does as for Ctrl-C: it leaves nothing behind."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextmanager
def _signals(received: list[int]) -> Iterator[None]:
    """Have signals end what is done in this context in an orderly way; add their numbers."""

    def end(number: int, _: object) -> None:
        received.append(number)
        raise _Ended(number)

    def interrupt(number: int, _: object) -> None:
        received.append(number)
        # At once: what must end first, such as the loading of a store, may take seconds.
        os.write(2, b"kg: interrupted; stopping\n")
        raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    # What whoever started this process has it ignore, as nohup does, stays ignored.
    wanted = [n for n in _ENDING if is_main and signal.getsignal(n) is signal.SIG_DFL]
    for number in wanted:
        signal.signal(number, end)
    is_ours = is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_ours:
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        for number in wanted:
            signal.signal(number, signal.SIG_DFL)
        if is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _open_streams() -> None:
    """Make sure that there is something to write to, in UTF-8 whatever a machine's locale says.

    A file that is opened while one of the three is closed would take its number, and get what is
    printed; so the others are the null device, and without standard output nothing runs.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            if name != "stdout":
                setattr(sys, name, open(number, "r" if number == 0 else "w"))  # noqa: PTH123, SIM115
    if sys.stderr is not None:
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if sys.stdout is None:
        sys.stderr.write("kg: standard output is closed; to be rid of it: kg ... > /dev/null\n")
        sys.exit(WRONG)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if isinstance(sys.stdout.buffer, io.RawIOBase):
        # As `python -u` has it: what a disk has no room for would be lost without a word.
        number = sys.stdout.fileno()
        sys.stdout = open(number, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115


def _run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code, with the option parser's errors in one line."""
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    is_known = bool(arguments) and arguments[0] in command.commands
    try:
        with command.make_context("kg", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.TyperException as error:
        message = _of_value(error) or error.format_message()
        if not arguments:  # the help, for whoever does not know how to ask for it
            print(message, file=sys.stderr)
            return WRONG
        said = " ".join(message.split()).rstrip(".")
        said = f"{said[:1].lower()}{said[1:]}{' See' if said.endswith('?') else '; see'}"
        return _fail(f"{said} kg {arguments[0]} --help" if is_known else f"{said} kg --help")
    return 0


def _of_value(error: typer.TyperException) -> str | None:
    """Return what to say of an option's value that is no number, or out of its range."""
    # pydantic's, which typer asks.
    found: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    param = getattr(error, "param", None)
    if param is None or not found or (said := _VALUES.get(found[0]["type"])) is None:
        return None
    wanted = said.format(**found[0].get("ctx", {}))
    return f"{param.opts[0]} {found[0]['input']}: it has to be {wanted}"


def _fail(message: str) -> int:
    with suppress(OSError):  # what was said before comes before, if it can be said at all
        sys.stdout.flush()
    with suppress(OSError):
        sys.stderr.write(f"kg: {printable(message)}\n")
        sys.stderr.flush()
    return WRONG


def _drop_unwritten() -> None:
    """Give up what cannot be written, of which Python would complain at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
