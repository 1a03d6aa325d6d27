"""An array without events is acknowledged, or refused for good.

Mistake 8 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict
from ._judging import every
from ._pages import FAQ

GROUP = "signature"
LEVEL = "should"
WHY = (
    "Whether Adobe ever sends one is not known. A webhook that fails over it is asked again for "
    "a day."
)
PAGE = FAQ
ADVICE = "Verify its signatures, find nothing to do, and answer 2xx."
EVENTS = [{"faults": ["empty-batch"]}]


def judge(seen: Observation) -> Verdict:
    return every(seen.ends, lambda each: each.status < 500, "an answer other than 5xx")
