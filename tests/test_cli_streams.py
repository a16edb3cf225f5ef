"""The ends of the command line: streams that are closed, full or unread, and words it lacks."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import kg, small_disk

from kg.cli import app

#: Each command, and arguments with which it prints something; GRAPH is the folder of a graph.
COMMANDS = {
    "analyze": "coverage 25-4031.00 --graph GRAPH",
    "build": "--graph GRAPH",
    "diff": "GRAPH GRAPH",
    "export": "--format turtle --graph GRAPH",
    "find": "reading --graph GRAPH",
    "info": "--graph GRAPH",
    "link": "--scores - --graph GRAPH",
    "paths": "domain:Communication task:900001 --graph GRAPH",
    "queries": "",
    "query": "citations-per-source --graph GRAPH",
    "report": "25-4031.00 --graph GRAPH",
    "show": "domain:Communication --graph GRAPH",
    "validate": "--graph GRAPH",
}


def words(command: str, graph: Path) -> list[str]:
    """Return how a command is called on a graph."""
    return [command, *(str(graph) if w == "GRAPH" else w for w in COMMANDS[command].split())]


@pytest.fixture
def unread() -> Iterator[int]:
    """Return the end to write to of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


def test_every_command_is_tried() -> None:
    """The commands that are called here are all but two, which tell next to nothing."""
    names = {info.name or info.callback.__name__ for info in app.registered_commands}
    assert names - {"fetch", "rollback"} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_has_gone_ends_quietly(
    command: str, unread: int, example_folder: Path
) -> None:
    """A pipe that nobody reads ends every command as it ends other programs, without a word."""
    with os.fdopen(os.dup(unread), "w") as stdout:
        result = kg(*words(command, example_folder), stdout=stdout)
    assert 141 == result.returncode
    assert [] == [row for row in result.stderr.splitlines() if row.startswith("kg: ")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_behind_the_output_is_one_line(command: str, example_folder: Path) -> None:
    """What cannot be written is said, wherever in a command that turns out."""
    with Path("/dev/full").open("w", encoding="utf-8") as stdout:
        result = kg(*words(command, example_folder), stdout=stdout)
    assert 2 == result.returncode
    assert "kg: standard output: No space left on device" == result.stderr.splitlines()[-1]


@pytest.mark.parametrize("unbuffered", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        ("export", "--format", "ntriples"),
        ("export", "--format", "jsonld", "--frame", "occupation"),
        ("query", "skos", "--format", "ntriples"),
        ("query", "sources-to-cite", "--format", "csv"),
        ("show", "source:onet", "--json"),
    ],
)
def test_what_does_not_fit_is_never_left_out(
    words: tuple[str, ...], unbuffered: bool, example_folder: Path, tmp_path: Path
) -> None:
    """A disk that fills in the middle of the output is an error, unbuffered or not."""
    file = (tmp_path / "out").open("wb", buffering=0 if unbuffered else -1)
    with io.TextIOWrapper(file, write_through=unbuffered) as stdout, small_disk(300):
        result = kg(*words, "--graph", example_folder, stdout=stdout)
    assert 2 == result.returncode
    assert result.stderr.endswith(("(File too large)\n", ": File too large\n"))
    assert 1 == len(result.stderr.splitlines())


def run(*arguments: str | Path, closed: tuple[int, ...], stdout: int = subprocess.PIPE) -> tuple:
    """Run kg in a process with some of its three streams closed; return code and output."""
    close = "".join(f"os.close({number}); " for number in closed)
    again = f"import os, sys; {close}os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    result = subprocess.run(
        [sys.executable, "-c", again, "-m", "kg", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )
    return result.returncode, result.stdout, result.stderr


@pytest.mark.parametrize("closed", [(1,), (0, 1)])
def test_without_standard_output_nothing_runs(closed: tuple[int, ...], tmp_path: Path) -> None:
    """A file that is opened would take its number and get what is printed, so that is refused."""
    code, _, said = run("build", "--graph", tmp_path / "graph", closed=closed)
    expected = "kg: standard output is closed; to be rid of it: kg ... > /dev/null\n"
    assert (2, expected) == (code, said)
    assert [] == list(tmp_path.iterdir())


