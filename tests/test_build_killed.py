"""Builds that are killed or interrupted: the published graph stays, the next build starts clean.

`python tests/test_build_killed.py 200 20` kills 200 builds of 20 pages; a third number is the seed,
a fourth one another signal than SIGKILL.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from interrupted import MANY, Corpus, children, ended, kg_process, litter, whole

from kg.errors import RequestError
from kg.generations import current
from kg.pipeline import build

LONG = 60.0
_ASKING = (signal.SIGINT, signal.SIGTERM)


def forked(act: Callable[[], object]) -> int:
    """Do something in a new process that has imported all that this one has; return its number."""
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        act()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException as error:  # noqa: BLE001 - told, and the process ends
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


def done(act: Callable[[], object]) -> None:
    """Do something in a new process; AssertionError where it fails."""
    assert os.waitpid(forked(act), 0)[1] == 0


@dataclass
class Kills:
    """Builds of a corpus that are killed at random moments; what is checked says what happened.

    Everything that has threads happens in processes that are forked from this one.
    """

    corpus: Corpus
    root: Path
    chance: random.Random
    signal: int = signal.SIGKILL
    told: Counter[str] = field(default_factory=Counter)
    #: How long builds take, by whether they are full ones.
    _seconds: dict[bool, float] = field(default_factory=dict)
    slowest_end: float = 0.0

    @property
    def log(self) -> Path:
        """What the last build said."""
        return self.root.with_suffix(".log")

    def build(self, *, full: bool) -> None:
        """Build, as a process of its own does."""
        from kg.cli import main

        os.setpgid(0, 0)
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING)
        sys.argv = ["kg", "build", *map(str, self.corpus.inputs), "--graph", str(self.root)]
        sys.argv += ["--full"] if full else []
        main()

    def finished(self, *, full: bool = False) -> str:
        """Build, check what is published and what lies around, and return its name."""
        begun = time.monotonic()
        done(lambda: self.build(full=full))
        self._seconds[full] = time.monotonic() - begun
        done(lambda: whole(self.root))
        assert [] == litter(self.root)
        return (self.root / "current").read_text(encoding="utf-8")

    def kill(self, *, full: bool) -> None:
        """Kill a build of a changed page, or of all, and check what it leaves."""
        before = (self.root / "current").read_text(encoding="utf-8")
        self.corpus.edit(self.chance)
        signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING)
        process = forked(lambda: self.build(full=full))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING)
        time.sleep(self.chance.uniform(0, 1.1 * self._seconds[full]))
        workers = children(process)
        # Ctrl-C reaches all processes of a terminal, where the others only the one that they name.
        with suppress(ProcessLookupError):
            (os.killpg if self.signal == signal.SIGINT else os.kill)(process, self.signal)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        begun = time.monotonic()
        assert ended(workers, LONG)
        self.slowest_end = max(self.slowest_end, time.monotonic() - begun)
        said = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        assert code in (0, -self.signal, 128 + self.signal), said
        assert "Traceback" not in said
        after = (self.root / "current").read_text(encoding="utf-8")
        done(lambda: whole(self.root))
        when = "ended before" if code == 0 else "before" if after == before else "after"
        kind = "full" if full else "incremental"
        self.told[f"{kind}: {when}{' publication' if code else ' it was killed'}"] += 1
        if self.signal != signal.SIGKILL:
            assert [] == litter(self.root)
        if workers:
            self.told["with processes that read pages"] += 1
        if litter(self.root):
            self.told["left something behind"] += 1

    def run(self, number: int) -> None:
        """Kill so many builds, each followed by one that is not killed."""
        for full in (True, False):
            self.corpus.edit()
            self.finished(full=full)
        for n in range(number):
            # Where all pages are read, which is slow, processes of their own may read them.
            self.kill(full=n % 2 == 0)
            self.corpus.edit(self.chance)
            before = (self.root / "current").read_text(encoding="utf-8")
            # An incremental build may come out quicker and slower than the one before.
            assert before != self.finished()
            if n % 20 == 19:  # as long as it takes by now
                self.corpus.edit(self.chance)
                self.finished(full=True)
            print(f"{n + 1}: {dict(sorted(self.told.items()))}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> None:
    """Kill builds, and print what happened."""
    # What a shell starts in the background is to ignore Ctrl-C; what is tried here is not.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    numbers = [*map(int, arguments)]
    number, pages, seed, by = (*numbers, *(1, signal.SIGKILL)[len(numbers) - 2 :])
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        corpus = Corpus(Path(folder), pages)
        kills = Kills(corpus, Path(folder) / "graph", random.Random(seed), by)
        kills.run(number)
    for what, count in sorted(kills.told.items()):
        print(f"{count} {what}")
    print(f"{kills.slowest_end:.2f} s until the last process of a killed build had ended")


def run_script(*arguments: int) -> str:
    """Kill builds in a process that has no threads, as forking needs; return what happened."""
    command = [sys.executable, __file__, *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert 0 == result.returncode, result.stdout + result.stderr
    return result.stdout


@pytest.mark.parametrize(("number", "pages"), [(4, 4), (2, MANY)])
def test_killed_at_random_moments(number: int, pages: int) -> None:
    """Whenever a build is killed, the graph answers as before, and the next build cleans up."""
    assert "until the last process of a killed build had ended" in run_script(number, pages)


@pytest.mark.parametrize(
    ("number", "pages", "by"), [(4, 4, signal.SIGTERM), (2, MANY, signal.SIGINT)]
)
def test_interrupted_at_random_moments(number: int, pages: int, by: int) -> None:
    """A build that is asked to end does so with the signal's code, and cleans up itself."""
    told = run_script(number, pages, 1, by)
    assert "left something behind" not in told
    assert "until the last process of a killed build had ended" in told


@pytest.mark.slow
@pytest.mark.parametrize(("number", "pages"), [(100, 20), (40, 30)])
def test_killed_often(number: int, pages: int) -> None:
    """The same of many builds, of which some are killed on either side of the publication."""
    told = run_script(number, pages)
    assert "full: before publication" in told
    assert "incremental: before publication" in told


def test_processes_that_read_pages_end_with_their_parent(tmp_path: Path) -> None:
    """Killed while others read pages for it, a build takes these with it, whatever they do."""
    corpus, root = Corpus(tmp_path, MANY), tmp_path / "graph"
    process = kg_process("build", *corpus.inputs, "--graph", root)
    while not list(root.glob("generations/.building-*/quads/page-*")):
        assert process.poll() is None
        time.sleep(0.01)
    workers = children(process.pid)
    process.kill()
    process.communicate()

    assert workers
    assert ended(workers, LONG)
    with pytest.raises(RequestError, match="there is no graph"):
        current(root)
    assert f".building-{process.pid}-1" in litter(root)
    build(corpus.inputs[1:], root)
    whole(root)
    assert [] == litter(root)


if __name__ == "__main__":
    import kg.cli
    import kg.reuse  # noqa: F401

    main(sys.argv[1:])
