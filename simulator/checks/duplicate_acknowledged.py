"""A duplicate is acknowledged.

Mistakes 46 and 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "identity"
LEVEL = "must"
WHY = (
    "A refusal of what you have already counts as a failed delivery, and many of them disable "
    "the registration."
)
PAGE = FAQ
ADVICE = "Answer 2xx to an event that you have already."
EVENTS = [{"faults": [{"duplicate": 3}]}]
