"""Times in seconds are accepted among times in milliseconds.

Trap 5 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "The documented success has both in one document: its duration is in seconds, all else in "
    "milliseconds."
)
PAGE = NOTIFICATIONS
ADVICE = "Tell the unit of a time by its size: above 100,000,000,000 it is milliseconds."
EVENTS = [{"faults": ["epoch-seconds"]}]
