"""The POST of a validation URL, which nobody signs, is answered 200.

Section 3.2 of io-events-protocol.md. Mistakes 26, 55 and 56 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.check_words import received
from ..core.judging.observation import Observation
from ..core.judging.probe import Validation
from ..core.judging.verdict import Verdict, failed, passed
from ._pages import GUIDE

GROUP = "challenge"
LEVEL = "note"
WHY = (
    "It is sent only if the challenge is not echoed. Who demands a signature of every POST can "
    "never be validated in that way."
)
PAGE = GUIDE
ADVICE = (
    "Answer 200 to a POST whose body has the single key validationUrl, and log the address; it "
    "is masked in the traces."
)
PROBES = (Validation(),)


def judge(seen: Observation) -> Verdict:
    posted = seen.exchanges[0]
    if posted.status != 200:
        return failed("200", received(posted), posted)
    is_open = any(visit.is_validation for visit in seen.visits)
    return passed("and opened" if is_open else "nobody opened it")
