"""A signature with one letter in the other case is refused.

Mistake 12 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = "Base64 tells upper from lower case: another case is another signature."
PAGE = GUIDE
ADVICE = (
    "Decode the signature with a strict base64 decoder and verify the bytes; never compare its "
    "text."
)
EVENTS = [{"faults": ["signatures-case-flipped"], "expect": "rejected"}]
