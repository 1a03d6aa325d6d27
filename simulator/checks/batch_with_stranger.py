"""A batch with an event for another client id in it does not get that one processed.

Mistakes 5 and 27 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.check_words import received
from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, passed
from ._judging import spell_times
from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = "Who compares the recipient of the first event only lets in whatever comes behind it."
PAGE = GUIDE
ADVICE = "Compare the recipient of every event in the array, and refuse it if one is not you."
EVENTS = [{"faults": [{"batch": 2}, {"foreign-recipient": 1}], "expect": "rejected"}]
NEEDS_EFFECTS = True


def judge(seen: Observation) -> Verdict:
    last = seen.ends[-1]
    stranger = last.events[-1].id
    if times := (seen.processed or {}).get(stranger, 0):
        done = f"{received(last)}, and event {stranger} processed {spell_times(times)}"
        return failed("nothing done for another client id", done, last)
    return passed()
