"""How benchmarks measure commands."""

from __future__ import annotations

import sys

import pytest
from scripts import script

measure = script("measure")

BURN = "import time\nwhile time.process_time() < {seconds}: pass\n"
NESTED = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', {inner!r}], check=True)\n"
HOLD = "held = b'x' * ({mebibytes} << 20)\n"


def test_time_is_that_of_all_processes() -> None:
    """What the processes below a command burn is its processor time too."""
    outer = BURN.format(seconds=0.1) + NESTED.format(inner=BURN.format(seconds=0.2))
    took = measure.run([sys.executable, "-c", outer])
    assert 0.3 <= took.cpu
    assert 0 < took.wall


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the time of processes")
def test_time_of_a_process_that_nobody_waits_for_counts() -> None:
    """What a process burned that is still there at the end is not lost."""
    inner = BURN.format(seconds=0.6) + "print(flush=True)\ntime.sleep(2)"
    outer = (
        "import subprocess, sys, time\n"
        f"process = subprocess.Popen([sys.executable, '-c', {inner!r}], stdout=subprocess.PIPE)\n"
        "process.stdout.readline()\n"
        "time.sleep(1)\n"
    )
    assert 0.3 <= measure.run([sys.executable, "-W", "ignore", "-c", outer]).cpu


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of processes")
def test_memory_is_the_sum_over_processes() -> None:
    """What is held at the same time by a process and the one below it adds up."""
    inner = HOLD.format(mebibytes=60) + "import time; time.sleep(1)"
    took = measure.run(
        [sys.executable, "-c", HOLD.format(mebibytes=70) + NESTED.format(inner=inner)]
    )
    assert 130 <= took.peak


def test_output_is_kept() -> None:
    """What a command prints comes back, errors apart; variables reach it."""
    code = "import os, sys; print(os.environ['ANSWER']); print('no', file=sys.stderr)"
    assert "yes\n" == measure.run([sys.executable, "-c", code], ANSWER="yes").output


def test_failure_has_the_end_of_what_was_said() -> None:
    """A command that fails raises, with its code and its own words."""
    with pytest.raises(measure.Failed, match="returned 3: it is late"):
        measure.run([sys.executable, "-c", "import sys; print('it is late'); sys.exit(3)"])


def test_medians_of_runs() -> None:
    """Each figure has its median; one that the system does not tell is left out."""
    runs = [
        measure.Run(3.0, 9.0, None, 0.1, "a"),
        measure.Run(1.0, 7.0, 50.0, None, "b"),
        measure.Run(2.0, 8.0, 70.0, 0.3, "c"),
    ]
    assert measure.Run(2.0, 8.0, 60.0, 0.2, "c") == measure.medians(runs)


def test_versions_are_those_installed() -> None:
    """Packages are named with their versions, and Python with its."""
    assert measure.versions("pytest").startswith(f"pytest {pytest.__version__}, Python 3.")
