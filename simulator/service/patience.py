"""What is to be delivered waits while the store is busy or full, or flowsim lacks something."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from typing import TypeVar

from ..clock import pause, stopwatch
from ..core.outcome import Outcome
from ..errors import ExhaustedError, StoreError
from ..transports.base import Transport

PAUSE = 0.5
"""Seconds of real time until the store is asked again, or an attempt is begun again."""

SAID = 60.0
"""Seconds of real time until it is said again that attempts wait."""

T = TypeVar("T")

_log = logging.getLogger("flowsim.service")


async def patiently(work: Callable[[], T]) -> T:
    """Return what ``work`` returns, once the store can do it."""
    while True:
        try:
            return work()
        except StoreError as error:
            _log.warning("deliveries wait: %s", error)
            await pause(PAUSE)


class PatientTransport:
    """Sends as another transport does, as soon as flowsim has what a request takes.

    Until then an attempt has not begun: no webhook is at fault.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._said_at = -math.inf

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        while True:
            try:
                return await self._transport.send(url, headers, body)
            except ExhaustedError as error:
                self._tell(error)
                await pause(PAUSE)

    def _tell(self, error: ExhaustedError) -> None:
        """Say why deliveries wait, once for all of them."""
        if stopwatch() - self._said_at >= SAID:
            self._said_at = stopwatch()
            _log.warning("deliveries wait: %s", error)
