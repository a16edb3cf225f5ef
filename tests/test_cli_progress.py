"""Progress of a build: lines where there is no terminal, bars on one, nothing if unwanted."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import progress
from kg.cli.progress import shown_progress


def test_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that took long has one line, when it is over; short ones have none."""
    monkeypatch.setattr(progress, "_LONG", 0)
    with shown_progress() as shown:
        shown("pages", 1, 2, "pages")
        assert ("", "") == capsys.readouterr()
        for _ in range(2):
            shown("pages", 2, 2, "pages")
        shown("additions", 1, 1, "inputs")
        shown("store", 1_234_567, 1_234_567, "quads")
    out, err = capsys.readouterr()
    lines = [line.partition(" after ")[0] for line in err.splitlines()]
    assert [
        "pages: 2 pages read",
        "additions: 1 input done",
        "store: 1,234,567 quads loaded",
    ] == lines
    assert "" == out


def test_quick_stages(capsys: pytest.CaptureFixture[str]) -> None:
    """What is over at once is not worth a line."""
    with shown_progress() as shown:
        shown("pages", 2, 2, "pages")
    assert ("", "") == capsys.readouterr()


def test_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants no progress gets none."""
    monkeypatch.setattr(progress, "_LONG", 0)
    with shown_progress(quiet=True) as shown:
        shown("pages", 2, 2, "pages")
    assert ("", "") == capsys.readouterr()


@pytest.mark.parametrize("quiet", [True, False])
def test_bars(tmp_path: Path, quiet: bool) -> None:
    """On a terminal there are bars, which leave nothing behind but the result; or none."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "kg", "build", "--graph", tmp_path / "graph"]
    with subprocess.Popen(
        [*command, *(["--quiet"] if quiet else [])],
        stderr=child,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(child)
        said = b""
        while True:
            try:
                piece = os.read(parent, 4096)
            except OSError:  # the other end is closed
                break
            said += piece
        assert process.stdout is not None
        assert b"is generation 000001-" in process.stdout.read()
    os.close(parent)
    assert 0 == process.returncode
    assert quiet == (b"pages" not in said)
    assert quiet == (b"1/1" not in said)
    assert b"/100" not in said  # of what is not known to be so many
