"""Downloads: over https, with a checksum, within a limit, into a cache that processes share.

A file in the cache lies below its own SHA-256, so that it is what its name says or is not used:
`CACHE/<sha256>[/<release>]/<name>`. Only this module speaks to servers that files are downloaded
from.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from kg.errors import InputError, OutputError, RequestError
from kg.progress import Progress, silent
from kg.readers import files

if TYPE_CHECKING:
    from requests import Response, Session

__all__ = [
    "LIMIT",
    "Fetched",
    "cache_folder",
    "check_address",
    "check_name",
    "copy_to",
    "fetch",
    "name_of",
]

#: The largest file that is downloaded unless a recipe allows more.
LIMIT = 2 * 2**30
#: How far an archive may expand, over all that it holds.
MAX_UNPACKED = 16 * 2**30
#: What is small may expand a hundred thousand times and hurt nobody.
_HARMLESS = 64 * 2**20
_TRIES = 4
#: Seconds: to connect, and between two pieces.
_TIMEOUT = (10.0, 60.0)
#: Bytes a second that have to come after the first seconds, since others wait for a download.
_SLOWEST = 4096
_PATIENCE = 60.0
#: Seconds to wait before a download is started again, the first time; then twice as long.
_PAUSE = 0.5
_REDIRECTS = 5
_CHUNK = 2**16
_SHA256 = re.compile(r"[0-9a-f]{64}")
_AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded file: its address, where it lies, its checksum and size, and if it was there."""

    url: str
    path: Path
    sha256: str
    size: int
    was_cached: bool


class _BrokenError(Exception):
    """A download that may go better another time."""


def check_address(url: str) -> str:
    """Return an address that may be downloaded from: https, or http on this machine.

    Raises RequestError for any other, and for one with a user name or password in it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        (host or "").encode("idna")  # a label of a host has 63 characters at most
    except ValueError:
        raise RequestError(f"{files.shown(url)!r} is no address") from None
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))
    if not host or not is_secure or re.search(r"[\x00-\x20\x7f\\]", url):
        raise RequestError(
            f"{files.shown(url)}: only https is spoken, and http with this machine itself"
        )
    if parts.username is not None or parts.password is not None:
        raise RequestError(f"an address at {host} has a user name in it; leave that out")
    return url


def _is_here(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def name_of(url: str) -> str:
    """Return the file name at the end of an address; RequestError where there is none."""
    name = unquote(urlsplit(url).path).rpartition("/")[2]
    return check_name(name, url)


def check_name(name: str, place: str) -> str:
    """Return what can name a file in any folder; RequestError for anything else."""
    if not name.strip(". ") or re.search(r'[\x00-\x1f\x7f/\\:*?"<>|]', name) or len(name) > 150:
        raise RequestError(f"{files.shown(place)}: {files.shown(name)!r} cannot name a file")
    return name


def cache_folder() -> Path:
    """Return where downloads are kept: `$KG_CACHE`, or the system's folder for caches."""
    import pooch

    return Path(os.environ.get("KG_CACHE") or pooch.os_cache("skills-kg")).absolute()


def fetch(
    url: str,
    sha256: str | None = None,
    *,
    name: str | None = None,
    release: str | None = None,
    limit: int = LIMIT,
    cache: Path | None = None,
    progress: Progress = silent,
) -> Fetched:
    """Return a file from the cache, or download it there.

    Without a `sha256` it is always downloaded, since nothing says what it should be. With a
    `release` it lies in a folder of that name, by which some readers know it. A download
    that breaks off is started again, three times. Raises RequestError for an address that is not
    downloaded from, InputError for what cannot be downloaded, is larger than `limit`, has another
    checksum, or is an archive that cannot be read or expands like a bomb; OutputError where the
    cache cannot be written. Nothing of a failed download stays.
    """
    check_address(url)
    name = check_name(name, url) if name else name_of(url)
    place = Path(check_name(release, "release"), name) if release else Path(name)
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise RequestError(f"{sha256!r} is no SHA-256: 64 digits, 0 to 9 and a to f")
    cache = cache or cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _locked(cache, sha256 or url) as incoming:
            return _fetch(url, sha256, place, limit, cache, incoming, progress)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{cache}: cannot be written ({error.strerror or error})") from None


