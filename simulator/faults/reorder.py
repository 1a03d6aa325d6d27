"""The event is delivered after some of those that follow it.

How many is drawn, from 1 to the argument. Mistake 49 of io-events-protocol.md 10. Trap 18 of
flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.delivery import Delivery
from ..core.fault import Fault
from ._argument import number

PROVES = "events are taken in any order"
EXPECT = "delivered"
ARGUMENT = number("most", 3, 1, 100)


def on_delivery(deliveries: tuple[Delivery, ...], fault: Fault) -> tuple[Delivery, ...]:
    drawn = 1 + fault.draw(1)[0] % fault.argument
    return tuple(replace(each, behind=drawn) for each in deliveries)
