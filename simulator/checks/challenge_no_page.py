"""A challenge that holds markup is not answered as a page.

Section 3.1 of io-events-protocol.md. Mistake 54 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.observation import Observation
from ..core.judging.probe import Challenge
from ..core.judging.verdict import Verdict, failed, passed
from ..core.outcome import header
from ._pages import GUIDE

GROUP = "challenge"
LEVEL = "should"
WHY = (
    "Whatever stands in the parameter is echoed. As a page it would run in the browser of "
    "whoever follows a forged link."
)
PAGE = GUIDE
ADVICE = "Answer with the content type text/plain, or escape the value in JSON."
PROBES = (Challenge(prefix="<script>alert(1)</script>"),)


def judge(seen: Observation) -> Verdict:
    asked = seen.exchanges[0]
    if not asked.is_accepted or b"<script>" not in asked.outcome.body:
        return passed("not echoed")
    form = header(asked.outcome, "content-type").partition(";")[0].strip().lower()
    if form in ("text/plain", "application/json"):
        return passed()
    found = f"{form or 'no content type'} with the markup as it was"
    return failed("text/plain or application/json", found, asked)
