"""The address of the webhook holds no secret.

Mistake 45 of io-events-protocol.md 10.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, passed
from ._pages import TRACING

GROUP = "http"
LEVEL = "note"
WHY = (
    "The whole address is kept in the debug traces for 7 days, for everybody who may see the "
    "project."
)
PAGE = TRACING
ADVICE = "Let the signature say who is calling, not a token in the address."
NAMES = ("token", "key", "secret", "password", "auth", "sig", "code")
"""Names of parameters that hold secrets, or end in one of these."""


def judge(seen: Observation) -> Verdict:
    query = parse_qs(urlsplit(seen.url).query)
    found = [name for name in query if name.lower().endswith(NAMES)]
    if found:
        return failed("no secret in the address", f"the parameter {found[0]}")
    return passed()
