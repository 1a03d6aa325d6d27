"""An event without signatures is refused.

Mistake 11 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = "Whoever leaves the headers out would otherwise be let in."
PAGE = GUIDE
ADVICE = (
    "Refuse what lacks the signature headers; only the challenge and the validation are never "
    "signed."
)
EVENTS = [{"faults": ["unsigned"], "expect": "rejected"}]
