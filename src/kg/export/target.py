"""Files and folders that take their names only when they are whole.

What is being written stands beside its target under a hidden name, `.NAME.kg-` and eight
characters, and its writer holds a lock on it. The system frees the lock of a process that was
killed: so whoever writes to the same name next can tell what a dead one left, and deletes it.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from kg.errors import KgError, OutputError, RequestError

try:
    import fcntl
except ImportError:  # on Windows there is nothing like it, and what a dead process left stays
    fcntl = None  # type: ignore[assignment]

__all__ = ["scratch_folder", "whole_file", "whole_folder", "write_all"]

_MARK = ".kg-"
_RANDOM = re.compile("[a-z0-9_]{8}")
#: Under this name an earlier folder stands in a hidden one while its place is taken.
_OLD = ".kg-old"
# Names of what a process has open already: whatever that is, it is not replaced.
_OPENED = re.compile("/dev/(stdout|stderr|fd/.*)|/proc/.*")


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file under another name, which becomes `path` when all is written.

    A link is followed; a device or a pipe is written as it is. Raises OutputError where it
    cannot be written; what was there before then stays.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if _is_stream(path):
            with path.open("wb") as stream:
                yield stream
            return
        target = Path(os.path.realpath(path))
        with _beside(target, _make_file) as made:
            with made.open("wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())  # some disks tell only here that they are full
            made.chmod(_mode(target, 0o666))
            made.replace(target)
    except OSError as error:
        raise _unwritable(path, error) from None


@contextmanager
def whole_folder(path: Path, is_replaceable: Callable[[Path], bool]) -> Iterator[Path]:
    """Make a folder under another name, which becomes `path` when all is written.

    A folder that is there already is replaced if it is empty or `is_replaceable`; RequestError
    if it is neither. Raises OutputError where it cannot be written; what was there then stays.
    """
    try:
        target = path.absolute()  # beside it, so that the rename stays within one file system
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise RequestError(f"{path}: is no folder; give the name of a new one")
        with _beside(target, _make_folder) as made:
            if path.is_dir() and any(path.iterdir()) and not is_replaceable(path):
                raise RequestError(
                    f"{path}: holds something else than an earlier export; give a new folder"
                )
            yield made
            for file in made.rglob("*"):
                _sync(file)
            made.chmod(_mode(target, 0o777))
            _swap(made, target)
    except OSError as error:
        raise _unwritable(path, error) from None


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """Make a folder for what is only needed while `path` is written, on the same disk.

    Raises OutputError where it cannot be made.
    """
    target = Path(os.path.realpath(path))
    try:
        with _beside(target, _make_folder) as made:
            yield made
    except OSError as error:
        raise _unwritable(path, error) from None


def write_all(data: bytes, out: IO[bytes]) -> None:
    """Write to an open file, which may take a part at a time if it is unbuffered."""
    left = memoryview(data)
    while left:
        written = out.write(left)
        left = left[len(left) if written is None else written :]


def _is_stream(path: Path) -> bool:
    if _OPENED.fullmatch(str(path.absolute())):
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _make_file(path: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}{_MARK}")
    os.close(handle)
    return Path(name)


def _make_folder(path: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}{_MARK}"))


@contextmanager
def _beside(path: Path, make: Callable[[Path], Path]) -> Iterator[Path]:
    """Make something hidden beside a path and hold its lock; what is left of it is deleted."""
    _sweep(path)
    made, lock = _locked(path, make)
    try:
        yield made
    finally:
        _delete(made)
        if lock is not None:
            os.close(lock)


def _locked(path: Path, make: Callable[[Path], Path]) -> tuple[Path, int | None]:
    while True:
        made = make(path)
        with suppress(BlockingIOError, FileNotFoundError):  # swept before it had its lock
            lock = _lock(made)
            if lock is None or _is_named(lock, made):
                return made, lock
            os.close(lock)


def _is_named(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False


def _lock(path: Path) -> int | None:
    """Return an open file that holds the lock of a path; None where there are no locks.

    Raises BlockingIOError where another process holds it.
    """
    if fcntl is None:
        return None
    access = os.O_RDONLY if path.is_dir() else os.O_RDWR  # which some network disks want
    handle = os.open(path, access | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:
        os.close(handle)
        return None
    return handle


def _sweep(path: Path) -> None:
    """Delete what a killed process left beside a path.

    A folder that it had put aside and not replaced gets its name back.
    """
    prefix = f".{path.name}{_MARK}"
    near: list[Path] = []
    with suppress(OSError):  # a folder may be written to and not listed
        near = list(path.parent.iterdir())
    for found in near:
        if not (found.name.startswith(prefix) and _RANDOM.fullmatch(found.name, len(prefix))):
            continue
        with suppress(OSError):  # its writer lives, or it belongs to someone else
            if (lock := _lock(found)) is None:
                continue
            try:
                if (found / _OLD).is_dir() and not path.exists():
                    (found / _OLD).rename(path)
                _delete(found)
            finally:
                os.close(lock)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _swap(made: Path, path: Path) -> None:
    """Give a finished folder its name; one that has it is put aside first, then deleted."""
    if not path.exists():
        made.rename(path)
        return
    aside, lock = _locked(path, _make_folder)
    try:
        path.rename(aside / _OLD)
        try:
            made.rename(path)
        except OSError:
            (aside / _OLD).rename(path)
            raise
    finally:
        _delete(aside)
        if lock is not None:
            os.close(lock)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(path: Path, error: OSError) -> OSError:
    """Return the error to raise in an OSError's place; one of ours stays as it is."""
    if isinstance(error, KgError):
        return error
    return OutputError(f"{path}: cannot be written ({error.strerror or error})")


def _mode(path: Path, usual: int) -> int:
    """Return the mode of what has a name already, else what the user's mask asks for."""
    # What is made under another name has a mode for secrets.
    with suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return usual & ~mask
