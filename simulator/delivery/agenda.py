"""Deliveries that wait to be sent, and which of them is due first."""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ..core.delivery import Delivery


class Pending(Protocol):
    """A delivery that waits for its next attempt.

    ``number`` counts attempts from 1; ``begun`` is when the first of them began.
    """

    number: int
    begun: datetime | None

    async def prepare(self) -> Delivery | None:
        """Return the signed delivery; None if it must not be sent any more."""
        ...


class Agenda(Protocol):
    """Deliveries in order of story time; those to retry are put back."""

    @property
    def is_over(self) -> bool:
        """Whether there are no further deliveries, except those that are put back."""
        ...

    @property
    def limit(self) -> datetime | None:
        """Return the moment that story time must not reach while attempts are under way, if any.

        It belongs to the delivery whose moment ``first`` returned last.
        """
        ...

    async def first(self) -> datetime | None:
        """Return when the first delivery is due; None if there is none."""
        ...

    async def take(self) -> Pending | None:
        """Remove and return the first due item; None if it is no delivery."""
        ...

    def retry(self, pending: Pending, due: datetime) -> None:
        """Put a delivery back for another attempt."""
        ...


@dataclass(order=True, slots=True)
class _Ready:
    """A delivery of a story, which is signed already."""

    due: datetime
    order: int
    delivery: Delivery = field(compare=False)
    number: int = field(compare=False, default=1)
    begun: datetime | None = field(compare=False, default=None)

    async def prepare(self) -> Delivery:
        return self.delivery


class StoryAgenda:
    """The deliveries of one story, which come in order of story time, and their retries."""

    limit = None

    def __init__(self, deliveries: AsyncIterator[Delivery]) -> None:
        self._deliveries = deliveries
        self._fresh: _Ready | None = None
        self._retries: list[_Ready] = []
        self.is_over = False

    async def first(self) -> datetime | None:
        if self._fresh is None and not self.is_over:
            delivery = await anext(self._deliveries, None)
            self.is_over = delivery is None
            self._fresh = _Ready(delivery.due, delivery.number, delivery) if delivery else None
        found = self._earlier()
        return found.due if found else None

    async def take(self) -> _Ready | None:
        found = self._earlier()
        if found is self._fresh:
            self._fresh = None
            return found
        return heapq.heappop(self._retries)

    def retry(self, pending: Pending, due: datetime) -> None:
        assert isinstance(pending, _Ready)
        later = _Ready(due, pending.order, pending.delivery, pending.number + 1, pending.begun)
        heapq.heappush(self._retries, later)

    def _earlier(self) -> _Ready | None:
        retry = self._retries[0] if self._retries else None
        if retry is None or self._fresh is None:
            return retry or self._fresh
        return min(retry, self._fresh)
