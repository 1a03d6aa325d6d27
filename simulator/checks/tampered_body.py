"""A body that was changed after it was signed is refused.

Mistakes 2 and 11 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = (
    "Your address is no secret: it stands in traces and configurations. Only the signature "
    "tells an event of Adobe from one that somebody made up."
)
PAGE = GUIDE
ADVICE = (
    "Verify the signatures over the bytes as they came, before you read anything of them, and "
    "answer 401 if neither fits. Compare what your library returns with true: some return an "
    "error, or nothing at all."
)
EVENTS = [{"faults": ["tampered-body"], "expect": "rejected"}]
