"""What the service has to deliver: a window on the store, which holds all of it.

Everything up to ``_horizon`` is at hand; what lies behind it is in the store only. Deliveries
that are added later have higher numbers, so that they are found by number.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from ...core.delivery import Delivery
from ...core.payload import MOST_EVENTS
from ...delivery.agenda import Pending
from ...runtime.clock import Present
from ..database.database import Database
from ..database.patience import patiently
from ..publishing.directory import Directory
from .batches import Batches
from .fair_queue import Shares
from .table import Deliveries, StoredDelivery

Place = tuple[datetime, int]
_EVERYTHING: Place = (datetime.max.replace(tzinfo=UTC), 0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is at hand and under way.

    ``window`` deliveries are read at once, and at most four times as many wait at hand for
    their time. All that is due and may not begin yet is held: others may stand behind it. A
    registration has at most ``share`` attempts under way, and less if there are many: all have
    ``together`` but for one of each.
    """

    window: int = 1_000
    share: int = 64
    together: int = 192

    @classmethod
    def of(cls, concurrency: int) -> Bounds:
        """Return those for so many attempts under way at once."""
        return cls(share=max(1, concurrency // 4), together=max(1, concurrency * 3 // 4))


class Timer(Protocol):
    """Something that is to be done at a moment of the service's clock.

    If it ``follows_attempts``, all that began before that moment have to end first.
    """

    @property
    def follows_attempts(self) -> bool: ...

    @property
    def due(self) -> datetime | None: ...

    def run(self, now: datetime) -> None: ...


class Loader(Protocol):
    """Makes a signed delivery of what the store holds."""

    async def load(self, pending: StoredPending) -> Delivery | None: ...


@dataclass(order=True, slots=True)
class StoredPending:
    """Deliveries of one registration that travel together: one, or a batch.

    ``left`` are those that did not fit into the batch.
    """

    due: datetime
    order: int
    rows: list[StoredDelivery] = field(compare=False)
    loader: Loader = field(compare=False)
    number: int = field(compare=False)
    begun: datetime | None = field(compare=False)
    left: list[StoredDelivery] = field(compare=False, default_factory=list)

    async def prepare(self) -> Delivery | None:
        return await self.loader.load(self)

    @property
    def registration(self) -> int:
        return self.rows[0].registration


class StoreAgenda:
    """Deliveries and timers in order of the service's clock; it is never over."""

    is_over = False

    def __init__(
        self,
        database: Database,
        directory: Directory,
        loader: Loader,
        clock: Present,
        timers: Sequence[Timer],
        settle: Callable[[], None],
        bounds: Bounds = Bounds(),
    ) -> None:
        self._deliveries = Deliveries(database)
        self._directory = directory
        self._loader = loader
        self._clock = clock
        self._timers = timers
        self._settle = settle
        self._window = bounds.window
        self._heap: list[StoredPending] = []
        self._shares: Shares[StoredPending] = Shares(bounds.share, bounds.together)
        self._batches: Batches[StoredPending] = Batches()
        self._begun: deque[StoredPending] = deque()
        self._at_hand: set[int] = set()
        self._horizon: Place | None = None
        self._newest = 0
        self._stale = True
        self.under_way: dict[int, StoredPending] = {}

    @property
    def size(self) -> int:
        """How many deliveries are at hand and wait."""
        return len(self._heap) + len(self._begun) + self._shares.size + self._batches.size

    @property
    def limit(self) -> datetime | None:
        """The moment that must not come while attempts are under way.

        It is the present, if deliveries that are due wait for one of them to end.
        """
        is_left = any(each.left for each in self.under_way.values())
        if is_left or self._shares.size or self._batches.size:
            return self._clock.now()
        moments = [each.due for each in self._timers if each.due and each.follows_attempts]
        return min(moments, default=None)

    def look_again(self) -> None:
        """Note that deliveries were added; any thread may call this."""
        self._stale = True

    async def first(self) -> datetime | None:
        await patiently(self._refresh)
        moments = [each.due for each in self._timers if each.due is not None]
        moments += [each[0].due for each in (self._heap, self._begun) if each]
        return min(moments, default=None)

    async def take(self) -> StoredPending | None:
        now = self._clock.now()
        for timer in self._timers:
            if timer.due is not None and timer.due <= now:
                await patiently(partial(timer.run, now))
                return None
        pending = self._next(now)
        if pending is not None:
            self.under_way[pending.order] = pending
        return pending

    def _next(self, now: datetime) -> StoredPending | None:
        """Return the first delivery that is due and whose registration has not used its share."""
        while not self._begun and self._heap and self._heap[0].due <= now:
            self._let_begin(self._gathered(heapq.heappop(self._heap), now))
        return self._begun.popleft() if self._begun else None

    def _gathered(self, first: StoredPending, now: datetime) -> list[StoredPending]:
        """Return what travels together with a delivery that is due; nothing while it waits.

        A batch that is not full waits while its registration has an attempt under way.
        """
        if not self._travels_in_batches(first):
            return [first]
        if self._shares.is_busy(first.registration):
            return self._batches.add(first.registration, first)
        return [first, *self._due_too(first, now)]

    def _let_begin(self, together: list[StoredPending]) -> None:
        """Let deliveries begin as one, or hold it if its registration has used its share."""
        if not together:
            return
        first, *others = together
        first.rows += [row for each in others for row in each.rows]
        if self._shares.begin(first.registration):
            self._begun.append(first)
        else:
            self._shares.hold(first.registration, first)

    def retry(self, pending: Pending, due: datetime) -> None:
        """Note when a delivery is due again; ``ended`` puts it back."""
        assert isinstance(pending, StoredPending)
        pending.due = due

    def put_back(self, pending: StoredPending) -> None:
        """Let a delivery that is under way be due again."""
        self.give_up(pending)
        self._add(pending)

    def give_up(self, pending: StoredPending) -> None:
        """Hold a delivery no longer: it ended, or cannot be made now."""
        left, pending.left = pending.left, []
        for row in left:
            self._let_begin(self._batches.add(pending.registration, self._pending([row])))
        if self.under_way.pop(pending.order, None):
            self._end(pending.registration)
        self._at_hand -= {row.number for row in pending.rows}

    def _end(self, registration: int) -> None:
        """Let one that is held begin, for one of a registration has ended."""
        held = self._shares.end(registration)
        if held is not None:
            self._begun.append(held)
        if not self._shares.holds(registration):
            self._let_begin(self._batches.take(registration))

    def _refresh(self) -> None:
        self._settle()
        self._take_in_new()
        while not self._heap and self._horizon != _EVERYTHING:
            self._read_on()

    def _take_in_new(self) -> None:
        """Read deliveries that were added since the last look."""
        if self._horizon is None:
            self._newest = self._deliveries.newest()
            return
        while self._stale:
            self._stale = False
            found = self._deliveries.newer_than(self._newest, self._window)
            for row in found:
                self._newest = row.number
                self._add(self._pending([row]))
            self._stale = self._stale or len(found) == self._window

    def _read_on(self) -> None:
        """Read what lies behind the horizon."""
        rows = self._deliveries.after(self._horizon, self._window)
        is_all = len(rows) < self._window
        self._horizon = _EVERYTHING if is_all else (rows[-1].due, rows[-1].number)
        for row in rows:
            if row.batch is None:
                self._add(self._pending([row]))
            elif row.batch == row.number:
                self._add(self._pending(self._deliveries.of_batch(row.batch)))

    def _pending(self, rows: list[StoredDelivery]) -> StoredPending:
        first = rows[0]
        return StoredPending(
            first.due, first.number, rows, self._loader, first.attempt, first.begun
        )

    def _add(self, pending: StoredPending) -> None:
        """Hold a delivery at hand, if it is due before the horizon and not at hand already."""
        numbers = {row.number for row in pending.rows}
        horizon = self._horizon or _EVERYTHING
        if (pending.due, pending.order) > horizon or numbers & self._at_hand:
            return
        heapq.heappush(self._heap, pending)
        self._at_hand |= numbers
        if len(self._heap) > 4 * self._window:
            self._draw_horizon_in()

    def _draw_horizon_in(self) -> None:
        """Leave the later half to the store again."""
        kept = heapq.nsmallest(2 * self._window, self._heap)
        self._horizon = (kept[-1].due, kept[-1].order)
        dropped = [each for each in self._heap if (each.due, each.order) > self._horizon]
        self._at_hand -= {row.number for each in dropped for row in each.rows}
        self._heap = kept

    def _travels_in_batches(self, pending: StoredPending) -> bool:
        registration = self._directory.registration(pending.registration)
        is_new = pending.number == 1 and pending.rows[0].batch is None
        return is_new and registration is not None and registration.delivery_type == "webhook_batch"

    def _due_too(self, first: StoredPending, now: datetime) -> list[StoredPending]:
        """Take other new deliveries of the registration that are due off the heap."""

        def may_travel(other: StoredPending) -> bool:
            is_new = other.number == 1 and other.due <= now and other.rows[0].batch is None
            return is_new and other.registration == first.registration

        chosen = heapq.nsmallest(MOST_EVENTS - 1, filter(may_travel, self._heap))
        if chosen:
            taken = set(map(id, chosen))
            self._heap = [each for each in self._heap if id(each) not in taken]
            heapq.heapify(self._heap)
        return chosen
