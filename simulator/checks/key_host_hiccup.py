"""An event is not lost if its keys cannot be had for a moment.

Mistakes 3, 15 and 35 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import accepted_and_processed
from ._pages import GUIDE

GROUP = "signature"
LEVEL = "should"
WHY = (
    "A 4xx drops an event for good. Keys that cannot be fetched now are a temporary problem, "
    "and a 5xx brings the event back a minute later."
)
PAGE = GUIDE
ADVICE = "Try the key host again, and answer 503 while a key cannot be had; not 401."
EVENTS = [{"faults": ["key-404-once"]}]
IS_TRIED_LATER = True
judge = accepted_and_processed
