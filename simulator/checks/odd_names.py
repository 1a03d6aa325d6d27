"""Keys with slashes and dots, and ids that are placeholders, are accepted.

Trap 17 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = (
    "There are keys such as adf/run/id, and ids such as {ORG_ID} in what was copied from documents."
)
PAGE = NOTIFICATIONS
ADVICE = "Take keys and ids for text, not for paths, columns or numbers."
EVENTS = [
    {"faults": ["odd-keys"]},
    {"faults": ["placeholders"]},
]
