"""Error texts of many kilobytes, with quotes and line ends, are accepted.

Trap 15 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "Errors of copy activities hold nested exceptions and JSON within JSON."
PAGE = NOTIFICATIONS
ADVICE = "Keep such texts in a column without a limit, or cut them."
EVENTS: list[dict[str, Any]] = [
    {"faults": ["long-error-text"]},
    {"faults": [{"long-error-text": 64}]},
]
