"""A body that can never be read is refused for good.

Mistake 36 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import finally_refused
from ._pages import GUIDE

GROUP = "http"
LEVEL = "should"
WHY = (
    "A 5xx is asked again for a day, which changes nothing, and the failures count against the "
    "registration until it is disabled."
)
PAGE = GUIDE
ADVICE = "Answer 400 to a body that is no JSON; keep 5xx for what may be better later."
EVENTS = [{"faults": ["broken-json"], "expect": "rejected"}]
judge = finally_refused