def test_without_the_other_streams_it_runs(example_folder: Path, tmp_path: Path) -> None:
    """What is said on a standard error that is closed stands nowhere else, and answers come."""
    (tmp_path / "query.rq").write_text("SELECT ?s { ?s ?p ?o }", encoding="utf-8")
    words = ("query", tmp_path / "query.rq", "--graph", example_folder)
    code, printed, said = run(*words, closed=(0, 2))  # which notes that it was cut
    assert (0, 1002, "") == (code, len(printed.splitlines()), said)


def test_without_standard_input_there_is_nothing_to_read() -> None:
    """A query that should come from a standard input that is closed is an empty one."""
    code, printed, said = run("query", "-", closed=(0,))
    assert (2, "") == (code, printed)
    assert said.startswith("kg: the query is empty")


def test_a_process_whose_reader_has_gone(unread: int) -> None:
    """The exit code of the process itself is the one, and Python has nothing to complain of."""
    assert (141, None, "") == run("queries", closed=(), stdout=unread)
    assert (141, None, "") == run("--help", closed=(), stdout=unread)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query",), "missing argument 'NAME|FILE|-'; see kg query --help"),
        (("query", "x", "--bogus"), "no such option: --bogus; see kg query --help"),
        (("query", "x", "--format"), "option '--format' requires an argument; see kg query --help"),
        (("export",), "missing option '--format'; see kg export --help"),
        (("quer",), "no such command 'quer'. Did you mean 'query', 'queries'? See kg --help"),
        (("--bogus",), "no such option: --bogus; see kg --help"),
        (("show", "a", "b"), "got unexpected extra argument(s) (b); see kg show --help"),
        (("find", "x", "--max", "0"), "--max 0: it has to be 1 or more; see kg find --help"),
        (
            ("find", "x", "--max", "1.5"),
            "--max 1.5: it has to be a whole number; see kg find --help",
        ),
        (
            ("query", "x", "--timeout", "a"),
            "--timeout a: it has to be a number; see kg query --help",
        ),
        (
            ("query", "x", "--timeout", "0"),
            "--timeout 0: it has to be 0.1 or more; see kg query --help",
        ),
        (("link", "--min-p1", "2"), "--min-p1 2: it has to be 1 or less; see kg link --help"),
    ],
    ids=range(12),
)
def test_errors_of_the_option_parser_are_one_line(arguments: tuple[str, ...], said: str) -> None:
    """A word that is wrong or missing is told like every other error, with where to read on."""
    result = kg(*arguments)
    assert f"kg: {said}\n" == result.stderr
    assert (2, "") == (result.returncode, result.stdout)


def test_no_words_at_all_show_the_help() -> None:
    """Whoever calls kg alone sees what there is, and a script that did so by mistake fails."""
    result = kg()
    assert 2 == result.returncode
    assert kg("--help").stdout == result.stderr


def test_an_interruption_is_told_at_once() -> None:
    """Ctrl-C is answered before anything else ends, and the code is 130."""
    program = (
        "import signal, sys\n"
        "from kg import cli\n"
        "def run(_):\n"
        "    try:\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "    finally:\n"
        "        print('cleaned up', file=sys.stderr, flush=True)\n"
        "cli._run = run\n"
        "cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (130, "kg: interrupted; stopping\ncleaned up\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_what_fails_over_an_interrupt_is_one(name: str, code: int) -> None:
    """Where an interrupt is lost in another error, as in the midst of a lock, it still counts."""
    script = f"""
import os, signal, kg.cli

def run(_):
    try:
        os.kill(os.getpid(), signal.{name})
        signal.pause()
    except KeyboardInterrupt:
        raise RuntimeError("release unlocked lock") from None

kg.cli._run = run
kg.cli.main()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert code == done.returncode
    assert "error" not in done.stderr
