"""Events of the other delivery format are accepted, too.

Mistake 52 of io-events-protocol.md 10. Trap 2 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "identity"
LEVEL = "must"
WHY = (
    "One registration may hold events of both formats: CloudEvents, and the older envelope with "
    "event_id and event."
)
PAGE = GUIDE
ADVICE = "Look for data where there is no event, and for messages in either."
EVENTS = [{"faults": ["other-format"]}]
