"""The event is retried every second, though each attempt was acknowledged.

The retry count rises with each (1.4). Mistakes 41 and 42 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.delivery import Delivery
from ..core.fault import Fault
from ._again import again
from ._argument import number

PROVES = "retries are acknowledged without the work being done again"
EXPECT = "delivered"
ARGUMENT = number("attempts", 10, 2, 1_000)


def on_delivery(deliveries: tuple[Delivery, ...], fault: Fault) -> tuple[Delivery, ...]:
    copies = again(deliveries, fault.argument - 1, timedelta(seconds=1))
    before = len(deliveries)
    retried = (replace(each, retries=number) for number, each in enumerate(copies[before:], 1))
    return (*copies[:before], *retried)
