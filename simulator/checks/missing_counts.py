"""A run without counts, or without any summary of them, is accepted.

Trap 7 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "Summaries are empty or left out where there is nothing to say, and failures often have none."
PAGE = NOTIFICATIONS
ADVICE = "Take a missing count for unknown, on every level of the path to it."
EVENTS = [
    {"faults": ["counts-missing"]},
    {"faults": ["summaries-missing"]},
]
