"""The challenge is echoed as plain text, or as a JSON object that holds it.

Section 3.1 of io-events-protocol.md. Mistakes 53 and 54 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.judging.observation import Observation
from ..core.judging.probe import Challenge
from ..core.judging.verdict import Verdict, failed, not_judged, passed
from ..core.outcome import header
from ._challenges import (
    NO_ECHO,
    challenge_of,
    found_instead,
    is_echo,
    is_inside,
    is_json_echo,
)
from ._pages import GUIDE

GROUP = "challenge"
LEVEL = "should"
WHY = (
    "The guide asks for the bare value as text/plain, or for JSON with the key challenge. With "
    "another content type a framework may add to it, and what is added does not validate."
)
PAGE = GUIDE
ADVICE = (
    "Answer text/plain with the value, or application/json with {'challenge': value} in double "
    "quotes."
)
PROBES = (Challenge(),)


def judge(seen: Observation) -> Verdict:
    asked = seen.exchanges[0]
    if not is_echo(asked) and not is_inside(asked):
        return not_judged(NO_ECHO)
    value = challenge_of(asked)
    form = header(asked.outcome, "content-type").partition(";")[0].strip().lower()
    text = asked.outcome.body.decode("utf-8", "replace").strip()
    if form == "text/plain" and text.strip('"') == value:
        return passed("plain text")
    if form == "application/json" and is_json_echo(text, value):
        return passed("JSON")
    found = f"{form or 'no content type'}: {found_instead(asked)}"
    return failed("text/plain with the value, or application/json with it", found, asked)
