"""The second signature is enough, if only the first does not fit.

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
ADVICE = "Verify the second signature too, if the first does not fit."
EVENTS = [{"faults": [{"one-signature-invalid": 1}]}]
