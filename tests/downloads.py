"""A server on this machine that files are downloaded from: an honest one, and every other kind."""

from __future__ import annotations

import io
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

__all__ = ["CONTENT", "Served", "bomb", "served", "zipped"]

CONTENT = b"what is at this address\n" * 4000


@dataclass
class Served:
    """A running server: how often each path was asked for, and the headers that came last."""

    port: int
    asked: Counter[str] = field(default_factory=Counter)
    headers: dict[str, str] = field(default_factory=dict)
    #: Files that it serves as they are, by path.
    files: dict[str, bytes] = field(default_factory=dict)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"http://{host}:{self.port}{path}"


@contextmanager
def served() -> Iterator[Served]:
    """Run a server while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            state.asked[path] += 1
            state.headers = dict(self.headers)
            with suppress(OSError):  # whoever asked has gone
                if path in state.files:
                    whole(self, state.files[path])
                else:
                    _ANSWERS.get(path, missing)(self, state)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = Served(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def whole(to: BaseHTTPRequestHandler, data: bytes, declared: int | None = None) -> None:
    """Send bytes, whatever size is declared."""
    to.send_response(200)
    to.send_header("Content-Length", str(len(data) if declared is None else declared))
    to.end_headers()
    to.wfile.write(data)


def missing(to: BaseHTTPRequestHandler, state: Served) -> None:
    to.send_error(404)


def leads(target: str) -> Callable[[BaseHTTPRequestHandler, Served], None]:
    """Return what leads on to another address."""

    def answer(to: BaseHTTPRequestHandler, state: Served) -> None:
        to.send_response(302)
        to.send_header("Location", target.replace("PORT", str(state.port)))
        to.end_headers()

    return answer


def breaks_once(to: BaseHTTPRequestHandler, state: Served) -> None:
    if state.asked[to.path.partition("?")[0]] < 2:
        breaks(to, state)
    else:
        whole(to, CONTENT)


def breaks(to: BaseHTTPRequestHandler, state: Served) -> None:
    whole(to, CONTENT[:5000], len(CONTENT))


def busy_once(to: BaseHTTPRequestHandler, state: Served) -> None:
    if state.asked[to.path.partition("?")[0]] < 2:
        to.send_error(503)
    else:
        whole(to, CONTENT)


def says_less(to: BaseHTTPRequestHandler, state: Served) -> None:
    whole(to, CONTENT, 100)


def says_much(to: BaseHTTPRequestHandler, state: Served) -> None:
    whole(to, CONTENT, 10**15)


def endless(to: BaseHTTPRequestHandler, state: Served) -> None:
    to.send_response(200)
    to.end_headers()
    for _ in range(10_000):
        to.wfile.write(CONTENT)


def changes(to: BaseHTTPRequestHandler, state: Served) -> None:
    whole(to, CONTENT + str(state.asked[to.path.partition("?")[0]]).encode())


def packed(to: BaseHTTPRequestHandler, state: Served) -> None:
    to.send_response(200)
    to.send_header("Content-Encoding", "gzip")
    to.end_headers()


def slow(to: BaseHTTPRequestHandler, state: Served) -> None:
    time.sleep(0.5)
    whole(to, CONTENT)


def drips(to: BaseHTTPRequestHandler, state: Served) -> None:
    to.send_response(200)
    to.end_headers()
    with suppress(OSError):
        for _ in range(500):
            to.wfile.write(b"x")
            to.wfile.flush()
            time.sleep(0.02)


_ANSWERS: dict[str, Callable[[BaseHTTPRequestHandler, Served], None]] = {
    "/whole.csv": lambda to, _: whole(to, CONTENT),
    "/breaks-once.csv": breaks_once,
    "/breaks.csv": breaks,
    "/busy-once.csv": busy_once,
    "/says-less.csv": says_less,
    "/says-much.csv": says_much,
    "/endless.csv": endless,
    "/changes.csv": changes,
    "/packed.csv": packed,
    "/slow.csv": slow,
    "/bomb.zip": lambda to, _: whole(to, bomb()),
    "/no-archive.zip": lambda to, _: whole(to, b"<html>please log in</html>"),
    "/elsewhere.csv": leads("http://localhost:PORT/whole.csv"),
    "/to-file.csv": leads("file:///etc/hostname"),
    "/to-plain.csv": leads("http://example.org/whole.csv"),
    "/to-password.csv": leads("https://me:secret@example.org/whole.csv"),
    "/round.csv": leads("/round.csv"),
    "/to-nothing.csv": leads("http://[::1"),
    "/to-bytes.csv": leads("//\xff\xfe/whole.csv"),
    "/to-long-host.csv": leads(f"https://{'a' * 70}.example.org/whole.csv"),
    "/drips.csv": drips,
}


def bomb() -> bytes:
    """Return a small archive that expands to 100 MiB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tables.txt", bytes(100 * 2**20))
    return packed.getvalue()


def zipped(folder: Path) -> bytes:
    """Return an archive of a folder, the same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(f"{folder.name}/{path.name}"), path.read_bytes())
    return packed.getvalue()
