"""File counts that disagree with each other are accepted.

Trap 16 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "Samples have 1 file in the run and 2 in its activity, or 11 and 2."
PAGE = NOTIFICATIONS
ADVICE = "Do not demand that counts of the run and of its activities agree."
EVENTS = [{"faults": ["file-counts-disagree"]}]
