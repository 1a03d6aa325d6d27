"""What comes later, put in order: the first due comes first, then the first that was added."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


class Later(Generic[ItemT]):
    """Holds items until they are due."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, ItemT]] = []
        self._order = count()

    def add(self, due: datetime, item: ItemT) -> None:
        heapq.heappush(self._entries, (due, next(self._order), item))

    def until(self, moment: datetime) -> Iterator[ItemT]:
        """Yield, and forget, what is due by then."""
        while self._entries and self._entries[0][0] <= moment:
            yield heapq.heappop(self._entries)[2]

    def rest(self) -> Iterator[ItemT]:
        """Yield, and forget, everything."""
        while self._entries:
            yield heapq.heappop(self._entries)[2]
