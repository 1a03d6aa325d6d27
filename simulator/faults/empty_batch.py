"""The body is an empty array.

Mistake 8 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import with_content

PROVES = "an array without events is acknowledged, and nothing is done"
EXPECT = "delivered"


def on_payload(payload: Payload, _: Fault) -> Payload:
    return with_content(payload, [])
