"""Counts of -1, which mean that they are not known, are accepted.

Trap 7 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "The documented failure has -1 for bytes and files. Added up, or stored as unsigned, it "
    "does harm."
)
PAGE = NOTIFICATIONS
ADVICE = "Take -1 for unknown."
EVENTS = [{"faults": ["counts-unknown"]}]
