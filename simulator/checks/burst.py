"""A burst of 200 events, 20 at once, is accepted within 10 seconds each.

Mistake 34 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, not_judged, passed
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
    """Judge that nothing is refused; what is put off comes again, and is not lost (4.2)."""
    put_off = [each for each in seen.exchanges if each.status in (429, 503)]
    verdict = every(
        [each for each in seen.exchanges if each not in put_off],
        lambda each: each.is_accepted,
        "a 2xx, or a 503 that puts it off",
    )
    if verdict.state != "passed":
        return verdict
    if put_off:
        of = f"{len({each.delivery for each in put_off})} of {len(seen.ends)}"
        return not_judged(f"{of} were put off with {put_off[0].status}, and come again in a minute")
    ordered = sorted(each.outcome.elapsed * 1000 for each in seen.exchanges)
    median, p99 = (ordered[len(ordered) * part // 100] for part in (50, 99))
    return passed(f"p50 {median:.0f} ms, p99 {p99:.0f} ms")
