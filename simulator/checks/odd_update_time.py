"""An update time of an activity that makes no sense is accepted.

Trap 9 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "updatedAtUTC of activities is 87473822 in the documented success, and 0 in all later samples."
)
PAGE = NOTIFICATIONS
ADVICE = "Do not rely on updatedAtUTC of activities."
EVENTS = [{"faults": ["odd-update-time"]}]
