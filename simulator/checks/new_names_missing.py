"""An event that has only the old names of its ids is accepted.

Mistake 6 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "signature"
LEVEL = "note"
WHY = (
    "Documents show the old envelope with event_id alone; whether it has got the new names is "
    "not documented."
)
PAGE = FAQ
ADVICE = "Read event_id and recipient_client_id where the new names are missing."
EVENTS = [{"faults": ["new-names-missing"]}]
