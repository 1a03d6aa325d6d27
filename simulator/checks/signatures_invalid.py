"""An event whose signatures fit nothing is refused.

Mistakes 2 and 11 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = "A signature that is only looked for, and not verified, keeps nobody out."
PAGE = GUIDE
ADVICE = (
    "Verify the signatures over the bytes as they came, before you read anything of them, and "
    "answer 401 if neither fits."
)
EVENTS = [{"faults": ["signatures-invalid"], "expect": "rejected"}]
