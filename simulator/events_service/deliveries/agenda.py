"""What the service has to deliver: a window on the store, which holds all of it.

Everything that is due up to ``_horizon`` is in memory. What is due later is in the store only.
Deliveries that are added later have higher numbers, and so the agenda finds them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from ...core.payload import MOST_EVENTS
from ...delivery.agenda import Pending
from ...runtime.clock import Present
from ..database.database import Database, once_possible
from ..publishing.directory import Directory
from .fair_queue import FairQueue
from .loading import Load, StoredPending
from .table import Deliveries, StoredDelivery

_EVERYTHING = datetime.max.replace(tzinfo=UTC), 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many deliveries are in memory and under way.

    ``window`` deliveries are read at once; at most four times as many wait in memory for their
    time. Deliveries that are due and may not begin yet are in memory beside these. ``share`` and
    ``total`` limit the attempts under way, see ``FairQueue``.
    """

    window: int = 1_000
    share: int = 64
    total: int = 192

    @classmethod
    def of(cls, concurrency: int) -> Bounds:
        """Return the bounds for ``concurrency`` attempts under way at once."""
        return cls(share=max(1, concurrency // 4), total=max(1, concurrency * 3 // 4))


class Timer(Protocol):
    """Something that is to be done at a moment of the service's clock."""

    @property
    def follows_attempts(self) -> bool:
        """Whether all attempts that began before ``due`` have to end before ``run`` is called."""
        ...

    @property
    def due(self) -> datetime | None:
        """The moment of the service's clock, in UTC, from which ``run`` is called; None: never."""
        ...

    def run(self, now: datetime) -> None:
        """Do it, at ``now`` of the service's clock, and set ``due`` to the next time or None.

        If it raises ``StoreError``, it is called again after a pause.
        """
        ...


Settle = Callable[[], Iterable[tuple[StoredPending, Sequence[StoredDelivery]]]]
"""Write what ended, and return it with the rows of its next attempt (``Recorder.settle``)."""


class StoreAgenda:
    """Deliveries and timers in order of the service's clock; it is never over."""

    is_over = False

    def __init__(
        self,
        database: Database,
        directory: Directory,
        load: Load,
        clock: Present,
        timers: Sequence[Timer],
        settle: Settle,
        bounds: Bounds = Bounds(),
    ) -> None:
        self._deliveries = Deliveries(database)
        self._directory = directory
        self._load = load
        self._clock = clock
        self._timers = timers
        self._settle = settle
        self._window = bounds.window
        self._heap: list[StoredPending] = []
        self._queue = FairQueue(bounds.share, bounds.total)
        self._numbers: set[int] = set()
        self._horizon: tuple[datetime, int] | None = None
        self._newest = 0
        self._has_new = True
        self.under_way: dict[int, StoredPending] = {}

    @property
    def size(self) -> int:
        """How many deliveries wait in memory."""
        return len(self._heap) + len(self._queue.ready) + self._queue.held

    @property
    def limit(self) -> datetime | None:
        """The moment that must not come while attempts are under way.

        It is the present, if deliveries that are due wait for one of them to end.
        """
        if self._queue.held or any(each.left for each in self.under_way.values()):
            return self._clock.now()
        moments = [each.due for each in self._timers if each.due and each.follows_attempts]
        return min(moments, default=None)

    def look_again(self) -> None:
        """Note that deliveries were added; any thread may call this."""
        self._has_new = True

    async def first(self) -> datetime | None:
        await once_possible(self._refresh)
        moments = [each.due for each in self._timers if each.due is not None]
        moments += [each[0].due for each in (self._heap, self._queue.ready) if each]
        return min(moments, default=None)

    async def take(self) -> StoredPending | None:
        now = self._clock.now()
        for timer in self._timers:
            if timer.due is not None and timer.due <= now:
                await once_possible(partial(timer.run, now))
                return None
        while not self._queue.ready and self._heap and self._heap[0].due <= now:
            self._queue_up(heapq.heappop(self._heap), now)
        if not self._queue.ready:
            return None
        pending = self._queue.ready.popleft()
        self.under_way[pending.order] = pending
        return pending

    def retry(self, pending: Pending, due: datetime) -> None:
        """Note when a delivery is due again; ``settle`` returns its next attempt."""
        assert isinstance(pending, StoredPending)
        pending.due = due

    def end(self, pending: StoredPending, again: Sequence[StoredDelivery] = ()) -> None:
        """Drop a delivery whose attempt ended; ``again`` are the rows of its next attempt."""
        for row in pending.left:
            self._queue.add_to_batch(self._pending([row]))
        del self.under_way[pending.order]
        self._queue.end(pending.registration)
        self._numbers -= {row.number for row in pending.rows}
        if again:
            self._add(self._pending(again))

    def _queue_up(self, first: StoredPending, now: datetime) -> None:
        """Let a delivery that is due begin in its turn.

        A batch that is not full waits while its registration has an attempt under way.
        """
        if not self._travels_in_batches(first):
            self._queue.add(first)
        elif self._queue.is_busy(first.registration):
            self._queue.add_to_batch(first)
        else:
            self._queue.add(first, *self._take_due_with(first, now))

    def _travels_in_batches(self, pending: StoredPending) -> bool:
        registration = self._directory.registration(pending.registration)
        takes_batches = registration is not None and registration.delivery_type == "webhook_batch"
        return takes_batches and pending.is_new

    def _take_due_with(self, first: StoredPending, now: datetime) -> list[StoredPending]:
        """Remove other new deliveries of the registration that are due from the heap."""

        def may_travel(other: StoredPending) -> bool:
            return other.is_new and other.due <= now and other.registration == first.registration

        chosen = heapq.nsmallest(MOST_EVENTS - 1, filter(may_travel, self._heap))
        if chosen:
            taken = set(map(id, chosen))
            self._heap = [each for each in self._heap if id(each) not in taken]
            heapq.heapify(self._heap)
        return chosen

    def _refresh(self) -> None:
        for pending, again in self._settle():
            self.end(pending, again)
        self._take_in_new()
        while not self._heap and self._horizon != _EVERYTHING:
            self._read_on()

    def _take_in_new(self) -> None:
        """Read deliveries that were added since the last look."""
        if self._horizon is None:
            self._newest = self._deliveries.newest()
            return
        while self._has_new:
            self._has_new = False
            found = self._deliveries.newer_than(self._newest, self._window)
            for row in found:
                self._newest = row.number
                self._add(self._pending([row]))
            self._has_new = self._has_new or len(found) == self._window

    def _read_on(self) -> None:
        """Read deliveries that are due after the horizon."""
        rows = self._deliveries.after(self._horizon, self._window)
        is_all = len(rows) < self._window
        self._horizon = _EVERYTHING if is_all else (rows[-1].due, rows[-1].number)
        for row in rows:
            if row.batch is None:
                self._add(self._pending([row]))
            elif row.batch == row.number:
                self._add(self._pending(self._deliveries.of_batch(row.batch)))

    def _pending(self, rows: Sequence[StoredDelivery]) -> StoredPending:
        first = rows[0]
        return StoredPending(
            first.due, first.number, [*rows], self._load, first.attempt, first.begun
        )

    def _add(self, pending: StoredPending) -> None:
        """Hold a delivery in memory, if it is due before the horizon and not there already."""
        numbers = {row.number for row in pending.rows}
        horizon = self._horizon or _EVERYTHING
        if (pending.due, pending.order) > horizon or numbers & self._numbers:
            return
        heapq.heappush(self._heap, pending)
        self._numbers |= numbers
        if len(self._heap) > 4 * self._window:
            self._draw_horizon_in()

    def _draw_horizon_in(self) -> None:
        """Drop the later half from memory; the store still has it."""
        kept = heapq.nsmallest(2 * self._window, self._heap)
        self._horizon = (kept[-1].due, kept[-1].order)
        dropped = [each for each in self._heap if (each.due, each.order) > self._horizon]
        self._numbers -= {row.number for each in dropped for row in each.rows}
        self._heap = kept
