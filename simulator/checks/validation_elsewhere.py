"""A validation URL of a host that is not Adobe's is not opened.

Section 3.2 of io-events-protocol.md. Mistake 26 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.observation import Observation
from ..core.judging.probe import Validation
from ..core.judging.verdict import Verdict, failed, passed
from ._pages import GUIDE

GROUP = "challenge"
LEVEL = "should"
WHY = (
    "Nobody signs that POST: a webhook that opens whatever address it is sent can be made to "
    "call any server that it can reach."
)
PAGE = GUIDE
ADVICE = (
    "Open a validation URL only if it begins with "
    "https://csm.adobe.io/csm/registrations/validate, or with what your configuration says in "
    "tests."
)
PROBES = (Validation(foreign=True),)


def judge(seen: Observation) -> Verdict:
    opened = [visit.path for visit in seen.visits if visit.host == "foreign"]
    if opened:
        return failed(
            "no request to a foreign host", f"it asked for {opened[0]}", seen.exchanges[0]
        )
    return passed()
