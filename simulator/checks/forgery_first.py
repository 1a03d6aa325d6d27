"""A forged copy that comes first does not keep the event out.

Mistakes 11 and 48 of io-events-protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ._judging import processed_once
from ._pages import FAQ

GROUP = "identity"
LEVEL = "must"
WHY = (
    "Whoever remembers an event id before the signature is verified lets anybody make him miss "
    "events."
)
PAGE = FAQ
ADVICE = "Verify first, and remember the event id afterwards."
EVENTS: list[dict[str, Any]] = [
    {"event_id": "{same}", "faults": ["tampered-body"], "expect": "rejected"},
    {"event_id": "{same}", "after": "1m"},
]
NEEDS_EFFECTS = True
judge = processed_once
