"""Fields that are not known are left alone.

Trap 17 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import ALERTS

GROUP = "payload"
LEVEL = "should"
WHY = "flowName, flowType, message, url and predecessors came over the years; others will."
PAGE = ALERTS
ADVICE = "Read what you need, and ignore the rest: no schema that forbids what it does not know."
EVENTS = [{"faults": ["unknown-fields"]}]
