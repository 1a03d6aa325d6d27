"""The body of a request to a WSGI application, as it would come over a wire."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO, cast

from ..clock import sleep


def body_of(parts: Sequence[bytes], seconds: float) -> BinaryIO:
    """Return a stream of the parts; ``seconds`` of real time are spread over them."""
    if not seconds:
        return io.BytesIO(b"".join(parts))
    return cast("BinaryIO", io.BufferedReader(_Slow(parts, seconds / len(parts))))


class _Slow(io.RawIOBase):
    """Gives one part at a time, each after a while."""

    def __init__(self, parts: Sequence[bytes], each: float) -> None:
        self._parts = list(reversed(parts))
        self._each = each
        self._part = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._part and self._parts:
            sleep(self._each)
            self._part = memoryview(self._parts.pop())
        size = min(len(buffer), len(self._part))
        buffer[:size] = self._part[:size]
        self._part = self._part[size:]
        return size
