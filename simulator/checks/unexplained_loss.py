"""A success that lost records without a word is accepted.

Trap 13 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import NOTIFICATIONS

GROUP = "payload"
LEVEL = "should"
WHY = "The documented success read 100 records and wrote 70, and says nothing about the others."
PAGE = NOTIFICATIONS
ADVICE = "Compare the counts and keep what you find; it is no reason to refuse the event."
EVENTS = [{"faults": ["unexplained-loss"]}]
