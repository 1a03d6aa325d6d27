"""A run that stands beside its ids, without anything around it, is accepted.

Trap 2 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import ALERTS

GROUP = "payload"
LEVEL = "should"
WHY = "The alerts of 2023 print the run entity without an envelope."
PAGE = ALERTS
ADVICE = (
    "Look for the run under event, data and messages, and take the object itself where there is "
    "none of them."
)
EVENTS = [{"faults": ["flat-run"]}]
