"""The event is never delivered.

As if 24 hours of retries had passed; only a journal has it. Mistake 58 of io-events-protocol.md
10.
"""

from __future__ import annotations

from ..core.delivery import Delivery
from ..core.fault import Fault

PROVES = "what was missed is noticed: a run without an end, an end without a start"
EXPECT = "withheld"


def on_delivery(deliveries: tuple[Delivery, ...], _: Fault) -> tuple[Delivery, ...]:
    return deliveries[:0]
