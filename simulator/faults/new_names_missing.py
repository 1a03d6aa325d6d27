"""The event has only the old names of its ids.

As it was before 2025 (1.5). Trap 2 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import EVENT_NAMES, RECIPIENT_NAMES, renamed, with_elements
from ._edit import Json

PROVES = "event_id and recipient_client_id are still enough"
EXPECT = "delivered"


def on_payload(payload: Payload, _: Fault) -> Payload:
    return with_elements(payload, _with_old_names)


def _with_old_names(element: Json) -> Json:
    for old, new in (EVENT_NAMES, RECIPIENT_NAMES):
        element = renamed(element, new, old)
    return element
