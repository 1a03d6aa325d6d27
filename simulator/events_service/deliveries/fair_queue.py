"""Which deliveries that are due may begin, so that each registration gets its turn.

A webhook that hangs keeps each attempt for ten seconds. Without a limit it would soon keep all
attempts that may be under way, and so would several such webhooks.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict, deque
from itertools import chain

from ...core.payload import MOST_EVENTS
from .loading import StoredPending


class FairQueue:
    """Counts attempts under way, and holds deliveries until they may begin.

    A registration may begin an attempt while it has fewer under way than ``share``, and fewer
    than are still free of ``total``. So each registration leaves as much to the next one as it
    took. A registration with no attempt under way may always begin one. ``ready`` are the
    deliveries that may begin; they count as under way already.
    """

    def __init__(self, share: int, total: int) -> None:
        self._share = share
        self._free = total
        self._under_way: Counter[int] = Counter()
        self._held: defaultdict[int, deque[StoredPending]] = defaultdict(deque)
        self._batches: defaultdict[int, list[StoredPending]] = defaultdict(list)
        self.ready: deque[StoredPending] = deque()

    @property
    def held(self) -> int:
        """How many deliveries are due and may not begin yet."""
        return sum(map(len, chain(self._held.values(), self._batches.values())))

    def is_busy(self, registration: int) -> bool:
        """Tell whether a registration has an attempt under way."""
        return self._under_way[registration] > 0

    def add(self, first: StoredPending, *others: StoredPending) -> None:
        """Take in deliveries of one registration that are sent in one request."""
        if others:
            first.join(others)
        if self._begins(first.registration):
            self.ready.append(first)
        else:
            self._held[first.registration].append(first)

    def add_to_batch(self, pending: StoredPending) -> None:
        """Hold a delivery until a batch is full, or an attempt of its registration ends."""
        batch = self._batches[pending.registration]
        insort(batch, pending)
        if len(batch) == MOST_EVENTS:
            self._add_batch(pending.registration)

    def end(self, registration: int) -> None:
        """Count one attempt less, and let the registration with the fewest begin another one."""
        self._under_way[registration] -= 1
        self._free += 1
        least = min(self._held, key=self._under_way.__getitem__, default=None)
        if least is not None and self._begins(least):
            held = self._held[least]
            self.ready.append(held.popleft())
            if not held:
                del self._held[least]
        if registration not in self._held:
            self._add_batch(registration)

    def _begins(self, registration: int) -> bool:
        """Count one more attempt, unless the registration has its share; return if counted."""
        if self._under_way[registration] >= max(1, min(self._share, self._free)):
            return False
        self._under_way[registration] += 1
        self._free -= 1
        return True

    def _add_batch(self, registration: int) -> None:
        if batch := self._batches.pop(registration, None):
            self.add(*batch)
