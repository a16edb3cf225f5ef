"""Measuring commands: processor time, wall time, memory of all processes, and the machine."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TypeVar

__all__ = ["Failed", "Run", "machine", "medians", "run", "timed", "versions"]

#: How often memory is looked at, in seconds, and the most of the time that may take.
_EVERY, _MOST = 0.1, 0.05
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


_Made = TypeVar("_Made")


class Failed(RuntimeError):
    """A command that was to be measured ended with an error; the text has the end of its own."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took, with all processes that it started and waited for.

    `cpu` is user and system time in seconds, `peak` the largest sum of memory in MiB at one time,
    pages that processes share counted once (None where the system does not tell), `others` the
    share of the machine's processors that all others took meanwhile.
    """

    cpu: float
    wall: float
    peak: float | None
    others: float | None
    output: str


def run(command: Sequence[str | Path], accepted: Collection[int] = (0,), **variables: str) -> Run:
    """Run a command and measure it; `variables` are added to its environment.

    Raises Failed where what it returns is not accepted.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        busy, began = _busy(), time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            env={**os.environ, **variables},
        )
        peak, seen = 0.0, dict[int, float]()
        while True:
            done, status, used = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            looked = time.perf_counter()
            peak = max(peak, _look(process.pid, seen))
            # What takes longer to look at is looked at less often, so that looking costs little.
            spent = time.perf_counter() - looked
            _wait(process.pid, min(1.0, max(_EVERY, spent / _MOST)))
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        # A process that nobody waited for is not in what the system adds up.
        cpu = max(used.ru_utime + used.ru_stime, sum(seen.values()))
        others = None
        if busy is not None and (after := _busy()) is not None:
            others = max(0.0, after - busy - cpu) / wall / (os.cpu_count() or 1)
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    if process.returncode not in accepted:
        said = (texts[1].strip() or texts[0].strip())[-400:]
        raise Failed(f"{Path(command[0]).name} returned {process.returncode}: {said}")
    return Run(cpu, wall, peak or None, others, texts[0])


def _wait(pid: int, seconds: float) -> None:
    """Wait so long, or until a process has ended; it is not reaped."""
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
        time.sleep(min(0.01, left))


def _look(pid: int, seen: dict[int, float]) -> float:
    """Return the memory of a process and all below it in MiB, 0 where the system does not tell.

    It is the sum at this moment, or the peak so far of one of them, which the kernel notes, if that
    is more. (The peak in a process's resource usage is of no use: it begins with its parent's.)
    The processor seconds that each had so far are noted in `seen`.
    """
    total, largest, waiting = 0, 0, [pid]
    while waiting:
        process = Path("/proc") / str(number := waiting.pop())
        try:
            total += _kibibytes(process / "smaps_rollup", "Pss:")
            largest = max(largest, _kibibytes(process / "status", "VmHWM:"))
            # The name, in parentheses, may hold anything.
            user, system = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
            seen[number] = (int(user) + int(system)) / _TICK
            for task in (process / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:  # it has ended meanwhile
            continue
    return max(total, largest) / 1024


def _kibibytes(path: Path, name: str) -> int:
    lines = path.read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def _busy() -> float | None:
    """Return for how many seconds the processors of the machine were busy so far."""
    try:
        first = Path("/proc/stat").read_text().partition("\n")[0].split()
    except OSError:
        return None
    user, nice, system, _, _, irq, soft, steal = (int(n) for n in first[1:9])
    return (user + nice + system + irq + soft + steal) / _TICK


def timed(act: Callable[[], _Made], rounds: int = 1) -> tuple[_Made, float]:
    """Do something in this process so often; return what it last gave, and the median seconds."""
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        made = act()
        seconds.append(time.perf_counter() - began)
    return made, median(seconds)


def medians(runs: Sequence[Run]) -> Run:
    """Return the medians of several runs; the peak of those that have one, and the last output."""
    peaks = [r.peak for r in runs if r.peak is not None]
    shares = [r.others for r in runs if r.others is not None]
    return Run(
        median(r.cpu for r in runs),
        median(r.wall for r in runs),
        median(peaks) if peaks else None,
        median(shares) if shares else None,
        runs[-1].output,
    )


def machine() -> str:
    """Return what the machine is: processor, number of them, memory, system."""
    model = memory = ""
    try:
        cpu = Path("/proc/cpuinfo").read_text()
        model = next(r.partition(":")[2].strip() for r in cpu.splitlines() if "model name" in r)
        first = Path("/proc/meminfo").read_text().partition("\n")[0]
        memory = f", {int(first.split()[1]) / 2**20:.0f} GiB"
    except (OSError, StopIteration):
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{model or platform.machine()}, {cores} cores{memory}, {platform.platform()}"


def versions(*names: str) -> str:
    """Return the versions of packages and of Python."""
    found = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{found}, Python {platform.python_version()}"
