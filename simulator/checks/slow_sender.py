"""A slow sender keeps nobody else waiting.

Mistake 34 of io-events-protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ..core.judging.check_words import received
from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, not_judged, passed
from ._pages import GUIDE

GROUP = "load"
LEVEL = "should"
WHY = "A webhook that serves one request at a time is as slow as the slowest network."
PAGE = GUIDE
ADVICE = "Serve requests beside each other, with threads, workers or an event loop."
EVENTS: list[dict[str, Any]] = [{"faults": [{"slow-body": "1s"}]}, {"repeat": 40}]

_MEANWHILE = 0.8
"""Seconds from the beginning of the slow event in which its body is never complete."""

_MARGIN = 0.2
"""Seconds before the slow event's answer in which others say nothing, on a busy machine."""


def judge(seen: Observation) -> Verdict:
    """Fail a webhook that answered hardly anyone before the slow sender was done.

    Who serves one by one answers nobody meanwhile. Some may come later on a busy machine, and
    say nothing of the webhook. One that takes its time over each event answers some of them
    before the slow one, which it got later.
    """
    slow = next(seen.with_fault("slow-body"))
    if not slow.is_accepted:
        return not_judged(f"the slow event was not accepted: {received(slow)}")
    others = [each for each in seen.exchanges if each.delivery != slow.delivery]
    until = max(slow.began + _MEANWHILE, slow.ended - _MARGIN)
    begun = [each for each in others if each.began < until]
    meanwhile = sum(each.ended < until for each in begun)
    if meanwhile < len(begun) / 4:
        told = f"{meanwhile} of {len(begun)} in the first {until - slow.began:.1f} s"
        return failed("answers before the slow one's", told, slow)
    return passed()
