"""Runs the command line as a user would: its arguments in, exit code and output out."""

from __future__ import annotations

import io
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from kg.cli import main

__all__ = ["Outcome", "kg", "small_disk"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


def kg(
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: str = "",
    stdout: io.TextIOWrapper | None = None,
    **env: str,
) -> Outcome:
    """Run `kg` in this process, which saves the start of another, and return what it did.

    Where it is given something else to write its results to, the outcome has none.
    """
    streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8") for name in ("stdout", "stderr")}
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
    code = 0
    with (
        chdir(cwd or Path.cwd()),
        mock.patch.multiple(sys, argv=["kg", *map(str, arguments)], stdin=given, **streams),
        mock.patch.object(sys, "stdout", stdout or streams["stdout"]),
        mock.patch.dict(os.environ, {"COLUMNS": "80", **env}),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    said = {}
    for name, stream in streams.items():
        stream.flush()
        said[name] = stream.buffer.getvalue().decode().replace("\r\n", "\n")  # type: ignore[attr-defined]
    return Outcome(code, **said)


@contextmanager
def small_disk(most: int) -> Iterator[None]:
    """Keep this process, and those that it starts, from making a file larger than this.

    To them that is a disk that is full.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
