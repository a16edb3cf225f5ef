"""Progress of a build, on standard error: bars on a terminal, a line a stage elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.cli.output import note
from kg.progress import Progress, silent
from kg.texts import number_of

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

__all__ = ["shown_progress"]

#: What is over sooner needs no line.
_LONG = 2.0
_VERBS = {"pages": "read", "release": "written", "store": "loaded"}


@contextmanager
def shown_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """Show progress while the context lasts; nothing of it is left on a terminal afterwards."""
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield _Shown(bars)
    else:
        yield _Lines()


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


@dataclass
class _Shown:
    """A bar for each stage, with counts, rate and time left."""

    bars: Bars
    _tasks: dict[str, TaskID] = field(default_factory=dict)

    def __call__(self, stage: str, done: int, total: int | None, unit: str) -> None:
        task = self._tasks.get(stage)
        if task is None:
            task = self._tasks[stage] = self.bars.add_task(stage, total=total, unit=unit, rate="")
        speed = self.bars.tasks[self.bars.task_ids.index(task)].speed
        rate = f", {speed:,.0f}/s" if speed else ""
        self.bars.update(task, completed=done, total=total, rate=rate)


@dataclass
class _Lines:
    """A line for each stage that took its time, when it is over."""

    _begun: float = field(default_factory=time.monotonic)
    _said: set[str] = field(default_factory=set)

    def __call__(self, stage: str, done: int, total: int | None, unit: str) -> None:
        seconds = time.monotonic() - self._begun
        if done != total or stage in self._said or seconds < _LONG:
            return
        self._said.add(stage)
        verb = _VERBS.get(stage, "done")
        note(
            f"{stage}: {number_of(done, unit.removesuffix('s'), unit)} {verb} after {seconds:.1f} s"
        )
