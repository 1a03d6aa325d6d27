"""Events that have the same CloudEvents id are all processed.

Mistake 47 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import processed_once
from ._pages import PUBLISHING

GROUP = "identity"
LEVEL = "must"
WHY = (
    "The CloudEvents id is chosen by the producer, and is unique only together with the source. "
    "It is not the event id."
)
PAGE = PUBLISHING
ADVICE = "Tell events apart by eventid, or the header x-adobe-event-id."
REGISTRATION = {"event_delivery_format": "cloud_events"}
EVENTS = [{"faults": ["cloud-id-repeated"], "repeat": 3, "after": "1m"}]
NEEDS_EFFECTS = True
judge = processed_once
