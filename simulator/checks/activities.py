"""Activities are accepted whether there are none, one, or some with other ids.

Trap 12 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "A start has no activities, a failure lists only the one that failed, and their ids changed "
    "in 2020."
)
PAGE = NOTIFICATIONS
ADVICE = "Find an activity by its ids, the old ones and the new; expect that it is not there."
EVENTS = [
    {"faults": ["activities-missing"]},
    {"faults": ["activities-renamed"]},
    {"faults": ["activity-alone"]},
]
