"""An event that is declared as application/cloudevents+json is read.

Mistakes 31 and 38 of io-events-protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ._pages import GUIDE

GROUP = "http"
LEVEL = "must"
WHY = (
    "That is how Adobe declares CloudEvents. A body parser that is bound to application/json "
    "leaves an empty body, or answers 415."
)
PAGE = GUIDE
ADVICE = (
    "Read the body whatever its declared type, as JSON in UTF-8 (express.raw with type */*, "
    "request.get_data())."
)
REGISTRATION = {"event_delivery_format": "cloud_events"}
EVENTS: list[dict[str, Any]] = [{}]
