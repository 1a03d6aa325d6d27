"""A signature is verified with its own key, not with the other one.

Mistake 11 of io-events-protocol.md 10. Both keys are Adobe's, so nobody is let in who should not
be.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "note"
WHY = (
    "Signature 1 belongs to key 1, signature 2 to key 2. Trying every pair doubles the work "
    "that a forgery causes."
)
PAGE = GUIDE
ADVICE = "Verify signature 1 with the key of path 1, and signature 2 with that of path 2."
EVENTS = [{"faults": ["signatures-swapped"], "expect": "rejected"}]
