"""Counts of 0 are accepted, and a run that found nothing.

Traps 7 and 13 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "A run without new data succeeds with 0 records, and without a promotion activity. Rates "
    "divide by zero then."
)
PAGE = NOTIFICATIONS
ADVICE = "Take 0 for a number like any other; compute no rate without records."
EVENTS = [
    {"faults": ["counts-zero"]},
    {"faults": ["nothing-ingested"]},
]
