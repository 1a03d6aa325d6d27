"""Statuses beside success and failed are accepted, those of the future too.

Trap 14 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "There are partialSuccess, inProgress and scheduled; others may follow."
PAGE = NOTIFICATIONS
ADVICE = "Keep a status that you do not know as it is, and take it for neither success nor failure."
EVENTS: list[dict[str, Any]] = [
    {"faults": [{"other-status": "partialSuccess"}]},
    {"faults": [{"other-status": "inProgress"}]},
    {"faults": [{"other-status": "scheduled"}]},
    {"faults": ["unknown-status"]},
]
