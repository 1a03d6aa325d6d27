"""After half a request, the whole one is accepted.

Mistake 39 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import accepted_and_processed
from ._pages import GUIDE

GROUP = "http"
LEVEL = "must"
WHY = (
    "Connections break in the middle of a body. What was begun for it must not stand in the way "
    "of the retry."
)
PAGE = GUIDE
ADVICE = "Remember an event once its whole body was read and verified, not before."
EVENTS = [{"faults": ["truncated-body"]}]
judge = accepted_and_processed
