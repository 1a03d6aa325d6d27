"""Processes that sign for this one: how they are started, given work, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import cast

from ..errors import BreakdownError, FlowsimError
from ..runtime.breakdowns import exhaustion
from .signing_worker import SIGNATURE, framed

_STANDARD_ERROR = 2
_ERROR_OUTPUT = 2000
"""How much of the standard error of a process is kept, in bytes."""

Signatures = list[tuple[str, str]]

Signing = Callable[[], Awaitable[Signatures]]
"""Returns the signatures that were begun; to be called once, in the order of beginning."""


class Processes:
    """Sign in worker processes; each piece of work goes to the one with the least left to do.

    Other programs slow down one or the other, so taking turns would be slower.
    """

    def __init__(self, number: int, pems: Sequence[bytes]) -> None:
        self._number = number
        self._pems = pems
        self._processes: list[SigningProcess] = []

    async def __aenter__(self) -> Processes:
        starting = asyncio.gather(
            *(start(self._pems) for _ in range(self._number)), return_exceptions=True
        )
        try:
            problem = self._keep(await asyncio.shield(starting))
        except (
            asyncio.CancelledError
        ) as error:  # a process must have started before it can be ended
            self._keep(await starting)
            problem = error
        if problem is not None:
            await self.__aexit__()
            raise problem
        return self

    def _keep(self, started: Sequence[SigningProcess | BaseException]) -> BaseException | None:
        """Keep the processes that were started; return the error of one that was not, if any."""
        self._processes = [each for each in started if isinstance(each, SigningProcess)]
        return next((each for each in started if isinstance(each, BaseException)), None)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(process.end() for process in self._processes))

    def begin(self, digests: list[bytes]) -> Signing:
        future = min(self._processes, key=attrgetter("busy_with")).begin(digests)
        return lambda: future


class SigningProcess(asyncio.SubprocessProtocol):
    """One worker process; it answers in the order of its work.

    ``busy_with`` is the number of digests under way.
    """

    def __init__(self) -> None:
        self.busy_with = 0
        self.ended = asyncio.Event()
        self._asked: deque[tuple[int, asyncio.Future[Signatures]]] = deque()
        self._held = bytearray()
        self._errors = b""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.SubprocessTransport
        self._input: asyncio.WriteTransport

    def send_keys(self, pems: Sequence[bytes]) -> None:
        self._write(b"".join(map(framed, pems)))

    def begin(self, digests: Sequence[bytes]) -> asyncio.Future[Signatures]:
        """Return a future of the signatures; of ``BreakdownError`` if the process has ended."""
        future: asyncio.Future[Signatures] = self._loop.create_future()
        self._asked.append((len(digests), future))
        self.busy_with += len(digests)
        self._write(framed(b"".join(digests)))
        if self.ended.is_set():
            self._fail_all()
        return future

    def _write(self, content: bytes) -> None:
        if not self._input.is_closing():  # it may have ended before anything was written
            self._input.write(content)

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._transport.kill()
        await self.ended.wait()
        self._transport.close()

    def _fail_all(self) -> None:
        while self._asked:
            _, future = self._asked.popleft()
            if not future.done():
                future.set_exception(self._why())
                future.exception()  # it need not be awaited

    def _why(self) -> FlowsimError:
        """Return why the process has ended: the last line of its traceback, if there is one."""
        last = self._errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        if not last:
            return BreakdownError("a signing process was ended from outside")
        lack = exhaustion(MemoryError() if last.startswith("MemoryError") else RuntimeError(last))
        return lack or BreakdownError(f"a signing process has ended: {last}")

    # The rest is called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self._input = cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == _STANDARD_ERROR:
            self._errors = (self._errors + data)[-_ERROR_OUTPUT:]
            return
        self._held += data
        while self._asked:
            number, future = self._asked[0]
            size = number * 2 * SIGNATURE
            if len(self._held) < size:
                return
            self._asked.popleft()
            self.busy_with -= number
            text = self._held[:size].decode("ascii")
            del self._held[:size]
            if not future.done():
                future.set_result(_pairs(text))

    def process_exited(self) -> None:
        self.ended.set()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        """Fail what is under way, once standard error has been read to its end."""
        self._fail_all()


def _pairs(text: str) -> Signatures:
    each = [text[begin : begin + SIGNATURE] for begin in range(0, len(text), SIGNATURE)]
    return list(zip(each[::2], each[1::2], strict=True))


async def start(pems: Sequence[bytes]) -> SigningProcess:
    """Start a process in a session of its own, where no Ctrl-C of a terminal reaches it."""
    program = f"from {__package__}.signing_worker import main; main()"
    _, process = await asyncio.get_running_loop().subprocess_exec(
        SigningProcess,
        *(sys.executable, "-P", "-c", program),
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    process.send_keys(pems)
    return process
