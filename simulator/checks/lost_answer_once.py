"""An event whose answer was lost is processed once.

Mistakes 34 and 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import processed_once
from ._pages import GUIDE

GROUP = "identity"
LEVEL = "must"
WHY = (
    "Whoever answers too late, or whose answer is lost, has done the work already when the "
    "event comes again."
)
PAGE = GUIDE
ADVICE = (
    "Keep the event id with the work, in one transaction and with a unique index, and do "
    "nothing if it is there."
)
EVENTS = [{"faults": ["hang-up"]}]
NEEDS_EFFECTS = True
judge = processed_once
