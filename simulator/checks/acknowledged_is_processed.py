"""An event that is acknowledged is processed.

Mistake 39 of io-events-protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ._judging import processed_once
from ._pages import FAQ

GROUP = "identity"
LEVEL = "must"
WHY = (
    "A 2xx ends the delivery for good. What is lost afterwards is lost; only a journal has it, "
    "for 7 days."
)
PAGE = FAQ
ADVICE = "Store the event before you answer, in something that survives a restart."
EVENTS: list[dict[str, Any]] = [{}]
NEEDS_EFFECTS = True
judge = processed_once
