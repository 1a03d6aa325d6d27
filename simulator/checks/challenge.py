"""The challenge is answered: echoed alone, or followed by the validation.

Section 3.1 of io-events-protocol.md. Mistakes 26, 53 and 55 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.check_words import received
from ..core.judging.observation import Observation
from ..core.judging.probe import Challenge, Validation
from ..core.judging.verdict import Verdict, failed, passed
from ._challenges import found_instead, is_echo, is_inside
from ._pages import GUIDE

GROUP = "challenge"
LEVEL = "must"
WHY = (
    "Before a registration gets events, its webhook proves itself: with an echo of the "
    "challenge, or by opening the address that is posted to it. Nobody signs either request."
)
PAGE = GUIDE
ADVICE = (
    "Answer GET with the value of the parameter challenge as plain text and nothing else, before "
    "any verification of signatures; or answer 200 to the POST with validationUrl and open it."
)
PROBES = (Challenge(), Validation())


def judge(seen: Observation) -> Verdict:
    asked, posted = seen.exchanges
    if is_echo(asked):
        return passed("echoed")
    is_open = any(visit.is_validation for visit in seen.visits)
    if posted.status == 200 and (is_open or not is_inside(asked)):
        return passed("validated" if is_open else "open the validation URL within 5 minutes")
    found = f"{found_instead(asked)}, then {received(posted)} to the POST of validationUrl"
    expected = "the value of the challenge alone, or a 200 to the POST that follows, and a visit"
    return failed(expected, found, asked)
