"""Signs what is due, beside the event loop: several payloads at once while signers are busy."""

from __future__ import annotations

import asyncio
import sys
from collections import OrderedDict, deque

from ..core.payload import Payload
from ..core.signature import SignedPayload, digest
from ..errors import exhaustion
from ..signing.keys import KeyPair, paths
from ..signing.signers import AHEAD, CHUNK, LONG, Processes, Signers, Signing, Threads, processors

_KEPT = 10_000
"""How many signatures are remembered: every attempt at a delivery has the same two."""

Signatures = tuple[str, str]


class SigningDesk:
    """Signs payloads for the coroutines of one event loop; use it with ``async with``.

    It begins with threads, and moves to worker processes once there has been enough to sign
    that they pay.
    """

    def __init__(self, keys: KeyPair, long: int = LONG) -> None:
        self._pems = [key.private_pem for key in keys]
        self._paths = paths(keys)
        self._long = long
        self._signers: Signers = Threads(processors(), self._pems)
        self._known: OrderedDict[bytes, Signatures] = OrderedDict()
        self._wanted: dict[bytes, asyncio.Future[Signatures]] = {}
        self._queue: deque[bytes] = deque()
        self._called = asyncio.Event()
        self._signed = 0
        self._problem: Exception | None = None

    async def __aenter__(self) -> SigningDesk:
        await self._signers.__aenter__()
        self._work = asyncio.create_task(self._sign_or_tell())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._work.cancel()
        await asyncio.gather(self._work, return_exceptions=True)
        await self._signers.__aexit__()

    async def sign(self, payload: Payload) -> SignedPayload:
        """Return the payload with its two signatures; it is signed once, whoever asks.

        Raises what has ended the signing.
        """
        if self._problem is not None:
            raise self._problem
        wanted = digest(payload.body)
        signatures = self._known.get(wanted)
        if signatures is None:
            future = self._wanted.get(wanted)
            if future is None:
                future = self._wanted[wanted] = asyncio.get_running_loop().create_future()
                self._queue.append(wanted)
                self._called.set()
            signatures = await asyncio.shield(future)
        return SignedPayload(payload, signatures, self._paths)

    async def _sign_or_tell(self) -> None:
        """Sign until the end; let those who wait know if that comes too early."""
        try:
            await self._keep_signing()
        except Exception as error:
            self._problem = error
            for future in self._wanted.values():
                future.set_exception(error)
                future.exception()  # it may be that it is not waited for any more

    async def _keep_signing(self) -> None:
        """Hand over what is wanted, some chunks ahead, and take back signatures in order."""
        begun: deque[tuple[list[bytes], Signing]] = deque()
        while True:
            await self._called.wait()
            self._called.clear()
            while self._queue or begun:
                while self._queue and not self._pays and len(begun) < AHEAD * processors():
                    begun.append(self._begin())
                if begun:
                    chunk, signing = begun.popleft()
                    self._tell(chunk, await signing())
                else:
                    await self._grow()

    def _begin(self) -> tuple[list[bytes], Signing]:
        chunk = [self._queue.popleft() for _ in range(min(CHUNK, len(self._queue)))]
        return chunk, self._signers.begin(chunk)

    def _tell(self, chunk: list[bytes], signed: list[Signatures]) -> None:
        for each, signatures in zip(chunk, signed, strict=True):
            self._wanted.pop(each).set_result(signatures)
            self._known[each] = signatures
        self._signed += len(chunk)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)

    @property
    def _pays(self) -> bool:
        """Whether there has been so much to sign that worker processes pay."""
        return self._signed >= self._long and isinstance(self._signers, Threads)

    async def _grow(self) -> None:
        """Move to worker processes, which are asked for whatever comes from now on.

        Without the memory or the processes for them, signing stays in threads.
        """
        try:
            processes = await Processes(processors(), self._pems).__aenter__()
        except (OSError, RuntimeError, MemoryError) as error:
            if exhaustion(error) is None:
                raise
            self._long = sys.maxsize
            return
        await self._signers.__aexit__()
        self._signers = processes
