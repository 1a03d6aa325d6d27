"""A batch that comes again is processed once, event by event.

Mistake 40 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import processed_once
from ._pages import FAQ

GROUP = "identity"
LEVEL = "should"
WHY = "A batch is retried as a whole. Who did half of it, or all, must know so of each event."
PAGE = FAQ
ADVICE = (
    "Keep the event id with the work, in one transaction and with a unique index, and do "
    "nothing if it is there."
)
EVENTS = [{"faults": [{"batch": 5}, "hang-up"]}]
NEEDS_EFFECTS = True
judge = processed_once
