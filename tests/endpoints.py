"""SPARQL endpoints to ask: a real server as a process, and a hostile one in a thread."""

from __future__ import annotations

import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

__all__ = ["PEAK", "Handler", "hostile", "oxigraph"]

#: Code of a function that tells the most memory a process has had, in MiB. Linux keeps what
#: `getrusage` tells across the start of a program, so a child would begin with its parent's.
PEAK = (
    "def peak():\n"
    "    with open('/proc/self/status') as file:\n"
    "        return next(int(s.split()[1]) // 1024 for s in file if s.startswith('VmHWM'))\n"
)
Handler = http.server.BaseHTTPRequestHandler


@contextmanager
def oxigraph(store: Path, *options: str) -> Iterator[str]:
    """Run Oxigraph's server on a store and a free port; give the address of its endpoint."""
    beside = Path(sys.executable).with_name("oxigraph")
    binary = str(beside) if beside.exists() else shutil.which("oxigraph")
    if binary is None:
        pytest.skip("needs the server of the package oxigraph, which is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    bind = ["--location", str(store), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [binary, "serve-read-only", *bind, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server does not listen"
            time.sleep(0.02)
        else:
            return


@contextmanager
def hostile(answer: Callable[[Handler], None]) -> Iterator[str]:
    """Run a server that answers every request by a function; give its address."""

    class Answers(Handler):
        def do_GET(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough
                answer(self)
            self.close_connection = True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
