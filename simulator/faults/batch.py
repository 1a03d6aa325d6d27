"""The event comes in an array, with others of its kind.

At most 20 events travel together; an array of 1 is legal too (1.6). Mistake 32 of
io-events-protocol.md 10. Trap 1 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import MOST_EVENTS, Payload
from ._argument import number
from ._clones import filled

PROVES = "a body is an object or an array of any length, and each event is processed once"
EXPECT = "delivered"
ARGUMENT = number("events", MOST_EVENTS, 1, MOST_EVENTS)


def on_payload(payload: Payload, fault: Fault) -> Payload:
    return filled(payload, fault, fault.argument)
