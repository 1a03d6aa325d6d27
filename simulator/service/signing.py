"""Signs what is due, beside the event loop: several payloads at once while signers are busy."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ..core.payload import Payload
from ..core.signature import SignedPayload, digest, key_path
from ..keys import KeyPair, parse_private
from ..signers import sign_all

_KEPT = 10_000
"""How many signatures are remembered: every attempt at a delivery has the same two."""

_THREADS = 2
_CHUNK = 16

Signatures = tuple[str, str]


class SigningDesk:
    """Signs payloads for the coroutines of one event loop; ``close`` it at the end."""

    def __init__(self, keys: KeyPair) -> None:
        self._keys = [parse_private(key.private_pem) for key in keys]
        self._paths = (key_path(keys[0].name), key_path(keys[1].name))
        self._pool = ThreadPoolExecutor(_THREADS, "signer")
        self._known: OrderedDict[bytes, Signatures] = OrderedDict()
        self._wanted: dict[bytes, asyncio.Future[Signatures]] = {}
        self._queue: list[bytes] = []
        self._signing = 0

    async def sign(self, payload: Payload) -> SignedPayload:
        """Return the payload with its two signatures."""
        wanted = digest(payload.body)
        signatures = self._known.get(wanted)
        if signatures is None:
            signatures = await asyncio.shield(self._ordered(wanted))
        return SignedPayload(payload, signatures, self._paths)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _ordered(self, wanted: bytes) -> asyncio.Future[Signatures]:
        """Return who is told the signatures of a digest; it is signed once, whoever asks."""
        future = self._wanted.get(wanted)
        if future is None:
            loop = asyncio.get_running_loop()
            future = self._wanted[wanted] = loop.create_future()
            self._queue.append(wanted)
            loop.call_soon(self._start)
        return future

    def _start(self) -> None:
        while self._queue and self._signing < _THREADS:
            chunk, self._queue = self._queue[:_CHUNK], self._queue[_CHUNK:]
            self._signing += 1
            loop = asyncio.get_running_loop()
            signing = loop.run_in_executor(self._pool, sign_all, self._keys, chunk)
            signing.add_done_callback(partial(self._signed, chunk))

    def _signed(self, chunk: list[bytes], done: asyncio.Future[list[Signatures]]) -> None:
        self._signing -= 1
        if not done.cancelled():
            for each, signatures in zip(chunk, done.result(), strict=True):
                self._wanted.pop(each).set_result(signatures)
                self._known[each] = signatures
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._start()
