"""A batch for another client id is refused.

Mistakes 5 and 27 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = "Each event of a batch names its recipient, and the array itself names none."
PAGE = GUIDE
ADVICE = "Compare the recipient of every event in the array."
EVENTS = [
    {"faults": [{"batch": 2}]},
    {"faults": [{"batch": 2}, "foreign-recipient"], "expect": "rejected"},
]
