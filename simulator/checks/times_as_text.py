"""Times that are text in ISO 8601 are accepted.

Trap 6 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import ALERTS

GROUP = "payload"
LEVEL = "should"
WHY = "Threshold alerts write times as text, where runs have numbers."
PAGE = ALERTS
ADVICE = "Read a time from a number and from text."
EVENTS = [{"faults": ["iso-times"]}]
