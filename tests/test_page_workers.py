"""Processes that read pages: what stops one of them is told as what it is."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg import page_workers
from kg.assembly import example_inputs, vocabulary
from kg.errors import OutputError
from kg.mapping.concepts import index_concepts
from kg.mapping.iris import Iris
from kg.namespaces import BASE
from kg.page_workers import PageWorkers
from kg.pages import PageContext, Ready, read
from kg.readers import Input
from kg.readers.sources import load_catalogue

PAGE = Input("page", example_inputs()[0])


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> PageContext:
    """Return what pages are read with, where one process is enough."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    iris = Iris(BASE)
    concepts = index_concepts(vocabulary(iris)[iris.graph("schemes")])
    return PageContext(load_catalogue(None), concepts, iris, linking=Ready(None))


@contextmanager
def started(context: PageContext, folder: Path, scratch: Any) -> Iterator[PageWorkers]:
    """Yield processes that have a page to read, and end them."""
    workers = PageWorkers(context, folder, scratch)
    try:
        workers.begin([PAGE])
        yield workers
    finally:
        workers.close()


def test_a_bug_is_raised_as_in_this_process(context: PageContext, tmp_path: Path) -> None:
    """What a reader raises that it should not is the same error, with its place as a note."""
    broken = replace(context, catalogue=None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError) as here:
        read([PAGE], broken)
    with (
        started(broken, tmp_path, tmp_path) as workers,
        pytest.raises(AttributeError) as there,
    ):
        list(workers.results())
    assert str(here.value) == str(there.value)
    assert "In a process that reads pages:" in there.value.__notes__[0]
    assert "/kg/readers/" in there.value.__notes__[0]


class Unreadable(type(Path())):  # type: ignore[misc]
    """A path that cannot be sent."""

    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("no number",)


def test_a_process_that_fails(context: PageContext, tmp_path: Path) -> None:
    """Of a process that ends by itself the last line that it said is told."""
    with (
        started(context, tmp_path, Unreadable(tmp_path)) as workers,
        pytest.raises(OutputError, match="ended with exit code 1: ValueError: invalid literal"),
    ):
        list(workers.results())


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (signal.SIGKILL, "was killed, as happens where there is too little memory; nothing was"),
        (signal.SIGTERM, "ended with exit code -15; nothing was published"),
    ],
)
def test_a_process_that_is_killed(
    context: PageContext, tmp_path: Path, by: signal.Signals, message: str
) -> None:
    """Only where the system killed it is too little memory what may be behind it."""
    workers = PageWorkers(context, tmp_path, tmp_path)
    try:
        workers._workers[0]._process.send_signal(by)
        workers.begin([PAGE])
        with pytest.raises(OutputError, match=message):
            list(workers.results())
    finally:
        workers.close()


def test_a_process_that_cannot_be_started(
    context: PageContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ones that were started before it are ended, and the error says what was refused."""
    begun: list[subprocess.Popen[bytes]] = []

    def start(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        if begun:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        begun.append(real(*arguments, **options))
        return begun[0]

    real = subprocess.Popen
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(page_workers.subprocess, "Popen", start)
    message = r"no process to read pages can be started \(Resource temporarily unavailable\)"
    with pytest.raises(OutputError, match=message):
        PageWorkers(context, tmp_path, tmp_path)
    assert -signal.SIGKILL == begun[0].returncode
