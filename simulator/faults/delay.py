"""The event is delivered some time after it happened.

Retries come up to 24 hours late (4.3). Mistake 50 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.delivery import Delivery
from ..core.fault import Fault
from ._argument import duration

PROVES = "an event tells what was, not what is"
EXPECT = "delivered"
ARGUMENT = duration("5m")


def on_delivery(deliveries: tuple[Delivery, ...], fault: Fault) -> tuple[Delivery, ...]:
    later = timedelta(seconds=fault.argument)
    return tuple(replace(each, due=each.due + later) for each in deliveries)
