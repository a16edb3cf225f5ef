"""What the commands print: nothing of an input acts on the terminal that shows it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from commands import kg


def test_findings_are_one_line_each(tmp_path: Path) -> None:
    """Neither the name of a page nor its text adds a line to its findings, or takes one away."""
    page = tmp_path / "a\nkg: all is well\r.txt"
    page.write_text("Odd\nContext coveredX.\nwhat\x0b\u2028is\x1b[2K\x85this\u202e?\n", "utf-8")
    result = kg("build", page, "--graph", tmp_path / "graph")
    assert 0 == result.returncode
    listed = [row for row in result.stderr.splitlines() if "a\ufffdkg: all is well\ufffd" in row]
    assert 1 == len([row for row in listed if "what is\\u001b[2K this\\u202e?" in row])
    assert listed == result.stderr.splitlines()


def test_errors_are_one_line_each(tmp_path: Path) -> None:
    """The name of a page in an archive adds no line to an error."""
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a\nkg: all is well\r\x1b[2K.txt", "nothing of the kind")
    result = kg("build", path, "--graph", tmp_path / "graph")
    assert 2 == result.returncode
    assert 1 == len(result.stderr.splitlines())
    assert "pages.zip/a\ufffdkg: all is well\ufffd\ufffd[2K.txt:1: is not" in result.stderr
