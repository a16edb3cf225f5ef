"""The main module of a process that reads pages for `kg.page_workers`.

What is asked comes on standard input, each message after its length in 8 bytes, and ends when the
parent does, however that is. This process then ends at once, whatever it is doing, the imports
that reading pages takes included; so nothing is written any more when the next build deletes what
was left.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from typing import IO

__all__ = ["main"]

_LENGTH = 8


def main() -> None:
    """Read pages as the parent asks, until it asks no more."""
    # Ctrl-C goes to all processes of a terminal; the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    messages: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, messages), daemon=True).start()

    try:
        from kg.page_workers import serve

        serve(messages)
    except BaseException:  # noqa: BLE001 - told, since the parent reads what is said last
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # an end that waits for the thread, which reads, is a fatal error


def _receive(asked: IO[bytes], messages: queue.SimpleQueue[bytes]) -> None:
    while True:
        length = int.from_bytes(asked.read(_LENGTH))
        message = asked.read(length)
        if not length or len(message) < length:
            os._exit(0)
        messages.put(message)


if __name__ == "__main__":
    main()
