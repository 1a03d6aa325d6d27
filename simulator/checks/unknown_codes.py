"""An event with a code that is not known is acknowledged.

Trap 3 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "Failures alone have three spellings: sources_flow_run_failed, sources_flow_run_failure, "
    "source_flow_run_error. Others may follow, and what is refused is lost."
)
PAGE = NOTIFICATIONS
ADVICE = "Acknowledge what you have no use for; read the status from the payload."
EVENTS: list[dict[str, Any]] = [
    {"faults": [{"unknown-event-code": "sources_flow_run_failure"}]},
    {"faults": [{"unknown-event-code": "source_flow_run_error"}]},
    {"faults": ["unknown-event-code"]},
]