@contextmanager
def _locked(cache: Path, what: str) -> Iterator[Path]:
    """Hold the lock of a download, so that a second process waits and then finds it done.

    Yields where it may lie meanwhile. Only who has the lock writes there: what is there before is
    of a process that was killed.
    """
    from filelock import FileLock

    folder = cache / "locks"
    folder.mkdir(exist_ok=True)
    key = hashlib.sha256(what.encode()).hexdigest()[:32]
    with FileLock(folder / f"{key}.lock"):
        incoming = cache / f"incoming-{key}"
        shutil.rmtree(incoming, ignore_errors=True)
        try:
            yield incoming
        finally:
            shutil.rmtree(incoming, ignore_errors=True)


def _fetch(
    url: str,
    sha256: str | None,
    place: Path,
    limit: int,
    cache: Path,
    incoming: Path,
    progress: Progress,
) -> Fetched:
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)  # it would say on standard error what it does
    if sha256 is not None:
        path = cache / sha256 / place
        if path.is_file() and files.file_sha256(path) == sha256:
            return Fetched(url, path, sha256, path.stat().st_size, True)
    download = _Download(place.name, limit, progress)
    # Without a checksum to pooch, which would tell of a wrong one in its own words.
    got = Path(pooch.retrieve(url, None, fname=place.name, path=incoming, downloader=download))
    found = files.file_sha256(got)
    if sha256 is not None and found != sha256:
        raise InputError(
            f"has the sha256 {found}, and should have {sha256}; nothing of it is used", url
        )
    _check_archive(got, url)
    path = cache / found / place
    path.parent.mkdir(parents=True, exist_ok=True)
    size = got.stat().st_size
    got.replace(path)
    return Fetched(url, path, found, size, False)


