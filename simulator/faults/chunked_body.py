"""The body is sent in chunks, without a length.

HTTP/1.1 allows it; Adobe's requests state a length (1.2). Mistake 33 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.wire import Wire

PROVES = "a body is read to its end, with or without a stated length"
EXPECT = "delivered"


def on_wire(wire: Wire, _: Fault) -> Wire:
    return replace(wire, chunked=True)
