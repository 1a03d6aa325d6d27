"""Signatures are verified over the body as it came, not over JSON that was written again.

Mistake 9 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = (
    "The same JSON can be written in many ways. A parser that reads and writes it again changes "
    "bytes, and genuine events are refused."
)
PAGE = GUIDE
ADVICE = "Keep the raw bytes of the request (express.raw, request.get_data()) and verify those."
EVENTS = [
    {"faults": ["json-escapes"]},
    {"faults": ["json-numbers"]},
    {"faults": ["json-white-space"]},
    {"faults": ["json-key-order"]},
    {"faults": ["non-ascii-text"]},
]