def _check_archive(path: Path, url: str) -> None:
    """Raise InputError for a zip archive that is none, or that expands like a bomb.

    What a member is said to expand to is more than is ever unpacked of it, so it may be believed.
    """
    if path.suffix.lower() != ".zip":
        return
    try:
        with files.open_zip(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except InputError as error:
        raise InputError(error.message, url) from None
    most = min(MAX_UNPACKED, max(_HARMLESS, path.stat().st_size * files.MAX_RATIO))
    if unpacked > most:
        raise InputError(f"expands to {unpacked:,} bytes; at most {most:,} are unpacked", url)


@dataclass(frozen=True, slots=True)
class _Download:
    """Downloads an address to a file, as pooch calls it."""

    name: str
    limit: int
    progress: Progress

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Download from the beginning, and once more from the beginning where it breaks off."""
        import requests
        from urllib3.exceptions import HTTPError  # what requests lets through

        with _session() as session:
            for tried in range(1, _TRIES + 1):
                try:
                    self._once(session, url, Path(output_file))
                    return
                except (_BrokenError, requests.RequestException, HTTPError) as error:
                    if tried == _TRIES:
                        raise InputError(
                            f"cannot be downloaded, in {_TRIES} tries: {_reason(error)}", url
                        ) from None
                    time.sleep(_PAUSE * 2 ** (tried - 1))

    def _once(self, session: Session, url: str, path: Path) -> None:
        with self._answer(session, url) as response:
            declared = response.headers.get("Content-Length", "")
            total = int(declared) if re.fullmatch(r"[0-9]{1,18}", declared) else None
            if total is not None and total > self.limit:
                raise self._too_large(url, total)
            done, began = 0, time.monotonic()
            with path.open("wb") as file:
                # As much as has come: `iter_content` waits until a piece is full.
                while piece := response.raw.read1(_CHUNK):
                    done += len(piece)
                    if done > self.limit:  # counted, since what is declared may lie
                        raise self._too_large(url, done)
                    if time.monotonic() - began > _PATIENCE + done / _SLOWEST:
                        raise _BrokenError(f"it comes too slowly: {done:,} bytes so far")
                    file.write(piece)
                    if total is None or done < total:
                        self.progress(self.name, done, total, "bytes")
            if total is not None and done != total:
                raise _BrokenError(f"the connection breaks off: {done:,} of {total:,} bytes came")
            self.progress(self.name, done, done, "bytes")

    def _too_large(self, url: str, size: int) -> InputError:
        return InputError(f"has {size:,} bytes or more; the limit is {self.limit:,}", url)

    def _answer(self, session: Session, url: str) -> Response:
        """Return the answer of an address, or of the one that it leads on to."""
        here, headers = url, {"Accept-Encoding": "identity", "User-Agent": "skills-kg"}
        for _ in range(_REDIRECTS + 1):
            response = session.get(
                here, headers=headers, stream=True, timeout=_TIMEOUT, allow_redirects=False
            )
            status = response.status_code
            if status == 200:
                if (packed := response.headers.get("Content-Encoding", "identity")) != "identity":
                    response.close()
                    raise InputError(f"is sent packed ({packed}), which was not asked for", url)
                return response
            target = response.headers.get("Location")
            response.close()
            if status not in (301, 302, 303, 307, 308) or not target:
                if status in _AGAIN:
                    raise _BrokenError(f"the server answers with status {status}")
                raise InputError(f"cannot be downloaded: status {status}", url)
            here = _led_to(here, target, url)
        raise InputError(f"leads on more than {_REDIRECTS} times", url)


def _led_to(here: str, target: str, url: str) -> str:
    """Return where an address leads on to; only this machine itself leads on to this machine."""
    try:
        there = check_address(urljoin(here, target))
    except RequestError as error:
        raise InputError(f"leads on to {error}", url) from None
    except ValueError:
        raise InputError(f"leads on to what is no address: {files.shown(target)!r}", url) from None
    if _is_here(urlsplit(there).hostname) and not _is_here(urlsplit(url).hostname):
        raise InputError(f"leads on to this machine itself ({files.shown(there)})", url)
    return there


def _session() -> Session:
    """Return a session that sends no password, and leaves it to us where an answer leads on to."""
    import requests

    class Plain(requests.Session):
        def get_redirect_target(self, resp: Response) -> None:
            """Return nothing: requests would take apart what may be no address."""

    session = Plain()
    session.auth = _without_password
    return session


def _without_password(request: Any) -> Any:
    """Send no password, which requests would look for in ~/.netrc."""
    return request


def _reason(error: Exception) -> str:
    """Return what is wrong with a connection, in a line without the address."""
    import requests
    from urllib3.exceptions import ProtocolError, TimeoutError

    if isinstance(error, requests.Timeout | TimeoutError):
        return "the server does not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not valid"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | ProtocolError):
        return "the connection breaks off"
    if isinstance(error, requests.ConnectionError):
        return "there is no connection"
    return files.shown(str(error))[:200]


def copy_to(fetched: Fetched, folder: Path) -> Path:
    """Copy a downloaded file into a folder, and return it there.

    Raises OutputError where another file of its name lies there already, or it cannot be written.
    """
    target = folder / fetched.path.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if target.exists():
            if target.is_file() and files.file_sha256(target) == fetched.sha256:
                return target
            raise OutputError(f"{target}: another file of that name lies there; move it away")
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".incoming-", delete=False) as file:
            copy = Path(file.name)
        try:
            shutil.copyfile(fetched.path, copy)
            copy.chmod(0o644)
            copy.replace(target)
        finally:
            copy.unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{folder}: cannot be written ({error.strerror or error})") from None
    return target
