"""Applies faults to a story: to its events, to payloads, and to signed deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ..core.delivery import Delivery
from ..core.event import Event
from ..core.fault import acts_at, disturb
from ..core.instant import DueQueue
from ..core.payload import Payload
from ..core.signature import SignedPayload

BEHIND = timedelta(seconds=1)
"""A delivery that must follow another one is due this long after it."""


def events(undisturbed: Iterable[Event]) -> Iterator[Event]:
    """Yield events changed by faults at the points story, run and event, in order of story time."""
    later: DueQueue[Event] = DueQueue()
    for event in undisturbed:
        yield from later.until(event.time)
        for each in _several(event) if event.faults else (event,):
            if each.time > event.time:
                later.add(each.time, each)
            else:
                yield each
    yield from later.rest()


def _several(event: Event) -> Iterator[Event]:
    """Yield the events that faults make of one event; each draws its own random values."""
    several: tuple[Event, ...] = disturb("story", (event,), event.faults)
    yield _one(several[0])
    for number, each in enumerate(several[1:], 1):
        own = tuple(fault.seeded(str(number)) for fault in each.faults)
        yield _one(replace(each, faults=own))


def _one(event: Event) -> Event:
    if acts_at("run", event.faults):
        notification = event.notification.with_run(
            lambda entity: disturb("run", entity, event.faults)
        )
        event = replace(event, notification=notification)
    return disturb("event", event, event.faults)


def payload(built: Payload) -> Payload:
    """Return a payload changed by faults at the points payload and body.

    All of its events have the same faults.
    """
    faults = built.events[0].faults
    if not faults:
        return built
    changed = disturb("payload", built, faults)
    return replace(changed, body=disturb("body", changed.body, faults))


class DisturbedDeliveries:
    """Applies the faults of the points signature, key and delivery.

    Deliveries are taken and yielded in the order in which they are due. Faults can add, remove
    or delay some. ``rename`` returns a payload with key paths of its own, for faults of the key
    host. ``withhold`` is called with a delivery that is removed.
    """

    def __init__(
        self,
        rename: Callable[[SignedPayload], SignedPayload],
        withhold: Callable[[Delivery], None],
    ) -> None:
        self._rename = rename
        self._withhold = withhold
        self._later: DueQueue[Delivery] = DueQueue()
        self._behind: list[Delivery] = []
        self._latest: datetime | None = None
        self._earlier: tuple[str, str] | None = None

    def take(self, delivery: Delivery) -> Iterator[Delivery]:
        """Take the next delivery, and yield those that are due by now."""
        self._latest = delivery.due
        yield from self._later.until(delivery.due)
        self._count_one(delivery.due)
        known, self._earlier = self._earlier, delivery.signed.signatures
        faults = delivery.signed.payload.events[0].faults
        if not faults:
            yield delivery
            return
        deliveries = disturb("delivery", (self._signed(delivery, known),), faults)
        if not deliveries:
            self._withhold(delivery)
        for each in deliveries:
            if each.behind:
                self._behind.append(each)
            elif each.due > delivery.due:
                self._later.add(each.due, each)
            else:
                yield each

    def rest(self) -> Iterator[Delivery]:
        """Yield the deliveries that are due after the last one taken."""
        moment = self._latest
        while self._behind and moment is not None:
            self._count_one(moment)
            moment += BEHIND
        yield from self._later.rest()

    def _signed(self, delivery: Delivery, known: tuple[str, str] | None) -> Delivery:
        faults = delivery.signed.payload.events[0].faults
        signed = disturb("signature", replace(delivery.signed, earlier=known), faults)
        if acts_at("key", faults):
            signed = self._rename(signed)
        return replace(delivery, signed=signed)

    def _count_one(self, due: datetime) -> None:
        """Count down the deliveries that wait behind others; at 0 one becomes due."""
        waiting = [replace(each, behind=each.behind - 1) for each in self._behind]
        self._behind = [each for each in waiting if each.behind]
        for each in waiting:
            if not each.behind:
                moved = replace(each, due=max(each.due, due + BEHIND))
                self._later.add(moved.due, moved)
