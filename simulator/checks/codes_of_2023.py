"""The event codes of 2023, one for all good news and one for all bad, are accepted.

Traps 3 and 4 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ._pages import ALERTS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "source_flow_run_info tells about starts, successes and partial successes alike: the code "
    "does not say how the run ended."
)
PAGE = ALERTS
ADVICE = "Read metrics.statusSummary.status, never the event code, to know how a run ended."
EVENTS: list[dict[str, Any]] = [
    {"faults": ["codes-of-2023"]},
    {"flow_run": {"status": "failed"}, "faults": ["codes-of-2023"]},
]
