"""A graph's folder: who may write it, what is deleted from it, and the way back."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import OutputError, RequestError
from kg.generations.leases import claim
from kg.generations.model import (
    CURRENT,
    Generation,
    all_of,
    check_folder,
    current,
    current_name,
    generation_number,
    named,
    read_name,
)

__all__ = ["BUILDING", "announce", "locked", "prune", "reason", "rollback", "sweep", "switch"]

NEXT = "current.new"
_AGAIN = "current.again"
BUILDING = ".building-"
_DELETING = ".deleting-"
#: So many seconds another build has to say who it is, and what a dead one writes has to end.
_PATIENCE = 1.0
_STEP = 0.02
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of whoever writes a graph; OutputError where another process has it.

    A folder that was made for what then fails is deleted again. Raises RequestError for the name
    of one generation.
    """
    check_folder(root)
    from filelock import FileLock, Timeout

    folder, lock = root / "generations", root / ".lock"
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lock, timeout=0):
            try:
                yield
            except BaseException:
                if is_new:
                    with suppress(OSError):  # it holds something
                        folder.rmdir()
                        lock.unlink()  # whoever waits for it sees that it is gone
                        root.rmdir()
                raise
    except Timeout:
        raise OutputError(
            f"{root}: another build{_holder(root)} is writing this graph; try again later"
        ) from None


def _holder(root: Path) -> str:
    """Return which process is writing a graph, and since when, as far as its folder tells."""
    deadline = time.monotonic() + _PATIENCE
    while True:  # it may have the lock and not yet the folder that names it
        for folder in (root / "generations").glob(f"{BUILDING}*"):
            number = folder.name.removeprefix(BUILDING).partition("-")[0]
            if number.isdecimal() and _is_alive(int(number)):
                with suppress(OSError):
                    since = time.strftime("%H:%M:%S", time.localtime(folder.stat().st_ctime))
                    return f" (process {number}, active at {since})"
        if time.monotonic() > deadline:
            return ""
        time.sleep(_STEP)


def _is_alive(process: int) -> bool:
    """Tell whether there is a process; what a dead one left may still be there."""
    if os.name == "nt":  # where this would stop it
        return True
    try:
        os.kill(process, 0)
    except PermissionError:
        return True  # it is somebody else's
    except (ProcessLookupError, OverflowError):
        return False
    return True


def sweep(root: Path, own: Path | None = None) -> None:
    """Delete what a build that failed or was killed left behind, but for the caller's own folder.

    Whoever calls it holds the lock.
    """
    folder = root / "generations"
    leftovers = [*folder.glob(f"{BUILDING}*"), *folder.glob(f"{_DELETING}*")]
    if (root / NEXT).is_file() and (name := read_name(root / NEXT)) and name != _published(root):
        leftovers += folder.glob(name)  # it has its name, but was not published
    for leftover in leftovers:
        if leftover != own:
            _remove(leftover)
    for note in (NEXT, _AGAIN):
        (root / note).unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    """Delete a folder, into which processes of a dead build may be writing a last file."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            if not folder.exists():
                return
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or time.monotonic() > deadline:
                raise
        else:
            return
        time.sleep(_STEP)


def _published(root: Path) -> str | None:
    try:
        return current_name(root)
    except OSError:
        return None


def reason(error: OSError) -> str:
    """Return in a few words why something cannot be written; a store says it in many."""
    told = str(error)
    known = (os.strerror(number) for number in _FULL)
    return error.strerror or next((text for text in known if text in told), told)


def switch(root: Path, note: str = NEXT) -> None:
    """Publish, in one step, the generation that was announced."""
    (root / note).replace(root / CURRENT)
    with suppress(OSError):  # it is published, whether or not that is flushed
        sync(root)


def announce(root: Path, name: str, note: str = NEXT) -> None:
    """Write down the name of a generation that is about to be published, whole or not yet.

    Until it is, `NEXT` tells the next build what to delete.
    """
    (root / note).write_text(name + "\n", encoding="utf-8")
    sync(root / note)


def rollback(root: Path, name: str | None = None) -> Generation:
    """Publish an older generation again: one by its name, or the one before the published one.

    Nothing that was published is deleted. Raises RequestError where there is none, OutputError
    where the folder cannot be written or a build is writing it.
    """
    published = current(root)
    try:
        with locked(root):
            sweep(root)  # before one is chosen that was never published
            published = current(root)
            if name is None:
                number = generation_number(published.name) or 0
                older = [g for g in all_of(root) if (generation_number(g.name) or 0) < number]
                if not older:
                    raise RequestError(
                        f"the graph in {str(root)!r} has no generation before {published.name}"
                    )
                chosen = older[-1]
            else:
                chosen = named(root, name)
            if chosen.name != published.name:
                announce(root, chosen.name, _AGAIN)
                switch(root, _AGAIN)
            return chosen
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{root}: cannot be written ({reason(error)}); nothing has changed"
        ) from None


def prune(root: Path, keep: int) -> None:
    """Delete all but the published generation and the newest others, `keep` in all.

    One that somebody reads is left for a later build to delete.
    """
    published = _published(root)
    folder = root / "generations"
    names = [p.name for p in folder.iterdir() if generation_number(p.name) is not None]
    others = sorted((n for n in names if n != published), key=lambda n: (generation_number(n), n))
    for name in others[: max(0, len(others) - keep + 1)]:
        with suppress(OSError):
            _delete(folder, name)


def _delete(folder: Path, name: str) -> None:
    manifest = folder / name / "manifest.json"
    held = claim(manifest) if manifest.is_file() else None
    if held is None and manifest.is_file():
        return
    if held is not None and os.name == "nt":
        held.release()  # what is open cannot be renamed there, which is all the lock was for
    # Renamed first, so that a name never stands for a part of a generation.
    gone = (folder / name).rename(folder / f"{_DELETING}{name}")
    shutil.rmtree(gone)
    if held is not None:
        held.release()


def sync(path: Path) -> None:
    """Flush a file or folder to disk."""
    if os.name == "nt" and path.is_dir():  # folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
