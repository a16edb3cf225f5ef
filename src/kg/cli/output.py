"""What the commands print: results on standard output, notes on standard error."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.texts import printable

if TYPE_CHECKING:
    from kg.model import Finding

__all__ = ["copy", "is_stdout", "note", "say", "say_findings", "say_prose", "table", "writing"]

MOST_FINDINGS = 20
_SEVERITIES = ("error", "warning", "info")


def say(text: str = "") -> None:
    """Print a line of a result."""
    print(printable(text))


def say_prose(text: str) -> None:
    """Print a paragraph of a result, on a terminal in lines that fit it."""
    if not sys.stdout.isatty():
        say(text)
        return
    from kg.cli.table import broken

    indent = "  " if text.startswith("  ") else ""
    room = shutil.get_terminal_size().columns - 2 * len(indent)
    for number, line in enumerate(broken(printable(" ".join(text.split())), room)):
        say((indent * 2 if number else indent) + line)


def note(text: str) -> None:
    """Print a line that is no part of the result."""
    print(printable(text), file=sys.stderr)


def say_findings(findings: Sequence[Finding]) -> None:
    """List findings, the gravest first: some of them in full, the rest as a count."""
    shown = sorted(findings, key=lambda f: _SEVERITIES.index(f.severity))
    for finding in shown[:MOST_FINDINGS]:
        note(printable(str(finding), keep="\t"))  # a name in it may hold line ends
    if len(shown) > MOST_FINDINGS:
        note(f"… and {len(shown) - MOST_FINDINGS} more")


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str | None]], whole: str | None = None
) -> None:
    """Print rows below their column names; as wide as they are where it is no terminal.

    On a terminal they fit its width: cells are cut where `whole`, the option that gives them
    whole, is said, and are broken between words otherwise.
    """
    from kg.cli.table import fitted, layout

    names = [printable(column) for column in columns]
    shown = [[printable(cell or "") for cell in row] for row in rows]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if width is None or whole is None:
        lines, is_cut = layout(names, shown, width), False
    else:
        lines, is_cut = fitted(names, shown, width)
    for line in lines:
        print(line)
    if is_cut:
        sys.stdout.flush()
        note(f"… cut to the width of the terminal; {whole} gives all of it")


def is_stdout(path: Path | None) -> bool:
    """Tell whether an option for a file means standard output."""
    return path is None or str(path) == "-"


@contextmanager
def writing(path: Path | None) -> Iterator[IO[bytes]]:
    """Open a file that takes its name only when it is whole, or standard output (`-` too)."""
    if path is None or is_stdout(path):
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    from kg.export.target import whole_file

    with whole_file(path) as out:
        yield out


def copy(source: IO[bytes], path: Path | None) -> None:
    """Copy an open file to a file or to standard output, and close it."""
    with source, writing(path) as out:
        shutil.copyfileobj(source, out)
    if not is_stdout(path):
        note(f"written to {path}")
