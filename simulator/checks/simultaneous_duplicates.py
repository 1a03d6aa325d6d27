"""An event that comes five times at once is processed once.

Mistake 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import processed_once
from ._pages import FAQ

GROUP = "identity"
LEVEL = "must"
WHY = (
    "Who looks first and writes afterwards does it twice, when two requests look at the same time."
)
PAGE = FAQ
ADVICE = "Let the database decide: a unique index on the event id, and insert or ignore."
EVENTS = [{"faults": [{"simultaneous-duplicates": 5}]}]
NEEDS_EFFECTS = True
judge = processed_once
