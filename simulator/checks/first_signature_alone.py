"""The first signature is enough, if only the second does not fit.

Mistake 13 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = (
    "While keys are rotated one of the signatures may not fit; the event is genuine if any one "
    "does."
)
PAGE = GUIDE
ADVICE = "Accept an event as soon as one of its two signatures fits."
EVENTS = [{"faults": [{"one-signature-invalid": 2}]}]
