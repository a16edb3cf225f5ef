"""What a manifest names is looked for in folders: by name, and then by checksum."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import cast

from kg.errors import InputError
from kg.readers import Input, InputKind, esco, files, onet, sssom
from kg.readers.rdf import read_rdf
from kg.recipes.model import Stated

__all__ = ["Search", "folder_digest"]

#: So many files and folders are looked at by their names.
MOST = 500_000
#: The digest of a file or folder as its reader states it, for kinds where that is not its bytes'.
DIGESTS: Mapping[str, Callable[[Path], str]] = {
    "esco": lambda path: esco.digest_of(path).sha256,
    "mappings": sssom.digest_of,
    "release": onet.digest_of,
    "rdf": lambda path: read_rdf(path).document.sha256,
}


def folder_digest(path: Path) -> str:
    """Return the checksum of a folder: that of the list of its files as `sha256sum` prints it.

    The files are those at any depth that are not hidden, by their names. Raises InputError where
    one cannot be read.
    """
    found = (p.relative_to(path) for p in path.rglob("*") if p.is_file())
    shown = (name for name in found if not any(part.startswith(".") for part in name.parts))
    names = sorted(name.as_posix() for name in shown)
    lines = (f"{files.file_sha256(path / name)}  {name}\n" for name in names)
    return files.sha256("".join(lines).encode("utf-8", "surrogateescape"))


@dataclass(slots=True)
class Search:
    """What lies in files and folders, by name; each is opened only if its name is looked for."""

    places: Sequence[Path]
    #: Files and folders by name, those in the places named first before others.
    by_name: dict[str, list[Path]] = field(default_factory=dict)
    archives: list[Path] = field(default_factory=list)
    #: The members of archives by their names without folders; None until they are needed.
    members: dict[str, list[tuple[Path, str]]] | None = None
    digests: dict[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places:
            self.add(place)

    def add(self, place: Path) -> None:
        """Look in another file or folder too; InputError where it is not there."""
        if not place.exists():
            raise InputError("there is no such file or folder to look in", files.shown(place))
        number = 0
        for path in _walk(place):
            self.by_name.setdefault(files.shown(path.name), []).append(path)
            if path.suffix.lower() == ".zip":
                self.archives.append(path)
            if (number := number + 1) > MOST:
                raise InputError(f"holds more than {MOST:,} files", files.shown(place))
        self.members = None

    def file(self, stated: Stated) -> Path | None:
        """Return the file of that name and checksum."""
        for path in self._named(stated):
            if path.is_file() and self._digest(path) == stated.sha256:
                return path
        return None

    def find(self, stated: Stated) -> Input | None:
        """Return the input of that name and checksum: a file, a folder, or a page in an archive."""
        kind = cast(InputKind, stated.kind)
        if (digest := DIGESTS.get(kind)) is not None:
            for path in self._named(stated):
                if _matches(partial(digest, path), stated.sha256):
                    return Input(kind, path)
        elif (file := self.file(stated)) is not None:
            return Input(kind, file)
        for path, member in self._members().get(files.file_name(stated.file), ()):
            found = Input(kind, path, member)
            if not _ends(PurePosixPath(str(path), member), stated):
                continue
            if _matches(partial(_content_digest, found), stated.sha256):
                return found
        return None

    def others(self, stated: Stated) -> list[Path]:
        """Return what has that name, whatever is in it."""
        inside = [path for path, _ in self._members().get(files.file_name(stated.file), ())]
        return [*self._named(stated), *inside]

    def _named(self, stated: Stated) -> list[Path]:
        found = self.by_name.get(files.file_name(stated.file), ())
        return [path for path in found if _ends(path, stated)]

    def _digest(self, path: Path) -> str:
        if path not in self.digests:
            self.digests[path] = files.file_sha256(path)
        return self.digests[path]

    def _members(self) -> dict[str, list[tuple[Path, str]]]:
        if self.members is None:
            self.members = {}
            for path in self.archives:
                for name in _names(path):
                    key = files.file_name(files.shown(f"{path}/{name}"))
                    self.members.setdefault(key, []).append((path, name))
        return self.members


def _ends(path: PurePath, stated: Stated) -> bool:
    """Tell whether a path ends as stated: with the folder too, where that names a release."""
    parts = PurePosixPath(stated.file).parts
    return len(parts) < 2 or path.parts[-len(parts) :] == parts


def _walk(place: Path) -> Iterator[Path]:
    """Yield a file; or a folder and all below it that is not hidden, by name."""
    here = files.absolute(place)  # the folder above may name a release
    yield here
    for folder, folders, names in os.walk(here):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        shown = (name for name in sorted(names) if not name.startswith("."))
        yield from (Path(folder, name) for name in (*folders, *shown))


def _names(path: Path) -> Iterable[str]:
    try:
        with files.open_zip(path) as archive:
            return archive.namelist()
    except InputError:  # it is not what is looked for
        return ()


def _content_digest(found: Input) -> str:
    return files.sha256(found.read())


def _matches(digest: Callable[[], str], sha256: str) -> bool:
    try:
        return digest() == sha256
    except InputError:  # what cannot be read is not what is looked for
        return False
