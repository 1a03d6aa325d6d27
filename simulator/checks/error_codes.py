"""Error codes of any form are accepted.

Trap 15 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import ALERTS

GROUP = "payload"
LEVEL = "should"
WHY = "There are CONNECTOR-2001-500, 2200, and the words “Unknown error code”."
PAGE = ALERTS
ADVICE = "Keep error codes as text."
EVENTS = [{"faults": ["odd-error-codes"]}]
