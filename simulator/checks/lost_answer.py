"""An event whose answer was lost is accepted when it comes again.

Mistake 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "http"
LEVEL = "must"
WHY = (
    "Your answer may never arrive, though you have done the work. The retry must be answered "
    "2xx, or it goes on for a day."
)
PAGE = GUIDE
ADVICE = "Answer 2xx to an event that you have already; there is nothing left to do for it."
EVENTS = [{"faults": ["hang-up"]}]
