"""Lock files: the checksums of what was downloaded first, so that it is that from then on."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg.errors import InputError, OutputError
from kg.export.target import whole_file
from kg.fetch import Fetched, cache_folder
from kg.readers import files

__all__ = ["Lock", "lock_file"]

_HEAD = """\
# What was downloaded first, by its address. Keep this file with what it stands beside, and commit
# it: another content at one of these addresses is an error until its entry is deleted here.
"""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PLAIN = re.compile(r"[^\x00-\x20\"\\\x7f]+")


def lock_file(recipe: Path) -> Path:
    """Return where the checksums of what a recipe downloads are recorded: beside it."""
    return recipe.with_suffix(".lock")


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file, which may not be there yet."""

    path: Path

    def known(self) -> dict[str, tuple[str, int]]:
        """Return checksum and size by address; InputError where it is no lock file."""
        if not self.path.exists():
            return {}
        file = files.shown(self.path)
        text = files.decode(files.read_bytes(self.path), file)
        try:
            entries = tomllib.loads(text).get("file", [])
            known = {str(e["url"]): (str(e["sha256"]), int(e["bytes"])) for e in entries}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise InputError(f"is no lock file ({error}); delete it to begin anew", file) from None
        for url, (digest, _) in known.items():
            if not _SHA256.fullmatch(digest) or not _PLAIN.fullmatch(url):
                raise InputError(f"holds what is no checksum of {url}", file)
        return known

    def record(self, fetched: Fetched) -> None:
        """Add a file that was downloaded first; OutputError where that cannot be written."""
        try:
            with self._held():
                known = self.known() | {fetched.url: (fetched.sha256, fetched.size)}
                self._write(known)
        except OSError as error:
            raise OutputError(
                f"{self.path}: cannot be written ({error.strerror or error})"
            ) from None

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep other processes from adding meanwhile, by a file in the cache."""
        from filelock import FileLock

        folder = cache_folder() / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        name = sha256(os.fsencode(self.path.resolve())).hexdigest()[:32]
        with FileLock(folder / f"{name}.lock"):
            yield

    def _write(self, known: dict[str, tuple[str, int]]) -> None:
        entries = (
            f'\n[[file]]\nurl = "{url}"\nsha256 = "{digest}"\nbytes = {size}\n'
            for url, (digest, size) in sorted(known.items())
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(self.path) as file:
            file.write((_HEAD + "".join(entries)).encode())
