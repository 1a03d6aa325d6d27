"""An event is answered within 10 seconds, where it arrives.

It is sent first, and tells whether anything else can be judged. Mistakes 34 and 37 of io-events-
protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ..core.judging.check_words import received
from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, passed
from ._pages import GUIDE

GROUP = "http"
LEVEL = "must"
WHY = (
    "An attempt that takes 10 seconds has failed and is made again; a redirect is not followed, "
    "and the event is lost at once."
)
PAGE = GUIDE
ADVICE = (
    "Answer at the very address that is registered, without a redirect or a login page before "
    "it; store the event, answer 2xx, and work afterwards."
)
EVENTS: list[dict[str, Any]] = [{}]


def judge(seen: Observation) -> Verdict:
    last = seen.ends[-1]
    expected = "an answer of the webhook itself within 10 s"
    if not last.is_answered or 300 <= last.status < 400:
        return failed(expected, received(last), last)
    return passed(f"{last.outcome.elapsed * 1000:.0f} ms")
