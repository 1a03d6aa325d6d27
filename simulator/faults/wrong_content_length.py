"""The stated length of the body is not its length.

The argument is added to it. Mistake 36 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.wire import Wire
from ._argument import number

PROVES = "a request that cannot be read as stated is refused"
EXPECT = "rejected"
ARGUMENT = number("bytes", -1, -1_000, -1)


def on_wire(wire: Wire, fault: Fault) -> Wire:
    return replace(wire, length_error=fault.argument)
