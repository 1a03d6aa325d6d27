"""A request without a body is refused for good.

Mistakes 31 and 36 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import finally_refused
from ._pages import GUIDE

GROUP = "http"
LEVEL = "should"
WHY = (
    "There is no event in it, and none comes with another attempt. A 5xx is asked again for a "
    "day, and the failures count against the registration until it is disabled."
)
PAGE = GUIDE
ADVICE = "Look whether there is a body before it is read, and answer 400 where there is none."
EVENTS = [{"faults": ["body-missing"], "expect": "rejected"}]
judge = finally_refused
