"""The command line: what is said, where, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import kg

COMMANDS = (
    "analyze",
    "build",
    "diff",
    "export",
    "fetch",
    "find",
    "info",
    "link",
    "paths",
    "queries",
    "query",
    "show",
    "validate",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    """Every command explains itself and shows how it is called."""
    result = kg(command, "--help")

    assert result.returncode == 0
    assert f"kg {command}" in result.stdout.split("Examples:")[1]


def test_help_lists_every_command() -> None:
    """The help of kg itself names all commands."""
    result = kg("--help")

    assert result.returncode == 0
    assert [c for c in COMMANDS if f"  {c} " not in result.stdout] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "no-such-query"), "kg queries"),
        (("query", "statements-of-domain", "--param", "domain=Juggling"), "Juggling"),
        (("query", "statements-of-domain", "--param", "colour=red"), "colour"),
        (("query", "statements-of-domain", "--format", "turtle"), "turtle"),
        (("show", "Critical Thinking"), 'domain:"Critical Thinking"'),
        (("show", "no such thing"), "no such thing"),
        (("validate", "--fail-on", "whim"), "whim"),
        (("validate", "--format", "smoke"), "smoke"),
        (("validate", "--profile", "none"), "none"),
        (("find", "reading", "--kind", "colour"), "colour"),
    ],
)
def test_wrong_requests_name_what_is_wrong(
    arguments: tuple[str, ...], said: str, example_folder: Path
) -> None:
    """A wrong request gives exit code 2 and names the word that is wrong."""
    result = kg(*arguments, "--graph", example_folder)

    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) <= 2


def test_no_graph_says_how_to_make_one(tmp_path: Path) -> None:
    """Reading a graph that is not there names the command that makes one."""
    result = kg("info", "--graph", tmp_path / "none")

    assert result.returncode == 2
    assert "kg build" in result.stderr


def test_find_that_finds_nothing_exits_1(example_folder: Path) -> None:
    """Nothing found is an answer: exit code 1."""
    assert kg("find", "zeppelin", "--graph", example_folder).returncode == 1
