"""Bytes and text of input files, with the limits that a stranger's file needs."""

from __future__ import annotations

import codecs
import errno
import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

from kg.errors import InputError
from kg.readers.signatures import AGAIN, binary, mistaken

__all__ = [
    "MAX_DOCUMENT",
    "MAX_MEMBER",
    "absolute",
    "decode",
    "file_name",
    "file_sha256",
    "first_line",
    "first_line_of",
    "gunzipped",
    "lines_of",
    "member_of",
    "open_zip",
    "own_name",
    "pieces",
    "read_bytes",
    "read_member",
    "sha256",
    "sha256_of",
    "shown",
    "state",
    "unpacked",
    "zip_members",
]

#: The largest text document that is read whole; real pages have some 40 KB.
MAX_DOCUMENT = 32 * 2**20
#: The largest member of an archive, and how far it may expand.
MAX_MEMBER = 1024 * 2**20
MAX_RATIO = 200
#: The most files in an archive.
MAX_MEMBERS = 10_000
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINE_END = re.compile("\r\n|\n|\r")
_CHUNK = 2**20
_LONGEST_LINE = 2**16
_ENCRYPTED = 1  # the bit of its flags that says so of a member (APPNOTE 4.4.4)
_GZIP = 16 + zlib.MAX_WBITS  # with its header and its checksum
# What a damaged or encrypted member of an archive, or one that is packed otherwise, raises; a
# ValueError, or EINVAL of a file, where it would have to begin before the beginning.
_NOT_READ = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


def shown(path: str | Path) -> str:
    """Return a path as one line of text, whatever bytes and controls its name is made of."""
    return _CONTROL.sub("\ufffd", os.fsencode(path).decode("utf-8", "replace"))


def file_name(path: str) -> str:
    r"""Return the last component of a path, whichever system's separators it is written with.

    >>> file_name("C:\\pages\\potters.txt")
    'potters.txt'
    """
    parts = [part for part in re.split(r"[/\\]", path) if part]
    return parts[-1] if parts else path


def absolute(path: Path) -> Path:
    """Return a path from the root without `.` and `..`; links in it keep their names."""
    return Path(os.path.normpath(path.absolute()))


def own_name(path: Path) -> str:
    """Return the name of a file or folder, also where it is given as `.` or `..`."""
    return shown(absolute(path).name)


def sha256(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: Path, limit: int = MAX_DOCUMENT) -> bytes:
    """Return the bytes of a file; InputError if it cannot be read or is larger than `limit`."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a device or pipe may never end
            raise InputError("is not a regular file", shown(path))
        if (size := status.st_size) > limit:
            raise InputError(
                f"has {size:,} bytes; the limit for such a file is {limit:,}", shown(path)
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", shown(path)) from error


def sha256_of(pieces: Iterable[bytes]) -> str:
    """Return the hexadecimal SHA-256 of bytes that come in pieces."""
    hasher = hashlib.sha256()
    for piece in pieces:
        hasher.update(piece)
    return hasher.hexdigest()


def file_sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file of any size; InputError if it cannot be read."""
    return sha256_of(pieces(path))


def state(path: Path) -> list[tuple[str, int, int, int]]:
    """Return what becomes another when a file, or one in a folder, is changed or replaced."""
    result = []
    with suppress(OSError):  # what is not there is told when it is read
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            status = file.stat()
            result.append((file.name, status.st_ino, status.st_size, status.st_mtime_ns))
    return result


def first_line(path: Path) -> bytes:
    """Return the beginning of the first line of a file; nothing if it cannot be read.

    Nothing either of a device or pipe, which would be waited for.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return _first_line(file)
    except OSError:
        return b""


def first_line_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the beginning of the first line of a member; nothing if it cannot be read."""
    try:
        with archive.open(name) as member:
            return _first_line(member)
    except _NOT_READ:
        return b""


def _first_line(file: IO[bytes]) -> bytes:
    return file.readline(_LONGEST_LINE).partition(b"\r")[0]


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file of any size in pieces; InputError if it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError("is not a regular file", shown(path))
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                yield piece
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", shown(path)) from error


def gunzipped(packed: Iterable[bytes], place: str, limit: int = MAX_MEMBER) -> Iterator[bytes]:
    """Yield in pieces what a gzip file holds, all its members one after the other (RFC 1952).

    Raises InputError if it is damaged, cut off, larger than `limit`, or expands like a bomb.
    """
    inflate, taken, given = None, 0, 0
    ended = False
    try:
        for rest in packed:
            taken += len(rest)
            while rest:
                if inflate is None:
                    if ended and not (rest := rest.lstrip(b"\0")):
                        break  # some programs pad what they write
                    inflate, ended = zlib.decompressobj(_GZIP), False
                data = inflate.decompress(rest, _CHUNK)
                given += len(data)
                if given > (most := min(limit, max(taken, 1024) * MAX_RATIO)):
                    raise InputError(f"expands beyond {most:,} bytes; not read", place)
                yield data
                rest = inflate.unconsumed_tail
                if inflate.eof:
                    rest, inflate, ended = inflate.unused_data, None, True
    except zlib.error as error:
        raise InputError(f"is damaged, or no gzip file: {error}", place) from None
    if not ended:
        raise InputError("is damaged: it ends too early", place)


