"""An event that happened 23 hours ago is accepted.

Mistake 50 of io-events-protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ._judging import accepted_and_processed
from ._pages import GUIDE

GROUP = "identity"
LEVEL = "must"
WHY = (
    "Retries are made for 24 hours. What is refused for its age is lost exactly when you were down."
)
PAGE = GUIDE
ADVICE = "Do not judge an event by its age; remember what you have processed instead."
AGE = 23 * 3600.0
EVENTS: list[dict[str, Any]] = [{}]
judge = accepted_and_processed
