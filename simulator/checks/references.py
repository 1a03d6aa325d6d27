"""References without ids, or with types in another case, are accepted.

Trap 11 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "Samples have both batch and Batch, and references with ids, with none, or without the key."
PAGE = NOTIFICATIONS
ADVICE = "Compare types without their case, and expect no id."
EVENTS = [
    {"faults": ["reference-ids"]},
    {"faults": ["reference-type-case"]},
]
