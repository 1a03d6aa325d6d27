"""The event is meant for somebody else, and signed properly.

Mistake 1 of io-events-protocol.md 10. Mistake 27 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import RECIPIENT_NAMES, with_elements
from ._edit import Json

PROVES = "an event for another client id is refused, however well it is signed"
EXPECT = "rejected"


def on_payload(payload: Payload, fault: Fault) -> Payload:
    return with_elements(payload, lambda element: _for_other(element, fault.draw(16).hex()))


def _for_other(element: Json, client_id: str) -> Json:
    named = [name for name in RECIPIENT_NAMES if name in element] or RECIPIENT_NAMES
    return {**element, **dict.fromkeys(named, client_id)}
