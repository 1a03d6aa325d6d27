"""The store may be busy or full for a while; what is to be delivered waits for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from ...errors import StoreError
from ...runtime.clock import pause

PAUSE = 0.5
"""Seconds of real time until the store is asked again."""

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
