"""`kg paths` as a user calls it."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import networkx as nx
import pytest
from commands import kg

from kg.analysis import FORMATS
from kg.cli.paths import FORMAT_NAMES

STAGE = 'stage:"Career stage 4"'


def test_the_formats_of_the_command_are_those_there_are() -> None:
    """The command line names formats without loading what makes them."""
    assert (*FORMATS, "png") == FORMAT_NAMES


def test_a_path_is_told_in_sentences(example_folder: Path) -> None:
    """A call with two names prints the best path, and exits 0."""
    result = kg("paths", STAGE, "source:safi", "--graph", example_folder)

    assert result.returncode == 0
    assert "1. Career stage 4 ← Circulation figures → Skill Automation" in result.stdout
    assert "“Circulation figures” cites O*NET Database 30.2 and Skill Auto" in result.stdout
    assert "" == result.stderr


@pytest.mark.parametrize("form", ["text", "dot"])
def test_a_format_is_written_to_a_file(form: str, example_folder: Path, tmp_path: Path) -> None:
    """With -o a file has what standard output would have had."""
    call = ("paths", STAGE, "source:safi", "--format", form, "--graph", example_folder)
    shown, written = kg(*call), kg(*call, "-o", tmp_path / "out")

    assert (0, 0) == (shown.returncode, written.returncode)
    assert ("", f"written to {tmp_path / 'out'}\n") == (written.stdout, written.stderr)
    assert shown.stdout == (tmp_path / "out").read_text(encoding="utf-8")


def test_graphml_is_read_by_networkx(example_folder: Path, tmp_path: Path) -> None:
    """The GraphML of a call has the nodes of its path."""
    out = tmp_path / "paths.graphml"
    call = ("paths", STAGE, "source:safi", "--max", "1", "--graph", example_folder)
    assert kg(*call, "--format", "graphml", "-o", out).returncode == 0
    assert {"stage", "statement", "source"} == {k for _, k in nx.read_graphml(out).nodes("kind")}


def test_a_picture_is_rendered_too(example_folder: Path, tmp_path: Path) -> None:
    """A PNG has the size of the SVG, in pixels."""
    call = ("paths", STAGE, "source:safi", "--max", "1", "--graph", example_folder)
    sizes = {}
    for form in ("svg", "png"):
        out = tmp_path / f"paths.{form}"
        assert 0 == kg(*call, "--format", form, "-o", out).returncode
        data = out.read_bytes()
        if form == "svg":
            sizes[form] = tuple(map(int, re.findall(rb' (?:width|height)="(\d+)"', data)[:2]))
        else:
            assert b"\x89PNG" == data[:4]
            sizes[form] = struct.unpack(">II", data[16:24])
    assert sizes["svg"][0] * sizes["png"][1] == sizes["svg"][1] * sizes["png"][0] > 0


def test_without_a_path_it_exits_1_and_tells_the_nearest(example_folder: Path) -> None:
    """No path is the answer no: it is said on standard error, or as JSON."""
    call = ("paths", "career-stage/8", "source:safi", "--graph", example_folder)
    text, as_json = kg(*call), kg(*call, "--format", "json")

    assert (1, 1) == (text.returncode, as_json.returncode)
    assert "" == text.stdout
    assert "no path from Career stage 8 to the source" in text.stderr
    assert "Career stage 8 leads nowhere." in text.stderr
    assert [] == json.loads(as_json.stdout)["paths"]
    assert 2 == len(json.loads(as_json.stdout)["nearest"])


def test_without_a_path_no_file_is_written(example_folder: Path, tmp_path: Path) -> None:
    """A picture of nothing is not written."""
    out = tmp_path / "out.mmd"
    call = ("paths", "career-stage/8", "source:safi", "--graph", example_folder)
    assert kg(*call, "--format", "mermaid", "-o", out).returncode == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("domain:Flying", "source:wef"), "no domain is called 'Flying'"),
        (("Library Technicians", "source:wef"), "may mean: document"),
        (("source:wef", "source:wef"), "both are"),
        (("source:wef", "source:safi", "--format", "gif"), "choose one of text, json"),
        (("source:wef", "source:safi", "--max", "0"), "--max"),
        (("source:wef", "source:safi", "--projection", "all"), "choose one of asserted, linked"),
        (("source:wef", "http://example.org/none"), "has no node"),
    ],
)
def test_wrong_requests_exit_2(words: tuple[str, ...], message: str, example_folder: Path) -> None:
    """An unknown, ambiguous or senseless request is told in a line or two."""
    result = kg("paths", *words, "--graph", example_folder)

    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
