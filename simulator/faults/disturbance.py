"""What faults do to events and payloads, before anything is signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..core.event import Event
from ..core.fault import acts_at, disturb
from ..core.instant import DueQueue
from ..core.payload import Payload


def events(told: Iterable[Event]) -> Iterator[Event]:
    """Yield a story's events after the points story, run and event, in order of story time."""
    later: DueQueue[Event] = DueQueue()
    for event in told:
        yield from later.until(event.time)
        for each in _several(event) if event.faults else (event,):
            if each.time > event.time:
                later.add(each.time, each)
            else:
                yield each
    yield from later.rest()


def _several(event: Event) -> Iterator[Event]:
    """Yield the events that faults make of one; each has chance of its own."""
    several: tuple[Event, ...] = disturb("story", (event,), event.faults)
    yield _one(several[0])
    for number, each in enumerate(several[1:], 1):
        own = tuple(fault.seeded(str(number)) for fault in event.faults)
        yield _one(replace(each, faults=own))


def _one(event: Event) -> Event:
    if acts_at("run", event.faults):
        notification = event.notification.with_run(
            lambda entity: disturb("run", entity, event.faults)
        )
        event = replace(event, notification=notification)
    return disturb("event", event, event.faults)


def payload(built: Payload) -> Payload:
    """Return a payload after the points payload and body; its events share their faults."""
    faults = built.events[0].faults
    if not faults:
        return built
    changed = disturb("payload", built, faults)
    return replace(changed, body=disturb("body", changed.body, faults))
