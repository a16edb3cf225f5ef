"""Leases: what keeps a generation from being deleted while somebody reads it.

A reader holds a shared lock on the manifest of the generation that it reads; whoever deletes one
needs that lock for itself alone. The lock goes with its process, however that ends, and needs no
permission to write. Where there are no such locks (on Windows) the open file does the same.
"""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["GoneError", "Lease", "claim", "lease"]


class GoneError(OSError):
    """A generation is being deleted, or was."""


class Lease:
    """A lock that lasts until it is released, or nothing refers to it any more."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.release = weakref.finalize(self, os.close, descriptor)


def lease(manifest: Path) -> Lease:
    """Return a lease on the generation of a manifest, shared with other readers.

    Raises GoneError where it is being deleted, OSError where it is not there.
    """
    held = Lease(os.open(manifest, os.O_RDONLY))
    if fcntl is not None:
        try:
            fcntl.flock(held.descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            held.release()
            raise GoneError(f"{manifest}: is being deleted") from None
        except OSError:
            pass  # a file system without locks, such as some of networks
    if os.fstat(held.descriptor).st_nlink == 0:
        held.release()
        raise GoneError(f"{manifest}: was deleted")
    return held


def claim(manifest: Path) -> Lease | None:
    """Return a lease that nobody else has, or None where somebody reads the generation."""
    held = Lease(os.open(manifest, os.O_RDONLY))
    if fcntl is not None:
        try:
            fcntl.flock(held.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.release()
            return None
        except OSError:
            with suppress(OSError):
                held.release()
            return None  # whether somebody reads it cannot be known
    return held
