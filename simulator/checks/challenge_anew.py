"""Every challenge is echoed, not only the first.

Section 3.1 of io-events-protocol.md. Mistake 53 of io-events-protocol.md 10.
"""

from __future__ import annotations

import re

from ..core.judging.check_words import received
from ..core.judging.observation import Observation
from ..core.judging.probe import Challenge
from ..core.judging.verdict import Verdict, failed, not_judged, passed
from ._challenges import NO_ECHO, challenge_of, is_echo, is_inside
from ._pages import GUIDE

GROUP = "challenge"
LEVEL = "must"
WHY = (
    "The challenge comes again, with another value, whenever the registration is changed or its "
    "verification is tried again."
)
PAGE = GUIDE
ADVICE = "Echo the value of this very request, and keep none."
PROBES = (Challenge(), Challenge())

_UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def judge(seen: Observation) -> Verdict:
    missed = [each for each in seen.exchanges if not is_echo(each)]
    other = [each for each in missed if _UUID.search(each.outcome.body) and not is_inside(each)]
    if other:
        return failed(f"the value {challenge_of(other[0])}", received(other[0]), other[0])
    return not_judged(NO_ECHO) if missed else passed()
