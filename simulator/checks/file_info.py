"""File information is accepted whether it is empty, an address, or a list.

Trap 10 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "fileInfo is an address, an empty text, or a list of objects at another path."
PAGE = NOTIFICATIONS
ADVICE = "Look at what it is before you use it; call an address only if there is one."
EVENTS = [
    {"faults": ["file-info-empty"]},
    {"faults": ["file-info-list"]},
]
