"""A batch that is declared as application/cloudevents-batch+json is read.

Mistake 31 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "http"
LEVEL = "should"
WHY = (
    "How Adobe declares batches was never published; this is the type that CloudEvents has for "
    "them."
)
PAGE = GUIDE
ADVICE = "Read the body whatever its declared type, as JSON in UTF-8."
REGISTRATION = {"event_delivery_format": "cloud_events"}
EVENTS = [{"faults": [{"batch": 2}, "content-type"]}]
