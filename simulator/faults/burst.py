"""The event comes with many others of its kind, all at the same moment.

Each has an event id and a run of its own. Mistake 34 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.event import Event
from ..core.fault import Fault
from ._argument import number
from ._clones import clone

PROVES = "bursts are taken without an error and each event is processed once"
EXPECT = "delivered"
ARGUMENT = number("events", 20, 2, 10_000)


def on_story(events: tuple[Event, ...], fault: Fault) -> tuple[Event, ...]:
    others = (clone(events[0], fault, number) for number in range(1, fault.argument))
    return (*events, *others)
