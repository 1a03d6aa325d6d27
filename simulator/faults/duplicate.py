"""The event is delivered again, a minute after the delivery before.

With the same bytes and event id, and new delivery ids (1.4). Mistakes 46 and 48 of
io-events-protocol.md 10. Trap 18 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from datetime import timedelta

from ..core.delivery import Delivery
from ..core.fault import Fault
from ._again import again
from ._argument import number

PROVES = "an event is processed once, and told apart by its event id"
EXPECT = "delivered"
ARGUMENT = number("times", 2, 2, 1_000)


def on_delivery(deliveries: tuple[Delivery, ...], fault: Fault) -> tuple[Delivery, ...]:
    return again(deliveries, fault.argument - 1, timedelta(minutes=1))
