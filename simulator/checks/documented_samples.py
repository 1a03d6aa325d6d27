"""Runs with all the oddities of the documented samples are accepted.

Traps 5, 7, 8 and 9 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "must"
WHY = (
    "The samples of the notifications page are what everybody builds on: times in seconds among "
    "milliseconds, a run without an end, -1 for counts."
)
PAGE = NOTIFICATIONS
ADVICE = "Read the samples value for value, and take none of it for granted."
EVENTS: list[dict[str, Any]] = [
    {"flow_run": {"status": "success", "shape": "as-documented"}},
    {"flow_run": {"status": "failed", "shape": "as-documented"}},
]
