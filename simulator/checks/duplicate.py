"""An event that comes three times is processed once.

Mistakes 46 and 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import processed_once
from ._pages import FAQ

GROUP = "identity"
LEVEL = "must"
WHY = "Events are delivered at least once. The delivery id is new each time; the event id stays."
PAGE = FAQ
ADVICE = (
    "Tell events apart by eventid, or the header x-adobe-event-id. Keep the event id with the "
    "work, in one transaction and with a unique index, and do nothing if it is there."
)
EVENTS = [{"faults": [{"duplicate": 3}]}]
NEEDS_EFFECTS = True
judge = processed_once
