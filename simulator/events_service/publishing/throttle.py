"""How often one api key may publish (io-events-protocol.md 6.5), in real time."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

REQUESTS = 3_000
SECONDS = 5.0
"""So many requests are accepted in so much real time, whatever the service's clock does."""

_KEYS = 10_000
"""How many api keys are remembered at most; those that were silent the longest are forgotten."""


@dataclass(slots=True)
class _Window:
    begin: float
    requests: int = 0


@dataclass(slots=True)
class Throttle:
    """Counts requests in windows that begin with a key's first request after the last one."""

    stopwatch: Callable[[], float]
    _windows: OrderedDict[str, _Window] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, api_key: str) -> int | None:
        """Count one request; return in how many whole seconds to come again, if it is too many."""
        now = self.stopwatch()
        with self._lock:
            window = self._windows.get(api_key)
            if window is None or now - window.begin >= SECONDS:
                window = self._begin(api_key, now)
            window.requests += 1
            if window.requests <= REQUESTS:
                return None
            return max(1, math.ceil(window.begin + SECONDS - now))

    def _begin(self, api_key: str, now: float) -> _Window:
        self._windows.pop(api_key, None)
        while self._windows and self._is_forgotten(next(iter(self._windows.values())), now):
            self._windows.popitem(last=False)
        window = self._windows[api_key] = _Window(now)
        return window

    def _is_forgotten(self, oldest: _Window, now: float) -> bool:
        """Tell whether the window that began first is over, or has to make room."""
        return now - oldest.begin >= SECONDS or len(self._windows) >= _KEYS
