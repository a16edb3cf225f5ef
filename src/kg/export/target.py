"""Files and folders that take their names only when they are whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from kg.errors import KgError, OutputError, RequestError

__all__ = ["whole_file", "whole_folder"]


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file under another name, which becomes `path` when all is written.

    Raises OutputError where it cannot be written; what was there before then stays.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        Path(name).chmod(0o666 & ~_mask())  # mkstemp's own mode is for secrets
        Path(name).replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, is_replaceable: Callable[[Path], bool]) -> Iterator[Path]:
    """Make a folder under another name, which becomes `path` when all is written.

    A folder that is there already is replaced if it is empty or `is_replaceable`; RequestError
    if it is neither. Raises OutputError where it cannot be written; what was there then stays.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise RequestError(f"{path}: is no folder; give the name of a new one")
        if path.is_dir() and any(path.iterdir()) and not is_replaceable(path):
            raise RequestError(
                f"{path}: holds something else than an earlier export; give a new folder"
            )
        # Beside the target, so that the rename stays within one file system.
        parent = path.absolute().parent
        making = Path(tempfile.mkdtemp(dir=parent, prefix=f".{path.absolute().name}."))
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        yield making
        making.chmod(0o777 & ~_mask())
        _swap(making, path.absolute())
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _swap(making: Path, path: Path) -> None:
    """Give a finished folder its name; one that has it is put aside first, then deleted."""
    if not path.exists():
        making.rename(path)
        return
    old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        path.rename(old / "old")
        try:
            making.rename(path)
        except OSError:
            (old / "old").rename(path)
            raise
    finally:
        with suppress(OSError):
            shutil.rmtree(old)


def _unwritable(path: Path, error: OSError) -> OSError:
    """Return the error to raise in an OSError's place; one of ours stays as it is."""
    if isinstance(error, KgError):
        return error
    return OutputError(f"{path}: cannot be written ({error.strerror or error})")


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
