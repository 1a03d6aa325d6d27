"""An array of 20 events is accepted.

Mistake 32 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "http"
LEVEL = "should"
WHY = "A batch holds at most 20 events; one answer stands for all of them."
PAGE = FAQ
ADVICE = "Take the body for a list of events; answer 2xx once all of them are stored."
EVENTS = [{"faults": [{"batch": 20}]}]
