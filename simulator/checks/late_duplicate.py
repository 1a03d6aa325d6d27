"""An event that comes again hours and many events later is processed once.

Mistakes 29 and 50 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import processed_once
from ._pages import FAQ

GROUP = "identity"
LEVEL = "must"
WHY = (
    "Retries go on for 24 hours. And a signature has no time in it: who has captured a request "
    "can send it again whenever he likes."
)
PAGE = FAQ
ADVICE = (
    "Remember event ids for longer than 24 hours, not only the latest ones, and not only in memory."
)
EVENTS = [{"faults": [{"stale-replay": "6h"}]}, {"repeat": 150}]
NEEDS_EFFECTS = True
judge = processed_once
