"""Rung by any thread, heard by the event loop of the carrier."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable


class Bell:
    """Calls somebody on an event loop; many rings in a row are heard once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hear: Callable[[], None] = lambda: None
        self._rung = False

    def attach(self, loop: asyncio.AbstractEventLoop, hear: Callable[[], None]) -> None:
        """Let somebody hear it from now on, and once at first."""
        with self._lock:
            self._loop, self._hear, self._rung = loop, hear, False
        self.ring()

    def detach(self) -> None:
        with self._lock:
            self._loop = None

    def ring(self) -> None:
        with self._lock:
            if self._loop is None or self._rung:
                return
            self._rung = True
            self._loop.call_soon_threadsafe(self._heard)

    def _heard(self) -> None:
        with self._lock:
            self._rung = False
        self._hear()
