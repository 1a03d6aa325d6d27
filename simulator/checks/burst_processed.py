"""Each of 200 events, 20 of them at once, is processed once.

Mistakes 34 and 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import processed_once
from ._pages import FAQ

GROUP = "load"
LEVEL = "must"
WHY = "Under load queues run over, and transactions collide."
PAGE = FAQ
ADVICE = "Answer 2xx only once an event is stored; answer 503 if it cannot be."
EVENTS = [{"faults": [{"burst": 200}]}]
NEEDS_EFFECTS = True
judge = processed_once
