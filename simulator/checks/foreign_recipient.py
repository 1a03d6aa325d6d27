"""An event for another client id is refused, however well it is signed.

Mistakes 1 and 27 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = (
    "The same keys sign for all customers of Adobe: anybody who has a project of his own can "
    "let Adobe sign events and send them on to you."
)
PAGE = GUIDE
ADVICE = (
    "Compare recipientclientid with your own client id, and answer 401 if it differs. Mind that "
    "Adobe's SDK for Node returns an error object then, which is true in an if."
)
EVENTS = [{"faults": ["foreign-recipient"], "expect": "rejected"}]
