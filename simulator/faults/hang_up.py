"""The connection is closed before the answer is read; a retry follows.

Only the first attempts suffer it, one unless stated. Mistake 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.wire import Wire
from ._argument import number

PROVES = "work that was done is not done again when the retry comes"
EXPECT = "delivered"
ARGUMENT = number("attempts", 1, 1, 1_000)


def on_wire(wire: Wire, fault: Fault) -> Wire:
    return replace(wire, hangs_up=True) if wire.attempt <= fault.argument else wire
