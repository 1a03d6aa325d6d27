"""The CloudEvents id is one that other events have, too.

Producers choose it as they like, a counter for instance; it need not be unique beyond its source
(1.5). Only events in that format have one. Mistake 47 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import with_elements
from ._edit import Json

ID = "1"

PROVES = "events are told apart by their event id, not by the id that their producer chose"
EXPECT = "delivered"


def on_payload(payload: Payload, _: Fault) -> Payload:
    return with_elements(payload, _with_id)


def _with_id(element: Json) -> Json:
    return {**element, "id": ID} if "specversion" in element else element
