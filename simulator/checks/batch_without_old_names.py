"""A batch whose events have only the new names of their ids is accepted.

Mistake 7 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "signature"
LEVEL = "should"
WHY = "Adobe's SDK for Java throws at the first event of a batch that lacks recipient_client_id."
PAGE = FAQ
ADVICE = "Read recipientclientid of each event first, and the old name where it is missing."
EVENTS = [{"faults": [{"batch": 2}, "deprecated-names-removed"]}]
