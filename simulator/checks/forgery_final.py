"""A forgery is refused for good, not asked for again for a day.

Mistake 36 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import finally_refused
from ._pages import GUIDE

GROUP = "http"
LEVEL = "should"
WHY = (
    "Whoever forges events could otherwise make your failures pile up, until the registration "
    "is disabled."
)
PAGE = GUIDE
ADVICE = "Answer 401 to what no signature vouches for."
EVENTS = [{"faults": ["tampered-body"], "expect": "rejected"}]
judge = finally_refused
