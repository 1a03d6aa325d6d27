"""A body is accepted whether its root is an object or an array.

Trap 1 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "The documented success is an object, the documented failure an array; batches are arrays too."
)
PAGE = NOTIFICATIONS
ADVICE = "Take the body for a list of events, and an object for a list of one."
EVENTS = [{"faults": ["other-root"]}]
