"""A signature is refused if nobody serves its key.

Mistake 11 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = (
    "Anyone can sign with a key of his own and name a path that looks right. A webhook that "
    "accepts what it cannot verify accepts everything."
)
PAGE = GUIDE
ADVICE = "Refuse the event if a key cannot be had and the other signature does not fit."
EVENTS = [{"faults": ["foreign-key"], "expect": "rejected"}]
