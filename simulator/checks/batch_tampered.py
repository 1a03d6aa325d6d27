"""A batch that was changed after it was signed is refused.

Mistakes 5 and 11 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = (
    "A body that is an array has signatures like any other; the whole text is signed, brackets "
    "included."
)
PAGE = GUIDE
ADVICE = (
    "Verify the signatures over the bytes as they came, before you read anything of them, and "
    "answer 401 if neither fits."
)
EVENTS = [
    {"faults": [{"batch": 2}]},
    {"faults": [{"batch": 2}, "tampered-body"], "expect": "rejected"},
]
