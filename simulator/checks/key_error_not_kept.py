"""What came in the place of a key is not kept as the key.

Mistake 15 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict
from ._judging import every
from ._pages import SDK

GROUP = "signature"
LEVEL = "must"
WHY = (
    "Adobe's SDK for Node keeps whatever the key host said for 24 hours, an error page too; all "
    "events are refused meanwhile."
)
PAGE = SDK
ADVICE = "Keep an answer of the key host only if it is a 200 and can be read as a public key."
EVENTS = [{"faults": ["key-404-once"]}, {"faults": ["key-404-once"], "after": "1h"}]
IS_TRIED_LATER = True


def judge(seen: Observation) -> Verdict:
    """Judge the second event alone: what becomes of the first is another check's claim."""
    return every(seen.ends[1:], lambda each: each.is_accepted, "a 2xx, once the key is there")
