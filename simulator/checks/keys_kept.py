"""A key is fetched once for many events, and then kept for a while.

Mistake 16 of io-events-protocol.md 10.
"""

from __future__ import annotations

from collections import Counter

from ..core.judging.check_words import received
from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, not_judged, passed
from ._judging import spell_times
from ._pages import GUIDE

GROUP = "signature"
LEVEL = "should"
WHY = (
    "Keys change rarely. Who fetches them for each event is as slow as the key host, and is "
    "lost when it is."
)
PAGE = GUIDE
ADVICE = "Keep a key under its whole path, for 24 hours at most."
EVENTS = [{"faults": ["keys-renamed"], "repeat": 40, "after": "1m"}]

MOST = 20
"""How often each key may be fetched: many processes may each keep their own."""


def judge(seen: Observation) -> Verdict:
    refused = [each for each in seen.ends if not each.is_accepted]
    if refused:
        return not_judged(f"an event was not accepted: {received(refused[0])}")
    often = Counter(visit.path for visit in seen.visits if visit.is_for_key)
    path, times = max(often.items(), key=lambda each: each[1], default=("", 0))
    if times > MOST:
        found = f"{path} fetched {times} times for {len(seen.ends)} events"
        return failed(f"each key fetched at most {MOST} times", found)
    return passed(f"keys fetched {spell_times(sum(often.values()))} for {len(seen.ends)} events")