def decode(data: bytes, file: str) -> str:
    """Return UTF-8 `data` as text without a byte order mark.

    Raises InputError with the line of the first byte that is not UTF-8, or for binary data.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        if other := binary(data):
            raise InputError(other, file)
        line = _line_at(data, data.index(b"\0"))
        raise InputError("is not a text file (it holds NUL bytes)", file, line)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if other := binary(data):
            raise InputError(other, file) from None
        raise InputError(
            f"is not UTF-8 text (byte 0x{data[error.start]:02x}); save it as UTF-8",
            file,
            _line_at(data, error.start),
        ) from None


def _line_at(data: bytes, index: int) -> int:
    return len(re.findall(rb"\r\n?|\n", data[:index])) + 1


def lines_of(text: str) -> list[str]:
    """Split text at LF, CRLF and CR only; other separators are part of a line."""
    lines = _LINE_END.split(text)
    return lines[:-1] if lines[-1] == "" else lines


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open an archive after checking that no member's name points outside of it.

    Raises InputError for a broken archive, and for absolute names or names with `..`.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise InputError(f"cannot be read: {error.strerror or error}", shown(path)) from None
        with path.open("rb") as file:
            said = _no_zip(file.read(_CHUNK))
        raise InputError(said, shown(path)) from None
    if (number := len(archive.namelist())) > MAX_MEMBERS:
        archive.close()
        raise InputError(f"holds {number:,} files; the limit is {MAX_MEMBERS:,}", shown(path))
    for name in archive.namelist():
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
            archive.close()
            raise InputError(f"holds a member with an unsafe name: {name!r}", shown(path))
    return archive


def _no_zip(beginning: bytes) -> str:
    """Return what to say of an archive that cannot be opened."""
    if beginning.startswith(b"PK"):
        return f"is a zip archive that is cut short or damaged; {AGAIN}"
    return mistaken(beginning) or f"is not a zip archive; {AGAIN}"


def member_of(path: Path, name: str, limit: int = MAX_MEMBER) -> bytes:
    """Return the bytes of a member of the archive at a path; raises what `read_member` does.

    The archive is opened and checked once, and again when it was changed.
    """
    return read_member(_opened(path, *state(path)), name, limit)


@lru_cache(maxsize=4)
def _opened(path: Path, *_: tuple[str, int, int, int]) -> zipfile.ZipFile:
    return open_zip(path)


def zip_members(data: bytes, place: str, limit: int = MAX_MEMBER) -> Iterator[tuple[str, bytes]]:
    """Yield the names and bytes of the members of a zip archive in memory.

    For formats that are such archives inside, whose libraries do not count what they unpack.
    Raises InputError if it is damaged, expands like a bomb, or beyond `limit` over all members.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise InputError(_no_zip(data), place) from None
    with archive:
        for name in archive.namelist():
            content = b"".join(unpacked(archive, name, place, limit))
            limit -= len(content)
            yield name, content


def read_member(archive: zipfile.ZipFile, name: str, limit: int = MAX_MEMBER) -> bytes:
    """Return the bytes of a member of an archive.

    Raises InputError if it is damaged, encrypted, larger than `limit`, or expands like a bomb.
    """
    place = shown(f"{Path(archive.filename or 'archive').name}/{name}")
    return b"".join(unpacked(archive, name, place, limit))


def unpacked(archive: zipfile.ZipFile, name: str, place: str, limit: int) -> Iterator[bytes]:
    """Yield the bytes of a member in pieces; raises what `read_member` does."""
    info = archive.getinfo(name)
    most = min(limit, max(info.compress_size, 1024) * MAX_RATIO)
    size = 0
    if info.flag_bits & _ENCRYPTED:
        raise InputError("is encrypted; unpack the archive with its password first", place)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("is compressed in a way that is not read; zip it with deflate", place)
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most:  # counted, since the declared size may lie
                    raise InputError(f"expands beyond {most:,} bytes; not read", place)
                yield chunk
    except InputError:  # a ValueError too
        raise
    except _NOT_READ as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise InputError(f"cannot be read: {error.strerror}", place) from None
        raise InputError(f"is damaged in its archive; {AGAIN}", place) from None
