"""The event says nothing about whom it is for.

Mistake 27 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import RECIPIENT_NAMES, with_elements
from ._edit import without

PROVES = "an event without a recipient is refused"
EXPECT = "rejected"


def on_payload(payload: Payload, _: Fault) -> Payload:
    return with_elements(payload, lambda element: without(element, (), *RECIPIENT_NAMES))
