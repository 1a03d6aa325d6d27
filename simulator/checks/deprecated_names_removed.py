"""An event that has only the new names of its ids is accepted.

Mistake 6 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "signature"
LEVEL = "must"
WHY = (
    "event_id and recipient_client_id will be gone at the end of 2026. Both of Adobe's SDKs "
    "still read nothing else."
)
PAGE = FAQ
ADVICE = "Read eventid and recipientclientid first, and the old names where they are missing."
EVENTS = [{"faults": ["deprecated-names-removed"]}]
