"""The same bytes are delivered again, hours later.

A signature has no time in it: who captured a request can send it again (2.1). Mistakes 29 and 50
of io-events-protocol.md 10.
"""

from __future__ import annotations

from datetime import timedelta

from ..core.delivery import Delivery
from ..core.fault import Fault
from ._again import again
from ._argument import duration

PROVES = "an event is processed once, however late it comes again"
EXPECT = "delivered"
ARGUMENT = duration("6h")


def on_delivery(deliveries: tuple[Delivery, ...], fault: Fault) -> tuple[Delivery, ...]:
    return again(deliveries, 1, timedelta(seconds=fault.argument))
