"""An event that names no recipient is refused.

Mistake 27 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "should"
WHY = "Who only compares a recipient that is there lets in whoever leaves it out."
PAGE = GUIDE
ADVICE = "Refuse an event without recipientclientid and recipient_client_id."
EVENTS = [{"faults": ["recipient-missing"], "expect": "rejected"}]
