"""A run that ends once more, otherwise, is accepted.

Trap 19 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "A run can be triggered again; the same run id then tells of another end."
PAGE = NOTIFICATIONS
ADVICE = "Let a later state of a run replace the earlier one."
EVENTS = [{"faults": ["revised"]}]
