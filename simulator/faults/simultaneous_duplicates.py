"""The event is delivered several times at the same moment.

Mistake 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from datetime import timedelta

from ..core.delivery import Delivery
from ..core.fault import Fault
from ._again import again
from ._argument import number

PROVES = "an event is processed once, even if it comes while it is being processed"
EXPECT = "delivered"
ARGUMENT = number("times", 5, 2, 1_000)


def on_delivery(deliveries: tuple[Delivery, ...], fault: Fault) -> tuple[Delivery, ...]:
    return again(deliveries, fault.argument - 1, timedelta())
