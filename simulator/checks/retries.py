"""Retries are accepted as the first attempt is.

Mistakes 41 and 42 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import RUNTIME

GROUP = "http"
LEVEL = "must"
WHY = (
    "A retry has the header x-adobe-retry-count, a number as text, which the first attempt "
    "lacks. It comes because an answer was lost or late."
)
PAGE = RUNTIME
ADVICE = (
    "Treat a retry as the event that it is; let the event id decide whether there is anything "
    "left to do."
)
EVENTS = [{"faults": [{"retry-storm": 3}]}]
