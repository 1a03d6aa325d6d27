"""The connection breaks in the middle of the body; a retry follows.

Only the first attempts suffer it, one unless stated. Mistake 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.wire import Wire
from ._argument import number

PROVES = "nothing is done for half a request, and the retry is taken"
EXPECT = "delivered"
ARGUMENT = number("attempts", 1, 1, 1_000)


def on_wire(wire: Wire, fault: Fault) -> Wire:
    if wire.attempt > fault.argument:
        return wire
    return replace(wire, kept=(10 + fault.draw(1)[0] % 80) / 100)
