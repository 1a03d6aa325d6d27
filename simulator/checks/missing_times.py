"""A run without its end, and an activity without its start, are accepted.

Trap 8 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "The documented failure has no end though it is over; the documented promotion has no start."
PAGE = NOTIFICATIONS
ADVICE = (
    "Read the end of a run from its activities where the run has none, and leave a duration "
    "unknown."
)
EVENTS = [
    {"faults": ["end-missing"]},
    {"faults": ["activity-start-missing"]},
]
