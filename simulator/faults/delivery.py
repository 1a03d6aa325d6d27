"""Faults that change how often and when an event is delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.delivery import Delivery
from ..core.fault import Fault
from .fault_point import FaultPoint, duration, number

Deliveries = tuple[Delivery, ...]

at_delivery = FaultPoint[Deliveries]("delivery")


@at_delivery(
    proves="a late event is accepted, and its own time is used, not the time of delivery",
    argument=duration("5m"),
)
def delay(deliveries: Deliveries, fault: Fault) -> Deliveries:
    """The event is delivered some time after it happened.

    Retries come up to 24 hours late (4.3). Mistake 50 of io-events-protocol.md 10.
    """
    later = timedelta(seconds=fault.argument)
    return tuple(replace(each, due=each.due + later) for each in deliveries)


@at_delivery(
    proves="a missed event is detected: a run without an end, or an end without a start",
    expect="withheld",
)
def drop(deliveries: Deliveries, _: Fault) -> Deliveries:
    """The event is never delivered.

    This is the state after 24 hours of failed retries: only a journal has the event. Mistake 58 of
    io-events-protocol.md 10.
    """
    return deliveries[:0]


@at_delivery(proves="events are accepted in any order", argument=number("most", 3, 1, 100))
def reorder(deliveries: Deliveries, fault: Fault) -> Deliveries:
    """The event is delivered after some of the events that follow it.

    The number of these events is random, from 1 to the argument. Mistake 49 of
    io-events-protocol.md 10. Trap 18 of flow-run-payloads.md 7.4.
    """
    drawn = 1 + fault.draw(1)[0] % fault.argument
    return tuple(replace(each, behind=drawn) for each in deliveries)


@at_delivery(
    proves="an event is processed once, and identified by its event id",
    argument=number("times", 2, 2, 1_000),
)
def duplicate(deliveries: Deliveries, fault: Fault) -> Deliveries:
    """The event is delivered again, a minute after the previous delivery.

    The bytes and the event id are the same, the delivery ids are new (1.4). Mistakes 46 and 48 of
    io-events-protocol.md 10. Trap 18 of flow-run-payloads.md 7.4.
    """
    return _repeated(deliveries, fault.argument - 1, timedelta(minutes=1))


@at_delivery(
    proves="an event is processed once, even if it comes again during the processing",
    argument=number("times", 5, 2, 1_000),
)
def simultaneous_duplicates(deliveries: Deliveries, fault: Fault) -> Deliveries:
    """The event is delivered several times at the same instant.

    Each request has a connection of its own. Over a socket, all requests are written up to their
    last byte, and then the last bytes are sent together. Mistake 48 of io-events-protocol.md 10.
    """
    first = tuple(replace(each, together=fault.argument) for each in deliveries[:1])
    return _repeated(first + deliveries[1:], fault.argument - 1, timedelta())


@at_delivery(
    proves="an event is processed once, even if it comes again much later", argument=duration("6h")
)
def stale_replay(deliveries: Deliveries, fault: Fault) -> Deliveries:
    """The same bytes are delivered again, hours later.

    A signature contains no time, so a captured request can be sent again (2.1). Mistakes 29 and 50
    of io-events-protocol.md 10.
    """
    return _repeated(deliveries, 1, timedelta(seconds=fault.argument))


@at_delivery(
    proves="retries are answered with 2xx, and the work is not done again",
    argument=number("attempts", 10, 2, 1_000),
)
def retry_storm(deliveries: Deliveries, fault: Fault) -> Deliveries:
    """The event is retried every second, although each attempt was answered with 2xx.

    Each retry has a higher retry count (1.4). Mistakes 41 and 42 of io-events-protocol.md 10.
    """
    copies = _repeated(deliveries, fault.argument - 1, timedelta(seconds=1))
    before = len(deliveries)
    retried = (replace(each, retries=number) for number, each in enumerate(copies[before:], 1))
    return (*copies[:before], *retried)


@at_delivery(
    proves="an event is processed, however often it was tried before",
    argument=number("attempts", 20, 1, 1_000),
)
def tried_before(deliveries: Deliveries, fault: Fault) -> Deliveries:
    """The webhook was down for some attempts, so the first one that arrives is a late retry.

    The argument is how many were made before; it is the retry count. Mistake 42 of
    io-events-protocol.md 10.
    """
    return tuple(replace(each, retries=each.retries + fault.argument) for each in deliveries)


def _repeated(deliveries: Deliveries, times: int, interval: timedelta) -> Deliveries:
    """Return deliveries with copies of the first one, each due an interval after the other."""
    if not deliveries:
        return deliveries
    first, last = deliveries[0], max(each.copy for each in deliveries)
    copies = (
        replace(first, copy=last + number, due=first.due + number * interval)
        for number in range(1, times + 1)
    )
    return (*deliveries, *copies)
