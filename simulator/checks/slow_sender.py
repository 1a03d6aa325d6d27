"""A slow sender keeps nobody else waiting.

Mistake 34 of io-events-protocol.md 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from ..core.judging.check_words import received
from ..core.judging.exchange import Exchange
from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, not_judged, passed
from ._pages import GUIDE

GROUP = "load"
LEVEL = "should"
WHY = "A webhook that serves one request at a time is as slow as the slowest network."
PAGE = GUIDE
ADVICE = "Serve requests beside each other, with threads, workers or an event loop."
EVENTS: list[dict[str, Any]] = [{"faults": [{"slow-body": "1s"}]}, {"repeat": 10}]
AT_ONCE = 2
"""The slow event, and one of the others: each of them is alone beside it."""

_BEFORE = 0.2
"""Seconds before the answer to the slow event in which the others' answers may be in its wake."""

_HELD_UP = 3
"""Who waits for the slow sender takes so many times as long as afterwards, or longer."""


def judge(seen: Observation) -> Verdict:
    """Fail a webhook that answered hardly anyone before the slow sender was done.

    Who serves one by one answers nobody meanwhile, and is quick afterwards. Who is as slow then
    as before runs on a busy machine.
    """
    slow = next(seen.with_fault("slow-body"))
    if not slow.is_accepted:
        return not_judged(f"the slow event was not accepted: {received(slow)}")
    others = [each for each in seen.exchanges if each.delivery != slow.delivery]
    meanwhile = sum(each.ended < slow.ended - _BEFORE for each in others)
    if meanwhile < len(others) / 4 and _is_quicker_after(slow, others):
        told = f"{meanwhile} of {len(others)} in the {slow.outcome.elapsed:.1f} s that it took"
        return failed("answers before its body is complete", told, slow)
    return passed()


def _is_quicker_after(slow: Exchange, others: Sequence[Exchange]) -> bool:
    """Tell whether an event takes far less after the slow one than the longest beside it did."""
    beside = [each.outcome.elapsed for each in others if each.began < slow.ended]
    after = [each.outcome.elapsed for each in others if each.began >= slow.ended]
    return not after or max(beside, default=0.0) > _HELD_UP * median(after)
