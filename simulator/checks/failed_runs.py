"""A run that failed is accepted, in the shape that failures have.

Traps 1 and 12 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "must"
WHY = (
    "Success and failure have different shapes: a failure stands in an array, under messages "
    "and value. A webhook that reads only the one never hears of the other."
)
PAGE = NOTIFICATIONS
ADVICE = "Look for the run under event, under messages and value, and under data."
EVENTS = [
    {"flow_run": {"status": "failed", "stage": "copy"}},
    {"flow_run": {"status": "failed", "stage": "promotion"}},
]
