"""A burst of 200 events, 20 at once, is accepted within 10 seconds each.

Mistake 34 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, passed
from ._judging import every
from ._pages import GUIDE

GROUP = "load"
LEVEL = "must"
WHY = (
    "Runs end at the full hour, all at once. What is not answered in 10 seconds comes again, on "
    "top of what follows."
)
PAGE = GUIDE
ADVICE = "Store the event and answer; work afterwards. Give your server enough threads or workers."
EVENTS = [{"faults": [{"burst": 200}]}]


def judge(seen: Observation) -> Verdict:
    verdict = every(seen.exchanges, lambda each: each.is_accepted, "a 2xx at the first attempt")
    if verdict.state != "passed":
        return verdict
    ordered = sorted(each.outcome.elapsed * 1000 for each in seen.exchanges)
    median, p99 = (ordered[len(ordered) * part // 100] for part in (50, 99))
    return passed(f"p50 {median:.0f} ms, p99 {p99:.0f} ms")
