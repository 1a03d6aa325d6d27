"""How checks of the challenge read its answers."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from ..core.challenge import is_buried, is_echoed
from ..core.judging.check_words import received
from ..core.judging.exchange import Exchange
from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, not_judged, passed

NO_ECHO = "the challenge is not echoed; see challenge"


def challenge_of(exchange: Exchange) -> str:
    """Return the value that a request asks to be echoed."""
    return parse_qs(urlsplit(exchange.url).query)["challenge"][-1]


def is_echo(exchange: Exchange) -> bool:
    """Tell whether an answer proves the webhook."""
    return is_echoed(exchange.outcome, challenge_of(exchange))


def is_inside(exchange: Exchange) -> bool:
    """Tell whether an answer holds the challenge inside other text, which proves nothing."""
    return is_buried(exchange.outcome, challenge_of(exchange))


def found_instead(exchange: Exchange) -> str:
    """Return what came instead of an echo, and that the value stands inside other text."""
    return received(exchange) + ", with the value inside other text" * is_inside(exchange)


def is_json_echo(text: str, value: str) -> bool:
    """Tell whether text is a JSON object that holds the value under ``challenge``."""
    try:
        content = json.loads(text)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("challenge") == value


def all_echoed(seen: Observation) -> Verdict:
    """Judge that every challenge is echoed, if the first one is, which is an ordinary one."""
    if not is_echo(seen.exchanges[0]):
        return not_judged(NO_ECHO)
    missed = [each for each in seen.exchanges if not is_echo(each)]
    if missed:
        return failed(f"the value {challenge_of(missed[0])}", found_instead(missed[0]), missed[0])
    return passed()
