"""The event has only the new names of its ids.

event_id and recipient_client_id are announced to be gone at the end of 2026 (1.5). Mistake 6 of
io-events-protocol.md 10. Trap 2 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import EVENT_NAMES, RECIPIENT_NAMES, renamed, with_elements
from ._edit import Json

PROVES = "eventid and recipientclientid are enough"
EXPECT = "delivered"


def on_payload(payload: Payload, _: Fault) -> Payload:
    return with_elements(payload, _with_new_names)


def _with_new_names(element: Json) -> Json:
    for old, new in (EVENT_NAMES, RECIPIENT_NAMES):
        element = renamed(element, old, new)
    return element
