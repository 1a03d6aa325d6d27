"""The body arrives piece by piece, over some time.

The time is real and counts for the limit of an attempt (4.1). Mistake 34 of io-events-protocol.md
10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.wire import Wire
from ._argument import duration

PROVES = "a slow sender blocks nobody else, and its event is taken"
EXPECT = "delivered"
ARGUMENT = duration("2s")


def on_wire(wire: Wire, fault: Fault) -> Wire:
    return replace(wire, seconds=wire.seconds + fault.argument)
