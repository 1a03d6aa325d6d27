"""A run that succeeded with rejected records is accepted as a success.

Trap 13 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "must"
WHY = (
    "With an error threshold, records may be rejected while the run succeeds: its status says "
    "success, and errors stand beside it."
)
PAGE = NOTIFICATIONS
ADVICE = (
    "Read the status for success, and the errors and counts for what was lost; do not conclude "
    "the one from the other."
)
EVENTS: list[dict[str, Any]] = [
    {
        "flow_run": {
            "records": {"input": 1000, "failed": 30},
            "partial_ingestion_percent": 5,
            "errors": ["MAPPER-3700-400"],
        }
    },
    {"faults": ["errors-beside-success"]},
]
