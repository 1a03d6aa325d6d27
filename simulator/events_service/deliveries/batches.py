"""New deliveries that wait while their registration is busy, to travel in one batch."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from typing import Any, Generic, Protocol, TypeVar

from ...core.payload import MOST_EVENTS


class _Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Waiting = TypeVar("Waiting", bound=_Ordered)


class Batches(Generic[Waiting]):
    """Keeps what waits for each registration, in its order: less than a full batch."""

    def __init__(self) -> None:
        self._waiting: defaultdict[int, list[Waiting]] = defaultdict(list)

    @property
    def size(self) -> int:
        """How much waits."""
        return sum(map(len, self._waiting.values()))

    def add(self, registration: int, waiting: Waiting) -> list[Waiting]:
        """Keep one more; return a batch, kept no longer, if that makes it full."""
        kept = self._waiting[registration]
        insort(kept, waiting)
        return self.take(registration) if len(kept) == MOST_EVENTS else []

    def take(self, registration: int) -> list[Waiting]:
        """Return what waits, and keep it no longer."""
        return self._waiting.pop(registration, [])
