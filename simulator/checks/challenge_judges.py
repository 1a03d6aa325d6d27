"""Judges of the answers to challenges and validations (docs/adobe/io-events-protocol.md §3)."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

from ..core.challenge import is_echoed, is_embedded
from ..core.outcome import header
from .check import Verdict, failed, not_judged, passed
from .observation import Exchange, Observation, received

NO_ECHO = "the challenge is not echoed; see challenge"

_UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def echoed_or_validated(seen: Observation) -> Verdict:
    """Judge a challenge and the validation that follows: one of them proves the webhook."""
    asked, posted = seen.exchanges
    if _is_echo(asked):
        return passed("echoed")
    is_open = any(visit.is_validation for visit in seen.visits)
    if posted.status == 200 and (is_open or not _is_inside(asked)):
        return passed("validated" if is_open else "open the validation URL within 5 minutes")
    found = f"{_found_instead(asked)}, then {received(posted)} to the POST of validationUrl"
    expected = "the value of the challenge alone, or a 200 to the POST that follows, and a visit"
    return failed(expected, found, asked)


def all_echoed(seen: Observation) -> Verdict:
    """Judge that every challenge is echoed, if the first one is, which is an ordinary one."""
    if not _is_echo(seen.exchanges[0]):
        return not_judged(NO_ECHO)
    missed = [each for each in seen.exchanges if not _is_echo(each)]
    if missed:
        return failed(f"the value {_challenge_of(missed[0])}", _found_instead(missed[0]), missed[0])
    return passed()


def each_value_echoed(seen: Observation) -> Verdict:
    """Judge that no challenge is answered with the value of another one."""
    missed = [each for each in seen.exchanges if not _is_echo(each)]
    other = [each for each in missed if _UUID.search(each.outcome.body) and not _is_inside(each)]
    if other:
        return failed(f"the value {_challenge_of(other[0])}", received(other[0]), other[0])
    return not_judged(NO_ECHO) if missed else passed()


def echoed_as_text_or_json(seen: Observation) -> Verdict:
    """Judge that a challenge is echoed as plain text, or as a JSON object that contains it."""
    asked = seen.exchanges[0]
    if not _is_echo(asked) and not _is_inside(asked):
        return not_judged(NO_ECHO)
    value, form = _challenge_of(asked), _media_type(asked)
    text = asked.outcome.body.decode("utf-8", "replace").strip()
    if form == "text/plain" and text.strip('"') == value:
        return passed("plain text")
    if form == "application/json" and _is_json_echo(text, value):
        return passed("JSON")
    found = f"{form or 'no content type'}: {_found_instead(asked)}"
    return failed("text/plain with the value, or application/json with it", found, asked)


def markup_not_in_a_page(seen: Observation) -> Verdict:
    """Judge that a challenge which holds a script is not echoed in a page."""
    asked = seen.exchanges[0]
    if not asked.is_accepted or b"<script>" not in asked.outcome.body:
        return passed("not echoed")
    form = _media_type(asked)
    if form in ("text/plain", "application/json"):
        return passed()
    found = f"{form or 'no content type'} with the markup as it was"
    return failed("text/plain or application/json", found, asked)


def validation_answered(seen: Observation) -> Verdict:
    """Judge that the POST of a validation URL is answered with 200."""
    posted = seen.exchanges[0]
    if posted.status != 200:
        return failed("200", received(posted), posted)
    is_open = any(visit.is_validation for visit in seen.visits)
    return passed("and opened" if is_open else "not opened")


def no_visit_to_foreign_host(seen: Observation) -> Verdict:
    """Judge that the webhook sent no request to the foreign host."""
    if asked := seen.visits_to_foreign():
        return failed("no request to a foreign host", f"it asked for {asked[0]}", seen.exchanges[0])
    return passed()


def _challenge_of(exchange: Exchange) -> str:
    """Return the value that a request asks to be echoed."""
    return parse_qs(urlsplit(exchange.url).query)["challenge"][-1]


def _is_echo(exchange: Exchange) -> bool:
    """Return whether an answer proves the webhook."""
    return is_echoed(exchange.outcome, _challenge_of(exchange))


def _is_inside(exchange: Exchange) -> bool:
    """Return whether an answer holds the challenge inside other text, which proves nothing."""
    return is_embedded(exchange.outcome, _challenge_of(exchange))


def _found_instead(exchange: Exchange) -> str:
    """Return the answer that is no echo, and whether other text surrounds the value."""
    return received(exchange) + ", with the value inside other text" * _is_inside(exchange)


def _media_type(exchange: Exchange) -> str:
    return header(exchange.outcome, "content-type").partition(";")[0].strip().lower()


def _is_json_echo(text: str, value: str) -> bool:
    """Return whether text is a JSON object that holds the value under ``challenge``."""
    try:
        content = json.loads(text)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("challenge") == value
