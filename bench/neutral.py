"""A receiver that answers without a look at what it got, in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from typing import cast

from .measure import CHECKOUT, PYTHON

ANSWER = "HTTP/1.1 {} Said\r\ncontent-length: {}\r\n\r\n{}"
CHALLENGE = re.compile(rb"[?&]challenge=([^& ]*)")


class Neutral(asyncio.Protocol):
    """Finds the end of each request, and answers it after ``delay`` seconds; echoes challenges."""

    def __init__(self, delay: float, status: int) -> None:
        self._delay = delay
        self._said = ANSWER.format(status, 0, "").encode()
        self._held = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (head := self._held.find(b"\r\n\r\n")) >= 0:
            if challenge := CHALLENGE.search(self._held, 0, head):
                echo = challenge[1].decode()
                self._transport.write(ANSWER.format(200, len(echo), echo).encode())
                del self._held[: head + 4]
                continue
            begin = self._held.index(b"ength: ", 0, head) + len(b"ength: ")
            end = head + 4 + int(self._held[begin : self._held.index(b"\r\n", begin)])
            if len(self._held) < end:
                return
            del self._held[:end]
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self._answer)
            else:
                self._answer()

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._said)


async def serve(delay: float, status: int) -> None:
    """Print the port, then serve until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Neutral(delay, status), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def receiver(delay: float = 0.0, status: int = 200) -> Iterator[str]:
    """Yield the URL of a receiver that answers after so many seconds."""
    command = [PYTHON, "-m", "bench.neutral", str(delay), str(status)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/hook"
        finally:
            process.terminate()


if __name__ == "__main__":
    import uvloop

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(serve(float(sys.argv[1]), int(sys.argv[2])))
