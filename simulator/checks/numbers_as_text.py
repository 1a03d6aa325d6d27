"""Numbers that are written as text are accepted.

Trap 6 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import ALERTS

GROUP = "payload"
LEVEL = "should"
WHY = "Counts and codes come as text in some messages, such as “value” in alerts."
PAGE = ALERTS
ADVICE = "Convert what should be a number, and expect that it may be text."
EVENTS = [{"faults": ["numbers-as-text"]}]
